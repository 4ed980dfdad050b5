"""The commands on what the index hangs on: choices, parts left out, coherence, carried readings, and the coders."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indicators.__main__ import main
from tests.folders import write_sound_folder

DATA = Path(__file__).parents[2] / "data"


def run(command: str, data: Path = DATA) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, [*command.split(), "--data", str(data)], env={"TENSION_DATA": None})


def rows(command: str, data: Path = DATA) -> list[dict[str, str]]:
    """The rows that a command prints as CSV."""
    result = run(f"{command} --format csv", data)
    assert (result.exit_code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny folder of two settled quarters."""
    return write_sound_folder(tmp_path / "data")


def test_people_get_all_parts_and_their_sentences() -> None:
    text = run("sensitivity").stdout
    for word in (
        "Shares of the variance",
        "the spacing of the anchors",
        "Not varied:",
        "Leaving out one part",
        "Without any one dimension",
        "Cronbach's alpha",
        "past quarters to which the index was carried",
    ):
        assert word in text


def test_shares_of_each_choice_are_told_for_the_level_and_the_change() -> None:
    found = rows("sensitivity")
    assert [row["quantity"] for row in found] == ["level"] * 7 + ["change"] * 7
    for row in found:
        assert float(row["total_low"]) <= float(row["total"]) <= float(row["total_high"])


def test_a_choice_that_the_reader_has_made_does_not_vary() -> None:
    found = {(row["quantity"], row["choice"]): row for row in rows("sensitivity --coder c1")}
    for quantity in ("level", "change"):
        row = found[quantity, "coder"]
        assert {float(row[name]) for name in row if name not in ("quantity", "choice")} == {0}


def test_the_interval_of_the_level_is_that_of_the_series_but_for_the_noise_of_fewer_draws() -> None:
    found = {row["quantity"]: row for row in rows("sensitivity --part interval")}
    newest = rows("series --freq quarter --to 2026-09-30")[-1]
    for name, end in (("doubt_low", "low"), ("doubt_high", "high"), ("value", "score")):
        assert float(found["level"][name]) == pytest.approx(float(newest[end]), abs=0.03)
    assert float(found["level"]["low"]) < float(found["level"]["doubt_low"])


def test_nothing_left_out_is_the_series(folder: Path) -> None:
    found = rows("sensitivity --part left-out", folder)
    assert [(row["level"], row["id"]) for row in found][:3] == [
        ("none", ""),
        ("dimension", "military"),
        ("dimension", "cyber"),
    ]
    by_id = {row["id"]: row for row in found}
    # Posture 5 and signals 4; espionage 5.25 (c1 scored 6, c2's 4.5 is of March) and sabotage 7.
    assert float(by_id[""]["score"]) == pytest.approx(5.3125)
    assert float(by_id["military"]["score"]) == pytest.approx(6.125)
    assert float(by_id["cyb_sabotage"]["score"]) == pytest.approx((4.5 + 5.25) / 2)
    assert by_id[""]["highest"] == "2024-06-30"


@pytest.mark.parametrize("part", ["coherence", "correlations"])
def test_coherence_of_two_periods_or_of_none(folder: Path, part: str) -> None:
    found = rows(f"sensitivity --part {part} --since 2023-01-01")
    assert len({row["start"] for row in found}) == 2
    assert max(row["start"] for row in found) == "2023-03-31"
    assert rows(f"sensitivity --part {part}", folder) == []


def test_carried_readings_are_counted_since_a_day() -> None:
    found = rows("sensitivity --part carried --since 2025-06-30")
    assert [(row["level"], row["missed"]) for row in found][:2] == [("index", "1"), ("index", "2")]
    assert found[0]["origins"] == "5"  # June 2025 to June 2026
    for row in found:
        assert float(row["share"]) == pytest.approx(int(row["held"]) / int(row["readings"]))


def test_a_folder_without_a_settled_quarter_has_nothing_to_vary(folder: Path) -> None:
    result = run("sensitivity --as-of 2024-01-01", folder)
    assert (result.exit_code, result.stdout) == (0, "no quarter is settled yet\n")
    assert rows("sensitivity --as-of 2024-01-01", folder) == []


def test_agreement_counts_quarters_that_two_coders_reviewed_and_too_few_is_an_answer(folder: Path) -> None:
    found = {row["id"]: row for row in rows("agreement", folder)}
    # Both coders scored posture in March and June, and espionage in March.
    assert {id: row["units"] for id, row in found.items() if row["units"] != "0"} == {
        "index": "3",
        "military": "2",
        "cyber": "1",
        "mil_posture": "2",
        "cyb_espionage": "1",
    }
    assert {row["note"].split(":")[0] for row in found.values()} == {"too few"}
    assert found["cyber"]["note"] == "too few: 1 double-coded quarter, 10 are needed"
    assert all(row["alpha_interval"] == "" for row in found.values())
    assert "Agreement cannot be computed: too few" in run("agreement", folder).stdout


def test_agreement_in_words_says_what_it_is_not() -> None:
    text = run("agreement").stdout
    for word in ("for changes since 1 Jun 2022", "two runs", "similarity of rationales", "of the stated doubt"):
        assert word in text


def test_the_spans_of_agreement_are_the_tables_first_rows() -> None:
    spans = rows("agreement --part spans")
    assert [(row["of"], row["since"]) for row in spans] == [
        (of, since) for of in ("levels", "changes") for since in ("", "2022-06-01")
    ]
    for of, row in zip(("levels", "changes"), spans[::2], strict=True):
        assert row["alpha_interval"] == rows(f"agreement --of {of}")[0]["alpha_interval"]


def test_a_topic_without_a_day_of_its_own_is_looked_at_over_the_whole_time(folder: Path) -> None:
    topic = folder / "codebook" / "topic.csv"
    lines = topic.read_text(encoding="utf-8").splitlines(keepends=True)
    topic.write_text("".join(line for line in lines if not line.startswith("since")), encoding="utf-8")
    assert [(row["of"], row["since"]) for row in rows("agreement --part spans", folder)] == [
        ("levels", ""),
        ("changes", ""),
    ]


@pytest.mark.parametrize(
    "command",
    [
        *(f"sensitivity --part {part}" for part in ("choices", "interval", "left-out", "carried")),
        *(f"agreement --part {part}" for part in ("alpha", "spans", "overlap", "shared")),
    ],
)
def test_json_and_csv_hold_the_same_rows(folder: Path, command: str) -> None:
    told, found = json.loads(run(f"{command} --format json", folder).stdout), rows(command, folder)
    assert len(told) == len(found) > 0
    for one, other in zip(told, found, strict=True):
        assert list(one) == list(other)
        for name, value in one.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert float(other[name]) == pytest.approx(value, abs=1e-12)
            else:
                assert other[name] == {None: "", True: "True", False: "False"}.get(value, value)
