"""The tab Review: scores of two coders that lie too far apart, side by side, with what is said of them, and the rulings."""

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.comments import show_requests, show_talk
from indicators.dashboard.scoring.forms import FORM_WIDTH, SmallForm, Values, show_said
from indicators.dashboard.widgets import choose_id
from indicators.measures.review import APART, list_differences
from indicators.records.encoding import DAY_FORMAT
from indicators.records.saving.entry import judge_cells, tidy
from indicators.records.tables.core import RULINGS, RULINGS_FILE, TOPIC_FILE
from indicators.show.links.parameters import DRAFT
from indicators.show.text.html import show_sources, show_table
from indicators.show.text.scoring.sheet import show_saved
from indicators.show.text.words import count_words, escape_markdown, format_date

PAIR = f"{DRAFT}pair"


def show_review(desk: Desk, coder: str) -> None:
    """Draw what is asked of the coder, the pairs of scores that differ, one of them in full, then the rulings."""
    dataset = desk.dataset
    show_said()
    show_requests(desk, "" if coder == dataset.topic.lead else coder)
    pairs = remember(list_differences)(dataset)
    st.markdown(
        f"Scores of one indicator and date that differ by {APART:g} points or more, or whose ranges do not overlap. A pair "
        "leaves the list once one score is corrected, or the lead rules on it."
    )
    if pairs.empty:
        st.info("No two scores that you may see differ that much.")
    else:
        show_pairs(desk, pairs, coder)
    if len(dataset.rulings):
        table = dataset.rulings.sort_values("recorded", ascending=False)
        table = table.assign(indicator=table["indicator"].map(dataset.title))
        st.html(show_table(table[["indicator", "date", "point", "ruling", "coder"]], caption="Rulings"))


def show_pairs(desk: Desk, pairs: pd.DataFrame, coder: str) -> None:
    """Draw the choice of a pair, and the chosen one: both assessments, the comments on each, and the ruling."""
    coders = desk.dataset.assessments["coder"]
    named = {
        f"{pair['indicator']}.{pair['date']:{DAY_FORMAT}}.{coders[pair['first']]}.{coders[pair['second']]}": pair
        for pair in pairs.to_dict("records")
    }

    def name(id: str) -> str:
        pair = named[id]
        meet = "" if pair["meet"] else ", ranges do not overlap"
        return f"{desk.dataset.title(pair['indicator'])}, {format_date(pair['date'])}: {pair['apart']:g} apart{meet}"

    chosen = choose_id(
        f"{count_words(len(pairs), 'pair')} to look at", list(named), PAIR, name, listed=True, drafted=True
    )
    pair = named[chosen]
    columns = st.columns(2, gap="large")
    for place, label in zip(columns, (pair["first"], pair["second"]), strict=True):
        row = desk.dataset.assessment(int(label))
        with place:
            st.subheader(escape_markdown(row["coder"]), anchor=False)
            st.html(show_saved(desk.dataset, row))
            show_talk(desk, row, coder)
    with st.container(width=FORM_WIDTH):
        show_ruling(desk, pair["indicator"], f"{pair['date']:{DAY_FORMAT}}", coder)


def show_ruling(desk: Desk, indicator: str, day: str, coder: str) -> None:
    """Draw the entry of a ruling for the lead; who else rules is told to everybody else."""
    lead = desk.dataset.topic.lead
    if coder != lead:
        says = f"{lead} rules on it." if lead else f"Nobody can rule on it: {TOPIC_FILE} names no lead."
        st.html(show_sources(says))
        return
    st.subheader("Ruling", anchor=False)
    form = SmallForm(coder, f"ruling-{indicator}-{day}", ("point", "ruling"), judge_ruling)
    form.text("point", "Point at issue, in one sentence")
    form.area("ruling", "Ruling and its reason")
    typed = {name: tidy(text) for name, text in form.read().items()}
    row = {"indicator": indicator, **typed, "date": day, "coder": coder, "recorded": ""}
    said = f"The ruling on {desk.dataset.title(indicator)}, {format_date(pd.Timestamp(day))}, is recorded; the pair has left the list."
    form.press(desk, "Record the ruling", lambda _: {"appended": ((RULINGS_FILE, row),)}, said)
    st.html(show_sources("A ruling changes no score; it settles how the codebook is applied from now on."))


def judge_ruling(typed: Values) -> dict[str, str]:
    """Return what is wrong with a ruling, by field."""
    return judge_cells(RULINGS, {name: tidy(text) for name, text in typed.items()})
