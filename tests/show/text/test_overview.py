"""The sentences of the first screen: what they say, and that text from the data stays text."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from indicators.measures.change.moves import choose_causes, largest_moves, move_of
from indicators.measures.narrative.claims import judge_claims
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.text import overview
from indicators.show.text.outside.validity import describe_outside
from tests.show.headlines import HEADLINE
from tests.show.text.test_html import NASTY, Structure, written

SPAN = (pd.Timestamp("2022-01-01"), pd.Timestamp("2025-12-31"))


def test_the_headline_answers_the_question() -> None:
    assert overview.describe_finding(HEADLINE) == "Severe, and 0.2 below a year ago"
    assert overview.describe_finding(replace(HEADLINE, year_ago_score=6.5)) == "Severe, and level with a year ago"
    assert overview.describe_finding(replace(HEADLINE, year_ago_score=6.1)) == "Severe, and 0.4 above a year ago"
    assert overview.describe_finding(replace(HEADLINE, year_ago_score=None)) == "Severe"


def test_the_standing_is_told_against_year_quarter_and_highest() -> None:
    assert overview.describe_standing(HEADLINE) == (
        "down 0.2 on a year before (6.8), up 0.2 on the 2nd quarter of 2026; "
        "0.5 below the highest quarters (2nd quarter of 2022 and 4th of 2024: 7.0)."
    )
    alone = replace(HEADLINE, quarter_ago_score=None, highest=(HEADLINE.date,))
    assert overview.describe_standing(alone) == (
        "down 0.2 on a year before (6.8), the 2nd quarter of 2026 is not settled; the highest quarter on record."
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("A short fact", "A short fact"),
        ("The council adopted a package, its largest so far, and listed ships", "The council adopted a package…"),
        ("Word after word after word after word after word", "Word after word after word after…"),
        ("An act of law (H.R. 12) was signed in the White House", "An act of law (H.R. 12) was signed…"),
        ("x" * 60, "x" * 35 + "…"),
    ],
)
def test_a_fact_is_shortened_where_a_clause_or_a_word_ends(text: str, short: str) -> None:
    assert overview.shorten(text, 35) == short


def test_the_causes_say_which_change_they_explain(shipped: Dataset) -> None:
    move = move_of(Panel(shipped), pd.Timestamp("2025-03-31"))
    assert move is not None
    causes = choose_causes(shipped, move)
    shown = Structure(overview.show_why(shipped, move, causes, "/compare", lambda id: f"/events?event={id}"))
    assert "Why down 0.9 on the 4th quarter of 2024:" in shown.text
    assert "US arms support −0.12 (US talks to Moscow, halts arms)" in shown.text
    assert ("href", "/events?event=E0283") in shown.values
    assert ("href", "/compare") in shown.values


def test_absence_of_an_event_is_said(shipped: Dataset) -> None:
    move = move_of(Panel(shipped), pd.Timestamp("2022-09-30"))
    assert move is not None
    causes = choose_causes(shipped, move)
    shown = Structure(overview.show_why(shipped, move, causes, "", lambda id: id)).text
    assert "Military incidents −0.14 (no event of the quarter on record; not searched)" in shown


def test_without_an_earlier_quarter_there_is_nothing_to_explain(shipped: Dataset) -> None:
    assert "no earlier settled quarter" in Structure(overview.show_why(shipped, None, [], "", lambda id: id)).text


def test_of_each_verdict_one_claim_is_shown_before_a_second_of_any(shipped: Dataset) -> None:
    verdicts = judge_claims(Panel(shipped), 200)
    claims = overview.choose_claims(verdicts, 4)
    kinds = [verdict for _, _, verdict, _ in claims.shown]
    known = [kind for kind, _ in claims.counts if kind != "not testable"]
    assert kinds == known[:4]
    assert sum(number for _, number in claims.counts) == len(shipped.claims)


def test_the_reason_of_a_verdict_is_what_was_measured_and_needed() -> None:
    row = {"test": "rises", "value": -0.5625, "threshold": 0.5, "verdict": "contradicted", "tested": "contradicted"}
    assert overview.describe_reason(row) == "Rise −0.6; needed: at least 0.5."
    row |= {"verdict": "only partly testable"}
    assert overview.describe_reason(row) == "What is tested is contradicted: rise −0.6; needed: at least 0.5."
    assert overview.describe_reason({"value": np.nan, "why": "the 1st quarter is not settled"}) == (
        "the 1st quarter is not settled"
    )


def test_outside_series_are_told_with_what_they_mean(shipped: Dataset) -> None:
    validity = measure_validity(Panel(shipped))
    said = describe_outside(shipped, validity)
    assert said.startswith("Outside series: ")
    assert "agree over the full period" in said
    assert said.count(":") == 2  # what was found, and what it means
    assert "No outside series" in describe_outside(shipped, validity.iloc[:0])


def test_text_from_the_data_is_text(shipped: Dataset) -> None:
    shown = []
    for dataset in (written(shipped, "x" * 200), written(shipped, NASTY)):
        panel = Panel(dataset)
        moves = [(move, choose_causes(dataset, move), "") for move in largest_moves(panel, SPAN)]
        move, causes, _ = moves[0]
        claims = overview.choose_claims(judge_claims(panel, 50))
        fragments = (
            overview.show_moves(dataset, moves, lambda id: id),
            overview.show_why(dataset, move, causes, "/compare", lambda id: id),
            overview.show_account(dataset, move, causes, "Index", "/compare", lambda id: id),
            overview.show_claims_brief(dataset, claims, "/narrative", lambda id: id),
        )
        shown.append([Structure(fragment) for fragment in fragments])
    for plain, nasty in zip(*shown, strict=True):
        assert plain.elements == nasty.elements
    assert NASTY in shown[1][2].text
