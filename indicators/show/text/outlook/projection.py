"""The outlook in words and tables: what the fan says, how hindcasts performed, what a lever is assumed to do and why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from indicators.measures.outlook.fan import KEPT, RECENT, SHARES
from indicators.measures.outlook.hindcast import average_crps
from indicators.measures.outlook.levers import Assumption
from indicators.records.dataset import Dataset, split_ids
from indicators.show.text.html import list_cited
from indicators.show.text.markup import fill_part
from indicators.show.text.words import count_words, format_change, format_date, format_score

FAN_WARNING = (
    "The projection repeats past quarters of these readings, up or down; it takes no account of events to come."
)
LEVER_WARNING = "The effects of the levers are assumptions, neither forecasts nor findings."
NO_INSTANCE = "No instance in the data."


def describe_fan(
    name: str, fan: pd.DataFrame, share: int, titles: Sequence[str] = (), baseline: pd.DataFrame | None = None
) -> str:
    """Return where the paths lead by the last day of a fan, in sentences, and where they would without the levers."""

    def span(table: pd.DataFrame) -> str:
        last = table.iloc[-1]
        return f"between {format_score(last[f'low_{share}'])} and {format_score(last[f'high_{share}'])}"

    def middle(table: pd.DataFrame) -> str:
        return f"the median is {format_score(table['median'].iloc[-1], 2)}"

    without = fan if baseline is None else baseline
    first = fan.iloc[0]
    text = (
        f"{name} stood at {format_score(first['median'])} in the last settled quarter, on {format_date(first['date'])}. Without levers "
        f"{share} % of the simulated paths are {span(without)} on {format_date(fan['date'].iloc[-1])}; {middle(without)}."
    )
    if baseline is None:
        return text
    names = [title[:1].lower() + title[1:] for title in titles]
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)
    change = fan["median"].iloc[-1] - baseline["median"].iloc[-1]
    return f"{text} With {listed} they are {span(fan)}; {middle(fan)} ({format_change(change, 2)})."


def describe_fan_on(row: pd.Series) -> list[str]:
    """Return where the paths stand on one day of a fan, a row of ``summarise_fan``, a sentence for each share."""
    return [f"The median of the paths is {format_score(row['median'], 2)}."] + [
        f"{share} % of them lie between {format_score(row[f'low_{share}'])} and {format_score(row[f'high_{share}'])}."
        for share in SHARES
    ]


def describe_reach(fan: pd.DataFrame, share: int, change: float) -> str:
    """Return what all levers together change in the mean, beside the width of the interval on the last day of a fan."""
    width = fan[f"high_{share}"].iloc[-1] - fan[f"low_{share}"].iloc[-1]
    return (
        f"All levers together would change the mean by {format_change(change, 2)} by then; the {share} % interval is "
        f"{format_score(width)} points wide."
    )


def describe_off(record: pd.DataFrame) -> str:
    """Return how far hindcasts were off at the longest time ahead, by a table of ``score_fans``; blank without any."""
    row = record.iloc[-1]
    if not row["origins"]:
        return ""
    off = float(row["off"])
    side = (
        f"{format_score(abs(off))} too {'high' if off > 0 else 'low'}"
        if round(abs(off), 1)
        else "neither too high nor too low"
    )
    return (
        f"Over {int(row['months'])} months the medians of {count_words(int(row['origins']), 'hindcast')} were {side} on "
        f"average; the mean absolute error was {format_score(row['distance'])}."
    )


def describe_drawn(quarters: int, largest: tuple[pd.Timestamp, float] | None) -> str:
    """Return what the paths of a fan are drawn from, and its largest move, which decides how far the fan reaches."""
    text = (
        f"Simulated from {count_words(quarters, 'change')} between settled quarters, drawn in consecutive pairs, each with "
        f"its own or the opposite sign. Before each change a score keeps {KEPT:g} of its distance from its mean over the "
        f"last {RECENT} settled quarters."
    )
    if largest is None:
        return text
    end, change = largest
    return (
        f"{text} The largest of these changes of the index is that of the quarter to {format_date(end)} "
        f"({format_change(change)}); paths that repeat it, up or down, form the outer part of the projection."
    )


def describe_past_fans(name: str, record: pd.DataFrame, recorded: int) -> str:
    """Return how hindcasts performed, with what limits that finding; ``recorded`` counts fans made in time."""
    row = record.iloc[-1]
    if not row["origins"]:
        return (
            "There is too little history for a hindcast, so nothing can be said about how this projection may perform."
        )
    text = (
        f"Of {count_words(int(row['origins']), 'hindcast')} of {name} over {int(row['months'])} months, {int(row['inside_80'])} "
        f"had the outcome within the 80 % interval. They overlap: only {int(row['apart'])} of them cover separate periods, "
        "too few for a verdict. "
        f"{describe_crps(record)}"
    )
    if recorded:
        return text
    return (
        f"{text} The scores behind them were recorded later than their dates, so none was made at the time: they show how "
        "the method performs on these readings, not anyone's foresight."
    )


def describe_crps(record: pd.DataFrame) -> str:
    """Return how hindcasts scored beside the two references, by a table of ``score_fans``."""
    fan, redrawn, last = average_crps(record)
    first, final = (int(record["months"].iloc[end]) for end in (0, -1))
    return (
        f"Mean CRPS over {first} to {final} months (in points, 0 is best): the projection {fan:.2f}, the last {RECENT} "
        f"settled quarters resampled {redrawn:.2f}, the last reading alone {last:.2f}. The projection was "
        f"{_compare(fan, redrawn)} than the first reference and {_compare(fan, last)} than the second."
    )


def _compare(score: float, reference: float) -> str:
    return "better" if score < reference else "worse" if score > reference else "neither better nor worse"


def record_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how hindcasts performed as a table for readers: counts of what they contained, and scores beside the references."""

    def count(inside: int, origins: int) -> str:
        return f"{inside} of {origins}" if origins else "–"

    table = pd.DataFrame({"months ahead": counts["months"].astype(str), "hindcasts": counts["origins"].astype(str)})
    table["separate"] = counts["apart"].astype(str)
    for s in SHARES:
        pairs = zip(counts[f"inside_{s}"], counts["origins"], strict=True)
        table[f"in {s} %"] = [count(int(inside), int(origins)) for inside, origins in pairs]
    table["width of 80 %"] = counts["width_80"]
    names = {"crps": "CRPS", "crps_redrawn": f"last {RECENT} resampled", "crps_last": "last reading", "off": "bias"}
    for column, name in names.items():
        write = (lambda value: format_change(value, 2)) if column == "off" else "{:.2f}".format
        table[name] = ["–" if pd.isna(value) else write(value) for value in counts[column]]
    return table


RECORD_CAPTION = (
    "Hindcasts whose interval covered the outcome; separate: without overlap; width: mean, in points; CRPS of the "
    "projection and of two references, 0 is best; bias: median minus outcome, on average"
)


def lever_titles(dataset: Dataset) -> dict[str, str]:
    """Return the titles of the levers by id, in the order of their file."""
    if dataset.pathways.empty:
        return {}
    return dict(zip(dataset.pathways["lever"], dataset.pathways["title"], strict=True))


def assumption_table(dataset: Dataset, assumptions: Iterable[Assumption]) -> pd.DataFrame:
    """Return assumptions as a table for readers, with reason and instance."""
    titles = lever_titles(dataset)
    written = {(row["lever"], row["indicator"]): row for row in dataset.pathways.to_dict("records")}
    rows = [
        (
            titles[a.lever],
            dataset.title(a.indicator),
            *map(format_effect, (a.low, a.mode, a.high)),
            count_words(a.delay_days, "day"),
            written[a.lever, a.indicator]["rationale"],
            ", ".join(split_ids(written[a.lever, a.indicator]["instance"])) or NO_INSTANCE,
        )
        for a in assumptions
    ]
    names = ["lever", "indicator", "low", "likeliest", "high", "takes effect after", "reason", "instance"]
    return pd.DataFrame(rows, columns=names)


def range_table(dataset: Dataset, ranges: pd.DataFrame) -> pd.DataFrame:
    """Return what each lever does to the index as a table for readers: mean, and the ends that hold 80 % of the paths."""
    table = pd.DataFrame({"lever": ranges["lever"].map(lever_titles(dataset)), "mean": ranges["amount"]})
    return table.assign(**{"low (80 %)": ranges["low"], "high (80 %)": ranges["high"]})


def ledger_table(dataset: Dataset, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the account of the levers as a table for readers, with its sum."""
    titles = lever_titles(dataset)
    rows = [
        (
            titles[row["lever"]] if row["part"] == "lever" else "Capped at the ends of the scale",
            dataset.title(row["dimension"]),
            dataset.title(row["indicator"]),
            format_change(row["amount"], 3),
        )
        for row in ledger.to_dict("records")
    ]
    rows.append(("Sum: difference of the means", "", "", format_change(ledger["amount"].sum(), 3)))
    return pd.DataFrame(rows, columns=["part", "dimension", "indicator", "points of the index"])


def format_effect(points: float) -> str:
    """Return an assumed change of a score with its sign; none is 0.00."""
    return "0.00" if points == 0 else format_change(points, 2)


def show_assumed(dataset: Dataset, assumptions: Iterable[Assumption], own: Collection[Assumption] = ()) -> Markup:
    """Return what one lever is assumed to do as lines of a page; ``own`` are the reader's among them."""
    rows = [
        (dataset.title(a.indicator), list(map(format_effect, (a.low, a.mode, a.high))), a.delay_days, a in own)
        for a in assumptions
    ]
    return fill_part("outlook.html", "assumed", rows=rows)


def show_assumed_head() -> Markup:
    """Return the head that stands once over those lines."""
    return fill_part("outlook.html", "assumed_head")


def show_reason(dataset: Dataset, row: Mapping[Any, Any]) -> Markup:
    """Return why a lever is assumed to do what it does, and the events that show it, with their sources."""
    events = list_cited(dataset.events.loc[split_ids(str(row["instance"]))])
    title, rationale = dataset.title(str(row["indicator"])), str(row["rationale"])
    return fill_part("outlook.html", "reason", title=title, rationale=rationale, events=events, no_instance=NO_INSTANCE)
