"""A headline with something to say in each of its parts."""

import pandas as pd

from indicators.measures.headline import Headline

HEADLINE = Headline(
    id="index",
    date=pd.Timestamp("2026-09-30"),
    score=6.5,
    band="severe",
    quarter_ago=pd.Timestamp("2026-06-30"),
    quarter_ago_score=6.25,
    year_ago=pd.Timestamp("2025-09-30"),
    year_ago_score=6.75,
    peak=7.0,
    highest=(pd.Timestamp("2022-06-30"), pd.Timestamp("2024-12-31")),
    highest_since=pd.Timestamp("2026-03-31"),
    newest_event=pd.Timestamp("2026-10-20"),
    newest_score=pd.Timestamp("2026-10-10"),
    score_age_days=11,
    event_age_days=1,
    due=pd.Timestamp("2026-12-31"),
    carried=0,
)
