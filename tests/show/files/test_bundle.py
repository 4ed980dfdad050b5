"""Downloads stand alone: a stranger reads them without this program, and computes the same numbers from them."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from indicators.measures.index import Weights
from indicators.measures.narrative.claims import judge_claims
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.rules import Text
from indicators.records.tables.core import TABLES
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import Chart, plot_levels
from indicators.show.files.bundle import pack_evidence, write_chart_page
from indicators.show.files.description import describe_download
from indicators.show.files.pictures import settle_colours
from indicators.show.files.tables import csv_bytes
from indicators.show.links.parameters import View, cite
from indicators.show.text.tables import tabulate_readings
from tests.folders import FILES, write_folder

FORMULA = re.compile(r"[=+@\t\r]|-(?!\d)")
"""How a cell starts that a spreadsheet runs; a minus before a digit is a number."""


def open_bundle(content: bytes) -> dict[str, bytes]:
    """The files of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def panel_of(dataset: Dataset, values: dict[str, str]) -> Panel:
    """The panel that the parameters of a view describe."""
    view = View(values)
    weights = Weights.from_codebook(dataset.dimensions, dataset.indicators).with_dimensions(view.weights)
    mean = "geometric" if values.get("mean") == "geometric" else "arithmetic"
    return Panel(dataset, view.day("as_of"), values.get("coder"), weights, mean)


@pytest.fixture(scope="module")
def chart(panel: Panel) -> Chart:
    span = panel.steps[0], panel.steps[-1]
    lines = level_lines(panel, ["index", "military", "cyber"], THEMED, draw_lines(panel, span[1]))
    return plot_levels(lines, "index", THEMED, span, panel.dataset.events)


# The evidence bundle

VIEWS = [
    {},
    {"freq": "week", "coder": "c1", "mean": "geometric", "interval": "50", "from": "2024-06-01", "to": "2025-06-30"},
    {
        "freq": "month",
        "as_of": "2026-11-23",
        "w_military": "3",
        "w_energy": "0",
        "from": "2022-02-01",
        "to": "2024-12-31",
    },
]


@pytest.mark.parametrize("values", VIEWS)
def test_a_program_of_nothing_but_the_bundle_computes_the_shown_readings(
    shipped: Dataset, tmp_path: Path, values: dict[str, str]
) -> None:
    bundle = tmp_path / "evidence.zip"
    bundle.write_bytes(pack_evidence(panel_of(shipped, values), View(values)))
    # Isolated and without installed packages: the program can import the standard library only.
    program = [sys.executable, "-I", "-S", str(Path(__file__).parents[1] / "recompute.py"), str(bundle)]
    found = json.loads(subprocess.run(program, capture_output=True, check=True, text=True).stdout)
    shown = [row for row in rows(open_bundle(bundle.read_bytes())["shown.csv"]) if row["score"]]
    assert {row["level"] for row in shown} == {"index", "dimension", "indicator"}
    assert sum(row["level"] == "index" for row in shown) > 20
    if not values:
        # By Monte Carlo on both sides: 20,000 and 10,000 draws put an end within some hundredths.
        ((day, ends),) = found["interval"].items()
        row = next(row for row in shown if row["level"] == "index" and row["date"] == day)
        assert [ends["low"], ends["high"]] == pytest.approx([float(row["low"]), float(row["high"])], abs=0.02)
        # A claim, from its sentence alone: arms control lags behind contact between leaders in 2025.
        quarters = [found["indicator"][day] for day in ("2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31")]
        gap = sum(q["dip_arms_control"] - q["dip_leader_contact"] for q in quarters) / 4
        judged = judge_claims(Panel(shipped)).set_index("claim").loc["dip-talks-outrun-limits"]
        assert judged["value"] == pytest.approx(gap, abs=1e-9)
    for row in shown:
        assert abs(found[row["level"]][row["date"]][row["id"]] - float(row["score"])) < 1e-9
    dates = {row["date"] for row in shown}
    assert sum(
        len(ids) for name, level in found.items() if name != "interval" for day, ids in level.items() if day in dates
    ) == len(shown)


def test_the_bundle_shows_what_the_page_shows(shipped: Dataset) -> None:
    values = VIEWS[2]
    panel = panel_of(shipped, values)
    start, end = (pd.Timestamp(values[name]) for name in ("from", "to"))
    lines = level_lines(panel, ["index"], THEMED, draw_lines(panel, end))
    table = tabulate_readings(lines, panel.dates("month", start, end), "index", 80)
    shown = rows(open_bundle(pack_evidence(panel, View(values)))["shown.csv"])
    found = {row["date"]: [row["score"], row["low"], row["high"]] for row in shown if row["level"] == "index"}
    page = {row["date"]: [row["Index"], row["low (80 %)"], row["high (80 %)"]] for row in rows(csv_bytes(table))}
    assert found == page


def test_the_bundle_holds_rows_events_grades_codebook_method_citation_and_how_to(
    dataset: Dataset, panel: Panel
) -> None:
    files = open_bundle(pack_evidence(panel, View(), "https://example.org/tension/?coder=c1"))
    assert set(files) == {
        "README.md",
        "citation.txt",
        "method.md",
        "view.json",
        "shown.csv",
        "scores.csv",
        "events.csv",
        *(f"codebook/{name}.csv" for name in ("dimensions", "indicators", "anchors", "coders", "methods")),
    }
    readme = files["README.md"].decode()
    assert "$" not in readme
    assert "https://example.org/tension/?coder=c1" in readme
    assert all(name.split("/")[0] in readme for name in set(files) - {"README.md"})
    assert "usually reliable" in readme
    assert files["citation.txt"].decode().strip() == cite(dataset)
    assert dataset.digest[:8] in files["citation.txt"].decode()
    view = json.loads(files["view.json"])
    assert (view["digest"], view["method"], view["weights"]) == (dataset.digest, "1.0", {"military": 1, "cyber": 1})
    events = rows(files["events.csv"])
    cited = {event for row in rows(files["scores.csv"]) for event in row["events"].split(";")}
    assert {row["event"] for row in events} == cited
    assert all(row["source_url"] and row["reliability"] and row["credibility"] for row in events)
    assert len(rows(files["codebook/anchors.csv"])) == len(dataset.anchors)


def test_a_coder_s_bundle_holds_that_coder_s_rows_and_a_vintage_s_none_of_later(dataset: Dataset) -> None:
    values = {"coder": "c1", "as_of": "2024-07-02"}
    found = rows(open_bundle(pack_evidence(panel_of(dataset, values), View(values)))["scores.csv"])
    assert {row["coder"] for row in found} == {"c1"}
    assert max(row["recorded"] for row in found) < "2024-07-03"
    assert len(found) == 7


def test_a_bundle_of_a_view_without_readings_is_whole(dataset: Dataset) -> None:
    values = {"as_of": "2024-01-01"}
    files = open_bundle(pack_evidence(panel_of(dataset, values), View(values)))
    assert rows(files["shown.csv"]) == rows(files["scores.csv"]) == []


def test_a_bundle_of_a_view_with_an_outside_series_holds_its_rows_in_the_period_and_its_source(
    shipped: Dataset,
) -> None:
    values = {"overlay": "AIGPR_USA_RUS_SUM", "standard": "true", "from": "2025-10-01", "to": "2026-01-31"}
    files = open_bundle(pack_evidence(panel_of(shipped, values), View(values)))
    found = [(row["date"], row["series"][-7:]) for row in rows(files["outside.csv"])]
    assert found == [
        *((day, "V202603") for day in ("2025-10-31", "2025-11-30", "2025-12-31")),
        *((day, "V202610") for day in ("2025-11-30", "2025-12-31", "2026-01-31")),
    ]
    assert [row["licence"][:11] for row in rows(files["outside-sources.csv"])] == ["free to use"] * 2
    assert json.loads(files["view.json"])["overlay"] == "AIGPR_USA_RUS_SUM"
    assert "outside.csv" in files["README.md"].decode()


def test_the_same_view_of_the_same_data_gives_the_same_bytes(panel: Panel, dataset: Dataset) -> None:
    assert pack_evidence(panel, View()) == pack_evidence(Panel(dataset), View())


# Spreadsheets


@given(st.text(max_size=30))
def test_no_text_that_the_check_lets_through_is_run_by_a_spreadsheet(text: str) -> None:
    if Text(1, 600).judge(text) is None:
        assert not re.match(r"[=+\-@\t\r]", text)


def test_every_text_column_of_the_folder_is_held_to_that_rule() -> None:
    for table in TABLES:
        for column in table.columns:
            if column.kind == "string":
                assert all(
                    column.rule.judge(f"{start}SUM(A1) and more words to be long enough for it") for start in "=+-@"
                )


def test_no_cell_of_a_bundle_is_a_formula(shipped: Dataset) -> None:
    files = open_bundle(pack_evidence(Panel(shipped), View()))
    for name in (name for name in files if name.endswith(".csv")):
        for row in csv.reader(io.StringIO(files[name].decode(), newline="")):
            assert not [cell for cell in row if FORMULA.match(cell)]


# Charts


def test_a_chart_page_needs_no_other_file_and_says_what_it_shows(chart: Chart, dataset: Dataset, panel: Panel) -> None:
    said = replace(describe_download(panel, View()), title="Index <of> tension")
    page = write_chart_page(chart, chart.table, said, ["Sources: 12 events."]).decode()
    assert page.startswith("<!doctype html>")
    head, _, body = page.partition("<body>")
    assert "<title>Index &lt;of&gt; tension</title>" in head
    loaded = re.findall(
        r"<(?:script|link|img|iframe)[^>]*\b(?:src|href)=[\"']?([^\"'> ]+)",
        page[: page.find("<script")] + body[-60_000:],
    )
    assert loaded == []
    assert "Plotly.newPlot" in body
    assert body.count("<tr>") == len(chart.table) + 1
    for text in (chart.alt, "Sources: 12 events.", dataset.digest[:8]):
        assert text in page
    for label, value in said.rows:
        assert f"<dt>{label}</dt><dd>{escape(value)}</dd>" in page
    assert page == write_chart_page(chart, chart.table, said, ["Sources: 12 events."]).decode()


def test_a_chart_alone_has_the_colours_of_light_ground(chart: Chart) -> None:
    open_colours = re.compile("|".join(f'"{colour}"' for colour in THEMED.colours))
    assert open_colours.search(chart.figure.to_json())
    settled = settle_colours(chart.figure)
    assert isinstance(settled, go.Figure)
    assert not open_colours.search(settled.to_json())
    assert len(settled.data) == len(chart.figure.data)


def test_a_bundle_names_the_method_that_a_save_would_whatever_the_order_of_the_versions(tmp_path: Path) -> None:
    newer = "1.1,2024-06-01,The second version of the method.,,,\n"
    head, first = FILES["codebook/methods.csv"].splitlines(keepends=True)
    for number, text in enumerate((head + first + newer, head + newer + first)):
        loaded = load_dataset(write_folder(tmp_path / str(number), **{"codebook/methods.csv": text}))
        assert loaded.dataset is not None
        files = open_bundle(pack_evidence(Panel(loaded.dataset), View({})))
        assert json.loads(files["view.json"])["method"] == loaded.dataset.newest_method == "1.1"
