"""How many events lie in each quarter."""

import pandas as pd
import plotly.graph_objects as go

from indicators.show.charts.palette import Palette
from indicators.show.charts.plots import Chart
from indicators.show.charts.scale import BARE, SHADE
from indicators.show.text.words import count_words, name_quarter

Span = tuple[pd.Timestamp, pd.Timestamp]


def plot_quarters(counts: pd.Series, span: Span, palette: Palette, height: int = 130) -> Chart:
    """Return bars of the events in each quarter; those that a period touches are strong, the others quiet."""
    quarters = pd.PeriodIndex(counts.index)
    strong = (quarters.end_time >= span[0]) & (quarters.start_time <= span[1])
    names = [name_quarter(day) for day in quarters.start_time]
    figure = go.Figure(
        go.Bar(
            x=quarters.start_time + pd.Timedelta(days=45),
            y=counts,
            width=75 * 24 * 3600 * 1000,  # a quarter less a gap, in milliseconds
            marker={"color": [palette.index if inside else palette.quiet_line for inside in strong]},
            text=[count_words(number, "event") for number in counts],
            textposition="none",
            customdata=[str(quarter) for quarter in quarters],
            hovertext=names,
            hovertemplate="%{hovertext}: %{text}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    figure.update_layout(
        BARE,
        height=height,
        margin={"l": 28, "r": 4, "t": 6, "b": 22},
        clickmode="event+select",
        xaxis={"showgrid": False, "fixedrange": True, "dtick": "M12", "tick0": "2000-01-01", "tickformat": "%Y"},
        yaxis={
            "gridcolor": SHADE.format(0.18),
            "fixedrange": True,
            "nticks": 4,
            "rangemode": "tozero",
            "tickformat": ",d",
        },
    )
    table = pd.DataFrame({"quarter": names, "events": counts.to_numpy()}).iloc[::-1]
    return Chart(figure, _describe(counts), table)


def _describe(counts: pd.Series) -> str:
    if not counts.sum():
        return "Events by quarter: none is found in any quarter."
    names = [name_quarter(day) for day in pd.PeriodIndex(counts.index).start_time]
    most = names[int(counts.argmax())]
    return (
        f"Events by quarter: {count_words(int(counts.sum()), 'event')} from the {names[0]} to the {names[-1]}, "
        f"most in the {most} ({counts.max()})."
    )
