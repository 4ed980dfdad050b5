"""The outlook on the command line: the fan, the levers' account, the record of past fans."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indicators.__main__ import main
from tests.folders import FILES, write_folder

DATA = str(Path(__file__).parents[2] / "data")


def run(*arguments: str, data: str = DATA) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["outlook", *arguments, "--data", data], env={"TENSION_DATA": None})


def rows(*arguments: str) -> list[dict[str, str]]:
    """The rows that the command prints as CSV."""
    result = run(*arguments, "--format", "csv")
    assert result.exit_code == 0
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_fan_starts_on_the_last_settled_quarter_and_reaches_a_year() -> None:
    fan = rows()
    assert (fan[0]["date"], fan[-1]["date"], len(fan)) == ("2026-09-30", "2027-09-30", 5)
    assert fan[0]["low_95"] == fan[0]["high_95"] == fan[0]["median"]  # every path starts there
    assert all(float(row["low_80"]) <= float(row["median"]) <= float(row["high_80"]) for row in fan)


def test_the_account_of_the_levers_sums_to_the_difference_of_the_means() -> None:
    levers = ["--lever", "crisis-hotlines", "--lever", "cyber-nuclear-talks"]
    ledger = rows("--table", "levers", *levers)
    with_levers, without = rows(*levers)[-1], rows()[-1]
    total = sum(float(row["amount"]) for row in ledger)
    assert total == pytest.approx(float(with_levers["mean"]) - float(without["mean"]), abs=1e-9)
    assert {row["part"] for row in ledger} == {"lever", "clipped"}
    assert rows("--table", "levers", *levers[2:], *levers[:2]) == ledger


def test_people_get_both_tables_and_the_sum() -> None:
    text = run("--lever", "narrow-cooperation").stdout
    assert "low_80" in text
    assert "ene_coercion" in text
    assert "difference of the mean on 2027-09-30 -0." in text


def test_programs_get_json() -> None:
    assert json.loads(run("--format", "json", "--id", "energy").stdout)[-1]["date"] == "2027-09-30"


def test_the_record_gives_counts_with_the_number_of_origins() -> None:
    record = rows("--table", "record")
    assert [row["months"] for row in record] == ["3", "6", "9", "12"]
    assert all(int(row["inside_50"]) <= int(row["inside_80"]) <= int(row["origins"]) for row in record)


def test_the_fan_scores_better_on_the_shipped_data_than_the_last_reading() -> None:
    record = rows("--table", "record")
    fan, last = (sum(float(row[name]) for row in record) / len(record) for name in ("crps", "crps_last"))
    assert fan <= 0.28
    assert fan < last


def test_wrong_usage_is_named() -> None:
    for arguments, word in ((["--lever", "magic"], "magic"), (["--id", "space"], "space"), (["--table", "x"], "x")):
        result = run(*arguments)
        assert result.exit_code == 2
        assert word in result.stderr


def test_too_little_history_is_said_and_no_fan_is_made_up(tmp_path: Path) -> None:
    head = FILES["narrative/claims.csv"].splitlines()[0]
    article = re.sub(r" \[claim:[a-z-]+\]", "", FILES["narrative/article.md"])
    data = write_folder(tmp_path / "data", **{"narrative/claims.csv": f"{head}\n", "narrative/article.md": article})
    result = run(data=str(data))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "8 changes" in result.stderr


def test_before_anything_was_recorded_there_is_no_fan_and_no_record() -> None:
    result = run("--as-of", "2020-01-01")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "needs assessments" in result.stderr
    assert {row["origins"] for row in rows("--table", "record", "--as-of", "2020-01-01")} == {"0"}


def test_the_account_needs_a_lever() -> None:
    result = run("--table", "levers")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "--lever" in result.stderr
