"""What changed in the data as an Atom feed: assessments, corrections, verdicts, settled quarters, bands crossed."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import pandas as pd
from markupsafe import Markup

from indicators.measures.change.vintages import list_corrections
from indicators.measures.index import band_of
from indicators.measures.narrative.claims import judge_claims
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.records.dataset import Dataset
from indicators.records.encoding import write_moment
from indicators.show.links.parameters import build_link
from indicators.show.text.markup import fill_part
from indicators.show.text.words import (
    count_words,
    describe_verdict,
    format_change,
    format_date,
    format_score,
    name_quarter,
)

ATOM = "http://www.w3.org/2005/Atom"
NAMES = UUID("6f0c6e0e-3d0f-5d51-9f0e-7d2b8b1f6a11")
"""Namespace of the entries' ids: they name what changed and never depend on where the feed is served."""

MOST_ENTRIES = 200
MOST_VINTAGES = 20
"""Newest recorded days between which verdicts are compared."""

MOST_QUOTED = 3
"""Assessments quoted in an entry; the others are counted."""


@dataclass(frozen=True)
class Entry:
    """One change: a stable id, when it was recorded (UTC), a title, HTML, and the page that shows it."""

    id: str
    updated: pd.Timestamp
    title: str
    html: Markup
    page: str


class Vintage(NamedTuple):
    """The data as recorded up to the end of a day: the day, when its newest row was recorded, the panel of then."""

    day: pd.Timestamp
    when: pd.Timestamp
    panel: Panel


def list_changes(panel: Panel) -> list[Entry]:
    """Return what changed in the data of a panel up to its vintage, newest first.

    One entry for the new assessments of each recorded day and indicator, one for each correction, one for each claim
    whose verdict is another than on the recorded day before, one for each quarter of the index that was settled since
    that day, and one for each reading of such a quarter in another band than the quarter before. The same data give
    the same entries with the same ids.
    """
    vintages = list(_list_vintages(panel))
    entries = [
        *_list_assessments(panel),
        *_list_corrections(panel),
        *_list_verdicts(vintages),
        *_list_quarters(vintages),
    ]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    return entries[:MOST_ENTRIES]


def write_feed(entries: list[Entry], title: str, licence: str, base_url: str = "", front: str = "index.html") -> bytes:
    """Return the entries as an Atom feed that leads to a front page; without ``base_url`` links are relative to the feed."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _add(feed, "id", _identify("feed"))
    _add(feed, "title", title)
    _add(feed, "updated", write_moment(max((e.updated for e in entries), default=pd.Timestamp(0))))
    _add(ET.SubElement(feed, _name("author")), "name", title)
    _add(feed, "rights", f"Data: {licence}")
    if base_url:
        ET.SubElement(feed, _name("link"), rel="self", href=f"{base_url}/feed.xml", type="application/atom+xml")
    ET.SubElement(feed, _name("link"), rel="alternate", href=_address(base_url, front), type="text/html")
    for entry in entries:
        item = ET.SubElement(feed, _name("entry"))
        _add(item, "id", entry.id)
        _add(item, "title", entry.title)
        _add(item, "updated", write_moment(entry.updated))
        ET.SubElement(item, _name("link"), rel="alternate", href=_address(base_url, entry.page), type="text/html")
        _add(item, "content", entry.html, type="html")
    ET.indent(feed)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def write_sitemap(pages: list[str], base_url: str, recorded: pd.Timestamp) -> bytes:
    """Return the addresses of the pages as a sitemap, changed when the newest row was recorded."""
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    ET.register_namespace("", space)
    root = ET.Element(f"{{{space}}}urlset")
    for page in pages:
        url = ET.SubElement(root, f"{{{space}}}url")
        ET.SubElement(url, f"{{{space}}}loc").text = _address(base_url, page)
        ET.SubElement(url, f"{{{space}}}lastmod").text = f"{recorded:%Y-%m-%d}"
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _list_assessments(panel: Panel) -> Iterator[Entry]:
    """New assessments: rows that are the first of their indicator, coder and date."""
    dataset = panel.dataset
    rows = panel.recorded.sort_values(["indicator", "coder", "date", "recorded"], kind="stable")
    rows = rows[~rows.duplicated(["indicator", "coder", "date"], keep="first") & rows["score"].notna()]
    rows = rows.sort_values(["date", "coder"], ascending=[False, True], kind="stable")
    for (day, indicator), newest in rows.groupby([rows["recorded"].dt.normalize(), "indicator"], sort=True):
        quoted = newest.head(MOST_QUOTED).to_dict("records")
        yield Entry(
            _identify("assessments", f"{day:%Y-%m-%d}", str(indicator)),
            newest["recorded"].max(),
            f"{dataset.title(str(indicator))}: {count_words(len(newest), 'new assessment')}, newest of "
            f"{format_date(newest['date'].iloc[0])}",
            fill_part("feed.html", "assessments", rows=quoted, more=len(newest) - MOST_QUOTED),
            _page_of(dataset, str(indicator)),
        )


def _list_corrections(panel: Panel) -> Iterator[Entry]:
    dataset = panel.dataset
    for row in list_corrections(panel).to_dict("records"):
        old, new = (
            "withdrawn"
            if pd.isna(row[f"{end}_score"])
            else f"{format_score(row[f'{end}_score'])} "
            f"(range {format_score(row[f'{end}_low'])}–{format_score(row[f'{end}_high'])})"
            for end in ("old", "new")
        )
        effect = (
            "" if pd.isna(row["effect"]) else f" Effect on the index on that day: {format_change(row['effect'], 3)}."
        )
        key = (row["indicator"], row["coder"], f"{row['date']:%Y-%m-%d}", write_moment(row["new_recorded"]))
        yield Entry(
            _identify("correction", *key),
            row["new_recorded"],
            f"{dataset.title(row['indicator'])}: assessment of {format_date(row['date'])} {row['kind']}",
            fill_part(
                "feed.html",
                "correction",
                old=old,
                new=new,
                effect=effect,
                reason=row["new_rationale"],
                coder=row["coder"],
            ),
            _page_of(dataset, row["indicator"]),
        )


def _list_vintages(panel: Panel) -> Iterator[Vintage]:
    """The newest recorded days, oldest first; on the last of them the data are the panel's own."""
    recorded = panel.recorded["recorded"]
    days = recorded.dt.normalize().drop_duplicates().sort_values()
    for day in days.iloc[-MOST_VINTAGES - 1 :]:
        newest = recorded[recorded < day + pd.Timedelta(days=1)].max()
        yield Vintage(day, newest, panel if day == days.iloc[-1] else replace(panel, as_of=day.date()))


def _list_quarters(vintages: Sequence[Vintage]) -> Iterator[Entry]:
    """Quarters of the index that were settled, and bands into which it and the dimensions crossed with them."""
    before: pd.DatetimeIndex | None = None
    for _, when, panel in vintages:
        readings = read_settled(panel)
        settled = pd.DatetimeIndex(readings.index[readings["index"].notna()])
        for quarter in settled[:0] if before is None else settled.difference(before):
            score, name = float(readings["index"][quarter]), name_quarter(quarter)
            yield Entry(
                _identify("settled", f"{quarter:%Y-%m-%d}"),
                when,
                f"The {name} is settled: index {format_score(score)}, {band_of(score)}",
                fill_part("feed.html", "settled", quarter=name, score=score, band=band_of(score)),
                "index.html",
            )
            yield from _list_bands(panel.dataset, readings, quarter, when)
        before = settled if before is None else before.union(settled)


def _list_bands(dataset: Dataset, readings: pd.DataFrame, quarter: pd.Timestamp, when: pd.Timestamp) -> Iterator[Entry]:
    for id in ("index", *dataset.dimensions.index):
        line = readings[id].dropna()
        earlier = line[line.index < quarter]
        if quarter not in line.index or earlier.empty:
            continue
        was, now = float(earlier.iloc[-1]), float(line[quarter])
        if band_of(was) != band_of(now):
            name = name_quarter(quarter)
            yield Entry(
                _identify("band", id, f"{quarter:%Y-%m-%d}", band_of(now)),
                when,
                f"{dataset.title(id)} from {band_of(was)} to {band_of(now)} in the {name}",
                fill_part("feed.html", "band", was=was, now=now, before=name_quarter(earlier.index[-1]), quarter=name),
                "index.html" if id == "index" else f"{id}.html",
            )


def _list_verdicts(vintages: Sequence[Vintage]) -> Iterator[Entry]:
    before: dict[str, Mapping[Any, Any]] = {}
    for day, when, panel in vintages:
        judged = {str(row["claim"]): row for row in judge_claims(panel).to_dict("records")}
        for claim, earlier in before.items():
            now = judged[claim]
            if now["verdict"] != earlier["verdict"]:
                yield Entry(
                    _identify("verdict", claim, f"{day:%Y-%m-%d}", now["verdict"]),
                    when,
                    f"Claim now {now['verdict']}, was {earlier['verdict']}",
                    fill_part(
                        "feed.html",
                        "verdict",
                        text=now["text"],
                        before=describe_verdict(earlier),
                        now=describe_verdict(now),
                    ),
                    f"narrative.html#{claim}",
                )
        before = dict(judged)


def _page_of(dataset: Dataset, indicator: str) -> str:
    dimension = str(dataset.indicators.at[indicator, "dimension"])
    return f"{dimension}.html#{indicator}"


def _identify(*parts: str) -> str:
    return uuid5(NAMES, "|".join(parts)).urn


def _address(base_url: str, page: str) -> str:
    return build_link(base_url, page, {}) if base_url else page


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    # Control characters cannot stand in XML at all, not even escaped.
    clean = "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
    ET.SubElement(parent, _name(tag), attributes).text = clean
