"""Which quarters a reader may not see: until all of a quarter's coders have reviewed it, each sees the own rows alone."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.blindness import PUBLIC, find_blindness
from indicators.records.dataset import Dataset, load_dataset
from tests.folders import write_sound_folder

TODAY = dt.date(2024, 12, 1)
MARCH, JUNE, SEPTEMBER = (pd.Timestamp(day) for day in ("2024-03-31", "2024-06-30", "2024-09-30"))
IDS = ("mil_posture", "mil_signals", "cyb_espionage", "cyb_sabotage")


@pytest.fixture
def bare(tmp_path: Path) -> Dataset:
    """The tiny folder without assessments; c1 and c2 are its people."""
    found = load_dataset(write_sound_folder(tmp_path / "data")).dataset
    assert found is not None
    return replace(found, assessments=found.assessments.head(0))


def scored(dataset: Dataset, *done: tuple[str, pd.Timestamp, int]) -> Dataset:
    """The dataset with reviews: coder, quarter's end, and how many of the four indicators."""
    rows = [
        {"date": end, "indicator": id, "score": 5.0, "low": 4.0, "high": 6.0, "rationale": "x", "events": "E0001",
         "coder": coder, "recorded": end + pd.Timedelta(days=9), "method": "1.0", "file": "scores/a.csv", "line": n}
        for n, (coder, end, count) in enumerate(done, 2) for id in IDS[:count]
    ]  # fmt: skip
    people = pd.concat([dataset.coders, pd.DataFrame({"description": ["x"]}, index=["c3"])])
    return replace(dataset, assessments=pd.DataFrame(rows), coders=people)


def hidden(dataset: Dataset, reader: str) -> list[pd.Timestamp]:
    return list(find_blindness(dataset, reader, TODAY).hidden)


def under_embargo(dataset: Dataset, **more: object) -> Dataset:
    return replace(dataset, topic=replace(dataset.topic, embargo=True, **more))


BOTH_TO_JUNE = [(coder, end, 4) for coder in ("c1", "c2") for end in (MARCH, JUNE)]


def test_a_quarter_opens_once_both_have_reviewed_all_of_it(bare: Dataset) -> None:
    assert hidden(scored(bare, *BOTH_TO_JUNE), "c1") == []
    assert hidden(scored(bare, *BOTH_TO_JUNE, ("c2", SEPTEMBER, 1)), "c1") == [SEPTEMBER]
    one_left = [*BOTH_TO_JUNE, ("c1", SEPTEMBER, 4), ("c2", SEPTEMBER, 3)]
    assert hidden(scored(bare, *one_left), "c1") == hidden(scored(bare, *one_left), "c2") == [SEPTEMBER]
    assert hidden(scored(bare, *BOTH_TO_JUNE, ("c1", SEPTEMBER, 4), ("c2", SEPTEMBER, 4)), "c1") == []


def test_ones_own_rows_stay_and_the_others_go_with_all_earlier_versions(bare: Dataset) -> None:
    dataset = scored(bare, *BOTH_TO_JUNE, ("c1", SEPTEMBER, 2), ("c2", SEPTEMBER, 3), ("c2", SEPTEMBER, 1))
    seen = find_blindness(dataset, "c1", TODAY).see(dataset)
    autumn = seen.assessments[seen.assessments["date"] == SEPTEMBER]
    assert set(autumn["coder"]) == {"c1"}
    assert len(seen.assessments) == 4 * 4 + 2
    assert seen.digest != dataset.digest


def test_without_an_embargo_everybody_else_sees_all(bare: Dataset) -> None:
    dataset = scored(bare, *BOTH_TO_JUNE, ("c1", SEPTEMBER, 1))
    assert find_blindness(dataset, PUBLIC, TODAY).see(dataset) is dataset
    assert hidden(dataset, "a rule") == []


def test_under_an_embargo_nobody_sees_an_open_quarter_until_it_is_reviewed_or_released(bare: Dataset) -> None:
    dataset = scored(bare, *BOTH_TO_JUNE, ("c1", SEPTEMBER, 4))
    assert hidden(under_embargo(dataset), PUBLIC) == [SEPTEMBER]
    assert hidden(under_embargo(dataset), "c2") == [SEPTEMBER]
    assert hidden(under_embargo(dataset, released=SEPTEMBER), PUBLIC) == []
    assert hidden(under_embargo(dataset, released=SEPTEMBER), "c2") == []
    assert hidden(under_embargo(dataset, released=JUNE), PUBLIC) == [SEPTEMBER]


def test_a_gap_long_ago_hides_nothing_and_who_has_stopped_keeps_nothing_open(bare: Dataset) -> None:
    quarters = pd.date_range("2023-03-31", SEPTEMBER, freq="QE")
    both = [(coder, end, 4) for coder in ("c1", "c2") for end in quarters]
    stopped = [("c3", end, 4) for end in quarters[:2]]
    assert hidden(scored(bare, *both, *stopped), "c1") == []
    assert hidden(scored(bare, *both, *stopped), "c3") == []


def test_who_joins_is_blind_for_the_quarter_to_score_and_opens_nothing_again(bare: Dataset) -> None:
    both = [*BOTH_TO_JUNE, ("c1", SEPTEMBER, 4), ("c2", SEPTEMBER, 4)]
    assert hidden(scored(bare, *both), "c3") == [SEPTEMBER]
    begun = scored(bare, *both, ("c3", SEPTEMBER, 1))
    assert hidden(begun, "c3") == [SEPTEMBER]
    assert hidden(begun, "c1") == []
    assert hidden(under_embargo(begun), PUBLIC) == []
    assert hidden(scored(bare, *both, ("c3", SEPTEMBER, 4)), "c3") == []


def test_a_lead_who_does_not_score_sees_all_and_one_who_scores_is_blind(bare: Dataset) -> None:
    dataset = under_embargo(scored(bare, *BOTH_TO_JUNE, ("c1", SEPTEMBER, 1)), lead="c3")
    assert hidden(dataset, "c3") == []
    assert hidden(under_embargo(dataset, lead="c2"), "c2") == [SEPTEMBER]
    assert hidden(under_embargo(dataset, lead=""), PUBLIC) == [SEPTEMBER]


HEAD = "date,indicator,score,low,high,rationale,events,coder,recorded,method\n"
JUNE_ROW = "2024-06-30,mil_posture,5,4,6,Said in June.,E0001,c2,2024-07-01,1.0\n"
THEIRS = '2024-08-05,mil_posture,9,8,10,"Said in August, with a comma.",E0001,c2,2024-08-06,1.0\n'
OWN = "2024-09-30,mil_posture,4,3,5,Said in September.,E0001,c1,2024-10-01,1.0\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_of_the_folder_is_handed_out_without_the_hidden_lines(bare: Dataset, end: str) -> None:
    blindness = find_blindness(scored(bare, *BOTH_TO_JUNE, ("c2", SEPTEMBER, 1)), "c1", TODAY)

    def see(name: str, text: str) -> str:
        return blindness.see_file(name, text.replace("\n", end).encode()).decode().replace(end, "\n")

    assert see("scores/military.csv", HEAD + JUNE_ROW + THEIRS + OWN) == HEAD + JUNE_ROW + OWN
    assert see("events.csv", HEAD + THEIRS) == HEAD + THEIRS
    # What cannot be read is not shown at all, since nobody can tell whose it is.
    for broken in ("", HEAD + THEIRS.replace(",c2", "")):
        assert see("scores/military.csv", broken) == ""
    assert see("scores/military.csv", "date,score\n2024-08-05,9\n") == "date,score\n"
    assert see("scores/military.csv", HEAD + THEIRS.replace("2024-08-05", "05/08/2024")) == HEAD


def test_forecasts_of_a_rule_go_with_the_readings_that_they_were_made_from(bare: Dataset) -> None:
    blindness = find_blindness(scored(bare, *BOTH_TO_JUNE, ("c2", SEPTEMBER, 1)), "c1", TODAY)
    rows = "question,coder,date,probability,rationale,recorded\n"
    ruled, own = "q,baseline-2,2024-08-01,0.5,x,2024-08-01\n", "q,c2,2024-08-01,0.5,x,2024-08-01\n"
    assert blindness.see_file("outlook/forecasts.csv", (rows + ruled + own).encode()).decode() == rows + own
