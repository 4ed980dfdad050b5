"""The table of speed: every requirement has a row, figures stand beside their limits, and cheap ones really run."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import load_dataset
from tests.perf import enlarged, numbers
from tests.perf.__main__ import MEASUREMENTS, main
from tests.perf.check import measure_start
from tests.perf.enlarged import count_assessments, enlarge_folder
from tests.perf.rounds import fit_exponent, median_ratio, run_child
from tests.perf.table import TARGETS, Row, as_text, complete_rows
from tests.running_app import ROOT

LIMITS = {
    "check-speed": "≥ 8",
    "check-memory": "≤ 900",
    "check-growth": "≤ 1.1",
    "start": "≤ 1.5",
    "draws": "≤ 4",
    "weight": "≥ 10",
    "picture-first": "≤ 4",
    "picture-next": "≤ 2",
    "rerun": "≤ 2",
    "new-weight": "≤ 4",
    "rate": "≥ 0.5",
    "session-memory": "≤ 5",
    "at-once": "≤ 3",
    "errors": "≤ 0",
    "hostile-memory": "≤ 600",
    "first-chart": "≤ 1.3",
    "build": "≤ 10",
    "front-page": "≤ 200",
    "without-scripts": "≤ 0",
    "same-bytes": "≤ 0",
    "archive": "≤ 3",
    "archive-git": "≤ 3",
}
"""What the project has promised, written out a second time, so that no limit moves unseen."""


def test_the_limits_are_the_promised_ones() -> None:
    assert {name: target.bound for name, target in TARGETS.items()} == LIMITS


def test_every_requirement_is_answered_by_exactly_one_measurement() -> None:
    answered = [name for module in MEASUREMENTS.values() for name in module.ANSWERS]
    assert sorted(answered) == sorted(TARGETS)


def test_a_requirement_that_was_not_measured_still_has_its_row() -> None:
    rows = complete_rows([Row("draws", 2.5)])
    assert [row.target for row in rows] == [*TARGETS]
    assert [row.target for row in rows if row.measured is not None] == ["draws"]
    assert {row.detail for row in rows if row.target != "draws"} == {"not run"}


@pytest.mark.parametrize(
    ("target", "measured", "met"),
    [
        ("draws", 4.0, True),
        ("draws", 4.01, False),
        ("check-speed", 8.0, True),
        ("check-speed", 7.99, False),
        ("draws", None, None),
    ],
)
def test_a_figure_on_its_limit_keeps_it(target: str, measured: float | None, met: bool | None) -> None:
    assert Row(target, measured).met is met


def test_the_table_is_markdown_with_one_line_for_each_row_and_says_how_each_came_about() -> None:
    rows = [Row("check-speed", 9.128, "2 s against 18 s"), Row("check-memory", 1234.0)]
    lines = as_text(rows, {"machine": "2 × some processor"}).splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert table[0] == ["what", "measured", "unit", "to reach", ""]
    assert table[2:] == [
        [TARGETS["check-speed"].what, "9.13", "×", "≥ 8", "met"],
        [TARGETS["check-memory"].what, "1,234", "MiB", "≤ 900", "NOT MET"],
    ]
    assert lines[0] == "- machine: 2 × some processor"
    assert lines[-1] == f"- {TARGETS['check-speed'].what}: 2 s against 18 s"


def test_the_exponent_of_growth_is_that_of_the_power() -> None:
    assert fit_exponent([10, 20, 40], [3, 6, 12]) == pytest.approx(1)
    assert fit_exponent([10, 20, 40], [1, 4, 16]) == pytest.approx(2)


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    assert median_ratio([1, 8, 9], [1, 2, 3]) == 3


@pytest.mark.parametrize(("rows", "days"), [(50, 90), (3_000, 90), (3_000, 1)])
def test_an_enlarged_folder_has_the_asked_number_of_assessments_and_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, days: int
) -> None:
    monkeypatch.setattr(enlarged, "DAYS", days)  # with one day there are further coders at once
    enlarge_folder(ROOT / "data", tmp_path / "one", rows)
    assert count_assessments(tmp_path / "one") == rows
    # With fewer rows than the shipped data has, claims speak of dates that are gone; the records are in order.
    loaded = load_dataset(tmp_path / "one", check_readings if rows > 50 else lambda _: [])
    assert loaded.dataset is not None, loaded.report.as_text()
    assert len(loaded.dataset.assessments) == rows
    enlarge_folder(ROOT / "data", tmp_path / "two", rows)
    assert load_dataset(tmp_path / "two").digest == loaded.digest


def test_draws_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "explain_no_pictures", lambda: "no browser in this test")
    rows = list(numbers.measure(tmp_path, quick=True, count=50))
    assert [row.target for row in rows] == list(numbers.ANSWERS)
    assert [row.measured is None for row in rows] == [False, False, True, True]
    assert all(row.measured > 0 for row in rows if row.measured is not None)


def test_the_start_of_a_command_is_measured_in_processes_of_their_own() -> None:
    row = measure_start(1)
    assert row.measured is not None
    assert row.measured > 0


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="ModuleNotFoundError"):
        run_child(["-c", "import no_such_module"])


def test_one_measurement_alone_gives_the_whole_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "measure", lambda home, quick: [Row("draws", 2.0, f"quick: {quick}")])
    result = CliRunner().invoke(main, ["--quick", "--only", "numbers"])
    assert result.exit_code == 0, result.output
    assert all(target.what in result.stdout for target in TARGETS.values())
    assert "quick: True" in result.stdout
