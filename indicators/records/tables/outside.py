"""The tables of the outside series: values, sources, what they are compared with, notes."""

from indicators.records.rules import (
    check_choice,
    check_date,
    check_id,
    check_recorded,
    check_text,
    check_url,
    check_whole,
)
from indicators.records.tables.columns import CODER, ID, NUMBER, SERIES, Column, Table, check_series_name

BENCHMARKS = Table(
    "benchmarks",
    "Outside series, as their publishers give them.",
    (
        Column("date", "Last day of the period.", check_date, "date"),
        Column("series", "Id of the series.", SERIES),
        Column("value", "The number.", NUMBER, "number"),
        Column("unit", "Unit.", check_text(1, 120)),
    ),
    key=("series", "date"),
    order=("series", "date"),
)

SOURCES = Table(
    "sources",
    "Where each outside series is from and under which terms.",
    (
        Column("series", "Id of the series.", check_series_name),
        Column("file", "File of this folder that holds it.", check_id(r"[a-z0-9-]+\.csv", "ai-gpr.csv")),
        Column("title", "Title of the series.", check_text(2, 120)),
        Column("publisher", "Who publishes it.", check_text(2, 120)),
        Column("licence", "Terms of use.", check_text(2, 300)),
        Column("url", "The publisher's own page.", check_url),
        Column("retrieved", "Copy that the file was made from.", check_text(2, 300)),
        Column("start", "First day covered.", check_date, "date"),
        Column("end", "Last day covered.", check_date, "date"),
        Column("frequency", "daily, weekly, monthly, quarterly or yearly.", check_text(2, 40)),
        Column(
            "notes",
            "What a reader must know before using it.",
            check_text(2, 900),
        ),
    ),
    key=("series",),
)

PAIRS = Table(
    "pairs",
    "Which outside series is held against which reading, and as what.",
    (
        Column("series", "Id of the series; it may be one that the folder does not hold yet.", SERIES),
        Column("subject", "index, a dimension or an indicator.", ID),
        Column(
            "role",
            "validation (it should move with the subject) or context (it is shown, and proves nothing).",
            check_choice("validation", "context"),
        ),
        Column(
            "nature",
            "flow (counts what happens in a month) or level (a state, a rate or a price).",
            check_choice("flow", "level"),
        ),
        Column(
            "direction",
            "1 where more of it means more tension, -1 where less does.",
            check_whole(1, -1),
            "integer",
        ),
        Column("reason", "Why it is compared, or why it is context only.", check_text(20, 400)),
    ),
    key=("series", "subject"),
)

NOTES = Table(
    "notes",
    "What someone writes about a stretch in which a reading and an outside series part.",
    (
        Column("date", "A day of the stretch that the note speaks of.", check_date, "date"),
        Column("subject", "index, a dimension or an indicator.", ID),
        Column("series", "Id of the outside series.", SERIES),
        Column("text", "The note, in 20 to 600 characters.", check_text(20, 600)),
        Column("author", "Who wrote it: an id of the coders.", CODER),
        Column("recorded", "When it was entered, UTC.", check_recorded),
    ),
    key=("subject", "series", "date", "author", "recorded"),
    order=("subject", "series", "date", "author", "recorded"),
)
