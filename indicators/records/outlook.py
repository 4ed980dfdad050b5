"""The tables of the outlook."""

from indicators.records.cells import check_number, check_text
from indicators.records.columns import EVENT_LIST, ID, SLUG, Column, Table

EFFECT = check_number(-10, 10)

PATHWAYS = Table(
    "pathways",
    "Levers of the outlook with their assumed effects: a row for each lever and indicator.",
    (
        Column("lever", "Id of the lever.", SLUG),
        Column("title", "Name of the lever shown to readers; the same in all its rows.", check_text(2, 60)),
        Column("indicator", "Indicator that it is assumed to move.", ID),
        Column("low", "Lowest assumed change of the score, in points; negative is less tension.", EFFECT, "number"),
        Column("mode", "Change taken to be the likeliest.", EFFECT, "number"),
        Column("high", "Highest assumed change.", EFFECT, "number"),
        Column("delay_days", "Days until it takes effect.", check_number(0, 3650, True), "integer"),
        Column("rationale", "Why this effect, in 20 to 600 characters.", check_text(20, 600)),
        Column("instance", "Ids of events that show the lever at work, with ; between them.", EVENT_LIST, blank=True),
    ),
    key=("lever", "indicator"),
)
