"""The tables of the outlook: questions about what will be, and probability forecasts of their answers."""

from indicators.records.cells import check_choice, check_date, check_number, check_recorded, check_text
from indicators.records.columns import CODER, EVENT, ID, NUMBER, SLUG, Column, Table

QUESTION_TESTS = ("above", "below", "rises", "falls")
"""What a question on a reading may ask (meaning: ``data/method.md``)."""

CHANGE_TESTS = ("rises", "falls")
"""Tests whose threshold is a change since the day on which the question opened, not a place on the scale."""

RESOLUTIONS = ("yes", "no", "void")

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
