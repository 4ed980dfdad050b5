"""Outlook: where the index may go, what the article's levers would change, and forecasts with their record."""

from indicators.dashboard.forecasting import show_forecasts
from indicators.dashboard.frame import open_page

desk = open_page("Outlook", dated=False)
show_forecasts(desk)
