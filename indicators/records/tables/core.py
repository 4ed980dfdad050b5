"""The tables of the data folder: which files, which columns, and what each cell may hold."""

from indicators.records.rules import (
    check_choice,
    check_date,
    check_number,
    check_recorded,
    check_score,
    check_text,
    check_url,
    check_whole,
)
from indicators.records.tables.columns import (
    CODER,
    CODER_NAME,
    EVENT,
    EVENT_LIST,
    ID,
    NAME,
    NUMBER,
    SERIES,
    SLUG,
    SUBJECT,
    VERSION,
    WEIGHT,
    Column,
    Table,
)
from indicators.records.tables.outlook import FORECASTS, FORECASTS_FILE, PATHWAYS, QUESTIONS, QUESTIONS_FILE
from indicators.records.tables.outside import BENCHMARKS, NOTES, PAIRS, SOURCES
from indicators.records.topic import KEYS

TESTS = (
    "rises",
    "falls",
    "stays_above",
    "stays_below",
    "highest_since",
    "lowest_since",
    "larger_than",
    "moves_together",
    "varies",
)
"""The vocabulary of claims (meaning: ``data/method.md``)."""

PAIR_TESTS = ("larger_than", "moves_together")
"""Tests whose subject is two ids with ``;`` between them."""

LEVEL_TESTS = ("stays_above", "stays_below")
"""Tests whose threshold is a place on the scale."""

OPEN_TESTS = ("highest_since", "lowest_since")
"""Tests that take no threshold."""

ANCHOR_SCORES = (0, 2, 4, 6, 8, 10)

TOPIC = Table(
    "topic",
    "What the indicators are about: all that pages and files say of the subject.",
    (
        Column("key", f"What is said: {', '.join(KEYS)}.", check_choice(*KEYS)),
        Column("value", "The text, link or date; each key has a rule of its own.", check_text(2, 300)),
    ),
    key=("key",),
)

DIMENSIONS = Table(
    "dimensions",
    "The strands of the index.",
    (
        Column("dimension", "Id of the dimension; its scores stand in the file of this name.", NAME),
        Column("title", "Name shown to readers.", check_text(2, 40)),
        Column("question", "The question that the dimension answers.", check_text(20, 400)),
        Column("weight", "Weight in the index; only the ratios matter.", WEIGHT, "number"),
    ),
    key=("dimension",),
)

INDICATORS = Table(
    "indicators",
    "The scored questions of each dimension.",
    (
        Column("indicator", "Id of the indicator.", NAME),
        Column("dimension", "Dimension that it belongs to.", ID),
        Column("title", "Name shown to readers.", check_text(2, 40)),
        Column("definition", "What is observed, over which period, what counts.", check_text(40, 600)),
        Column("weight", "Weight in its dimension; only the ratios matter.", WEIGHT, "number"),
        Column(
            "review_days", "Days after which an assessment counts as carried.", check_number(1, 3650, True), "integer"
        ),
    ),
    key=("indicator",),
)

ANCHORS = Table(
    "anchors",
    "The written meaning of the even scores of each indicator.",
    (
        Column("indicator", "Indicator that the anchor belongs to.", ID),
        Column("score", "0, 2, 4, 6, 8 or 10.", check_whole(*ANCHOR_SCORES), "integer"),
        Column("anchor", "What must be the case for this score.", check_text(40, 600)),
    ),
    key=("indicator", "score"),
)

CODERS = Table(
    "coders",
    "Who scored; an id, never a person's name.",
    (
        Column("coder", "Id of the coder.", CODER_NAME),
        Column("description", "How the coder worked.", check_text(20, 600)),
    ),
    key=("coder",),
)

METHODS = Table(
    "methods",
    "The versions of the scoring method that an assessment may name.",
    (
        Column("method", "Version, as in 1.0.", VERSION),
        Column("date", "Day from which it was used.", check_date, "date"),
        Column("description", "What the version says.", check_text(20, 600)),
    ),
    key=("method",),
)

ASSESSMENTS = Table(
    "assessments",
    "One coder's score of one indicator, holding from its date until that coder's next one.",
    (
        Column("date", "Day from which the score holds.", check_date, "date"),
        Column("indicator", "Indicator that is scored.", ID),
        Column("score", "0 to 10 in halves; higher is more tension; blank withdraws.", check_score, "number", True),
        Column("low", "Lower end of the plausible range.", check_score, "number", True),
        Column("high", "Upper end of the plausible range.", check_score, "number", True),
        Column("rationale", "Why this score, in 20 to 600 characters.", check_text(20, 600)),
        Column("events", "Ids of the events that it rests on, with ; between them.", EVENT_LIST),
        Column("coder", "Who scored.", CODER),
        Column("recorded", "When the row was entered, UTC; a later row replaces.", check_recorded),
        Column("method", "Version of the method.", VERSION),
    ),
    key=("indicator", "coder", "date", "recorded"),
    order=("indicator", "date", "coder", "recorded"),
)

EVENTS = Table(
    "events",
    "Dated, sourced facts.",
    (
        Column("event", "Id of the event.", EVENT),
        Column("date", "Day of the event.", check_date, "date"),
        Column("indicator", "Indicator that it bears on most.", ID),
        Column(
            "effect",
            "Direction in which it points: raises, lowers, or context.",
            check_choice("raises", "lowers", "context"),
        ),
        Column("fact", "What happened.", check_text(20, 600)),
        Column("source_url", "Where it can be read.", check_url),
        Column("source_title", "Title of the source.", check_text(1, 300)),
        Column("publisher", "Who published it.", check_text(1, 200)),
        Column("reliability", "Reliability of the source, A (best) to F (cannot be judged).", check_choice(*"ABCDEF")),
        Column(
            "credibility",
            "Credibility of the fact, 1 (confirmed by the second report) to 6 (cannot be judged).",
            check_choice(*"123456"),
        ),
        Column("second_source_url", "Where else it can be read; credibility 1 needs it.", check_url, blank=True),
        Column("same_as", "First event that tells the same act; blank for that one and all others.", EVENT, blank=True),
    ),
    key=("event",),
    order=("event",),
)

FIGURES = Table(
    "figures",
    "Published numbers met while collecting events, each with its source.",
    (
        Column("date", "Day that the number speaks of, or the last day of its period.", check_date, "date"),
        Column("series", "Name of the quantity.", SERIES),
        Column("value", "The number.", NUMBER, "number"),
        Column("unit", "Unit, with what qualifies the number.", check_text(1, 120)),
        Column("source_url", "Where it can be read.", check_url),
        Column("publisher", "Who published it.", check_text(1, 200)),
    ),
    key=("series", "date", "value", "source_url"),
    order=("series", "date", "value", "source_url"),
)

CLAIMS = Table(
    "claims",
    "Sentences of the narrative, each bound to a test on the data.",
    (
        Column("claim", "Id of the claim.", SLUG),
        Column("section", "Section of the article that makes it.", SLUG),
        Column("text", "The claim in one sentence.", check_text(20, 200)),
        Column("test", "What must hold (vocabulary: method text).", check_choice(*TESTS)),
        Column("subject", "index, a dimension or an indicator; two with ; for a comparison.", SUBJECT),
        Column("start", "First day that the claim speaks of.", check_date, "date"),
        Column("end", "Last day that the claim speaks of.", check_date, "date"),
        Column(
            "threshold",
            "Points of the scale, or a correlation; blank where the test takes none.",
            NUMBER,
            "number",
            True,
        ),
    ),
    key=("claim",),
)

CODEBOOK_FILES: dict[str, Table] = {
    "codebook/dimensions.csv": DIMENSIONS,
    "codebook/indicators.csv": INDICATORS,
    "codebook/anchors.csv": ANCHORS,
    "codebook/coders.csv": CODERS,
    "codebook/methods.csv": METHODS,
}

TOPIC_FILE = "codebook/topic.csv"

SINGLE_FILES: dict[str, Table] = {
    TOPIC_FILE: TOPIC,
    **CODEBOOK_FILES,
    "events.csv": EVENTS,
    "narrative/claims.csv": CLAIMS,
    "benchmarks/sources.csv": SOURCES,
}
"""Files that every data folder has, beside one file of scores for each dimension."""

OPTIONAL_FILES: dict[str, Table] = {
    "benchmarks/pairs.csv": PAIRS,
    "benchmarks/notes.csv": NOTES,
    "outlook/pathways.csv": PATHWAYS,
    QUESTIONS_FILE: QUESTIONS,
    FORECASTS_FILE: FORECASTS,
}
"""Files that a folder may do without; where one is absent, it has no rows."""

FOLDERS: dict[str, Table] = {"scores": ASSESSMENTS, "evidence": FIGURES, "benchmarks": BENCHMARKS}
"""Folders whose CSV files, other than those named above, all hold one table."""

ARTICLE = "narrative/article.md"
METHOD = "method.md"
PACKAGE = "datapackage.json"


def table_of(file: str) -> Table | None:
    """Return the table that a file of the folder holds, or nothing where the format knows no such file."""
    if table := SINGLE_FILES.get(file) or OPTIONAL_FILES.get(file):
        return table
    folder, _, name = file.rpartition("/")
    return FOLDERS.get(folder) if name.endswith(".csv") else None


TABLES: tuple[Table, ...] = (*SINGLE_FILES.values(), *OPTIONAL_FILES.values(), *FOLDERS.values())
