"""The tables of the outside series."""

from indicators.records.cells import check_date, check_id, check_text, check_url
from indicators.records.columns import NUMBER, SERIES, Column, Table

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
        Column("series", "Id of the series.", SERIES),
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
            "What a reader must know before using it; 'Context, not validation: why.' first where that is so.",
            check_text(2, 900),
        ),
    ),
    key=("series",),
)
