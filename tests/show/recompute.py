"""The readings of an evidence bundle computed anew, by its README alone: ``python recompute.py BUNDLE.zip``.

It stands for a stranger's program: it uses the standard library only and prints {level: {date: {id: reading}}}.
"""

import csv
import io
import json
import math
import sys
import zipfile


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"), newline="")))


def mean(values: dict[str, float], weights: dict[str, float], kind: str, needed: float) -> float | None:
    present = sum(weights[id] for id in values)
    if not values or present <= 0 or present / sum(weights.values()) < needed - 1e-9:
        return None
    if kind == "geometric":
        return math.exp(sum(weights[id] * math.log(1 + v) for id, v in values.items()) / present) - 1
    return sum(weights[id] * v for id, v in values.items()) / present


def recompute(path: str) -> dict[str, dict[str, dict[str, float]]]:
    with zipfile.ZipFile(path) as archive:
        view = json.loads(archive.read("view.json"))
        scores, shown = table(archive, "scores.csv"), table(archive, "shown.csv")
        indicators = table(archive, "codebook/indicators.csv")
    newest: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in sorted(scores, key=lambda row: row["recorded"]):
        newest[row["indicator"], row["coder"], row["date"]] = row
    force = sorted((row for row in newest.values() if row["score"]), key=lambda row: row["date"])
    found: dict[str, dict[str, dict[str, float]]] = {"indicator": {}, "dimension": {}, "index": {}}
    for day in sorted({row["date"] for row in shown}):
        held: dict[str, dict[str, float]] = {}
        for row in force:
            if row["date"] <= day:
                held.setdefault(row["indicator"], {})[row["coder"]] = float(row["score"])
        readings = {id: sum(by.values()) / len(by) for id, by in held.items()}
        dimensions = {}
        for dimension in view["weights"]:
            weights = {i["indicator"]: float(i["weight"]) for i in indicators if i["dimension"] == dimension}
            own = {id: value for id, value in readings.items() if id in weights}
            if (reading := mean(own, weights, view["mean"], 0.75)) is not None:
                dimensions[dimension] = reading
        index = mean(dimensions, view["weights"], view["mean"], 0.80)
        found["indicator"][day], found["dimension"][day] = readings, dimensions
        found["index"][day] = {} if index is None else {"index": index}
    return found


if __name__ == "__main__":
    print(json.dumps(recompute(sys.argv[1])))
