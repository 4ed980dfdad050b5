"""What is typed into a form, as rows: each fault is said at its field, in the words of the form."""

import pytest

from indicators.records.saving.entry import Entry, read_entry, split_score

DAYS = {"E0001": "2024-01-10", "E0009": "2024-07-10", "E0012": "2024-09-10"}
REASON = "One brigade is still at the border, as the last review found."
SOUND = {"date": "2024-09-30", "score": "7", "low": "6", "high": "8", "rationale": REASON, "events": "E0009"}
NEW_EVENT = {
    "fact": "A third brigade moved towards the border.",
    "day": "2024-09-20",
    "effect": "raises",
    "url": "https://example.org/13",
    "title": "Third brigade",
    "publisher": "Example Wire",
    "reliability": "A",
    "credibility": "2",
}


def read(**changed: str) -> Entry:
    """A sound form with some fields typed otherwise, in the third quarter of 2024."""
    fields = {**SOUND, **changed}
    return read_entry(fields, "mil_posture", DAYS, ("2024-07-01", "2024-09-30"), "3rd quarter of 2024")


def test_a_sound_form_is_a_row_without_faults() -> None:
    entry = read()
    assert entry.faults == {}
    assert entry.row == {**SOUND, "indicator": "mil_posture"}
    assert entry.event is None


@pytest.mark.parametrize(
    ("typed", "cells"),
    [
        ({"score": "7 6 8"}, ("7", "6", "8")),
        ({"score": " 7.5  7 10 "}, ("7.5", "7", "10")),
        ({"score": "7", "low": "6", "high": "8"}, ("7", "6", "8")),
        ({"score": "7 6 8", "low": "5"}, ("7 6 8", "5", "")),
    ],
)
def test_score_low_and_high_are_typed_apart_or_in_one_field(typed: dict[str, str], cells: tuple[str, ...]) -> None:
    assert split_score(typed) == cells


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"score": "11"}, "score", "“11” is above 10"),
        ({"score": "7.3"}, "score", "halves"),
        ({"score": "7,5"}, "score", "decimal comma"),
        ({"low": ""}, "low", "Type 0 to 10"),
        ({"low": "7.5"}, "low", "The score 7 lies below its range"),
        ({"high": "6.5"}, "high", "The score 7 lies above its range"),
        ({"rationale": "Too short"}, "rationale", "has 9 characters — write 20 to 600"),
        ({"rationale": "x" * 601}, "rationale", "has 601 characters"),
        ({"rationale": f"{REASON} \N{ZERO WIDTH JOINER}"}, "rationale", "zero width joiner, U+200D"),
        ({"rationale": "=SUM(A1:A9) is not a reason at all"}, "rationale", "formula"),
        ({"date": "9/30/2024"}, "date", "write year-month-day"),
        ({"date": "2024-09-31"}, "date", "does not exist"),
        ({"date": "2027-12-31"}, "date", "which so far runs from 2024-07-01 to 2024-09-30"),
        ({"events": ""}, "events", "at least one event"),
    ],
)
def test_a_fault_is_said_at_its_field(changed: dict[str, str], field: str, said: str) -> None:
    faults = read(**changed).faults
    assert list(faults) == [field]
    assert said in faults[field]


def test_line_breaks_in_a_reason_become_spaces() -> None:
    assert read(rationale=f"{REASON}\n\nA second  line.").row["rationale"] == f"{REASON} A second line."


def test_an_event_after_the_score_is_named_and_stays_ticked() -> None:
    entry = read(date="2024-08-01", events="E0009;E0012")
    assert entry.faults == {
        "events": "E0012 is dated 2024-09-10, after the score's date 2024-08-01: untick it, or date the score later."
    }
    assert entry.row["events"] == "E0009;E0012"
    assert read(events="E0009;E0012").faults == {}


def test_a_reason_that_names_an_event_which_is_not_ticked_is_pointed_out() -> None:
    entry = read(rationale=f"{REASON} E0012 and E0009 bear it out.")
    assert entry.faults == {}
    assert entry.warnings == ("The reason cites E0012, which is not ticked.",)


@pytest.mark.parametrize("lacking", list(NEW_EVENT))
def test_a_new_event_that_is_half_filled_in_lacks_what_is_blank(lacking: str) -> None:
    faults = read(**{**NEW_EVENT, lacking: ""}).faults
    assert list(faults) == [lacking]
    assert "Fill this in for the new event" in faults[lacking]


def test_a_whole_new_event_is_cited_by_the_row_and_counts_as_one_it_rests_on() -> None:
    entry = read(**NEW_EVENT, events="")
    assert entry.faults == {}
    assert entry.row["events"] == "new1"
    assert entry.event == {
        "date": "2024-09-20",
        "indicator": "mil_posture",
        "effect": "raises",
        "fact": NEW_EVENT["fact"],
        "source_url": NEW_EVENT["url"],
        "source_title": "Third brigade",
        "publisher": "Example Wire",
        "reliability": "A",
        "credibility": "2",
        "second_source_url": "",
        "same_as": "",
    }


def test_a_new_event_after_the_scores_date_or_with_a_bad_day_is_refused_at_its_day() -> None:
    assert "after the score's date 2024-09-30" in read(**{**NEW_EVENT, "day": "2024-10-02"}).faults["day"]
    assert "write year-month-day" in read(**{**NEW_EVENT, "day": "20.9.2024"}).faults["day"]
