"""A reader's own view as a card: one HTML file without scripts, to be embedded and cited.

Nothing of it is stored. Its address names the view, the day of the data and a seal over the readings, from which it is
computed again whenever it is asked for: none can fill a disk or push another one out. The seal tells whether it still
says what was cited; what has changed since is said on the card itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

import pandas as pd
from markupsafe import Markup

from indicators.measures.headline import read_headline
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.records.encoding import write_json
from indicators.records.errors import IndicatorsError
from indicators.show.charts.levels import Span, events_about
from indicators.show.charts.lines import draw_lines, level_lines, table_dates
from indicators.show.charts.marks import Marks, mark_line
from indicators.show.charts.palette import LIGHT
from indicators.show.charts.scale import Line
from indicators.show.charts.shape import describe_shape
from indicators.show.charts.svg import draw_marked
from indicators.show.files.description import describe_download
from indicators.show.links.citation import (
    describe_method_change,
    describe_pinned,
    find_edition,
    frame_card,
    pin_values,
    say_change,
    say_reading,
)
from indicators.show.links.parameters import (
    AS_OF,
    CARDS,
    DIGEST,
    DIM,
    FROM,
    INTERVAL,
    TO,
    View,
    build_link,
    list_taken,
)
from indicators.show.publication.render import CARD_STYLE, hash_inline, render
from indicators.show.text.html import show_table, show_turns
from indicators.show.text.tables import tabulate_readings
from indicators.show.text.words import describe_sources, format_date, format_score, name_quarter

SEAL_LENGTH = 16
"""Characters of a card's seal."""

POLICY = (
    f"default-src 'none'; style-src {hash_inline(CARD_STYLE)}; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
"""The content security policy of a card: no script, nothing loaded, and any page may show it in a frame."""


LATER_TEXTS = "Texts and events are those of the newest data."


class NoCardError(IndicatorsError):
    """A view of which there is nothing to show as a card; the message says why."""


@dataclass(frozen=True)
class Drawn:
    """What a card shows: an id with its lines (its own first) and marks, in a period."""

    id: str
    span: Span
    lines: list[Line]
    marks: Marks

    @property
    def seal(self) -> str:
        """A digest of the readings shown, with the ends of their intervals, to four decimals."""
        shown = {}
        for line in self.lines:
            rows = line.readings
            cells = rows[["score", "low", "high"]].round(4).astype(object)
            cells = cells.where(cells.notna(), None)
            shown[line.id] = [f"{day:%Y-%m-%d}" for day in rows["date"]], cells.to_numpy().tolist()
        return sha256(write_json(shown)).hexdigest()[:SEAL_LENGTH]


def pin_card(values: Mapping[str, str], dataset: Dataset, id: str) -> dict[str, str]:
    """Return the values of a page's view that its card has, as cited, with the id of the line that the page shows."""
    taken = {name for parameter in list_taken(CARDS) for name in parameter.names(dataset)}
    own = {name: value for name, value in pin_values(values, dataset).items() if name in taken and name != DIM}
    return own if id == "index" else {**own, DIM: id}


def link_card(base: str, panel: Panel, view: View) -> str:
    """Return the address of the card of a view, whose values are those of ``pin_card``, below that of the app."""
    return build_link(base, f"{CARDS}{draw_card(panel, view).seal}.html", view.values, panel.dataset)


def embed_view(base: str, panel: Panel, view: View) -> Markup:
    """Return the HTML that shows the card of a view in another page."""
    dataset, id = panel.dataset, view.values.get(DIM, "index")
    return frame_card(link_card(base, panel, view), dataset, id)


def draw_card(panel: Panel, view: View) -> Drawn:
    """Return what the card of a view shows. Raises ``NoCardError`` where there is no reading in it.

    It ends on the day of the data that it names, so that it is the same whenever it is asked for.
    """
    day = view.day(AS_OF)
    if day is None or DIGEST not in view.values:
        raise NoCardError("the address of a card names the day and the digest of its data (as_of, digest)")
    if panel.effective.empty:
        raise NoCardError("there is no current assessment in this view")
    id = view.values.get(DIM, "index")
    first, last = panel.steps[0], pd.Timestamp(day)
    span = (max(pd.Timestamp(view.day(FROM) or first), first), min(pd.Timestamp(view.day(TO) or last), last))
    if span[0] >= span[1]:
        raise NoCardError("there is no assessment in the period of this card")
    dataset = panel.dataset
    parts = dataset.dimensions.index.tolist() if id == "index" else dataset.indicators_of(id)
    lines = level_lines(panel, [id, *parts], LIGHT, draw_lines(panel, span[1]), int(view.get(INTERVAL)))
    lines = [replace(line, readings=line.readings[line.readings["date"].between(*span)]) for line in lines]
    if lines[0].readings["score"].isna().all():
        raise NoCardError("too little of its weight is assessed for a reading")
    return Drawn(id, span, lines, mark_line(panel, lines[0], span))


def write_card(panel: Panel, view: View, seal: str, site: str = "") -> bytes:
    """Return the card of a view as HTML; ``seal`` is what its address says of its readings.

    ``site`` is the address of the publication, where earlier editions are, empty for none. Raises ``NoCardError``.
    """
    drawn, dataset = draw_card(panel, view), panel.dataset
    alt = describe_shape(drawn.marks.line.title, drawn.marks.settled)
    percent = int(view.get(INTERVAL))
    table = tabulate_readings(drawn.lines, table_dates(panel, "quarter", *drawn.span), drawn.id, percent)
    chart = {
        "id": drawn.id,
        "alt": alt,
        "pictures": {kind: draw_marked(drawn.marks, alt, kind) for kind in ("middle", "narrow")},
        "turns": show_turns(drawn.marks.turns),
        "table": show_table(table, caption=f"{dataset.title(drawn.id)}: readings, newest first"),
        "sources": describe_sources(dataset, events_about(dataset, drawn.id, drawn.span)),
    }
    # The day of the data is what a card has, not what it has otherwise than published.
    said = describe_download(replace(panel, as_of=None), view, CARDS, drawn.id)
    title = f"{dataset.title(drawn.id)} · {dataset.topic.title}"
    asked = {name: value for name, value in view.values.items() if name != DIGEST}
    return render(
        "card.html",
        title=title,
        heading=said.title,
        topic=dataset.topic,
        summary=_say(panel, view, drawn, percent),
        chart=chart,
        policy=POLICY.rpartition("; ")[0],  # frame-ancestors counts in the header alone
        style=CARD_STYLE,
        script="",
        here="",
        address="",
        image="",
        page=build_link("..", "", view.values, dataset),
        table=build_link("..", "api/series.csv", asked, dataset),
        own={
            "warning": said.warning,
            "made": f"{dataset.topic.citation}, data as recorded up to {format_date(pd.Timestamp(view.values[AS_OF]))}, "
            f"digest {view.values[DIGEST]}.",
            "since": tell_since(panel, view, drawn, seal),
            "edition": find_edition(site, view),
        },
    )


def tell_since(panel: Panel, view: View, drawn: Drawn, seal: str) -> list[str]:
    """Return what has changed since a card was made: its own readings, the data or the method; nothing where none has."""
    dataset = panel.dataset
    told = []
    if drawn.seal != seal:
        told.append(
            "These are not the readings that were cited: rows of that day, the codebook or the method were changed "
            "since, and the card is computed again."
        )
    if notice := describe_pinned(dataset, view):
        told += [notice, _say_newest(panel, drawn), describe_method_change(dataset, view), LATER_TEXTS]
    return [sentence for sentence in told if sentence]


def _say(panel: Panel, view: View, drawn: Drawn, percent: int) -> str:
    """The sentence of a card: on the period chosen, else on the newest settled quarter as of its day."""
    if FROM in view.values or TO in view.values:
        return say_change(panel, drawn.id, *drawn.span, percent)
    return say_reading(panel, drawn.id, percent, drawn.span[1].date())


def _say_newest(panel: Panel, drawn: Drawn) -> str:
    """What the same view says in the newest data beside what it says here."""
    then = read_headline(panel, drawn.id, drawn.span[1].date())
    newest = Panel(panel.dataset, None, panel.coder, panel.weights, panel.mean, panel.doubt, panel.as_recorded)
    now = read_headline(newest, drawn.id, panel.dataset.assessments["recorded"].max().date())
    if then is None or now is None:
        return ""
    ends = [f"{format_score(h.score, 2)} in the {name_quarter(h.date)}" for h in (now, then)]
    return f"The newest reviewed quarter reads {ends[0]} in the newest data; it was {ends[1]} in those of this card."
