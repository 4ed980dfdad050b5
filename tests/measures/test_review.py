"""Scores that lie too far apart stand in the queue until one is corrected or the lead rules on them."""

from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.blindness import find_blindness
from indicators.measures.review import list_comments, list_differences, list_requests
from indicators.records.checks.folder import check_folder
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.folder import format_folder, read_folder
from tests.breakages import places
from tests.folders import FILES, write_sound_folder

MILITARY, RULINGS = "scores/military.csv", "codebook/rulings.csv"
HEAD = "indicator,point,ruling,date,coder,recorded\n"
RULING = "mil_posture,Does a brigade that may return count?,It counts as long as it stands where it stood.,2024-06-30,c1,2024-07-20\n"


COMMENTS = "review/comments.csv"
SAID = "indicator,date,coder,kind,text,author,recorded\n"
ASKED = "mil_posture,2024-06-30,c2,correction,One brigade is not half of it.,c1,2024-07-15T08:00:00Z\n"
ANSWERED = "mil_posture,2024-06-30,c2,comment,It was half by the second report.,c2,2024-07-16T08:00:00Z\n"


def load(path: Path, theirs: str, rulings: str | None = None, comments: str | None = None) -> Dataset:
    """The tiny folder with c2's score and range of force posture in June 2024, where c1 has 5 of 4 to 6."""
    scores = FILES[MILITARY].replace("2024-06-30,mil_posture,5,4,6,Half", f"2024-06-30,mil_posture,{theirs},Half")
    files = {MILITARY: scores, **({RULINGS: rulings} if rulings else {}), **({COMMENTS: comments} if comments else {})}
    (path / "data/review").mkdir(parents=True, exist_ok=True)
    data = write_sound_folder(path / "data", **files)
    format_folder(data, write=True)
    found = load_dataset(data).dataset
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("theirs", "listed"),
    [
        ("7,6,8", [(2.0, True)]),
        ("7.5,7,8", [(2.5, False)]),
        ("6.5,6.5,7", [(1.5, False)]),
        ("6.5,6,7", []),
        ("3,2,4", [(2.0, True)]),
        ("5,4,6", []),
    ],
)
def test_two_points_or_ranges_that_do_not_meet_bring_a_pair_into_the_queue(
    tmp_path: Path, theirs: str, listed: list[tuple[float, bool]]
) -> None:
    dataset = load(tmp_path, theirs)
    table = list_differences(dataset)
    assert list(zip(table["apart"], table["meet"], strict=True)) == listed
    for label, coder in ((table["first"], "c1"), (table["second"], "c2")):
        assert [dataset.assessment(int(n))["coder"] for n in label] == [coder] * len(listed)


def test_a_ruling_on_the_indicator_and_date_settles_it(tmp_path: Path) -> None:
    assert list_differences(load(tmp_path, "9,8,10", HEAD + RULING)).empty
    other = HEAD + RULING.replace("2024-06-30", "2024-03-31")
    assert len(list_differences(load(tmp_path, "9,8,10", other))) == 1


def test_a_correction_that_brings_them_together_settles_it(tmp_path: Path) -> None:
    later = '2024-06-30,mil_posture,5.5,5,6,"Corrected, half of it has been taken back.",E0005,c2,2024-07-20T10:00:00Z,1.0\n'
    dataset = load(tmp_path, "9,8,10")
    with (tmp_path / "data" / MILITARY).open("a") as file:
        file.write(later)
    corrected = load_dataset(tmp_path / "data").dataset
    assert corrected is not None
    assert (len(list_differences(dataset)), len(list_differences(corrected))) == (1, 0)


def test_a_quarter_that_a_coder_may_not_see_is_not_in_the_queue(tmp_path: Path) -> None:
    dataset = load(tmp_path, "9,8,10")
    blindness = find_blindness(dataset, "c1", pd.Timestamp("2024-12-01").date())
    assert pd.Timestamp("2024-06-30") in blindness.hidden
    assert list_differences(blindness.see(dataset)).empty


def test_a_ruling_names_an_indicator_and_a_coder_of_the_codebook(tmp_path: Path) -> None:
    wrong = HEAD + RULING.replace("mil_posture", "mil_unknown").replace(",c1,", ",c9,")
    data = write_sound_folder(tmp_path / "data", **{RULINGS: wrong})
    format_folder(data, write=True)
    assert places(check_folder(read_folder(data))) == [
        (RULINGS, 2, "coder", "reference"),
        (RULINGS, 2, "indicator", "reference"),
    ]


def test_a_correction_is_asked_for_until_the_row_is_replaced_or_the_lead_has_ruled(tmp_path: Path) -> None:
    asked = load(tmp_path / "asked", "9,8,10", comments=SAID + ASKED + ANSWERED)
    assert list(list_requests(asked)["text"]) == ["One brigade is not half of it."]
    said = list_comments(asked, "mil_posture", pd.Timestamp("2024-06-30"), "c2")
    assert list(said["author"]) == ["c1", "c2"]
    assert list_comments(asked, "mil_posture", pd.Timestamp("2024-06-30"), "c1").empty
    assert list_requests(load(tmp_path / "ruled", "9,8,10", HEAD + RULING, SAID + ASKED)).empty
    before = RULING.replace("2024-07-20", "2024-07-14")
    assert len(list_requests(load(tmp_path / "before", "9,8,10", HEAD + before, SAID + ASKED))) == 1
    later = (
        '2024-06-30,mil_posture,5,4,6,"Corrected, one brigade has been taken back.",E0005,c2,2024-07-20T10:00:00Z,1.0\n'
    )
    with (tmp_path / "asked/data" / MILITARY).open("a") as file:
        file.write(later)
    corrected = load_dataset(tmp_path / "asked/data").dataset
    assert corrected is not None
    assert list_requests(corrected).empty


def test_a_comment_speaks_of_a_row_on_record_and_is_hidden_with_it(tmp_path: Path) -> None:
    dataset = load(tmp_path, "9,8,10", HEAD + RULING.replace(",c1,", ",c2,"), SAID + ASKED)
    blindness = find_blindness(dataset, "c1", pd.Timestamp("2024-12-01").date())
    seen = blindness.see(dataset)
    assert (len(seen.comments), len(seen.rulings)) == (0, 0)
    for file in (COMMENTS, RULINGS):
        assert blindness.see_file(file, (tmp_path / "data" / file).read_bytes()).count(b"\n") == 1
    (tmp_path / "data" / COMMENTS).write_text(SAID + ASKED.replace("06-30", "06-29").replace(",c1,", ",c9,"))
    assert places(check_folder(read_folder(tmp_path / "data"))) == [
        (COMMENTS, 2, "author", "reference"),
        (COMMENTS, 2, "date", "reference"),
    ]
