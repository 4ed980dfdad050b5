"""The pages of a publication as HTML: front page, dimensions, narrative, method, versions."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from indicators.measures.agreement import measure_agreement
from indicators.measures.changes import Point, explain_change, summarise_change
from indicators.measures.readings import find_replaced, list_freshness
from indicators.measures.series import tabulate_coverage
from indicators.measures.vintages import list_corrections
from indicators.records.schema import LEVEL_TESTS
from indicators.show.charts import claim_span, plot_claim, plot_levels
from indicators.show.lines import claim_lines
from indicators.show.markup import (
    STYLE,
    show_anchors,
    show_article_paragraph,
    show_assessment,
    show_claim,
    show_events,
    show_moves_list,
    show_reading,
    show_table,
    show_tiles,
)
from indicators.show.narrative import number_claims, passages_of
from indicators.show.palette import DARK, LIGHT
from indicators.show.publication import (
    SHARE,
    Publication,
    describe_age,
    draw_chart,
    events_about,
    lines_about,
    state_reading,
    tabulate_chart,
)
from indicators.show.sharing import build_link, cite
from indicators.show.sparklines import draw_claim, draw_sparkline
from indicators.show.tables import (
    agreement_table,
    correction_table,
    file_table,
    freshness_table,
    weight_table,
)
from indicators.show.words import (
    describe_causes,
    describe_interval,
    describe_replaced,
    describe_sources,
    describe_verdict,
    format_change,
    format_date,
)

HERE = Path(__file__).parent
TITLE = "US–Russia tension indicators"
CARD_STYLE = (HERE / "static" / "card.css").read_text(encoding="utf-8")
PAGE_STYLE = STYLE + CARD_STYLE + (HERE / "static" / "page.css").read_text(encoding="utf-8")
NEWER = (HERE / "static" / "newer.js").read_text(encoding="utf-8")

# Plotly sets its own style attributes, hence 'unsafe-inline' for styles; scripts come from files alone.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
NEWEST_EVENTS = 8
NEWEST_ASSESSMENTS = 4
MOST_CAUSES = 8


@dataclass(frozen=True)
class Place:
    """Where a page stands: ``root`` leads from its version's folder to the publication's (empty at the root itself).

    ``base_url`` is the address of the publication, or empty; ``previews`` are the ids that have a preview picture;
    ``plotly`` is the name of the chart library's file.
    """

    root: str = ""
    base_url: str = ""
    previews: frozenset[str] = field(default_factory=frozenset)
    plotly: str = ""


def render(name: str, **values: Any) -> bytes:
    """Return a template filled in; every text is escaped unless it is markup of this project."""
    return (_TEMPLATES.get_template(name).render(**values).rstrip("\n") + "\n").encode()


def head_of(publication: Publication, place: Place, path: str, title: str, summary: str, preview: str) -> dict[str, Any]:
    """Return what the head and foot of every page need: title, summary, addresses, version, policy."""
    folder = "" if not place.root else f"archive/{publication.version}/"
    here = "../" * path.count("/")
    image = f"{folder}previews/{preview}.png" if place.base_url and preview in place.previews else ""
    return {
        "title": title,
        "site_title": TITLE,
        "summary": summary,
        "here": here,
        "site": here + place.root,
        "path": path,
        "address": build_link(place.base_url, folder + path, {}) if place.base_url else "",
        "image": build_link(place.base_url, image, {}) if image else "",
        "archived": bool(place.root),
        "version": publication.version,
        "recorded": format_date(publication.recorded),
        "digest": publication.dataset.digest[:8],
        "cite": cite(publication.dataset, publication.today.date()),
        "policy": POLICY,
        "plotly": place.plotly,
        "dimensions": [(id, publication.dataset.title(id)) for id in publication.dataset.dimensions.index],
    }


def build_pages(publication: Publication, place: Place) -> Iterator[tuple[str, bytes]]:
    """Return the paths and bytes of all pages but the cards."""
    yield "index.html", _render_front(publication, place)
    for dimension in publication.dataset.dimensions.index:
        yield f"{dimension}.html", _render_dimension(publication, place, dimension)
    yield "narrative.html", _render_narrative(publication, place)
    yield "method.html", _render_method(publication, place)


def show_figure(publication: Publication, id: str, here: str = "") -> dict[str, Any]:
    """Return what the chart of an id consists of: pictures, alt text, table, sources, and where its data lie."""
    alt = plot_levels(lines_about(publication, id)[:1], id, LIGHT, publication.span).alt
    return {
        "id": id,
        "alt": alt,
        "pictures": draw_chart(publication, id, alt),
        "table": show_table(
            tabulate_chart(publication, id), caption=f"{publication.dataset.title(id)}: readings, newest first"
        ),
        "sources": describe_sources(publication.dataset, events_about(publication, id)),
        "data": f"{here}data/charts/{id}.csv",
        "figure": f"{here}figures/{id}.json",
        "card": f"{here}cards/{id}.html",
    }


def hash_inline(text: str) -> str:
    """Return the source expression that allows exactly this inline script or style."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _render_front(publication: Publication, place: Place) -> bytes:
    dataset, panel = publication.dataset, publication.panel
    headline = publication.headlines["index"]
    reading = causes = effects = ""
    if headline is not None:
        interval = describe_interval(publication.lines["index"].readings, headline.date, SHARE)
        reading = show_reading(headline, "the index", describe_age(publication, headline), interval)
        if headline.change is None:
            causes = f"There was no reading on {format_date(headline.year_ago)}."
        else:
            ledger = explain_change(Point(panel, headline.year_ago), Point(panel, headline.date))
            summary = summarise_change(ledger, "indicator")
            causes = (
                f"Between {format_date(headline.year_ago)} and {format_date(headline.date)} the index moved by "
                f"{format_change(headline.change, 2)}: {describe_causes(dataset, summary)}."
            )
            effects = show_table(_tabulate_causes(publication, summary), caption="Effect on the index, largest first")
    tiles = [
        (h, dataset.title(id), f"{id}.html", draw_sparkline(publication.lines[id].readings), position)
        for position, id in enumerate(dataset.dimensions.index)
        if (h := publication.headlines[id]) is not None
    ]
    events = events_about(publication, "index")
    numbers = number_claims(dataset)
    verdicts = [
        {
            "id": row["claim"],
            "number": numbers[row["claim"]],
            "text": row["text"],
            "verdict": describe_verdict(row),
            "kind": row["verdict"].replace(" ", "-"),
        }
        for _, row in publication.verdicts.iterrows()
    ]
    head = head_of(publication, place, "index.html", TITLE, state_reading(publication, "index"), "index")
    return render(
        "index.html",
        **head,
        reading=reading,
        tiles=show_tiles(tiles),
        chart=show_figure(publication, "index"),
        moves=show_moves_list(dataset, publication.moves),
        causes=causes,
        effects=effects,
        claims=sorted(verdicts, key=lambda claim: claim["number"]),
        events=show_events(dataset, events.tail(NEWEST_EVENTS)),
        article=dataset.article,
    )


def _tabulate_causes(publication: Publication, summary: pd.DataFrame) -> pd.DataFrame:
    dataset = publication.dataset
    top = summary[summary["amount"].abs() > 0.0005]
    shown, rest = top.head(MOST_CAUSES), summary["amount"].sum() - top.head(MOST_CAUSES)["amount"].sum()
    rows = [
        (
            dataset.title(row.indicator) if row.indicator else "–",
            dataset.title(row.dimension) if row.dimension else "Method of aggregation",
            format_change(row.amount, 3),
        )
        for row in shown.itertuples()
    ]
    rows += [("All others", "", format_change(rest, 3)), ("Sum", "", format_change(summary["amount"].sum(), 3))]
    return pd.DataFrame(rows, columns=["indicator", "dimension", "points of the index"])


def _render_dimension(publication: Publication, place: Place, dimension: str) -> bytes:
    dataset = publication.dataset
    headline = publication.headlines[dimension]
    reading = ""
    if headline is not None:
        interval = describe_interval(publication.lines[dimension].readings, headline.date, SHARE)
        reading = show_reading(headline, "it", describe_age(publication, headline), interval)
    head = head_of(
        publication,
        place,
        f"{dimension}.html",
        f"{dataset.title(dimension)} · {TITLE}",
        state_reading(publication, dimension),
        dimension,
    )
    return render(
        "dimension.html",
        **head,
        heading=dataset.title(dimension),
        question=dataset.dimensions.at[dimension, "question"],
        reading=reading,
        chart=show_figure(publication, dimension),
        indicators=[_show_indicator(publication, id) for id in dataset.indicators_of(dimension)],
        events=show_events(dataset, events_about(publication, dimension)),
    )


def _show_indicator(publication: Publication, id: str) -> dict[str, Any]:
    dataset, panel = publication.dataset, publication.panel
    rows = panel.effective[panel.effective["indicator"] == id]
    rows = rows.sort_values(["date", "coder"], ascending=[False, True], kind="stable")
    replaced = find_replaced(dataset.assessments, rows)
    parts = [show_assessment(dataset, row, describe_replaced(replaced.get(label))) for label, row in rows.iterrows()]
    readings = publication.lines[id].readings
    return {
        "id": id,
        "title": dataset.title(id),
        "definition": dataset.indicators.at[id, "definition"],
        "state": state_reading(publication, id),
        "chart": show_figure(publication, id),
        "anchors": show_anchors(
            dataset.anchors[dataset.anchors["indicator"] == id],
            float(readings["score"].iloc[-1]) if len(readings) else None,
        ),
        "newest": "".join(parts[:NEWEST_ASSESSMENTS]),
        "older": "".join(parts[NEWEST_ASSESSMENTS:]),
        "older_count": max(len(parts) - NEWEST_ASSESSMENTS, 0),
    }


def _render_narrative(publication: Publication, place: Place) -> bytes:
    dataset = publication.dataset
    verdicts = publication.verdicts.set_index("claim", drop=False)
    sections = [
        {
            "id": section.id,
            "title": section.title,
            "passages": [
                {
                    "text": show_article_paragraph(dataset, passage),
                    "claims": "".join(_show_verdict(publication, verdicts.loc[claim]) for claim in passage.claims),
                }
                for passage in passages_of(section)
            ],
        }
        for section in dataset.article.sections
    ]
    counts = publication.verdicts["verdict"].value_counts()
    kinds = ("supported", "mixed", "contradicted", "cannot be judged")
    tally = ", ".join(f"{counts[kind]} {kind}" for kind in kinds if kind in counts)
    summary = f"An article on US–Russia relations, its claims tested against the indicators: {tally}."
    head = head_of(publication, place, "narrative.html", f"Narrative · {TITLE}", summary, "narrative")
    return render("narrative.html", **head, article=dataset.article, sections=sections, tally=tally)


def _show_verdict(publication: Publication, judged: pd.Series) -> str:
    light, dark = (claim_lines(publication.panel, judged, palette) for palette in (LIGHT, DARK))
    window = (judged["start"], judged["end"])
    level = float(judged["threshold"]) if judged["test"] in LEVEL_TESTS else None
    pictured = [(a.readings, a.colour, b.colour) for a, b in zip(light, dark, strict=True)]
    picture = draw_claim(pictured, window, claim_span(window), level)
    return show_claim(publication.dataset, judged, picture, plot_claim(light, LIGHT, window, level).alt)


def _render_method(publication: Publication, place: Place) -> bytes:
    dataset, panel = publication.dataset, publication.panel
    freshness = list_freshness(panel.effective, dataset.indicators["review_days"], publication.today.date())
    corrections = list_corrections(panel)
    tables: Mapping[str, str] = {
        "weights": show_table(weight_table(dataset, panel.weights), caption="Weights, in per cent"),
        "coverage": show_table(tabulate_coverage(panel), caption="First readings and share of the weight assessed"),
        "freshness": show_table(freshness_table(dataset, freshness), caption="Newest assessments, most overdue first"),
        "agreement": show_table(
            agreement_table(dataset, measure_agreement(panel)), caption="Krippendorff's alpha of the coders"
        ),
        "corrections": ""
        if corrections.empty
        else show_table(correction_table(dataset, corrections), caption="Replaced and withdrawn assessments"),
        "files": show_table(file_table(dataset), caption="Tables of the data folder"),
    }
    summary = "How the numbers are made: method, weights, coverage, agreement of the coders, corrections, data."
    head = head_of(publication, place, "method.html", f"Method and data · {TITLE}", summary, "method")
    return render(
        "method.html",
        **head,
        method=_render_markdown(dataset.method),
        readme=_render_markdown(dataset.readme),
        tables=tables,
        files=[*dataset.files, "datapackage.json", "README.md", "method.md", "narrative/article.md"],
    )


def _render_markdown(text: str) -> str:
    """Markdown as HTML one heading lower, so that it stands under a page's own headings; raw HTML stays text."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    html = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    opened = '<div class="scroll" tabindex="0" role="region" aria-label="Table">'
    return re.sub(r"<table>(.*?)</table>", rf"{opened}<table>\1</table></div>", html, flags=re.DOTALL)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
