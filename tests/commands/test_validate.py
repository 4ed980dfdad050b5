"""`validate` on the shipped data with a synthetic outside series: an injected divergence is listed, and nothing else."""

import csv
import io
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder

ROOT = Path(__file__).parents[2]
SERIES = "SYNTHETIC_PRESS"
PARTED = slice(45, 51)  # the months in which the series falls away, two quarters


def with_series(path: Path, values: list[tuple[str, float]]) -> Path:
    """A copy of the shipped folder with a synthetic series that is held against the military dimension."""
    data = Path(shutil.copytree(ROOT / "data", path / "data"))
    (data / "benchmarks/synthetic.csv").write_text(
        "date,series,value,unit\n" + "".join(f"{day},{SERIES},{value:.3f},made up\n" for day, value in values)
    )
    with (data / "benchmarks/sources.csv").open("a") as file:
        file.write(f"{SERIES},synthetic.csv,A made-up series,A test,none,https://example.org,made by a test,")
        file.write(f"{values[0][0]},{values[-1][0]},monthly,It follows the reading with noise.\n")
    with (data / "benchmarks/pairs.csv").open("a") as file:
        file.write(f"{SERIES},military,validation,flow,1,It follows the reading with noise.\n")
    format_folder(data, write=True)
    return data


@pytest.fixture(scope="module")
def followed() -> list[tuple[str, float]]:
    """The military reading of each settled quarter, with noise in each of its months."""
    dataset = load_dataset(ROOT / "data").dataset
    assert dataset is not None
    reading = read_settled(Panel(dataset))["military"].dropna()
    months = pd.date_range(reading.index[0] - pd.offsets.QuarterEnd(), reading.index[-1], freq="ME")[1:]
    noisy = np.repeat(reading.to_numpy(), 3) + 0.25 * np.random.default_rng(3).normal(size=len(months))
    return [(f"{day:%Y-%m-%d}", float(value)) for day, value in zip(months, noisy, strict=True)]


def listed(data: Path, part: str) -> list[dict[str, str]]:
    result = CliRunner().invoke(main, ["validate", "--data", str(data), "--part", part, "--format", "csv"])
    assert result.exit_code == 0, result.output
    return [row for row in csv.DictReader(io.StringIO(result.stdout)) if row.get("series") == SERIES]


def test_a_series_that_follows_the_reading_is_found_to_and_to_part_from_it_nowhere(
    followed: list[tuple[str, float]], tmp_path: Path
) -> None:
    data = with_series(tmp_path, followed)
    found = {(row["comparison"], row["period"]): row for row in listed(data, "validity")}
    levels = found["levels", "whole"]
    assert float(levels["rho"]) > 0.8
    assert float(levels["low95"]) > 0.5
    assert (int(levels["n"]) * 3, float(levels["lag"])) == (len(followed), 0)
    assert listed(data, "divergences") == []


def test_a_divergence_put_into_it_is_listed_with_its_quarters_and_its_side(
    followed: list[tuple[str, float]], tmp_path: Path
) -> None:
    days, values = [day for day, _ in followed], np.array([value for _, value in followed])
    values[PARTED] -= 3.5
    data = with_series(tmp_path, list(zip(days, values, strict=True)))
    (row,) = listed(data, "divergences")
    assert (row["subject"], row["side"], row["open"]) == ("military", "above", "False")
    assert row["start"] == days[PARTED.start + 2]
    assert row["end"] == days[PARTED.stop - 1]
    text = CliRunner().invoke(main, ["validate", "--data", str(data)]).stdout
    assert "1 divergence found." in text
