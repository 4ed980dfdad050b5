"""A headline with something to say in each of its parts."""

import pandas as pd

from indicators.measures.headline import Headline

HEADLINE = Headline(
    id="index",
    date=pd.Timestamp("2026-09-30"),
    score=6.5,
    band="severe",
    year_ago=pd.Timestamp("2025-09-30"),
    year_ago_score=6.75,
    peak=7.0,
    peak_date=pd.Timestamp("2024-11-30"),
    newest_event=pd.Timestamp("2026-10-20"),
    highest_since=pd.Timestamp("2026-03-31"),
    score_age_days=56,
    event_age_days=1,
    carried=0.25,
)
