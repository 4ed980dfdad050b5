"""The tables of the outlook: levers with assumed effects, questions about what will be, and forecasts of their answers."""

from indicators.records.rules import check_choice, check_date, check_number, check_recorded, check_text
from indicators.records.tables.columns import CODER, EVENT, EVENT_LIST, ID, NUMBER, SLUG, Column, Table

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

QUESTION_TESTS = ("above", "below", "rises", "falls")
"""What a question on a reading may ask (meaning: ``data/method.md``)."""

CHANGE_TESTS = ("rises", "falls")
"""Tests whose threshold is a change since the day on which the question opened, not a place on the scale."""

RESOLUTIONS = ("yes", "no", "void")

RULES = ("baseline", "baseline-2")
"""Ids of coders who are rules, not persons: they forecast, and never score. The last one is in use."""

LEAST, MOST = 0.01, 0.99
"""Ends of the probabilities that a forecast may state: certainty would make one miss outweigh everything else."""

QUESTIONS = Table(
    "questions",
    "Questions about what will be, each with the rule by which it is answered.",
    (
        Column("question", "Id of the question.", SLUG),
        Column("text", "The question in one sentence.", check_text(20, 300)),
        Column("subject", "index, a dimension or an indicator; blank for a question on an event.", ID, blank=True),
        Column("test", "What must hold (vocabulary: method text).", check_choice(*QUESTION_TESTS), blank=True),
        Column("threshold", "Place on the scale, or points of change.", NUMBER, "number", True),
        Column("criteria", "By what the question is answered yes, no or not at all.", check_text(20, 900), blank=True),
        Column("opened", "First day of forecasts.", check_date, "date"),
        Column("closes", "Last day of forecasts.", check_date, "date"),
        Column("resolves", "Day that the question speaks of.", check_date, "date"),
        Column("resolution", "yes, no or void; blank while open.", check_choice(*RESOLUTIONS), blank=True),
        Column("event", "Event that answered yes.", EVENT, blank=True),
        Column("resolved", "Day on which it was answered.", check_date, "date", True),
        Column("recorded", "When the row was entered, UTC; a later row replaces.", check_recorded),
    ),
    key=("question", "recorded"),
    order=("resolves", "question", "recorded"),
)

FORECASTS = Table(
    "forecasts",
    "One coder's probability that a question is answered yes, holding from its date until that coder's next one.",
    (
        Column("question", "Question that is answered.", SLUG),
        Column("coder", "Who forecasts.", CODER),
        Column("date", "Day of the forecast.", check_date, "date"),
        Column(
            "probability",
            "Probability of yes, 0.01 to 0.99; blank withdraws.",
            check_number(LEAST, MOST),
            "number",
            True,
        ),
        Column("rationale", "Why this probability, in 20 to 600 characters.", check_text(20, 600)),
        Column("recorded", "When the row was entered, UTC; a later row replaces.", check_recorded),
    ),
    key=("question", "coder", "date", "recorded"),
    order=("question", "coder", "date", "recorded"),
)

QUESTIONS_FILE, FORECASTS_FILE = "outlook/questions.csv", "outlook/forecasts.csv"
