"""Ids are one namespace: none names two things, and none means something else in a link, a command or a page."""

import re
from pathlib import Path

import pytest

from indicators.records.checks.folder import check_folder
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, read_folder
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Refused, Saved
from indicators.records.tables.columns import PAGES
from indicators.records.tables.outlook import RULES
from tests.breakages import places
from tests.folders import FILES, contents, write_folder
from tests.submissions import NOW, ROW, hand_in

CODERS, INDICATORS, DIMENSIONS = (f"codebook/{name}.csv" for name in ("coders", "indicators", "dimensions"))
ANCHORS, SOURCES, MILITARY = "codebook/anchors.csv", "benchmarks/sources.csv", "scores/military.csv"
RULE = f"{RULES[0]},No person: forecasts that follow by a rule from past changes.\n"


def rename(path: Path, old: str, new: str) -> Path:
    """Write the tiny folder with another id in the place of one, wherever it is named."""
    write_folder(path)
    for name, content in contents(path).items():
        text = re.sub(rf"(?<![\w-]){old}(?![\w-])", new, content.decode())
        (path / name).write_bytes(text.encode())
    if (path / f"scores/{old}.csv").exists():
        (path / f"scores/{old}.csv").rename(path / f"scores/{new}.csv")
    format_folder(path, write=True)
    return path


def check(path: Path) -> list[tuple[str, int, str, str]]:
    return places(check_folder(read_folder(path)))


@pytest.mark.parametrize("new", ["mil_moves", "narrative_2", "indexes", "a1", "everyone"])
def test_an_id_of_its_own_is_accepted(tmp_path: Path, new: str) -> None:
    assert check(rename(tmp_path, "mil_posture", new)) == []


@pytest.mark.parametrize("new", ["all", "none", *PAGES])
@pytest.mark.parametrize(
    ("old", "place"), [("mil_posture", (INDICATORS, 2, "indicator")), ("cyber", (DIMENSIONS, 3, "dimension"))]
)
def test_no_indicator_or_dimension_is_named_like_the_index_a_choice_or_a_page(
    tmp_path: Path, old: str, place: tuple[str, int, str], new: str
) -> None:
    assert (*place, "id-reserved") in check(rename(tmp_path, old, new))


@pytest.mark.parametrize("new", ["all", "none"])
def test_no_coder_is_named_like_all_or_none_of_them(tmp_path: Path, new: str) -> None:
    assert check(rename(tmp_path, "c2", new)) == [(CODERS, 3, "coder", "id-reserved")]


@pytest.mark.parametrize("new", ["none", "None", "ALL", "none_V202610"])
def test_no_outside_series_is_named_like_no_choice(tmp_path: Path, new: str) -> None:
    found = check(rename(tmp_path, "TRADE", new))
    assert [(file, column, code) for file, _, column, code in found] == [(SOURCES, "series", "id-reserved")]


@pytest.mark.parametrize(
    ("old", "new", "line"), [("mil_posture", "cyber", 2), ("mil_posture", "military", 2), ("cyb_sabotage", "cyber", 5)]
)
def test_an_indicator_with_the_id_of_a_dimension_is_named_where_it_is_defined(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    assert (INDICATORS, line, "indicator", "id-clash") in check(rename(tmp_path, old, new))


# A coder who is a rule


def test_a_rule_forecasts_and_never_scores(tmp_path: Path) -> None:
    data = write_folder(tmp_path, **{CODERS: FILES[CODERS] + RULE})
    assert check(data) == []
    (data / MILITARY).write_text(FILES[MILITARY].replace(",c2,", f",{RULES[0]},"))
    format_folder(data, write=True)
    found = check(data)
    assert {(file, column, code) for file, _, column, code in found} == {(MILITARY, "coder", "rule-coder")}
    assert len(found) == FILES[MILITARY].count(",c2,")


def test_the_people_of_a_folder_are_its_coders_without_the_rules(tmp_path: Path) -> None:
    dataset = load_dataset(write_folder(tmp_path, **{CODERS: FILES[CODERS] + RULE})).dataset
    assert dataset is not None
    assert dataset.people == ("c1", "c2")
    assert set(dataset.coders.index) == {"c1", "c2", RULES[0]}


def test_a_score_by_a_rule_is_refused_at_the_door(tmp_path: Path) -> None:
    data = write_folder(tmp_path, **{CODERS: FILES[CODERS] + RULE})
    before = contents(data)
    outcome = save_submission(data, hand_in(ROW, author=RULES[0]), NOW)
    assert isinstance(outcome, Refused)
    assert [(p.file, p.line, p.column, p.code) for p in outcome.report] == [("new rows", 1, "coder", "rule-coder")]
    assert contents(data) == before
    assert isinstance(save_submission(data, hand_in(ROW), NOW), Saved)


# Numbers in ids and keys


@pytest.mark.parametrize("score", ["2.0", "2.00", "2"])
def test_an_anchors_score_may_be_written_with_zeros_behind_the_point(tmp_path: Path, score: str) -> None:
    data = write_folder(tmp_path, **{ANCHORS: FILES[ANCHORS].replace("mil_posture,2,", f"mil_posture,{score},")})
    assert check(data) == []
    format_folder(data, write=True)
    assert (data / ANCHORS).read_text() == FILES[ANCHORS]
    assert check(data) == []


@pytest.mark.parametrize("score", ["3", "2.5", "-2", "two", "2,0", "1e1"])
def test_an_anchor_for_another_score_is_refused(tmp_path: Path, score: str) -> None:
    data = write_folder(tmp_path, **{ANCHORS: FILES[ANCHORS].replace("mil_posture,2,", f'mil_posture,"{score}",')})
    assert check(data) == [(ANCHORS, 3, "score", "choice"), (INDICATORS, 2, "indicator", "anchor-missing")]


@pytest.mark.parametrize(("first", "second"), [("86.2", "86.20"), ("2", "2.0"), ("-0", "0"), ("0.5", "0.500")])
def test_one_number_written_in_two_ways_is_one_key_before_and_after_formatting(
    tmp_path: Path, first: str, second: str
) -> None:
    head = FILES["evidence/military.csv"].splitlines()[0]
    row = "2024-06-30,share,{},percent,https://example.org/5,Example Wire"
    text = "\n".join([head, row.format(first), row.format(second), ""])
    data = write_folder(tmp_path, **{"evidence/military.csv": text})
    named = [("evidence/military.csv", 3, "series", "row-duplicate")]
    assert check(data) == named
    format_folder(data, write=True)
    assert check(data) == named


def test_rows_with_dates_that_are_refused_keep_their_lines_when_the_file_is_formatted(tmp_path: Path) -> None:
    head, *rows = FILES[MILITARY].splitlines(keepends=True)
    text = head + "".join(reversed(rows)).replace("2024-03-31", "3/31/2024")
    data = write_folder(tmp_path, **{MILITARY: text.replace(",5.5,4.5,", ",5.50,4.5,")})
    before = check(data)
    format_folder(data, write=True)
    assert ",5.50," not in (data / MILITARY).read_text()
    assert check(data) == before
