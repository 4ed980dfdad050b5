"""The publication's outlook: its page, its card and its files, with a fan or with the reason why there is none."""

import json
from pathlib import Path

import pytest

from indicators.records.dataset import Dataset
from indicators.show.publication.content import Publication, gather_publication
from indicators.show.publication.outlook import Outlook, build_outlook_files, compose_outlook, gather_outlook
from indicators.show.publication.render import Place, fill_sheet
from tests.folders import write_folder
from tests.show.published import Markup, publish_folder


@pytest.fixture(scope="module")
def publication(shipped: Dataset) -> Publication:
    return gather_publication(shipped)


@pytest.fixture(scope="module")
def outlook(publication: Publication) -> Outlook:
    return gather_outlook(publication)


@pytest.fixture(scope="module")
def pages(publication: Publication, outlook: Outlook) -> dict[str, str]:
    """The page and the card of the shipped data, by path."""
    place = Place("", "https://example.org/tension", frozenset(), "plotly.js")
    return {s.path: fill_sheet(s, publication, place).decode() for s in compose_outlook(publication, outlook)}


def test_the_page_says_fan_levers_and_record(pages: dict[str, str]) -> None:
    text = Markup(pages["outlook.html"]).text
    for words in (
        "Without levers 80 % of the simulated paths are between",
        "assumptions, neither forecasts",
        "Cyber and nuclear risk-reduction talks",
        "No instance in the data.",
        "Of 11 hindcasts of the index over 12 months, 11",
        "All levers together would change the mean",
        "Over 12 months the medians of 11 hindcasts",
        "Mean CRPS over 3 to 12 months",
        "Simulated from 22 changes",
        "13 of 14",
    ):
        assert words in text


def test_the_fan_is_there_without_scripts_in_three_sizes(pages: dict[str, str]) -> None:
    page = Markup(pages["outlook.html"])
    assert len([svg for svg in page.all("svg") if "simulated paths" in svg["aria-label"]]) == 3
    assert [d["data-figure"] for d in page.all("div") if "data-figure" in d] == ["figures/outlook.json"]


def test_the_card_stands_alone_and_leads_to_the_page(pages: dict[str, str]) -> None:
    card = Markup(pages["cards/outlook.html"])
    assert "../outlook.html" in {a.get("href") for a in card.all("a")}
    assert {link["rel"] for link in card.all("link")} == {"canonical", "icon"}  # no style sheet of its own
    assert "no account of events to come" in card.text


def test_the_files_hold_what_the_page_shows(outlook: Outlook) -> None:
    files = dict(build_outlook_files(outlook))
    rows = files["data/charts/outlook.csv"].decode().splitlines()
    assert rows[0].split(",")[:3] == ["date", "low_95", "low_80"]
    assert (rows[1][:10], rows[-1][:10]) == ("2026-09-30", "2027-09-30")
    assert set(json.loads(files["figures/outlook.json"])) == {"palettes", "figure"}
    assert dict(build_outlook_files(outlook)) == files


def test_a_short_ledger_has_a_page_that_says_why_and_no_card(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish_folder(write_folder(tmp_path / "data"), out)
    text = Markup(out / "outlook.html").text
    assert "needs 8 changes" in text
    assert "Hot line" in text
    assert not (out / "cards/outlook.html").exists()
    assert not (out / "figures/outlook.json").exists()
    assert "outlook.html" in {a.get("href") for a in Markup(out / "index.html").all("a")}
    assert "cards/outlook.html" not in (out / "embed.html").read_text()
    assert "https://example.org/tension/outlook.html" in (out / "sitemap.xml").read_text()
