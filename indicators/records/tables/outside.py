"""The tables of the outside series: values, sources, what they are compared with, notes."""

from indicators.records.rules import DATE, MOMENT, NUMBER, URL, Choice, Id, Text, WholeChoice
from indicators.records.tables.columns import CODER, ID, SERIES, SERIES_NAME, Column, Table

BENCHMARKS = Table(
    "benchmarks",
    "Outside series, as their publishers give them.",
    (
        Column("date", "Last day of the period.", DATE),
        Column("series", "Id of the series.", SERIES, refers="benchmarks/sources.csv"),
        Column("value", "The number.", NUMBER),
        Column("unit", "Unit.", Text(1, 120)),
    ),
    key=("series", "date"),
    order=("series", "date"),
)

SOURCES = Table(
    "sources",
    "Where each outside series is from and under which terms.",
    (
        Column("series", "Id of the series.", SERIES_NAME),
        Column("file", "File of this folder that contains it.", Id(r"[a-z0-9-]+\.csv", "ai-gpr.csv")),
        Column("title", "Title of the series.", Text(2, 120)),
        Column("publisher", "Who publishes it.", Text(2, 120)),
        Column("licence", "Terms of use.", Text(2, 300)),
        Column("url", "The publisher's own page.", URL),
        Column("retrieved", "Copy that the file was made from.", Text(2, 300)),
        Column("start", "First day covered.", DATE),
        Column("end", "Last day covered.", DATE),
        Column("frequency", "daily, weekly, monthly, quarterly or yearly.", Text(2, 40)),
        Column(
            "notes",
            "What a reader must know before using it.",
            Text(2, 900),
        ),
    ),
    key=("series",),
)

PAIRS = Table(
    "pairs",
    "Which outside series is compared with which reading, and in which role.",
    (
        Column("series", "Id of the series; it may be one that is not in the folder yet.", SERIES),
        Column("subject", "index, a dimension or an indicator.", ID),
        Column(
            "role",
            "validation (it should move with the subject) or context (it is shown, and proves nothing).",
            Choice(("validation", "context")),
        ),
        Column(
            "nature",
            "flow (counts what happens in a month) or level (a state, a rate or a price).",
            Choice(("flow", "level")),
        ),
        Column(
            "direction",
            "1 where more of it means more tension, -1 where less does.",
            WholeChoice((1, -1)),
        ),
        Column("reason", "Why it is compared, or why it is context only.", Text(20, 400)),
    ),
    key=("series", "subject"),
)

NOTES = Table(
    "notes",
    "Notes on periods in which a reading and an outside series diverge.",
    (
        Column("date", "A day of the period that the note is about.", DATE),
        Column("subject", "index, a dimension or an indicator.", ID),
        Column("series", "Id of the outside series.", SERIES),
        Column("text", "The note, in 20 to 600 characters.", Text(20, 600)),
        Column("author", "Who wrote it: an id of the coders.", CODER, refers="codebook/coders.csv"),
        Column("recorded", "When it was entered, UTC.", MOMENT),
    ),
    key=("subject", "series", "date", "author", "recorded"),
    order=("subject", "series", "date", "author", "recorded"),
)
