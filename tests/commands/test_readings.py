"""The commands that read the index: why it moved, what the narrative claims, what to score next."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indicators.__main__ import main
from tests.folders import write_sound_folder

DATA = Path(__file__).parents[2] / "data"


def run(command: str, data: Path) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, [*command.split(), "--data", str(data)], env={"TENSION_DATA": None})


def rows(command: str, data: Path) -> list[dict[str, str]]:
    """The rows that a command prints as CSV."""
    result = run(f"{command} --format csv", data)
    assert (result.exit_code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny folder; index 5.8125 as recorded on 3 July 2024, 5.3125 as recorded later."""
    return write_sound_folder(tmp_path / "data")


def test_the_account_of_a_rescoring_by_hand(folder: Path) -> None:
    # Sabotage weighs a half in a half. c1 went from 8 to 7; c2's 10 was withdrawn, one above the mean of the two.
    found = rows("explain 2024-06-30 2024-06-30 --as-of-from 2024-07-03", folder)
    assert [(r["part"], r["indicator"], r["date"], r["coder"], float(r["amount"])) for r in found] == [
        ("rescored", "cyb_sabotage", "2024-06-30", "c1", -0.25),
        ("coder", "cyb_sabotage", "2024-06-30", "c2", -0.25),
    ]
    assert list(found[0]) == ["part", "dimension", "indicator", "date", "coder", "amount", "rationale"]
    assert found[0]["rationale"] == "A power station was off, but only for some hours."


def test_the_account_in_words_ends_with_the_change(folder: Path) -> None:
    result = run("explain 2024-06-30 2024-06-30 --as-of-from 2024-07-03", folder)
    assert result.stdout.splitlines()[-1] == "change of the index -0.5000"
    assert "cyb_sabotage" in result.stdout


@pytest.mark.parametrize("options", ["", "--mean geometric", "--weight military=3 --weight energy=0", "--coder c1"])
def test_the_amounts_sum_to_the_difference_of_the_series(options: str) -> None:
    series = {row["date"]: float(row["score"]) for row in rows(f"series --level index {options}", DATA)}
    ledger = rows(f"explain 2023-03-31 2025-09-30 {options}", DATA)
    assert len(ledger) > 50
    moved = series["2025-09-30"] - series["2023-03-31"]
    assert sum(float(row["amount"]) for row in ledger) == pytest.approx(moved, abs=1e-9)


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_day_without_a_reading_has_no_account_and_a_reason(folder: Path, form: str) -> None:
    result = run(f"explain 2024-03-31 2024-06-30 --format {form}", folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "no index reading on 2024-03-31: 50% of the dimensions' weight has a reading; the index needs 80%\n"
    )


def test_each_claim_has_a_verdict_a_probability_and_its_word(folder: Path) -> None:
    found = {row["claim"]: row for row in rows("claims", folder)}
    # By hand: the index is 5.3125 from June on; posture went from 5.75 to 5; cyber 6.125 less military 4.5.
    assert (found["stays-tense"]["verdict"], found["stays-tense"]["word"]) == (
        "supported",
        "almost certain (over 99 %)",
    )
    assert float(found["stays-tense"]["value"]) == pytest.approx(5.3125)
    assert (found["posture-eases"]["verdict"], found["posture-eases"]["word"]) == ("on the line", "likely (55–80 %)")
    assert abs(float(found["posture-eases"]["value"])) == pytest.approx(0.75)
    assert float(found["networks-worse"]["value"]) == pytest.approx(1.625)
    assert found["networks-worse"]["text"] == "Networks are more hostile than forces are."


def test_a_claim_about_a_vintage_before_the_first_row_cannot_be_judged(folder: Path) -> None:
    found = rows("claims --as-of 2024-01-01", folder)
    assert {row["verdict"] for row in found} == {"cannot be judged"}
    assert all(row["why"] and not row["probability"] and not row["word"] for row in found)


def test_what_to_score_next_begins_with_what_narrows_most(folder: Path) -> None:
    found = rows("next --today 2024-08-01", folder)
    narrowing = [float(row["narrowing"]) for row in found]
    assert narrowing == sorted(narrowing, reverse=True)
    # All are due for review by the end of September; c2 scored espionage last in March, and has missed one already.
    assert (found[0]["indicator"], found[0]["coder"], found[0]["action"]) == ("cyb_espionage", "c2", "rescore")
    for row in found:
        width = float(row["current_width"]) - float(row["expected_width"])
        assert float(row["narrowing"]) == pytest.approx(width)


def test_people_get_the_first_twenty_to_score_and_programs_all() -> None:
    assert len(rows("next --today 2026-11-25", DATA)) == 40
    assert len(run("next --today 2026-11-25", DATA).stdout.splitlines()) == 1 + 20


@pytest.mark.parametrize("command", ["explain 2024-06-30 2024-09-30", "claims", "next --today 2024-08-01"])
def test_json_and_csv_hold_the_same_rows(folder: Path, command: str) -> None:
    told = json.loads(run(f"{command} --format json", folder).stdout)
    found = rows(command, folder)
    assert len(told) == len(found)
    for one, other in zip(told, found, strict=True):
        assert list(one) == list(other)
        for name, value in one.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert float(other[name]) == pytest.approx(value, abs=1e-12)
            else:
                assert other[name] == {None: "", True: "True", False: "False"}.get(value, value)
