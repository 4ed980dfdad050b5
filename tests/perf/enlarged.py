"""A data folder of any size without problems: the shipped one, scored on more days and by more coders."""

import csv
import datetime as dt
import shutil
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

DAYS = 90
"""Days from an assessment to the next one of a quarterly scoring."""

Line = list[str]


def count_assessments(data: Path) -> int:
    """Return how many assessments a folder has."""
    return sum(len(_read(path)) - 1 for path in data.glob("scores/*.csv"))


def enlarge_folder(source: Path, target: Path, rows: int) -> None:
    """Write a folder of exactly ``rows`` assessments; fewer than ``source`` has keeps the first ones of each file.

    Each shipped assessment is given again on up to 90 days in a row, before the same coder's next one; when all days
    are full, further coders repeat them. All else stays, so every rule holds as before. Same arguments, same bytes.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*"))
    files = sorted((source / "scores").glob("*.csv"))
    lengths = [len(_read(path)) - 1 for path in files]
    shares = [rows * length // sum(lengths) for length in lengths]
    shares[-1] += rows - sum(shares)  # the last one takes what rounding leaves
    crowds = 0
    for path, share in zip(files, shares, strict=True):
        head, *body = _read(path)
        taken = list(islice(_repeat(head, body), share))
        crowds = max(crowds, *(crowd for crowd, _ in taken))
        _write(target / "scores" / path.name, [head, *(row for _, row in taken)])
    head, *coders = _read(source / "codebook" / "coders.csv")
    more = [[_coder(id, crowd), *rest] for crowd in range(crowds + 1) for id, *rest in coders]
    _write(target / "codebook" / "coders.csv", [head, *more])


def _repeat(head: Line, body: list[Line]) -> Iterator[tuple[int, Line]]:
    """Yield the rows without end, day after day and coder after coder, each with the number of its set of coders."""
    date, indicator, coder, recorded = map(head.index, ("date", "indicator", "coder", "recorded"))
    # Newest first on each day: where the rows end in the middle, none stands without the one that replaces it.
    body = sorted(sorted(body, key=lambda row: row[recorded], reverse=True), key=lambda row: row[date])
    days: dict[tuple[str, str], list[str]] = {}
    for row in body:
        days.setdefault((row[indicator], row[coder]), []).append(row[date])
    # A row stops before the coder's next assessment, and on the day of its recording.
    stops = [
        min([d for d in days[row[indicator], row[coder]] if d > row[date]] + [_later(row[recorded][:10], 1)])
        for row in body
    ]
    for crowd in count():
        for day in range(DAYS):
            for row, stop in zip(body, stops, strict=True):
                if (later := _later(row[date], day)) < stop:
                    yield (
                        crowd,
                        [later if n == date else _coder(c, crowd) if n == coder else c for n, c in enumerate(row)],
                    )


def _later(date: str, days: int) -> str:
    return (dt.date.fromisoformat(date) + dt.timedelta(days)).isoformat()


def _coder(id: str, crowd: int) -> str:
    return f"{id}n{crowd}" if crowd else id


def _read(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write(path: Path, rows: list[Line]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
