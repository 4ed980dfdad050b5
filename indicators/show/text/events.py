"""Events as the page Events shows them: found by a search, and one in full with its other tellings."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from indicators.measures.events import Selection
from indicators.records.dataset import Dataset
from indicators.show.links.parameters import add_event
from indicators.show.text.html import word_source
from indicators.show.text.markup import fill_part
from indicators.show.text.words import EFFECTS, count_words, format_date

Parts = Mapping[str, Mapping[str, Sequence[str]]]
"""By event and column, a text in parts of which every second one was searched for."""


def show_found(
    dataset: Dataset,
    events: pd.DataFrame,
    parts: Parts,
    cited: Mapping[str, int],
    twins: Mapping[str, Sequence[str]],
    address: str,
) -> Markup:
    """Return events as a list that leads to each of them by the ``address`` of the page.

    ``cited`` says how many assessments cite an event or a twin of it, ``twins`` which other events tell the same act.
    """
    shown = []
    for id, row in events.to_dict("index").items():
        plain = {name: [row[name]] for name in ("fact", "source_title", "publisher")} | {"event": [id]}
        shown.append(
            _tell(dataset, str(id), row)
            | {
                "parts": parts.get(str(id), plain),
                "cited": f"cited by {count_words(cited[str(id)], 'assessment')}" if cited[str(id)] else "not cited",
                "twins": [(twin, add_event(address, twin)) for twin in twins[str(id)]],
                "address": add_event(address, str(id)),
            }
        )
    return fill_part("events.html", "found", events=shown)


def show_event(dataset: Dataset, id: str, twins: Sequence[str], address: str, indicator: str, chart: str) -> Markup:
    """Return one event in full, with the addresses of the page, of its indicator and of the chart around its date."""
    rows = dataset.events.loc[[id, *twins]].to_dict("index")
    event = _tell(dataset, id, rows[id]) | {
        "indicator_address": indicator,
        "chart_address": chart,
        "dimension": dataset.title(dataset.text(rows[id]["indicator"], "dimension")),
        "twins": [_tell(dataset, twin, rows[twin]) | {"address": add_event(address, twin)} for twin in twins],
    }
    return fill_part("events.html", "event", event=event)


def _tell(dataset: Dataset, id: str, row: Mapping[Any, Any]) -> dict[str, Any]:
    words = word_source(row)
    return {
        "id": id,
        "row": row,
        "words": words,
        "meaning": words[0],
        "title": dataset.title(row["indicator"]),
        "effect": EFFECTS[row["effect"]],
    }


def show_nothing_found(unknown: Sequence[str], filtered: bool) -> Markup:
    """Return that no event fits, with the words that stand in no event and what can be done."""
    sentences = ["No event matches all of these."]
    if unknown:
        words = ", ".join(f"“{word}”" for word in unknown)
        sentences.append(f"No event on record has a word that begins with {words}.")
    if filtered:
        sentences.append("Remove one of these; the number is that of the events found without it.")
    return fill_part("events.html", "nothing", sentences=sentences)


def describe_found(number: int, tellings: int, first: int, last: int) -> str:
    """Return how many acts were found, in how many rows of the file, and which of them the page shows."""
    text = count_words(number, "event")
    if tellings > number:
        text += f" in {tellings} records"
    return f"{text}; {first} to {last}, newest first." if last - first + 1 < number else f"{text}, newest first."


def name_filters(dataset: Dataset, selection: Selection, dated: bool) -> dict[str, str]:
    """Return what narrows a selection down, by the field of the selection, in words."""
    names = {
        "words": f"“{selection.words}”" if selection.words else "",
        "dimension": "" if selection.dimension == "index" else dataset.title(selection.dimension),
        "indicator": dataset.title(selection.indicator) if selection.indicator else "",
        "effect": EFFECTS[selection.effect] if selection.effect else "",
        "reliability": f"source {', '.join(selection.reliability)}" if selection.reliability else "",
        "credibility": f"fact {', '.join(selection.credibility)}" if selection.credibility else "",
        "cited": "" if selection.cited is None else "cited" if selection.cited else "not cited",
    }
    if dated and selection.start is not None and selection.end is not None:
        names["start"] = f"{format_date(selection.start)} – {format_date(selection.end)}"
    return {name: words for name, words in names.items() if words}
