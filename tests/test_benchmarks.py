"""The benchmarks' table: every requirement has a row, figures stand beside their limits, and cheap ones really run."""

import inspect
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import ROOT, drawing, growth
from benchmarks.__main__ import MEASUREMENTS, main
from benchmarks.enlarged import count_assessments, enlarge_folder
from benchmarks.rounds import fit_exponent, median_ratio, run_child
from benchmarks.table import Row, answer, as_record, as_text, complete_rows, verdict
from benchmarks.targets import TARGETS
from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import load_dataset

LIMITS = {
    "check-speed": "≥ 8",
    "check-memory": "≤ 1024",
    "check-growth": "≤ 1.1",
    "draws": "≤ 3",
    "weight": "≥ 10",
    "rerun": "≤ 2",
    "rate": "≥ 0.5",
    "errors": "≤ 0",
    "session-memory": "≤ 5",
    "build": "≤ 10",
    "front-page": "≤ 200",
    "without-scripts": "≤ 0",
    "same-bytes": "≤ 0",
}
"""What the project has promised, written out a second time, so that no limit moves unseen."""


def test_the_limits_are_the_promised_ones() -> None:
    assert {name: target.bound for name, target in TARGETS.items()} == LIMITS


def test_every_requirement_is_answered_by_exactly_one_measurement() -> None:
    answered = [name for module in MEASUREMENTS.values() for name in module.TARGETS]
    assert sorted(answered) == sorted(TARGETS)
    for module in MEASUREMENTS.values():
        source = inspect.getsource(module)
        assert not [
            name for name in module.TARGETS if f'"{name}"' not in source.replace(f"TARGETS = {module.TARGETS}", "")
        ]


def test_a_requirement_that_was_not_measured_still_has_its_row() -> None:
    rows = complete_rows([Row("aside", 3.0), answer("draws", 2.5)])
    assert [row.target for row in rows] == [*TARGETS, None]
    assert [row.what for row in rows if row.measured is not None] == [TARGETS["draws"].what, "aside"]
    assert {row.detail for row in rows if row.target != "draws" and row.target} == {"not run"}


@pytest.mark.parametrize(
    ("target", "measured", "said"),
    [
        ("draws", 3.0, "met"),
        ("draws", 3.01, "NOT MET"),
        ("check-speed", 8.0, "met"),
        ("check-speed", 7.99, "NOT MET"),
        ("draws", None, ""),
    ],
)
def test_a_figure_on_its_limit_keeps_it(target: str, measured: float | None, said: str) -> None:
    assert verdict(answer(target, measured)) == said


def test_the_table_is_markdown_with_one_line_for_each_row_and_says_how_each_came_about() -> None:
    rows = [answer("check-speed", 9.128, "2 s against 18 s"), Row("aside", 1234.0, "MiB")]
    lines = as_text(rows, {"machine": "2 × some processor"}).splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert table[0] == ["what", "measured", "unit", "to reach", ""]
    assert table[2:] == [
        [TARGETS["check-speed"].what, "9.13", "×", "≥ 8", "met"],
        ["aside", "1,234", "MiB", "", ""],
    ]
    assert lines[0] == "- machine: 2 × some processor"
    assert lines[-1] == f"- {TARGETS['check-speed'].what}: 2 s against 18 s"


def test_the_record_for_programs_has_figure_limit_and_verdict() -> None:
    record = as_record(complete_rows([answer("rate", 0.25)]), {"date": "today"})
    assert record["about"] == {"date": "today"}
    (row,) = [r for r in record["rows"] if r["target"] == "rate"]
    assert (row["measured"], row["to_reach"], row["met"]) == (0.25, "≥ 0.5", False)
    assert {r["met"] for r in record["rows"] if r["target"] != "rate"} == {None}
    assert json.loads(json.dumps(record)) == record


def test_the_exponent_of_growth_is_that_of_the_power() -> None:
    assert fit_exponent([10, 20, 40], [3, 6, 12]) == pytest.approx(1)
    assert fit_exponent([10, 20, 40], [1, 4, 16]) == pytest.approx(2)


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    assert median_ratio([1, 8, 9], [1, 2, 3]) == 3


@pytest.mark.parametrize(("rows", "days"), [(50, 90), (3_000, 90), (3_000, 1)])
def test_an_enlarged_folder_has_the_asked_number_of_assessments_and_no_problem(
    tmp_path: Path, rows: int, days: int
) -> None:
    enlarge_folder(ROOT / "data", tmp_path / "one", rows, days)
    assert count_assessments(tmp_path / "one") == rows
    # With fewer rows than the shipped data has, claims speak of dates that are gone; the records are in order.
    loaded = load_dataset(tmp_path / "one", check_readings if rows > 50 else lambda _: [])
    assert not loaded.report.as_text().startswith("scores")
    assert loaded.dataset is not None
    assert len(loaded.dataset.assessments) == rows
    enlarge_folder(ROOT / "data", tmp_path / "two", rows, days)
    assert load_dataset(tmp_path / "two").digest == loaded.digest


def test_draws_are_measured(tmp_path: Path) -> None:
    rows = list(drawing.measure(tmp_path, quick=True, count=50))
    assert [row.target for row in rows if row.target] == list(drawing.TARGETS)
    assert all(row.measured and row.measured > 0 for row in rows)


@pytest.mark.parametrize("work", growth.WORKS)
def test_growth_is_measured_in_a_process_of_its_own(work: str) -> None:
    child = run_child(["-m", "benchmarks.growth", work, str(ROOT / "data")])
    measured = json.loads(child.output)
    assert measured["seconds"] > 0
    assert 1 <= measured["memory"] < child.peak


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="ModuleNotFoundError"):
        run_child(["-c", "import no_such_module"])


def test_one_measurement_alone_gives_the_whole_table_and_the_same_as_json(tmp_path: Path) -> None:
    file = tmp_path / "table.json"
    result = CliRunner().invoke(main, ["--quick", "--only", "coinr", "--json", str(file)])
    assert result.exit_code == 0, result.output
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert [row["target"] for row in rows] == [*TARGETS, None]
    assert all(row["what"] in result.stdout for row in rows)
