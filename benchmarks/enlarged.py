"""A data folder of any size without problems: the shipped one, scored on more days and by more coders."""

import csv
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

DAYS = 90
"""Days from an assessment to the next one of a quarterly scoring."""


def count_assessments(data: Path) -> int:
    """Return how many assessments a folder has."""
    return sum(len(_read(path)) - 1 for path in _score_files(data))


def enlarge_folder(source: Path, target: Path, rows: int, days: int = DAYS) -> None:
    """Write a folder of exactly ``rows`` assessments; fewer than ``source`` has keeps the first ones of each file.

    Each shipped assessment is given again on up to ``days`` days in a row, before the same coder's next one; when all
    days are full, further coders repeat them. Score, range, reason and events stay, so every rule holds as before.
    With ``days=1`` there are only more coders. The same arguments give the same bytes.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*"))
    copies = 0
    for path, share in _split(rows, {path: len(_read(path)) - 1 for path in _score_files(source)}).items():
        head, *body = _read(path)
        rounds = _repeat(head, body, days)
        with (target / "scores" / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            for _ in range(share):
                copy, row = next(rounds)
                copies = max(copies, copy)
                writer.writerow(row)
    head, *coders = _read(source / "codebook" / "coders.csv")
    with (target / "codebook" / "coders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([_coder(id, copy), *rest] for copy in range(copies + 1) for id, *rest in coders)


def _repeat(head: list[str], body: list[list[str]], days: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows without end, each with the number of its set of coders."""
    date, indicator, coder, recorded = (head.index(n) for n in ("date", "indicator", "coder", "recorded"))
    taken = {(row[indicator], row[coder], row[date]) for row in body}
    spread: list[list[str]] = []
    free = list(body)
    for day in range(days):
        # A row that has met the coder's next assessment, or the day of its recording, has no later days.
        moved = [(row, [*row[:date], _later(row[date], day), *row[date + 1 :]]) for row in free]
        moved = [
            (row, new)
            for row, new in moved
            if not day or ((new[indicator], new[coder], new[date]) not in taken and new[date] <= row[recorded][:10])
        ]
        free = [row for row, _ in moved]
        spread += [new for _, new in moved]
        yield from ((0, new) for _, new in moved)
    copy = 0
    while True:
        copy += 1
        yield from ((copy, [*row[:coder], _coder(row[coder], copy), *row[coder + 1 :]]) for row in spread)


def _later(date: str, days: int) -> str:
    return (dt.date.fromisoformat(date) + dt.timedelta(days)).isoformat()


def _coder(id: str, copy: int) -> str:
    return f"{id}n{copy}" if copy else id


def _split(rows: int, lengths: dict[Path, int]) -> dict[Path, int]:
    """Share rows among files in proportion to their lengths; the last one takes what rounding leaves."""
    total = sum(lengths.values())
    shares = {path: rows * length // total for path, length in lengths.items()}
    shares[list(shares)[-1]] += rows - sum(shares.values())
    return shares


def _score_files(data: Path) -> list[Path]:
    return sorted((data / "scores").glob("*.csv"))


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
