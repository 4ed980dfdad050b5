"""What a newsroom asks of a publication: a brief to send, events with addresses, any two quarters compared, what is new."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.series import build_points
from indicators.records.dataset import Dataset
from indicators.show.charts.lines import chart_dates
from indicators.show.publication.compare import tabulate_quarters, write_quarters
from indicators.show.publication.content import Publication, gather_publication
from tests.folders import write_folder
from tests.show.published import ADDRESS, Markup, append_row, publish_folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny folder, published twice: the second time with one row more."""
    home = tmp_path_factory.mktemp("newsroom")
    data = write_folder(home / "data")
    publish_folder(data, home / "out")
    append_row(data)
    publish_folder(data, home / "out")
    return home / "out"


@pytest.fixture(scope="module")
def publication(shipped: Dataset) -> Publication:
    return gather_publication(shipped)


def test_the_front_page_says_what_is_new_and_an_archived_one_does_not(site: Path) -> None:
    newest = json.loads((site / "latest.json").read_text())["version"]
    assert "Since the version before: +1 assessment in force." in Markup(site / "index.html").text
    assert "Since the version before" not in Markup(site / f"archive/{newest}/index.html").text


def test_the_brief_loads_nothing_and_keeps_its_style_in_its_elements(site: Path) -> None:
    brief = Markup(site / "brief.html")
    assert not brief.all("script")
    assert not brief.all("style")
    assert {link["rel"] for link in brief.all("link")} == {"icon", "canonical"}
    assert "index stood at" in brief.text.lower()
    addresses = [link["href"] for link in brief.all("a")]
    assert all(address.startswith(f"{ADDRESS}/") for address in addresses)
    assert not [address for address in addresses if "/archive/" in address]


def test_an_archived_brief_leads_to_its_own_version(site: Path) -> None:
    newest = json.loads((site / "latest.json").read_text())["version"]
    links = Markup(site / f"archive/{newest}/brief.html").all("a")
    assert all(link["href"].startswith(f"{ADDRESS}/archive/{newest}/") for link in links)


def test_each_event_has_an_address(site: Path, dataset: Dataset) -> None:
    for id, day in dataset.events["date"].items():
        page = Markup(site / f"events/{day.year}.html")
        assert id in {item.get("id") for item in page.all("li")}


def test_a_lost_reader_is_led_back_from_any_depth(site: Path) -> None:
    page = Markup(site / "404.html")
    assert [link["href"] for link in page.all("a")] == [
        f"{ADDRESS}/{name}" for name in ("index.html", "versions.html", "events/index.html")
    ]
    assert not [link for link in page.all("link") if link["rel"] == "stylesheet"]


def test_the_next_review_is_an_entry_for_calendars(site: Path) -> None:
    content = (site / "review.ics").read_bytes()
    lines = content.decode().split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert all(len(line.encode()) <= 75 for line in lines)
    fields = dict(line.split(":", 1) for line in "\r\n".join(lines).replace("\r\n ", "").split("\r\n") if line)
    # The second quarter of 2024 is the newest that was settled, so the third is due on its last day.
    assert fields["DTSTART;VALUE=DATE"] == "20240930"
    assert fields["DTEND;VALUE=DATE"] == "20241001"
    assert fields["SUMMARY"] == "Two-state tension indicators: review of the 3rd quarter of 2024 due"
    assert re.fullmatch("[0-9a-f-]{36}", fields["UID"])
    assert 'href="review.ics"' in (site / "index.html").read_text()


def test_the_data_of_quarters_give_the_change_between_any_two(publication: Publication) -> None:
    told = json.loads(write_quarters(publication))
    shares = {i["id"]: i["share"] for part in told["parts"] for i in part["indicators"]}
    assert sum(shares.values()) == pytest.approx(1)
    quarters = {q["date"]: q["readings"] for q in told["quarters"]}
    settled = read_settled(Panel(publication.dataset))["index"].dropna()
    assert sorted(quarters) == [f"{day:%Y-%m-%d}" for day in settled.index]
    for before, after in (("2021-12-31", "2022-03-31"), ("2024-12-31", "2025-03-31"), ("2021-06-30", "2026-06-30")):
        a, b = quarters[before], quarters[after]
        parts = sum(share * (b[id] - a[id]) for id, share in shares.items())
        assert parts == pytest.approx(b["index"] - a["index"], abs=1e-5)


def test_without_scripts_each_quarter_has_its_parts(publication: Publication, site: Path) -> None:
    table = tabulate_quarters(publication)
    row = table[table["quarter"] == "1st quarter of 2022"].iloc[0]
    parts = sum(float(cell.replace("−", "-").replace("±", "")) for cell in row.iloc[3:])
    assert parts == pytest.approx(float(row["change"].replace("−", "-")), abs=0.03)  # each is rounded
    assert Markup(site / "compare.html").all("table")


def test_a_copy_without_an_address_leads_on_by_itself(tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data")
    publish_folder(data, tmp_path / "out", "")
    shutil.rmtree(data)
    for page in ("brief.html", "404.html"):
        links = [link["href"] for link in Markup(tmp_path / "out" / page).all("a")]
        assert links
        assert all((tmp_path / "out" / link.split("#")[0]).is_file() for link in links)


def test_a_line_has_points_only_where_it_bends_and_runs_the_same_way(publication: Publication) -> None:
    def count_days(readings: pd.DataFrame) -> list[float]:
        days: list[float] = readings["date"].to_numpy("datetime64[D]").astype(float).tolist()
        return days

    panel = publication.panel
    whole = build_points(panel, "indicator", chart_dates(panel, publication.today))
    for id in publication.dataset.indicators.index[:3]:
        own, full = publication.lines[id].readings, whole[whole["id"] == id]
        assert len(own) < 0.7 * len(full)
        between = np.interp(count_days(full), count_days(own), own["score"])
        np.testing.assert_allclose(between, full["score"].to_numpy(float), atol=1e-9)
