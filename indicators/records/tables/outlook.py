"""The tables of the outlook: levers with assumed effects, questions about what will be, and forecasts of their answers."""

from indicators.records.rules import DATE, MOMENT, NUMBER, Choice, Number, Text, Whole
from indicators.records.tables.columns import CODER, EVENT, EVENT_LIST, ID, RATIONALE, SLUG, Column, Table

EFFECT = Number(-10.0, 10.0)
"""Change of a score that a lever may be assumed to bring, in points."""

DELAY = Whole(0, 3650)
"""Days until a lever takes effect."""

PATHWAYS = Table(
    "pathways",
    "Levers of the outlook with their assumed effects: a row for each lever and indicator.",
    (
        Column("lever", "Id of the lever.", SLUG),
        Column("title", "Name of the lever shown to readers; the same in all its rows.", Text(2, 60)),
        Column("indicator", "Indicator that it is assumed to move.", ID, refers="codebook/indicators.csv"),
        Column("low", "Lowest assumed change of the score, in points; negative is less tension.", EFFECT),
        Column("mode", "Most likely change.", EFFECT),
        Column("high", "Highest assumed change.", EFFECT),
        Column("delay_days", "Days until it takes effect.", DELAY),
        Column("rationale", "Why this effect, in 20 to 600 characters.", RATIONALE),
        Column(
            "instance",
            "Ids of events that show the lever at work, separated by semicolons; blank where the data has none.",
            EVENT_LIST,
            blank=True,
        ),
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

PROBABILITY = Number(0.01, 0.99)
"""What a forecast may state: certainty would make one miss outweigh everything else."""

QUESTIONS = Table(
    "questions",
    "Questions about the future, each with the rule that decides its answer.",
    (
        Column("question", "Id of the question.", SLUG),
        Column("text", "The question in one sentence.", Text(20, 300)),
        Column("subject", "index, a dimension or an indicator; blank for a question on an event.", ID, blank=True),
        Column("test", "What the test requires (vocabulary: method text).", Choice(QUESTION_TESTS), blank=True),
        Column("threshold", "Place on the scale, or points of change.", NUMBER, blank=True),
        Column("criteria", "The rule that decides between yes, no and void.", Text(20, 900), blank=True),
        Column("opened", "First day of forecasts.", DATE),
        Column("closes", "Last day of forecasts.", DATE),
        Column("resolves", "Day that the question is about.", DATE),
        Column("resolution", "yes, no or void; blank while open.", Choice(RESOLUTIONS), blank=True),
        Column("event", "Event that answered yes.", EVENT, blank=True),
        Column("resolved", "Day on which it was answered.", DATE, blank=True),
        Column("recorded", "When the row was entered, UTC; a later row replaces.", MOMENT),
    ),
    key=("question", "recorded"),
    order=("resolves", "question", "recorded"),
)

FORECASTS = Table(
    "forecasts",
    "One coder's probability that a question is answered yes, valid from its date until that coder's next one.",
    (
        Column("question", "Question that is answered.", SLUG, refers="outlook/questions.csv"),
        Column("coder", "Who forecasts.", CODER, refers="codebook/coders.csv"),
        Column("date", "Day of the forecast.", DATE),
        Column(
            "probability",
            "Probability of yes, 0.01 to 0.99; blank withdraws.",
            PROBABILITY,
            blank=True,
        ),
        Column("rationale", "Why this probability, in 20 to 600 characters.", RATIONALE),
        Column("recorded", "When the row was entered, UTC; a later row replaces.", MOMENT),
    ),
    key=("question", "coder", "date", "recorded"),
    order=("question", "coder", "date", "recorded"),
)

QUESTIONS_FILE, FORECASTS_FILE = "outlook/questions.csv", "outlook/forecasts.csv"
