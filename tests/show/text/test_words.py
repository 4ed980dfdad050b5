"""Numbers, dates and findings in words that a reader can trust."""

import html
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measures.narrative.robustness import BreakingWeights
from indicators.measures.quarters import Since
from indicators.measures.uncertainty.intervals import Change
from indicators.records.dataset import Dataset
from indicators.records.tables.core import BEFORE_CLAIMS, TESTS, UNTESTED
from indicators.show.charts.scale import escape_label
from indicators.show.text import words
from tests.show.headlines import HEADLINE


@pytest.mark.parametrize(("day", "text"), [("2025-03-31", "31 Mar 2025"), ("2024-02-09", "9 Feb 2024")])
def test_days_are_written_in_words(day: str, text: str) -> None:
    assert words.format_date(pd.Timestamp(day)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(6.0, "6.0"), (6.25, "6.2"), (10.0, "10.0"), (0.0, "0.0"), (None, "–"), (np.nan, "–")],
)
def test_readings_have_one_decimal_and_a_blank_is_no_zero(value: float | None, text: str) -> None:
    assert words.format_score(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.3, "+0.3"), (-1.0, "−1.0"), (0.04, "±0.0"), (-0.04, "±0.0"), (0.0, "±0.0"), (-0.0, "±0.0"), (None, "–")],
)
def test_changes_have_their_sign_and_a_true_minus(value: float | None, text: str) -> None:
    assert words.format_change(value) == text


@given(st.floats(-10, 10), st.integers(1, 3))
def test_a_change_never_shows_the_sign_of_the_other_direction(value: float, digits: int) -> None:
    text = words.format_change(value, digits)
    assert "-" not in text
    shown = float(text[1:])
    assert shown == pytest.approx(abs(value), abs=0.51 * 10**-digits)
    assert text[0] == ("±" if shown == 0 else "+" if value > 0 else "−")


@pytest.mark.parametrize(
    ("before", "after", "digits", "moved"),
    [
        (6.3849, 6.4151, 3, 0.03),  # with two: from 6.38 to 6.42, but 0.03 apart
        (6.375, 6.4125, 3, 0.037),  # with two: from 6.38 to 6.41, but 0.04 apart
        (6.38, 6.41, 2, 0.03),
        (6.0, 6.0, 2, 0.0),
    ],
)
def test_two_readings_and_the_change_between_them_agree_as_shown(
    before: float, after: float, digits: int, moved: float
) -> None:
    assert words.agree_digits(before, after) == digits
    assert words.subtract_shown(before, after, digits) == moved


@given(st.floats(0, 10), st.floats(0, 10))
def test_the_change_shown_is_that_of_the_readings_shown(before: float, after: float) -> None:
    digits = words.agree_digits(before, after)
    moved = words.subtract_shown(before, after, digits)
    first, last = (float(words.format_score(value, digits)) for value in (before, after))
    assert moved == pytest.approx(last - first, abs=1e-9)
    assert moved == pytest.approx(after - before, abs=0.01)


@pytest.mark.parametrize(("share", "text"), [(0, "0 %"), (0.456, "46 %"), (1, "100 %")])
def test_shares_are_whole_per_cent(share: float, text: str) -> None:
    assert words.format_share(share) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1234, "1,234 days")])
def test_one_is_singular(number: int, text: str) -> None:
    assert words.count_words(number, "day") == text


def test_the_age_names_the_quarter_the_next_review_and_the_newest_event() -> None:
    assert words.describe_age(HEADLINE) == (
        "Reviewed up to the 3rd quarter of 2026; the next review is due on 31 Dec 2026. "
        "The newest event is of 20 Oct 2026, 1 day ago."
    )


def test_the_age_tells_whether_quarters_ended_without_a_review() -> None:
    texts = {carried: words.describe_age(replace(HEADLINE, carried=carried)) for carried in (0, 1, 2)}
    assert "without a review" not in texts[0]
    assert texts[1].endswith("Since then 1 quarter has ended without a review.")
    assert texts[2].endswith("Since then 2 quarters have ended without a review.")


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (6.75, "0.2 below the 3rd quarter of 2025"),
        (5.5, "1.0 above the 3rd quarter of 2025"),
        (6.48, "unchanged from the 3rd quarter of 2025"),
        (None, "no settled reading in the 3rd quarter of 2025"),
    ],
)
def test_the_year_in_words(before: float | None, text: str) -> None:
    assert words.describe_year(replace(HEADLINE, year_ago_score=before)) == text


def test_the_highest_quarters_in_words() -> None:
    assert words.describe_peak(HEADLINE) == (
        "0.5 below the highest quarters (7.0: the 2nd quarter of 2022 and the 4th quarter of 2024)"
    )
    now = HEADLINE.date
    assert words.describe_peak(replace(HEADLINE, highest=(now,))) == "the highest quarter on record"
    among = words.describe_peak(replace(HEADLINE, highest=(HEADLINE.highest[0], now)))
    assert among == "among the highest quarters: the 2nd quarter of 2022 and the 3rd quarter of 2026"


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "all draws"), (0.0, "none of the draws"), (0.99875, "over 99 % of draws"), (0.0043, "under 1 % of draws")],
)
def test_a_share_of_draws_is_never_rounded_to_all_or_none(share: float, text: str) -> None:
    assert words.share_of(share) == text


@pytest.mark.parametrize("test", [test for test in TESTS if test != UNTESTED])
def test_every_test_of_a_claim_has_words(dataset: Dataset, test: str) -> None:
    claim = pd.Series(
        {
            "test": test,
            "subject": "cyber;military",
            "start": pd.Timestamp("2024-01-01"),
            "end": pd.Timestamp("2024-12-31"),
            "before_start": pd.Timestamp("2023-10-01"),
            "before_end": pd.Timestamp("2023-12-31"),
            "threshold": 0.5,
        }
    )
    text = words.describe_test(claim, dataset)
    assert "Cyber activity" in text
    assert "2024" in text
    assert ("4th quarter of 2023" in text) == (test in BEFORE_CLAIMS)
    assert words.name_quantity(test)
    measured = words.describe_quantity(claim.copy().reindex([*claim.index, "value"]).fillna({"value": -0.254}))
    assert "−0.25" in measured
    assert words.describe_quantity(pd.Series({"test": test, "value": np.nan})) == ""


def test_a_claim_without_a_test_has_no_words_for_one(dataset: Dataset) -> None:
    assert words.describe_test({"test": UNTESTED, "subject": ""}, dataset) == ""


def test_a_comparison_names_both_subjects(dataset: Dataset) -> None:
    for test in ("larger_than", "moves_together"):
        claim = dataset.claims.loc["networks-worse"].copy()
        claim["test"] = test
        text = words.describe_test(claim, dataset)
        assert "Cyber activity" in text
        assert "Military posture" in text


def test_a_verdict_says_in_how_many_draws_its_test_holds() -> None:
    judged = {"verdict": "mixed", "tested": "mixed", "probability": 0.7, "why": ""}
    assert words.describe_verdict(judged) == "mixed: the test holds in 70 % of draws"
    partly = judged | {"verdict": "only partly testable"}
    assert words.describe_verdict(partly) == (
        "only partly testable; the part that is tested: mixed (the test holds in 70 % of draws)"
    )


def test_a_verdict_that_cannot_be_given_says_why() -> None:
    text = words.describe_verdict(
        pd.Series({"verdict": "cannot be judged", "probability": np.nan, "why": "no reading"})
    )
    assert "cannot be judged" in text
    assert "no reading" in text


def test_a_change_between_the_same_assessments_is_no_matter_of_probability() -> None:
    assert "%" not in words.describe_change_probability(Change(0.0, 0.0, 1.0))
    assert words.describe_change_probability(Change(np.nan, np.nan, np.nan)) == ""
    assert all(part in words.describe_change_probability(Change(0.2, 0.7, 0.1)) for part in ("fell", "70 %"))


def test_the_sources_line_is_computed_from_the_rows(dataset: Dataset) -> None:
    # Of the twelve events four are graded A and four B; all are from one publisher.
    text = words.describe_sources(dataset, dataset.events)
    for part in ("12 events", "1 publisher,", "10 Jan 2024", "10 Sep 2024", "67 %", dataset.digest[:8]):
        assert part in text
    assert "%" not in words.describe_sources(dataset, dataset.events.head(0))


def test_the_sources_line_counts_an_act_once(dataset: Dataset) -> None:
    twins = dataset.events.copy()
    twins.loc["E0005", "same_as"] = "E0001"
    text = words.describe_sources(replace(dataset, events=twins), twins)
    assert text.startswith("Sources: 11 events from 1 publisher")


@pytest.mark.parametrize(
    ("score", "parts"), [(4.5, ["4.5", "4.0–5.0", "5 Jul 2024"]), (np.nan, ["withdrawal", "5 Jul 2024"])]
)
def test_a_replaced_row_is_told(score: float, parts: list[str]) -> None:
    row = pd.Series({"score": score, "low": 4.0, "high": 5.0, "recorded": pd.Timestamp("2024-07-05 10:00")})
    assert all(part in words.describe_replaced(row) for part in parts)
    assert words.describe_replaced(None) == ""


@given(st.text())
def test_a_chart_shows_text_as_it_is_written(text: str) -> None:
    escaped = escape_label(text)
    assert html.unescape(escaped) == text or "\0" in text or "\r" in text
    assert not re.search(r"[<>\"']|&(?!amp;|lt;|gt;|#34;|#39;)", escaped)


@given(st.text())
def test_markdown_shows_text_as_it_is_written(text: str) -> None:
    escaped = words.escape_markdown(text)
    assert re.sub(r"\\([\\`*_{}\[\]()#+\-.!|<>~$:&])", r"\1", escaped) == text
    assert not re.search(r"(?<!\\)(\\\\)*[`*_\[\]()#<>$:]", escaped)


def test_what_breaks_a_sentence_or_why_nothing_does(dataset: Dataset) -> None:
    found = BreakingWeights(0.5, pd.Series({"military": 0.25, "cyber": 0.75}))
    assert words.describe_breaking(dataset, found) == (
        "The smallest change of weights that reverses it moves 25.0 % of the weight: "
        "Military posture 25 %, Cyber activity 75 %."
    )
    none = BreakingWeights(np.nan, None, "no change of weights reverses it: every dimension rose")
    assert words.describe_breaking(dataset, none) == none.why


def test_what_was_assessed_since_the_last_review_is_one_sentence() -> None:
    rows = pd.DataFrame({"indicator": ["a"]})
    since = Since(pd.Timestamp("2026-09-30"), 3, 1, 0, 16, rows)
    assert words.describe_since(since) == "So far in the 4th quarter of 2026: 3 up, 1 down, 16 not looked at."
    nothing = replace(since, rows=rows.head(0))
    assert words.describe_since(nothing) == "Nothing of the 4th quarter of 2026 has been assessed yet."
