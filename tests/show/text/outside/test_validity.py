"""What is said of outside series follows from the numbers, whether they flatter or not."""

import pandas as pd
import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from indicators.measures.outside.validity import AMONG_COLUMNS, COLUMNS, measure_validity
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.text.outside.validity import (
    describe_divergences,
    describe_lag,
    describe_validity,
    format_correlation,
    name_series,
    outside_table,
    validity_table,
)
from tests.folders import write_sound_folder


def compared(*rows: tuple[str, str, str, float, float, float]) -> pd.DataFrame:
    """Comparisons with the series GPR: (subject, comparison, period, rho, low, high)."""
    filled = [
        {"subject": subject, "series": "GPR", "comparison": kind, "period": period, "n": 20, "rho": rho, "low": low,
         "high": high, "low95": low - 0.1, "high95": high + 0.1, "note": ""}
        for subject, kind, period, rho, low, high in rows
    ]  # fmt: skip
    return pd.DataFrame(filled, columns=COLUMNS)


def among(*rhos: float) -> pd.DataFrame:
    rows = [
        {"first": "GPR", "second": "TRADE", "comparison": "levels", "period": "from 2022-06", "n": 40, "rho": rho,
         "low": rho - 0.1, "high": rho + 0.1, "note": ""}
        for rho in rhos
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=AMONG_COLUMNS)


def test_indicators_are_told_of_first_and_the_index_last_with_counts_or_by_itself(dataset: Dataset) -> None:
    table = compared(
        ("mil_posture", "levels", "whole", 0.8, 0.6, 0.9),
        ("mil_signals", "levels", "whole", 0.7, 0.5, 0.8),
        ("military", "levels", "whole", 0.1, -0.2, 0.4),
        ("cyber", "levels", "whole", -0.3, -0.5, -0.1),
        ("index", "levels", "whole", 0.2, -0.1, 0.5),
        ("index", "changes", "whole", -0.4, -0.6, -0.2),
    )
    said = describe_validity(dataset, table, among())
    assert said[1] == (
        "Levels over the full period: of 2 indicators 2 with an 80 % interval wholly above 0 (median correlation 0.75), "
        "more than expected by chance; of 2 dimensions 0 with an 80 % interval wholly above 0, 1 wholly below it (median "
        "correlation −0.10), more of them speak against agreement than for it; Index with GPR 0.20 (−0.10 to 0.50)."
    )
    assert said[2] == "Changes from the previous quarter over the full period: Index with GPR −0.40 (−0.60 to −0.20)."
    assert "highest correlation of levels is" in said[3]
    assert said[3].index("0.80 (0.60 to 0.90)") < said[3].index("Cyber activity with GPR −0.30")
    assert "up to 15 % do" in said[4]


def test_no_more_than_unrelated_series_give_is_said_to_be_that(dataset: Dataset) -> None:
    table = compared(
        ("mil_posture", "levels", "from 2022-06", 0.5, 0.1, 0.9),
        ("mil_signals", "levels", "from 2022-06", 0.1, -0.2, 0.4),
    )
    said = describe_validity(dataset, table, among())
    assert said[1].startswith("Levels over the time from June 2022 (after the first shock): of 2 indicators 1 with")
    assert said[1].endswith("no more than unrelated series often show.")


def test_outside_series_that_hardly_agree_are_said_to_and_others_are_not(dataset: Dataset) -> None:
    table = compared(("index", "levels", "from 2022-06", 0.1, -0.2, 0.3))
    weak = describe_validity(dataset, table, among(0.05, 0.1, 0.2))[-1]
    assert "3 comparisons, 1 with an 80 % interval wholly above 0, median correlation 0.10" in weak
    assert "hardly agree" in weak
    assert "hardly" not in describe_validity(dataset, table, among(0.5, 0.6))[-1]
    assert "cannot be assessed" in describe_validity(dataset, table, among())[-1]


def test_with_no_pair_or_no_quarters_nothing_is_claimed(dataset: Dataset, panel: Panel) -> None:
    assert describe_validity(dataset, compared(), among()) == ["No outside series is listed for comparison."]
    said = describe_validity(dataset, measure_validity(panel), among())
    assert "1 series is listed for validation, 0 of them absent" in said[0]
    assert "nothing can be said about agreement" in said[-1]


def test_no_divergence_is_not_called_agreement() -> None:
    rows = pd.DataFrame(
        [("index", "A", 10, 30, 0)], columns=["subject", "series", "judged", "unrelated", "divergences"]
    )
    said = describe_divergences(rows)
    assert said.startswith("No divergence found. In 75 % of the quarters")
    assert said.endswith("does not mean agreement.")
    assert describe_divergences(rows.assign(divergences=2)).startswith("2 divergences found.")
    assert "divergence cannot be tested" in describe_divergences(rows.iloc[:0])


def test_a_series_has_its_title_and_its_id_which_tells_vintages_apart(dataset: Dataset) -> None:
    assert name_series(dataset, "GPR") == "A risk index [GPR]"
    assert name_series(dataset, "OIL") == "OIL"


def test_correlations_and_lags_have_true_minus_signs_and_no_minus_zero() -> None:
    assert [format_correlation(v) for v in (-0.304, -0.001, 1.0, float("nan"))] == ["−0.30", "0.00", "1.00", "–"]
    assert [describe_lag(lag, 0.5) for lag in (0, 4, -2)] == ["0 (0.50)", "+4 (0.50)", "−2 (0.50)"]
    assert describe_lag(float("nan"), float("nan")) == ""


def test_tables_name_what_is_too_few_by_subject_in_the_codebooks_order(dataset: Dataset, panel: Panel) -> None:
    table = validity_table(measure_validity(panel))
    assert table["subject"].tolist() == ["military"] * 6 + ["index"] * 6
    assert table["note"].str.startswith("too few: ").all()
    assert (table["correlation"] == "–").all()


def test_outside_series_stand_side_by_side_by_period(dataset: Dataset) -> None:
    table = outside_table(dataset, among(0.5))
    assert table.values.tolist() == [["GPR", "TRADE", "levels", "too few", "0.50 (0.40 to 0.60; 40)"]]
    assert outside_table(dataset, among()).empty


# The command


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_sound_folder(tmp_path_factory.mktemp("validate") / "data")


def run(*options: str):
    result = CliRunner().invoke(main, ["validate", *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_prints_every_part_for_people_and_one_part_for_programs() -> None:
    text = run()
    for word in (
        "80 % interval",
        "95 % interval",
        "quarters",
        "from 2022-06",
        "best lag",
        "too few",
        "absent:",
        "Context",
    ):
        assert word in text
    assert "Divergence" in text
    lines = run("--format", "csv").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert len(lines) == 1 + 7 * 6 + 9  # seven pairs present, three comparisons, two periods; nine pairs absent
    assert run("--format", "csv", "--part", "outside").splitlines()[0] == ",".join(AMONG_COLUMNS)
    assert run("--format", "json", "--part", "divergences").strip() == "[\n\n]"


def test_the_command_gives_the_same_numbers_each_time() -> None:
    assert run("--format", "json") == run("--format", "json")


def test_the_command_works_where_nothing_can_be_compared(folder) -> None:
    assert "nothing can be said about agreement" in run("--data", str(folder))
    (folder / "benchmarks/pairs.csv").unlink()
    (folder / "benchmarks/notes.csv").unlink()
    assert CliRunner().invoke(main, ["format", str(folder)]).exit_code == 0
    assert "No outside series is listed for comparison." in run("--data", str(folder))
