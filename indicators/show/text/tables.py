"""Measures as tables that people read: titles for ids, words for states."""

from collections.abc import Sequence

import pandas as pd

from indicators.measures.index import Weights
from indicators.records.dataset import Dataset
from indicators.records.imports.series import Delivery
from indicators.show.charts.scale import Line
from indicators.show.text.words import format_change


def tabulate_readings(
    lines: Sequence[Line], dates: pd.DatetimeIndex | None = None, strong: str = "", share: int = 80
) -> pd.DataFrame:
    """Return the readings of some lines side by side, a row for each date, newest first.

    ``dates`` keep to some days. The ``strong`` line stands first, beside it the ends of its interval, which holds
    ``share`` percent of the draws.
    """
    columns: dict[str, pd.Series] = {}
    for line in sorted(lines, key=lambda line: line.id != strong):
        rows = line.readings if dates is None else line.readings[line.readings["date"].isin(dates)]
        rows = rows.set_index("date")
        columns[line.title] = rows["score"]
        if line.id == strong:
            columns[f"low ({share} %)"], columns[f"high ({share} %)"] = rows["low"], rows["high"]
    return pd.DataFrame(columns).sort_index(ascending=False).rename_axis("date").reset_index()


def weight_table(dataset: Dataset, weights: Weights) -> pd.DataFrame:
    """Return each indicator's weight in its dimension and in the index, in per cent."""
    shares = weights.dimensions / weights.dimensions.sum()
    rows = []
    for dimension, share in shares.items():
        members = weights.indicators[weights.members(str(dimension))]
        for indicator, weight in (members / members.sum()).items():
            rows.append(
                {
                    "dimension": dataset.title(str(dimension)),
                    "indicator": dataset.title(str(indicator)),
                    "id": indicator,
                    "% of dimension": 100 * weight,
                    "% of index": 100 * weight * share,
                }
            )
    return pd.DataFrame(rows)


def freshness_table(dataset: Dataset, freshness: pd.DataFrame) -> pd.DataFrame:
    """Return when each indicator was reviewed by each coder, most overdue first."""
    table = freshness.sort_values(["due", "indicator", "coder"], kind="stable")
    return pd.DataFrame(
        {
            "indicator": table["indicator"].map(dataset.title),
            "coder": table["coder"],
            "assessments": table["assessments"].astype(str),
            "newest": table["newest"],
            "last review": table["reviewed"],
            "days ago": table["age_days"].astype(str),
            "next review": table["due"],
            "state": table["fresh"].map({True: "reviewed", False: "overdue"}),
        }
    )


def file_table(dataset: Dataset) -> pd.DataFrame:
    """Return the files of the folder with their numbers of rows."""
    return pd.DataFrame({"file": list(dataset.files), "rows": [f"{n:,}" for n in dataset.files.values()]})


def share_table(dataset: Dataset, shares: pd.DataFrame) -> pd.DataFrame:
    """Return stated weights beside effective shares of the index's variance, in per cent."""
    return pd.DataFrame(
        {
            "level": shares["level"],
            "title": shares["id"].map(dataset.title),
            "stated %": 100 * shares["stated"],
            "effective %": 100 * shares["effective"],
        }
    )


def carrying_table(dataset: Dataset, carrying: pd.DataFrame) -> pd.DataFrame:
    """Return the fifteen assessments that carry the interval most, with their share of the variance in per cent."""
    top = carrying.head(15)
    return pd.DataFrame(
        {
            "indicator": top["indicator"].map(dataset.title),
            "coder": top["coder"],
            "assessed": top["assessed"],
            "score": top["score"],
            "low": top["low"],
            "high": top["high"],
            "share %": 100 * top["share"],
        }
    )


def queue_table(dataset: Dataset, queue: pd.DataFrame) -> pd.DataFrame:
    """Return the first twenty of what to score next, with the expected narrowing in thousandths of a point of the index."""
    top = queue.head(20)
    return pd.DataFrame(
        {
            "indicator": top["indicator"].map(dataset.title),
            "action": top["action"],
            "coder": top["coder"],
            "reason": top["reason"],
            "narrowing, thousandths of a point": 1000 * top["narrowing"],
        }
    )


def coder_table(dataset: Dataset) -> pd.DataFrame:
    """Return who scored: the coders with assessments, as the codebook describes them."""
    scorers = dataset.scorers
    return pd.DataFrame({"coder": scorers, "description": dataset.coders.loc[scorers, "description"].tolist()})


def agreement_table(dataset: Dataset, agreement: pd.DataFrame) -> pd.DataFrame:
    """Return the coders' agreement with its interval and the number of units: quarters that two coders reviewed."""

    def number(value: float) -> str:
        return "–" if pd.isna(value) else f"{value:.2f}"

    return pd.DataFrame(
        {
            "level": agreement["level"].replace("index", "all indicators"),
            "title": [("All indicators" if id == "index" else dataset.title(id)) for id in agreement["id"]],
            "units": agreement["units"].astype(str),
            "alpha, interval": agreement["alpha_interval"].map(number),
            "95 % interval": [
                "–" if pd.isna(low) else f"{low:.2f} to {high:.2f}"
                for low, high in zip(agreement["low"], agreement["high"], strict=True)
            ],
            "alpha, ordinal": agreement["alpha_ordinal"].map(number),
            "note": agreement["note"],
        }
    )


def correction_table(dataset: Dataset, corrections: pd.DataFrame) -> pd.DataFrame:
    """Return every replaced or withdrawn row: old, new, reason, and the effect on the index on its date."""

    def span(score: float, low: float, high: float) -> str:
        return "withdrawn" if pd.isna(score) else f"{score:g} ({low:g}–{high:g})"

    def spans(end: str) -> list[str]:
        columns = [corrections[f"{end}_{name}"] for name in ("score", "low", "high")]
        return [span(*values) for values in zip(*columns, strict=True)]

    return pd.DataFrame(
        {
            "recorded": corrections["new_recorded"],
            "indicator": corrections["indicator"].map(dataset.title),
            "coder": corrections["coder"],
            "date": corrections["date"],
            "kind": corrections["kind"],
            "old": spans("old"),
            "new": spans("new"),
            "effect on the index": [format_change(effect, 3) for effect in corrections["effect"]],
            "reason": corrections["new_rationale"],
        }
    )


def delivery_table(delivery: Delivery) -> pd.DataFrame:
    """Return what a publisher's file delivers, a row for each series: number of values, first, last, newest value."""
    rows = []
    for entry in delivery.sources:
        own = [row for row in delivery.rows if row["series"] == entry["series"]]
        rows.append(
            {
                "series": entry["series"],
                "title": entry["title"],
                "unit": own[-1]["unit"],
                "frequency": entry["frequency"],
                "values": f"{len(own)}",
                "first": pd.Timestamp(entry["start"]),
                "last": pd.Timestamp(entry["end"]),
                "newest value": own[-1]["value"],
            }
        )
    return pd.DataFrame(rows)
