"""Outside series come into the folder whole or not at all, beside what was there, and twice is once."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, lock_folder
from indicators.records.imports.write import Imported, import_delivery
from indicators.records.problems import Problem
from indicators.records.saving.submission import Failed, Refused
from tests.outside_files import FRED, GPR, LAYOUTS, PAIRS, TIDY, deliver
from tests.thorough import at_least


def snapshot(data: Path) -> dict[str, bytes]:
    """The bytes of all files of a folder but its lock."""
    return {str(p.relative_to(data)): p.read_bytes() for p in data.rglob("*") if p.is_file() and p.name != ".lock"}


def put(data: Path, layout: str, text: str | None = None, **changes: str) -> Imported:
    """Import a file of a layout; it must succeed."""
    outcome = import_delivery(data, deliver(layout, text, **changes))
    assert isinstance(outcome, Imported), outcome
    return outcome


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_comes_in_and_the_folder_stays_without_problems(data: Path, layout: str) -> None:
    before = snapshot(data)
    outcome = put(data, layout)
    loaded = load_dataset(data)
    assert loaded.dataset is not None, loaded.report.as_text()
    assert format_folder(data, write=False) == []
    assert set(outcome.series) <= set(loaded.dataset.sources.index)
    for series in outcome.series:
        source = loaded.dataset.sources.loc[series]
        own = loaded.dataset.benchmarks[loaded.dataset.benchmarks["series"] == series]
        assert (source["start"], source["end"]) == (own["date"].min(), own["date"].max())
        assert source["publisher"]
        assert source["licence"]
        assert source["url"].startswith("http")
        assert source["retrieved"] == "file.csv, imported 2026-11-25"
    after = snapshot(data)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == set(outcome.files)
    assert all(name.startswith("benchmarks/") or name == "datapackage.json" for name in changed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=at_least(6, 20), deadline=None)
@given(st.lists(st.sampled_from(list(LAYOUTS)), min_size=1, max_size=4), st.integers(0, 300))
def test_twice_is_once_in_any_order_and_on_another_day(data: Path, layouts: list[str], later: int) -> None:
    for layout in layouts:
        put(data, layout)
    once = snapshot(data)
    for layout in layouts:
        outcome = put(data, layout, today=dt.date(2026, 11, 25) + dt.timedelta(days=later), vintage="2026-10")
        assert outcome.files == ()
    assert snapshot(data) == once


def test_other_series_and_their_files_stay_as_they_are(data: Path) -> None:
    before = snapshot(data)
    put(data, "kiel-us")
    after = snapshot(data)
    assert after["benchmarks/outside.csv"] == before["benchmarks/outside.csv"]
    assert after["benchmarks/sources.csv"].startswith(before["benchmarks/sources.csv"])


def test_a_series_keeps_its_file_and_loses_all_of_its_earlier_rows(data: Path) -> None:
    outcome = put(data, "gpr")  # the tiny folder has a GPR of its own in outside.csv
    assert outcome.replaced == ("GPR: replaces 2 earlier rows up to 2024-06-30 (Example Institute).",)
    dataset = load_dataset(data).dataset
    assert dataset is not None
    own = dataset.benchmarks[dataset.benchmarks["series"] == "GPR"]
    assert own["file"].unique().tolist() == ["benchmarks/outside.csv"]
    assert own["value"].tolist() == [100.5, 120, 90]
    assert dataset.benchmarks.loc[dataset.benchmarks["series"] == "TRADE", "value"].tolist() == [-3]
    assert dataset.sources.index[:2].tolist() == ["GPR", "TRADE"]  # its entry keeps its place


def test_two_vintages_stand_beside_each_other(data: Path) -> None:
    put(data, "pairs")
    put(data, "pairs", PAIRS.replace("1.1,4.5", "9.9,4.5"), vintage="2026-11")
    dataset = load_dataset(data).dataset
    assert dataset is not None
    values = dataset.benchmarks.set_index(["series", "date"])["value"]
    assert values["AIGPR_USA_RUS_V202610"].tolist() == [1.1, 0]
    assert values["AIGPR_USA_RUS_V202611"].tolist() == [9.9, 0]


def test_the_shipped_vintages_stay_untouched_by_a_new_one(data: Path, pytestconfig: pytest.Config) -> None:
    shutil.rmtree(data)
    shutil.copytree(pytestconfig.rootpath / "data", data)
    earlier = load_dataset(data).dataset
    put(data, "pairs", vintage="2026-11")
    later = load_dataset(data).dataset
    assert earlier is not None
    assert later is not None
    old = later.benchmarks[later.benchmarks["series"].isin(earlier.sources.index)].drop(columns="line")
    assert old.reset_index(drop=True).equals(
        earlier.benchmarks.sort_values(["file", "series", "date"]).drop(columns="line").reset_index(drop=True)
    )


def test_a_dry_run_names_the_files_and_writes_none(data: Path) -> None:
    before = snapshot(data)
    outcome = import_delivery(data, deliver("fred"), dry_run=True)
    assert isinstance(outcome, Imported)
    assert not outcome.written
    assert set(outcome.files) == {"benchmarks/sources.csv", "benchmarks/fred.csv", "datapackage.json"}
    assert snapshot(data) == before


def test_a_faulty_file_writes_nothing(data: Path) -> None:
    before = snapshot(data)
    outcome = import_delivery(data, deliver("gpr", GPR.replace("100.5", "x")))
    assert isinstance(outcome, Refused)
    assert [(p.file, p.line, p.value) for p in outcome.report] == [("file.csv", 3, "x")]
    assert snapshot(data) == before


def test_a_folder_with_problems_takes_in_nothing(data: Path) -> None:
    path = data / "events.csv"
    path.write_text(path.read_text().replace("raises", "rises", 1))
    before = snapshot(data)
    outcome = import_delivery(data, deliver("fred"))
    assert isinstance(outcome, Refused)
    assert [p.file for p in outcome.report] == ["events.csv"]
    assert snapshot(data) == before


def test_what_only_the_readings_would_show_is_refused_too(data: Path) -> None:
    before = snapshot(data)
    found = Problem("events.csv", 2, "fact", "", "blank", "is blank")
    assert isinstance(import_delivery(data, deliver("fred"), further=lambda _: [found]), Refused)
    assert snapshot(data) == before


def test_while_another_saves_nothing_is_written(data: Path) -> None:
    with lock_folder(data, 1):
        before = snapshot(data)
        assert isinstance(import_delivery(data, deliver("fred"), lock_seconds=0.05), Failed)
        assert snapshot(data) == before


def test_where_writing_fails_all_is_as_before(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot(data)
    whole = Path.replace

    def fail(path: Path, target: Path) -> Path:
        if target.name == "fred.csv":
            raise OSError(28, "No space left on device")
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", fail)
    outcome = import_delivery(data, deliver("fred"))
    assert isinstance(outcome, Failed)
    assert "disk is full" in outcome.message
    assert snapshot(data) == before


@pytest.mark.parametrize("series", ["../up", "a/b", "x", "GAS FLOW", "=GAS"])
def test_no_series_gets_a_name_that_is_no_id(data: Path, series: str) -> None:
    before = snapshot(data)
    outcome = import_delivery(data, deliver("tidy", TIDY.replace("GAS_FLOW", series)))
    assert isinstance(outcome, Refused)
    assert snapshot(data) == before


def test_a_revised_file_changes_values_and_the_day(data: Path) -> None:
    put(data, "fred")
    outcome = put(data, "fred", FRED.replace("8.25", "8.5"), today=dt.date(2026, 12, 1))  # type: ignore[arg-type]
    assert set(outcome.files) == {"benchmarks/fred.csv", "benchmarks/sources.csv"}
    dataset = load_dataset(data).dataset
    assert dataset is not None
    assert dataset.sources.at["EU_GAS_PNGASEUUSDM", "retrieved"] == "file.csv, imported 2026-12-01"
