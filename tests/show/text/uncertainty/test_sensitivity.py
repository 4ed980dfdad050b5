"""What the index hangs on, in words."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from indicators.measures.agreement import compare_spans, estimate_from_units, measure_agreement, measure_overlap
from indicators.measures.coherence import measure_coherence
from indicators.measures.uncertainty.carried import RECORD_COLUMNS
from indicators.measures.uncertainty.choices import CHOICES as MEASURED
from indicators.measures.uncertainty.choices import Varied, leave_out, vary_choices
from indicators.show.text.uncertainty.sensitivity import (
    CHOICES,
    choice_table,
    coherence_table,
    describe_agreement,
    describe_choices,
    describe_coherence,
    describe_leading,
    describe_left_out,
    describe_overlap,
    describe_record,
    left_out_table,
    record_table,
)
from tests.measures.small_panels import build_panel

QUARTERS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2020-03-31", periods=12, freq="QE")]
DIMENSIONS = {"military": ["mil_a", "mil_b"], "cyber": ["cyb_a"]}
UP = [2.0, 4.0] * 6


@pytest.fixture(scope="module")
def panel():
    rows = [
        (day, id, coder, score + lean)
        for id, lean in (("mil_a", 0), ("mil_b", 0.5), ("cyb_a", 1))
        for coder in ("c1", "c2")
        for day, score in zip(QUARTERS, UP, strict=True)
    ]
    made = build_panel(rows, DIMENSIONS)
    made.dataset.assessments["events"] = "E1"
    return made


def vary(total, reach):
    """A result with these total shares, each known to within a reach."""
    shares = pd.DataFrame({"choice": list(total), "total": list(total.values())})
    shares = shares.assign(total_low=shares["total"] - reach, total_high=shares["total"] + reach)
    return Varied(6.4, 5.9, 6.8, 6.2, 6.7, 1.0, shares)


def test_each_choice_that_is_measured_has_its_words():
    assert tuple(CHOICES) == MEASURED


def test_what_matters_most_is_named_and_a_near_second_makes_it_unclear():
    assert describe_leading(vary({"spacing": 0.5, "shared": 0.2}, 0.1)) == (
        "Of all choices, the spacing of the anchors matters most: 50 % of the variance."
    )
    assert describe_leading(vary({"spacing": 0.5, "shared": 0.45}, 0.1)) == (
        "Of all choices, the spacing of the anchors matters most, though not clearly: 50 % of the variance."
    )
    assert describe_leading(vary({"spacing": np.nan, "shared": np.nan}, 0)) == ""


def test_level_and_change_are_told_with_both_intervals(panel):
    found = vary_choices(panel, 200)
    found = dataclasses.replace(
        found,
        level=dataclasses.replace(found.level, value=6.4, low=5.9, high=6.8, doubt_low=6.2, doubt_high=6.7),
        change=dataclasses.replace(found.change, value=-0.1, low=-0.4, high=0.2, doubt_low=-0.3, doubt_high=0.1),
    )
    level, change, rest = describe_choices(found)
    assert level.startswith(
        "The index on 31 Dec 2022: 6.40; 6.20 to 6.70 in 80 % of the draws of the scores, 5.90 to 6.80 with weights,"
    )
    assert change.startswith("Its change since 31 Dec 2021: −0.10; −0.30 to +0.10 in 80 % of the draws")
    assert rest.startswith("Not varied: ")
    assert len(describe_choices(dataclasses.replace(found, change=None))) == 2
    table = choice_table(found)
    assert list(table.columns) == [
        "choice",
        *(f"{quantity}, {kind} %" for quantity in ("level", "change") for kind in ("alone", "with others")),
    ]
    assert table.loc[1, "level, alone %"] == "0 (0 to 0)"  # no doubt is shared here


def test_without_each_part(panel):
    table = leave_out(panel)
    # Military (4 + 4.5) / 2, cyber 5: the index is 4.625; without one indicator 4.5 to 4.75, or 4.25 without cyber.
    assert describe_left_out(table) == (
        "Without any one dimension the index lies between 4.25 and 5.00 and its change between ±0.00 and ±0.00; "
        "without any one indicator the index lies between 4.25 and 4.75 and its change between ±0.00 and ±0.00."
    )
    shown = left_out_table(panel.dataset, table)
    assert shown.iloc[0].tolist()[:3] == ["nothing", "4.62", "±0.00"]
    assert shown.iloc[0].tolist()[3].startswith("30 Jun 2020, 31 Dec 2020")
    assert describe_left_out(table.iloc[:0]) == ""


def test_how_the_dimensions_move_together(panel):
    found = measure_coherence(panel)
    assert describe_coherence(panel.dataset, [found]).startswith(
        "Over 12 settled quarters since 31 Mar 2020, Cronbach's alpha of the dimensions is 1.00, and "
    )
    table = coherence_table(panel.dataset, found)
    assert table["cyber"].tolist() == ["1.00", "1.00"]
    assert table["alpha of its indicators"].tolist() == ["1.00", "–"]
    assert table["% of the index's variance"].tolist() == ["50", "50"]


def test_the_record_of_carried_readings():
    rows = [("index", 1, 16, 16, 14, 14 / 16, 0.56), ("index", 2, 1, 1, 1, 1.0, 0.8)]
    record = pd.DataFrame(rows, columns=RECORD_COLUMNS)
    assert describe_record(record) == (
        "Of 16 past quarters to which the index was carried past one missed review, the 80 % interval covered 14."
    )
    assert "1 past quarter to which the index was carried past 2 missed reviews" in describe_record(record, 2)
    assert record_table(record)["covered %"].tolist() == ["88", "100"]
    empty = record.assign(origins=0, readings=0, held=0, share=np.nan, half_width=np.nan)
    assert describe_record(empty).startswith("No past quarter shows yet")
    assert record_table(empty)["covered %"].tolist() == ["–", "–"]


def test_agreement_and_overlap(panel):
    since = pd.Timestamp(QUARTERS[1])
    said = describe_agreement(
        compare_spans(panel, since), measure_agreement(panel, since=since), panel.dataset, estimate_from_units(panel)
    )
    assert said[0] == (
        "Krippendorff's alpha of all indicators together is 1.00 for levels over the full period, 1.00 for levels since "
        "30 Jun 2020, 1.00 for changes over the full period, 1.00 for changes since 30 Jun 2020."
    )
    assert said[1].startswith("For levels since 30 Jun 2020 it is lowest for ")
    whole = describe_agreement(
        compare_spans(panel, None), measure_agreement(panel), panel.dataset, estimate_from_units(panel)
    )
    assert whole[0].endswith("is 1.00 for levels over the full period, 1.00 for changes over the full period.")
    assert whole[1].startswith("For levels it is lowest for ")
    assert said[2].startswith("The coders differ by less than their plausible ranges imply: 100 % of the stated doubt")
    assert "two runs" in said[3]
    (overlap,) = describe_overlap(measure_overlap(panel))
    assert overlap.startswith("c1 and c2, 36 assessments of the same indicator and day: similarity of rationales ")
    assert "100 % of the events cited by either are cited by both, and 100 % cite the identical set" in overlap
    alone = dataclasses.replace(panel, coder="c1")
    assert describe_agreement(
        compare_spans(alone, since), measure_agreement(alone), panel.dataset, estimate_from_units(alone)
    ) == ["Agreement cannot be computed: too few: 1 coder, agreement needs two."]
    assert describe_overlap(measure_overlap(alone)) == []
