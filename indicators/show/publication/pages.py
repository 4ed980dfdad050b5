"""What the pages of a publication say: front page, dimensions, narrative, method."""

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from indicators.measures.agreement import measure_agreement
from indicators.measures.change.ledger import summarise_change
from indicators.measures.change.moves import choose_causes, measure_move
from indicators.measures.change.vintages import list_corrections
from indicators.measures.headline import Headline
from indicators.measures.narrative.claims import count_verdicts
from indicators.measures.outside.divergence import count_judged
from indicators.measures.outside.validity import compare_outside, list_context
from indicators.measures.quarters import list_reviews
from indicators.measures.readings import find_replaced
from indicators.measures.series import tabulate_coverage
from indicators.records.dataset import Dataset
from indicators.show.charts.change import part_title
from indicators.show.charts.svg import draw_multiple
from indicators.show.publication.brief import compose_brief
from indicators.show.publication.compare import compose_compare
from indicators.show.publication.content import (
    SHARE,
    Publication,
    describe_age,
    draw_chart,
    state_reading,
)
from indicators.show.publication.events import compose_events, list_years, newest_about
from indicators.show.publication.render import Sheet
from indicators.show.text.glossary import read_glossary
from indicators.show.text.html import (
    show_anchors,
    show_article_paragraph,
    show_assessment,
    show_events,
    show_multiples,
    show_reading,
    show_table,
    show_terms,
    show_turns,
)
from indicators.show.text.markup import fill_part
from indicators.show.text.narrative.article import number_claims, passages_of
from indicators.show.text.narrative.claims import picture_claims
from indicators.show.text.outside.comparison import (
    LEGEND,
    show_among,
    show_context,
    show_divergences,
    show_findings,
    show_origins,
    show_validity,
)
from indicators.show.text.outside.validity import describe_divergences, describe_outside, describe_validity
from indicators.show.text.overview import (
    describe_doubt,
    describe_extremes,
    describe_finding,
    list_coders,
    show_doubt,
    show_moves,
    show_standing,
    show_why,
)
from indicators.show.text.tables import (
    agreement_table,
    coder_table,
    correction_table,
    file_table,
    freshness_table,
    weight_table,
)
from indicators.show.text.words import (
    describe_interval,
    describe_replaced,
    describe_sources,
    describe_verdict,
    find_interval,
    format_change,
)

NEWEST_EVENTS = 8
NEWEST_ABOUT = 12
"""Events on the page of a dimension."""

NEWEST_ASSESSMENTS = 4
MOST_CAUSES = 8

Figures = dict[str, dict[str, Any]]
"""What each chart consists of, by id: pictures by size, alt text, table, sources line."""


def compose_pages(publication: Publication, figures: Figures) -> Iterator[Sheet]:
    """Return the pages that the navigation leads to, but the outlook, and the brief."""
    yield _compose_front(publication, figures)
    yield compose_brief(publication)
    yield compose_compare(publication)
    yield from compose_events(publication)
    for dimension in publication.dataset.dimensions.index:
        yield _compose_dimension(publication, figures, dimension)
    yield _compose_narrative(publication)
    yield _compose_method(publication)


def show_figures(publication: Publication) -> Figures:
    """Return what the chart of each id consists of, for pages and cards alike."""
    dataset = publication.dataset
    figures = {}
    for id in publication.ids:
        alt = publication.charts[id].alt
        figures[id] = {
            "id": id,
            "alt": alt,
            "pictures": draw_chart(publication, id, alt),
            "turns": show_turns(publication.marks.turns) if id == "index" else "",
            "table": show_table(publication.tables[id], caption=f"{dataset.title(id)}: readings, newest first"),
            "sources": describe_sources(dataset, publication.events[id]),
        }
    return figures


def _compose_front(publication: Publication, figures: Figures) -> Sheet:
    dataset = publication.dataset
    headline = publication.headlines["index"]
    values: dict[str, Any] = {"heading": dataset.topic.question, "reading": "", "moved": []}
    if headline is not None:
        values["heading"] = f"{dataset.topic.question} {describe_finding(headline)}"
        values["reading"] = _show_reading_of_index(publication, headline)
        values["moved"] = [
            _show_move(publication, headline, "the quarter", headline.compared),
            _show_move(publication, headline, "the year", headline.year_ago if headline.change is not None else None),
        ]
    known = [(position, h) for position, id in enumerate(dataset.dimensions.index) if (h := publication.headlines[id])]
    tiles = [_picture_dimension(publication, h, position) for position, h in known]
    numbers = number_claims(dataset)
    verdicts = [
        {
            "id": row["claim"],
            "number": numbers[row["claim"]],
            "text": row["text"],
            "verdict": describe_verdict(row),
            "kind": row["verdict"].replace(" ", "-"),
        }
        for row in publication.verdicts.to_dict("records")
    ]
    moves = [(move, choose_causes(dataset, move), "") for move in publication.moves]
    values |= {
        "tiles": show_multiples(tiles, describe_extremes(dataset, [h for _, h in known])),
        "chart": figures["index"],
        "moves": show_moves(dataset, moves, _address_in(dataset)),
        "claims": sorted(verdicts, key=lambda claim: claim["number"]),
        "events": show_events(dataset, publication.events["index"].tail(NEWEST_EVENTS)),
        "tally": _tell_verdicts(publication),
        "article": dataset.article,
    }
    return Sheet("index.html", "index.html", dataset.topic.title, state_reading(publication, "index"), "index", values)


def _address_in(dataset: Dataset) -> Callable[[str], str]:
    """What gives an event's place in the publication: among the events of its year."""

    def find(id: str) -> str:
        return f"events/{pd.Timestamp(str(dataset.events.at[id, 'date'])).year}.html#{id}"

    return find


def _show_reading_of_index(publication: Publication, headline: Headline) -> Markup:
    """The reading with what moved it, how sure and how fresh it is, as on the first screen of the app."""
    dataset, panel = publication.dataset, publication.panel
    ends = find_interval(publication.lines["index"].readings, headline.date)
    move = publication.newest_move
    causes = [] if move is None else choose_causes(dataset, move)
    parts = (
        show_standing(headline, ends, SHARE),
        show_why(dataset, move, causes, "#moved", _address_in(dataset)),
        show_doubt(
            ends,
            SHARE,
            describe_doubt(dataset, headline, list_coders(panel)),
            describe_outside(dataset, publication.validity),
            describe_age(publication, headline),
        ),
    )
    return Markup("").join(parts)


def _show_move(publication: Publication, headline: Headline, name: str, since: pd.Timestamp | None) -> dict[str, Any]:
    """What moved the index since an earlier quarter: its causes, and the effects of all indicators as a table."""
    dataset = publication.dataset
    if since is None:
        return {"name": name, "why": show_why(dataset, None, [], "", _address_in(dataset)), "effects": ""}
    move = publication.newest_move
    if move is None or move.since != since:
        move = measure_move(publication.panel, since, headline.date)
    causes = choose_causes(dataset, move)
    summary = summarise_change(move.ledger, "indicator")
    return {
        "name": name,
        "why": show_why(dataset, move, causes, "", _address_in(dataset)),
        "effects": show_table(
            _tabulate_causes(publication, summary), caption=f"Effect on the index in {name}, largest first"
        ),
    }


def _picture_dimension(
    publication: Publication, headline: Headline, position: int
) -> tuple[Headline, str, str, str, tuple[Markup, Markup], int]:
    dataset, id = publication.dataset, headline.id
    ring = None if headline.year_ago_score is None else (headline.year_ago, headline.year_ago_score)
    pictures = draw_multiple(publication.lines[id].readings, publication.span, ring=ring)
    return headline, dataset.title(id), dataset.text(id, "question"), f"{id}.html", pictures, position


def _tabulate_causes(publication: Publication, summary: pd.DataFrame) -> pd.DataFrame:
    dataset = publication.dataset
    top = summary[summary["amount"].abs() > 0.0005]
    shown, rest = top.head(MOST_CAUSES), summary["amount"].sum() - top.head(MOST_CAUSES)["amount"].sum()
    rows = [
        (
            dataset.title(row["indicator"]) if row["indicator"] else "–",
            part_title(dataset, row["dimension"]),
            format_change(row["amount"], 3),
        )
        for row in shown.to_dict("records")
    ]
    rows += [("All others", "", format_change(rest, 3)), ("Sum", "", format_change(summary["amount"].sum(), 3))]
    return pd.DataFrame(rows, columns=["indicator", "dimension", "points of the index"])


def _compose_dimension(publication: Publication, figures: Figures, dimension: str) -> Sheet:
    dataset = publication.dataset
    headline = publication.headlines[dimension]
    reading = ""
    if headline is not None:
        interval = describe_interval(publication.lines[dimension].readings, headline.date, SHARE)
        reading = show_reading(headline, "it", describe_age(publication, headline), interval)
    title = dataset.title(dimension)
    values = {
        "heading": title,
        "question": dataset.dimensions.at[dimension, "question"],
        "reading": reading,
        "chart": figures[dimension],
        "indicators": [_show_indicator(publication, figures, id) for id in dataset.indicators_of(dimension)],
        "divergences": show_divergences(
            publication.panel, publication.divergences, [dimension, *dataset.indicators_of(dimension)]
        ),
        "events": show_events(dataset, newest_about(publication, dimension, NEWEST_ABOUT)),
        "years": list_years(publication),
    }
    summary = state_reading(publication, dimension)
    return Sheet(f"{dimension}.html", "dimension.html", f"{title} · {dataset.topic.title}", summary, dimension, values)


def _show_indicator(publication: Publication, figures: Figures, id: str) -> dict[str, Any]:
    dataset, panel = publication.dataset, publication.panel
    rows = panel.effective[panel.effective["indicator"] == id]
    rows = rows.sort_values(["date", "coder"], ascending=[False, True], kind="stable")
    recorded = dataset.assessments
    replaced = find_replaced(recorded[recorded["indicator"] == id], rows)
    parts = [show_assessment(dataset, row, describe_replaced(replaced.get(label))) for label, row in rows.iterrows()]
    readings = publication.lines[id].readings
    return {
        "id": id,
        "title": dataset.title(id),
        "definition": dataset.indicators.at[id, "definition"],
        "state": state_reading(publication, id),
        "chart": figures[id],
        "anchors": show_anchors(
            dataset.anchors[dataset.anchors["indicator"] == id],
            float(readings["score"].iloc[-1]) if len(readings) else None,
        ),
        "newest": Markup("").join(parts[:NEWEST_ASSESSMENTS]),
        "older": Markup("").join(parts[NEWEST_ASSESSMENTS:]),
        "older_count": max(len(parts) - NEWEST_ASSESSMENTS, 0),
    }


def _compose_narrative(publication: Publication) -> Sheet:
    dataset = publication.dataset
    fragments = picture_claims(publication.panel, publication.verdicts)
    sections = [
        {
            "id": section.id,
            "title": section.title,
            "passages": [
                {
                    "text": show_article_paragraph(dataset, passage),
                    "claims": Markup("").join(fragments[claim] for claim in passage.claims),
                }
                for passage in passages_of(section)
            ],
        }
        for section in dataset.article.sections
    ]
    tally = _tell_verdicts(publication)
    summary = f"“{dataset.article.title}”, its claims tested against the indicators: {tally}."
    values = {"article": dataset.article, "sections": sections, "tally": tally}
    return Sheet("narrative.html", "narrative.html", f"Narrative · {dataset.topic.title}", summary, "narrative", values)


def _tell_verdicts(publication: Publication) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in count_verdicts(publication.verdicts).items())


def _compose_method(publication: Publication) -> Sheet:
    dataset, panel = publication.dataset, publication.panel
    freshness = list_reviews(panel, publication.today.date())
    corrections = list_corrections(panel)
    tables = {
        "weights": show_table(weight_table(dataset, panel.weights), caption="Weights, in per cent"),
        "coverage": show_table(tabulate_coverage(panel), caption="First readings and share of the weight assessed"),
        "freshness": show_table(freshness_table(dataset, freshness), caption="Newest assessments, most overdue first"),
        "coders": show_table(coder_table(dataset), caption="Who scored"),
        "agreement": show_table(
            agreement_table(dataset, measure_agreement(panel)), caption="Krippendorff's alpha of the coders"
        ),
        "corrections": ""
        if corrections.empty
        else show_table(correction_table(dataset, corrections), caption="Replaced and withdrawn assessments"),
        "files": show_table(file_table(dataset), caption="Tables of the data folder"),
    }
    summary = "How the numbers are made: method, weights, coverage, agreement of the coders, corrections, data."
    values = {
        "method": _render_markdown(dataset.method, "Method"),
        "readme": _render_markdown(dataset.readme, "Data dictionary"),
        "tables": tables,
        "outside": _show_outside(publication),
        "glossary": show_terms(read_glossary()),
        "files": [*dataset.files, "datapackage.json", "README.md", "method.md", "narrative/article.md"],
    }
    return Sheet("method.html", "method.html", f"Method and data · {dataset.topic.title}", summary, "method", values)


def _show_outside(publication: Publication) -> dict[str, str]:
    dataset, panel = publication.dataset, publication.panel
    validity, among = publication.validity, compare_outside(dataset)
    return {
        "findings": show_findings(describe_validity(dataset, validity, among)),
        "legend": LEGEND,
        "validity": show_validity(dataset, validity) if len(validity) else "",
        "among": show_among(dataset, among),
        "context": show_context(dataset, list_context(dataset)),
        "origins": show_origins(dataset),
        "judged": describe_divergences(count_judged(panel)),
        "divergences": show_divergences(panel, publication.divergences),
    }


def _render_markdown(text: str, name: str) -> Markup:
    """Markdown as HTML one heading lower, so that it stands under a page's own headings; raw HTML stays text.

    Wide tables scroll in a frame; ``name`` tells one document's tables from another's.
    """
    runs: list[list[Token]] = [[]]  # text and tables in turn
    for token in _MARKDOWN.parse(text):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        if token.type == "table_open":
            runs.append([])
        for child in token.children or ():
            if child.type == "link_open":
                child.attrs["href"] = _LINKED.get(str(child.attrs["href"]), child.attrs["href"])
        runs[-1].append(token)
        if token.type == "table_close":
            runs.append([])
    parts = [Markup(_MARKDOWN.renderer.render(run, _MARKDOWN.options, {})) for run in runs]  # noqa: S704 - raw HTML is off
    return fill_part("parts.html", "prose", parts=parts, name=name)


_LINKED = {"method.md": "#method"}
"""Where a link between documents leads on the page that has both."""

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
