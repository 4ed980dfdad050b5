"""A second subject, made up: two ferry companies and their quarrel, in two dimensions, four indicators, three quarters."""

import datetime as dt
from pathlib import Path

from indicators.records.beginning import Subject, make_folder
from indicators.records.folder import format_folder

FERRY = Subject(
    title="Ferry quarrel (fictional)",
    question="How bitter is the ferry quarrel?",
    dimensions={"fares": "Fares", "piers": "Piers"},
    indicators={
        "fares": {"far_cuts": "Fare cuts", "far_dumping": "Fares below cost"},
        "piers": {"pie_access": "Access to piers", "pie_blocks": "Blocked piers"},
    },
)
BEGUN = dt.date(2024, 1, 1)
DAYS = ("2024-03-31", "2024-06-30", "2024-09-30")
SCORES = {"far_cuts": (4, 5, 6), "far_dumping": (2, 4, 3.5), "pie_access": (5, 5, 7), "pie_blocks": (1, 2, 6)}


def write_ferry(path: Path) -> Path:
    """Write the folder with an event for each indicator and quarter, and a review that cites it."""
    make_folder(path, FERRY, BEGUN)
    events, rows = [], {name: [] for name in FERRY.dimensions}  # type: ignore[var-annotated]
    for dimension, inner in FERRY.indicators.items():
        for id, title in inner.items():
            for day, score in zip(DAYS, SCORES[id], strict=True):
                number = f"E{len(events) + 2:04d}"
                events.append(
                    f"{number},{day},{id},raises,Made up: {title} was in the news of the harbour.,https://example.org/{number},"
                    f"{title} again,Harbour Gazette,B,2,,"
                )
                rows[dimension].append(
                    f"{day},{id},{score},{score - 1 if score >= 1 else 0},{score + 1},Made up: the quarter of {title} as the "
                    f"Gazette tells it.,{number},c1,{day}T20:00:00Z,1.0"
                )
    with (path / "events.csv").open("a", encoding="utf-8") as file:
        file.write("".join(f"{event}\n" for event in events))
    for dimension, lines in rows.items():
        with (path / f"scores/{dimension}.csv").open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
    format_folder(path, write=True)
    return path
