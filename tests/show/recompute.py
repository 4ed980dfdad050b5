"""The readings of an evidence bundle computed anew, by its README alone: ``python recompute.py BUNDLE.zip``.

It stands for a stranger's program: it uses the standard library only and prints {level: {date: {id: reading}}}, and
under "interval" the ends of the 80 % interval of the index at the newest date with a reading, by random numbers of its own.
"""

import csv
import datetime as dt
import io
import json
import math
import random
import sys
import zipfile

Rows = list[dict[str, str]]


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"), newline="")))


def mean(values: dict[str, float], weights: dict[str, float], kind: str, needed: float) -> float | None:
    present = sum(weights[id] for id in values)
    if not values or present <= 0 or present / sum(weights.values()) < needed - 1e-9:
        return None
    if kind == "geometric":
        return math.exp(sum(weights[id] * math.log(1 + v) for id, v in values.items()) / present) - 1
    return sum(weights[id] * v for id, v in values.items()) / present


def ends_quarter(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1 and day.month % 3 == 0


def follow(rows: Rows, day: dt.date) -> tuple[dict[str, str], dict[str, str] | None, float] | None:
    """Where a coder's line through the reviews stands: the row it comes from, the review it goes to, the share."""
    dated = [(dt.date.fromisoformat(row["date"]), row) for row in rows]
    past = [(date, row) for date, row in dated if date <= day]
    if not past:
        return None
    reviews = [(date, row) for date, row in dated if ends_quarter(date)]
    before = [review for review in reviews if review[0] <= day]
    if not before:
        return past[-1][1], None, 0.0
    (start, first), after = before[-1], [review for review in reviews if review[0] > day]
    if not after:
        return first, None, 0.0
    end, last = after[0]
    low, high = float(first["score"]), float(last["score"])
    share, since = 0.0, start
    between = [(date, row) for date, row in dated if start < date < end]
    for date, row in between:
        if date <= day:
            since = date
            if high != low:
                share = max(share, min((float(row["score"]) - low) / (high - low), 1.0))
    if not any(date > day for date, _ in between):
        share += (1 - share) * (day - since).days / (end - since).days
    return first, last, share


def value(rows: Rows, day: dt.date) -> float | None:
    if (found := follow(rows, day)) is None:
        return None
    first, last, share = found
    return float(first["score"]) if last is None else (1 - share) * float(first["score"]) + share * float(last["score"])


def triangle(place: float, row: dict[str, str]) -> float:
    low, mode, high = (float(row[name]) for name in ("low", "score", "high"))
    if high == low:
        return mode
    if place < (mode - low) / (high - low):
        return low + math.sqrt(place * (high - low) * (mode - low))
    return high - math.sqrt((1 - place) * (high - low) * (high - mode))


def interval(
    reviews: dict[str, dict[str, dict[str, str]]], dimension_of: dict[str, str], shares: list[float], count: int
) -> tuple[float, float]:
    """The middle 80 % of the mean of the dimensions' means, where every indicator was reviewed; equal weights."""
    draw = random.Random(1)
    coders = sorted({coder for by in reviews.values() for coder in by})
    r_ind, r_dim, r_all = (math.sqrt(share) for share in shares)
    found = []
    for _ in range(count):
        every, coder = draw.random(), draw.choice(coders)
        dimensions: dict[str, float] = {}
        sums: dict[str, list[float]] = {}
        for indicator, by in reviews.items():
            dimension = dimension_of[indicator]
            if dimension not in dimensions:
                dimensions[dimension] = every if draw.random() < r_all else draw.random()
            place = dimensions[dimension] if draw.random() < r_dim else draw.random()
            place = place if draw.random() < r_ind else draw.random()
            sums.setdefault(dimension, []).append(triangle(place, by[coder]))
        found.append(sum(sum(own) / len(own) for own in sums.values()) / len(sums))
    found.sort()
    return found[count // 10], found[-count // 10]


def recompute(path: str) -> dict[str, dict[str, dict[str, float]]]:
    with zipfile.ZipFile(path) as archive:
        view = json.loads(archive.read("view.json"))
        scores, shown = table(archive, "scores.csv"), table(archive, "shown.csv")
        indicators, methods = table(archive, "codebook/indicators.csv"), table(archive, "codebook/methods.csv")
    newest: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in sorted(scores, key=lambda row: row["recorded"]):
        newest[row["indicator"], row["coder"], row["date"]] = row
    force = sorted((row for row in newest.values() if row["score"]), key=lambda row: row["date"])
    lines: dict[str, dict[str, Rows]] = {}
    for row in force:
        lines.setdefault(row["indicator"], {}).setdefault(row["coder"], []).append(row)
    found: dict[str, dict[str, dict[str, float]]] = {"indicator": {}, "dimension": {}, "index": {}, "interval": {}}
    for day in sorted({row["date"] for row in shown}):
        date = dt.date.fromisoformat(day)
        readings = {}
        for indicator, by in lines.items():
            values = [v for rows in by.values() if (v := value(rows, date)) is not None]
            if values:
                readings[indicator] = sum(values) / len(values)
        dimensions = {}
        for dimension in view["weights"]:
            weights = {i["indicator"]: float(i["weight"]) for i in indicators if i["dimension"] == dimension}
            own = {id: value for id, value in readings.items() if id in weights}
            if (reading := mean(own, weights, view["mean"], 0.75)) is not None:
                dimensions[dimension] = reading
        index = mean(dimensions, view["weights"], view["mean"], 0.80)
        found["indicator"][day], found["dimension"][day] = readings, dimensions
        found["index"][day] = {} if index is None else {"index": index}
    days = sorted({row["date"] for row in shown if row["level"] == "index" and row["state"] == "settled"})
    day = days[-1]
    reviews = {id: {c: row for c, rows in by.items() for row in rows if row["date"] == day} for id, by in lines.items()}
    newest_method = max(methods, key=lambda row: (row["date"], row["method"]))
    parameters = [float(newest_method[f"doubt_{name}"] or 0) for name in ("indicator", "dimension", "all")]
    coders = {tuple(sorted(by)) for by in reviews.values()}
    if (
        view["mean"] == "arithmetic"
        and len(set(view["weights"].values())) == 1
        and len(coders) == 1
        and () not in coders
    ):
        dimension_of = {i["indicator"]: i["dimension"] for i in indicators}
        low, high = interval(reviews, dimension_of, parameters, 20_000)
        found["interval"][day] = {"low": low, "high": high}
    return found


if __name__ == "__main__":
    print(json.dumps(recompute(sys.argv[1])))
