"""The outlook in words and tables: what the fan says, how past fans did, what a lever is assumed to do and why."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd

from indicators.measures.fan import SHARES
from indicators.measures.pathways import Assumption
from indicators.records.dataset import Dataset, split_ids
from indicators.show.markup import show_source
from indicators.show.words import count_words, escape_html, format_change, format_date, format_score, format_share

WARNING = (
    "The fan repeats past quarters of this ledger; it knows of no event to come. The levers' effects are assumptions, "
    "not forecasts and not findings: change them, and see what would have to be true."
)
NO_INSTANCE = "No instance in the data."


def describe_fan(
    name: str, fan: pd.DataFrame, share: int, titles: Sequence[str] = (), baseline: pd.DataFrame | None = None
) -> str:
    """Return where the paths lead by the last day of a fan, in sentences, and where they would without the levers."""

    def span(table: pd.DataFrame) -> str:
        last = table.iloc[-1]
        return (
            f"between {format_score(last[f'low_{share}'])} and {format_score(last[f'high_{share}'])} on "
            f"{format_date(last['date'])} in {share} % of the drawn paths"
        )

    def middle(table: pd.DataFrame) -> str:
        return f"the median is {format_score(table['median'].iloc[-1], 2)}"

    without = fan if baseline is None else baseline
    first = fan.iloc[0]
    text = (
        f"{name} stood at {format_score(first['median'])} on {format_date(first['date'])}. Without any lever it is "
        f"{span(without)}; {middle(without)}."
    )
    if baseline is None:
        return text
    listed = " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 2 else titles)
    change = fan["median"].iloc[-1] - baseline["median"].iloc[-1]
    return f"{text} With {listed} it is {span(fan)}; {middle(fan)} ({format_change(change, 2)})."


def describe_drawn(quarters: int, largest: tuple[pd.Timestamp, float]) -> str:
    """Return what the paths of a fan are drawn from, and its largest move, which decides how far the fan reaches."""
    end, change = largest
    return (
        f"Drawn from {count_words(quarters, 'quarter')} of the ledger, in pairs that followed each other. The largest "
        f"move of the index among them is that of the quarter to {format_date(end)} ({format_change(change)}); paths "
        "that repeat it make the outer part of the fan."
    )


def describe_record(name: str, counts: pd.DataFrame, recorded: int) -> str:
    """Return how past fans did a year ahead, with what limits that finding; ``recorded`` counts fans made in time."""
    row = counts.iloc[-1]
    if not row["origins"]:
        return "There is too little history for a fan in the past, so nothing can be said of how this one may do."
    text = (
        f"Of {count_words(int(row['origins']), 'past fan')} of {name} made {int(row['months'])} months ahead, the 80 % "
        f"fan contained what came in {int(row['inside_80'])} ({format_share(row['inside_80'] / row['origins'])}). "
        f"They overlap: only {int(row['apart'])} of them stand one after the other, too few for a verdict."
    )
    if recorded:
        return text
    return (
        f"{text} The scores behind them were recorded later than their dates, so no fan was really made at its time; "
        "the count says how the method does on this ledger, not how well anyone foresaw."
    )


def count_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how often past fans contained what came as a table for readers: counts with their number and share."""

    def share(inside: int, origins: int) -> str:
        return f"{inside} of {origins} ({format_share(inside / origins)})" if origins else "–"

    table = pd.DataFrame({"months ahead": counts["months"].astype(str), "past fans": counts["origins"].astype(str)})
    table["not overlapping"] = counts["apart"].astype(str)
    for s in SHARES:
        pairs = zip(counts[f"inside_{s}"], counts["origins"], strict=True)
        table[f"within the {s} % fan"] = [share(int(inside), int(origins)) for inside, origins in pairs]
    table["mean width of the 80 % fan"] = counts["width_80"]
    return table


def lever_titles(dataset: Dataset) -> dict[str, str]:
    """Return the titles of the levers by id, in the order of their file."""
    if dataset.pathways.empty:
        return {}
    return dict(zip(dataset.pathways["lever"], dataset.pathways["title"], strict=True))


def assumption_table(dataset: Dataset, assumptions: Iterable[Assumption]) -> pd.DataFrame:
    """Return assumptions as a table for readers, with reason and instance."""
    titles = lever_titles(dataset)
    written = dataset.pathways.set_index(["lever", "indicator"])
    rows = [
        (
            titles[a.lever],
            dataset.title(a.indicator),
            *(format_change(n, 2) for n in (a.low, a.mode, a.high)),
            count_words(a.delay_days, "day"),
            written.at[(a.lever, a.indicator), "rationale"],
            written.at[(a.lever, a.indicator), "instance"].replace(";", ", ") or NO_INSTANCE,
        )
        for a in assumptions
    ]
    names = ["lever", "indicator", "low", "likeliest", "high", "takes effect after", "reason", "instance"]
    return pd.DataFrame(rows, columns=names)


def ledger_table(dataset: Dataset, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the account of the levers as a table for readers, with its sum."""
    titles = lever_titles(dataset)
    rows = [
        (
            titles[row["lever"]] if row["part"] == "lever" else "Held at the ends of the scale",
            dataset.title(row["dimension"]),
            dataset.title(row["indicator"]),
            format_change(row["amount"], 3),
        )
        for row in ledger.to_dict("records")
    ]
    rows.append(("Sum: difference of the means", "", "", format_change(ledger["amount"].sum(), 3)))
    return pd.DataFrame(rows, columns=["part", "dimension", "indicator", "points of the index"])


def show_assumed(dataset: Dataset, assumptions: Iterable[Assumption], own: Collection[Assumption] = ()) -> str:
    """Return what one lever is assumed to do as lines of a page; ``own`` are the reader's among them."""
    rows = "".join(
        f"<tr{' class=own' if a in own else ''}><td>{escape_html(dataset.title(a.indicator))}</td>"
        + "".join(f'<td class="n">{format_change(n, 2)}</td>' for n in (a.low, a.mode, a.high))
        + f'<td class="n">{a.delay_days}</td></tr>'
        for a in assumptions
    )
    return f'<table class="assumed"><tbody>{rows}</tbody></table>'


ASSUMED_HEAD = (
    '<table class="assumed head" aria-hidden="true"><tbody><tr><td>indicator, points</td><td class="n">low</td>'
    '<td class="n">likeliest</td><td class="n">high</td><td class="n">after days</td></tr></tbody></table>'
)


def show_reason(dataset: Dataset, row: Mapping[str, object]) -> str:
    """Return why a lever is assumed to do what it does, and the events that show it, with their sources."""
    events = dataset.events.loc[split_ids(str(row["instance"]))]
    items = "".join(
        f"<li>{format_date(event['date'])} — {escape_html(event['fact'])} {show_source(event)}</li>"
        for event in events.to_dict("records")
    )
    shown = f"<ul>{items}</ul>" if items else f'<p class="empty">{NO_INSTANCE}</p>'
    return (
        f'<article class="assessment"><p><strong>{escape_html(dataset.title(str(row["indicator"])))}.</strong> '
        f"{escape_html(str(row['rationale']))}</p>{shown}</article>"
    )
