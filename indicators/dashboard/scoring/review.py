"""The tab Review: scores of two coders that lie too far apart, with both reasons side by side, and what was ruled."""

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.remember import remember
from indicators.measures.review import APART, list_differences
from indicators.records.tables.core import RULINGS_FILE
from indicators.show.text.html import show_table
from indicators.show.text.words import count_words, format_date, format_score


def show_review(desk: Desk) -> None:
    """Draw the pairs of scores that differ, both reasons side by side, then the rulings."""
    dataset = desk.dataset
    pairs = remember(list_differences)(dataset)
    st.markdown(
        f"Scores of one indicator and date that differ by {APART:g} points or more, or whose ranges do not overlap. A pair "
        f"leaves the list once one score is corrected, or the lead rules on it in a row of `{RULINGS_FILE}` with "
        "indicator, point, ruling, date, coder and time of recording."
    )
    if pairs.empty:
        st.info("No two scores that you may see differ that much.")
    else:
        st.html(show_table(_tabulate(desk, pairs), caption=f"{count_words(len(pairs), 'pair')} to look at"))
    if len(dataset.rulings):
        table = dataset.rulings.assign(indicator=dataset.rulings["indicator"].map(dataset.title))
        st.html(show_table(table[["indicator", "date", "point", "ruling", "coder"]], caption="Rulings"))


def _tabulate(desk: Desk, pairs: pd.DataFrame) -> pd.DataFrame:
    def tell(label: int) -> str:
        row = desk.dataset.assessment(label)
        ends = f"{format_score(row['low'])} to {format_score(row['high'])}"
        return f"{row['coder']}: {format_score(row['score'])} ({ends}). {row['rationale']}"

    return pd.DataFrame(
        {
            "indicator": pairs["indicator"].map(desk.dataset.title),
            "date": pairs["date"].map(format_date),
            "apart": [
                f"{p:g}" + ("" if meet else ", ranges do not overlap")
                for p, meet in pairs[["apart", "meet"]].to_numpy()
            ],
            "one": [tell(int(label)) for label in pairs["first"]],
            "other": [tell(int(label)) for label in pairs["second"]],
        }
    )
