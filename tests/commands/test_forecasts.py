"""Forecasts on the command line: one saved row, the record, and the rows of the rule."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from tests.folders import contents, write_sound_folder

DATA = Path(__file__).parents[2] / "data"
RATIONALE = ("--rationale", "The last four readings have all been below it.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_sound_folder(tmp_path / "data")


def run(*arguments, data=DATA):
    return CliRunner().invoke(main, [*map(str, arguments), "--data", str(data)], env={"TENSION_DATA": None})


def forecast(folder, *arguments):
    return run("forecast", *arguments, *RATIONALE, "--coder", "c1", data=folder)


def test_a_forecast_with_exit_status_0_is_on_the_disk(folder):
    done = run("forecast", "index-winter", "0.3", *RATIONALE, "--coder", "c1", "--date", "2024-12-01", data=folder)
    # Recorded today, long after the tiny folder's question has closed: too late, and refused.
    assert done.exit_code == 1
    assert "forecast-hindsight" in done.stderr
    question = (folder / "outlook/questions.csv").read_text()
    (folder / "outlook/questions.csv").write_text(question.replace("2024-12-30,2024-12-31", "2999-12-30,2999-12-31"))
    before = contents(folder)
    done = forecast(folder, "index-winter", "0.3")
    assert done.exit_code == 0, done.output
    file, line = done.stdout.split()[0].split(":")
    assert ",0.3,The last four readings" in (folder / file).read_text().splitlines()[int(line) - 1]
    assert [name for name, raw in contents(folder).items() if before.get(name) != raw] == ["outlook/forecasts.csv"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("index-winter", "30"), "number-range"),
        (("index-winter", "1"), "number-range"),
        (("no-such", "0.3"), "reference"),
    ],
)
def test_a_refused_forecast_names_its_problem_and_writes_nothing(folder, arguments, code):
    before = contents(folder)
    done = forecast(folder, *arguments)
    assert done.exit_code == 1
    assert f"[{code}]" in done.stderr
    assert contents(folder) == before


def test_a_forecast_needs_a_reason_and_a_coder(folder):
    assert run("forecast", "index-winter", "0.3", "--coder", "c1", data=folder).exit_code == 2
    assert run("forecast", "index-winter", "0.3", *RATIONALE, data=folder).exit_code == 2


def test_the_record_is_printed_whatever_it_says():
    rows = json.loads(run("calibration", "--format", "json").stdout)
    row = next(row for row in rows if row["coder"] == "baseline-2" and row["about"] == "dimensions")
    assert row["made"] == "hindcast"
    assert row["questions"] >= 100
    assert row["brier_even"] == 0.25
    assert row["skill_base_rate"] == pytest.approx(1 - row["brier"] / row["brier_base_rate"])
    assert row["skill_base_rate_low"] <= row["skill_base_rate"] <= row["skill_base_rate_high"]
    assert row["brier"] == pytest.approx(row["reliability"] - row["resolution"] + row["uncertainty"] + row["within"])


def test_the_bins_count_every_answered_question_once():
    table = list(csv.DictReader(io.StringIO(run("calibration", "--bins", "--format", "csv").stdout)))
    rows = json.loads(run("calibration", "--format", "json").stdout)
    for row in rows:
        mine = [b for b in table if all(b[key] == row[key] for key in ("coder", "made", "about"))]
        assert sum(int(b["count"]) for b in mine) == row["questions"]


def test_too_few_answers_are_said_to_be_too_few(folder):
    rows = json.loads(run("calibration", "--format", "json", data=folder).stdout)
    assert {(row["coder"], row["made"], row["questions"]) for row in rows} == {
        ("c1", "ahead", 1),
        ("c2", "ahead", 1),
        ("c1", "hindcast", 1),
    }
    assert all(row["note"].startswith("too few: 1 answered question") for row in rows)
    assert "too few" in run("calibration", data=folder).stdout


def test_an_earlier_vintage_has_no_record():
    assert run("calibration", "--as-of", "2026-11-24").stdout == "nothing to show\n"
    assert run("calibration", "--bins", "--as-of", "2026-11-24").stdout == "nothing to show\n"


def test_the_rule_prints_the_shipped_rows_again():
    recorded = "2026-11-30T09:30:00Z"
    for option, file in ((), "forecasts"), (("--questions",), "questions"):
        lines = (DATA / f"outlook/{file}.csv").read_text().splitlines()
        shipped = [line for line in lines[1:] if line.endswith(recorded)]
        assert run("baseline", *option, "--recorded", recorded).stdout.splitlines() == [lines[0], *shipped]
        assert run("baseline", *option, "--new", "--recorded", recorded).stdout.splitlines() == [lines[0]]


def test_a_later_day_brings_new_forecasts_of_what_still_takes_them():
    done = run("baseline", "--new", "--recorded", "2026-12-02T10:00:00Z")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["date"] for row in rows} == {"2026-12-02"}
    assert {row["question"] for row in rows} <= {
        line.split(",")[0] for line in (DATA / "outlook/questions.csv").read_text().splitlines()
    }


def test_a_time_without_its_zone_is_wrong_usage():
    assert run("baseline", "--recorded", "2026-11-25T15:02:00").exit_code == 2
    assert run("baseline", "--recorded", "yesterday").exit_code == 2
