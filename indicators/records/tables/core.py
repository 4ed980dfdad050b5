"""The tables of the data folder: which files, which columns, and what each cell may hold."""

from indicators.records.rules import DATE, MOMENT, NUMBER, SCORE, URL, Choice, Number, Text, WholeChoice
from indicators.records.tables.columns import (
    CODER,
    CODER_NAME,
    EVENT,
    EVENT_LIST,
    ID,
    NAME,
    RATIONALE,
    SERIES,
    SLUG,
    SUBJECT,
    VERSION,
    WEIGHT,
    Column,
    Table,
)
from indicators.records.tables.inbox import INBOX_FILES
from indicators.records.tables.outlook import FORECASTS, FORECASTS_FILE, PATHWAYS, QUESTIONS, QUESTIONS_FILE
from indicators.records.tables.outside import BENCHMARKS, NOTES, PAIRS, SOURCES
from indicators.records.topic import KEYS

TURNING_POINTS_FILE = "narrative/turning-points.csv"

CHANGE_CLAIMS = ("rises", "falls", "remains", "both_rise")
"""Tests that compare the mean over the quarters of a claim with that over quarters before; they take points."""

RECORD_CLAIMS = ("highest_since", "lowest_since")
"""Tests that compare the claim's quarters with every quarter before; they take no threshold."""

LEVEL_CLAIMS = ("averages_above", "averages_below", "stays_above", "stays_below")
"""Tests whose threshold is a place on the scale."""

UNTESTED = "none"
"""In place of a test: the sentence says nothing that the readings could bear out or contradict."""

TESTS = (*CHANGE_CLAIMS, *RECORD_CLAIMS, *LEVEL_CLAIMS, "varies", "larger_than", "moves_together", UNTESTED)

BEFORE_CLAIMS = (*CHANGE_CLAIMS, *RECORD_CLAIMS)
"""Tests that name the quarters before, with which they compare."""

PAIR_CLAIMS = ("both_rise", "larger_than", "moves_together")
"""Tests whose subject is two ids with ``;`` between them."""

OPEN_CLAIMS = (*RECORD_CLAIMS, UNTESTED)
"""Tests that take no threshold."""

ANCHOR_SCORES = (0, 2, 4, 6, 8, 10)

FACT = Text(20, 600)
SOURCE_TITLE = Text(1, 300)
PUBLISHER = Text(1, 200)

TOPIC = Table(
    "topic",
    "What the indicators are about: title, question, licence and other texts of the subject.",
    (
        Column("key", f"One of {', '.join(KEYS)}.", Choice(tuple(KEYS))),
        Column("value", "The text, link or date; each key has a rule of its own.", Text(2, 300)),
    ),
    key=("key",),
)

DIMENSIONS = Table(
    "dimensions",
    "The dimensions of the index.",
    (
        Column("dimension", "Id of the dimension; its scores stand in the file of this name.", NAME),
        Column("title", "Name shown to readers.", Text(2, 40)),
        Column("question", "The question that the dimension answers.", Text(20, 400)),
        Column("weight", "Weight in the index; only the ratios matter.", WEIGHT),
    ),
    key=("dimension",),
)

WINDOWS = ("quarter", "trailing", "state")

INDICATORS = Table(
    "indicators",
    "The scored questions of each dimension.",
    (
        Column("indicator", "Id of the indicator.", NAME),
        Column("dimension", "Dimension that it belongs to.", ID, refers="codebook/dimensions.csv"),
        Column("title", "Name shown to readers.", Text(2, 40)),
        Column("definition", "What is observed, over which period, what counts.", Text(40, 600)),
        Column("weight", "Weight in its dimension; only the ratios matter.", WEIGHT),
        Column(
            "window",
            "What a score covers: the quarter alone (quarter), several months up to its end (trailing), or how things "
            "stand at its end (state).",
            Choice(WINDOWS),
        ),
    ),
    key=("indicator",),
)

ANCHORS = Table(
    "anchors",
    "The written meaning of the even scores of each indicator.",
    (
        Column("indicator", "Indicator that the anchor belongs to.", ID, refers="codebook/indicators.csv"),
        Column("score", "0, 2, 4, 6, 8 or 10.", WholeChoice(ANCHOR_SCORES)),
        Column("anchor", "What must be the case for this score.", Text(40, 600)),
    ),
    key=("indicator", "score"),
)

CODERS = Table(
    "coders",
    "Who scored; an id, never a person's name.",
    (
        Column("coder", "Id of the coder.", CODER_NAME),
        Column("description", "How the coder worked.", Text(20, 600)),
    ),
    key=("coder",),
)

METHODS = Table(
    "methods",
    "The versions of the scoring method that an assessment may name.",
    (
        Column("method", "Version, as in 1.0.", VERSION),
        Column("date", "Day from which it was used.", DATE),
        Column("description", "Description of the version.", Text(20, 600)),
        Column(
            "doubt_indicator",
            "Share of the doubt in a score that is its indicator's, 0 to 1; blank counts as 0.",
            Number(0, 1),
            blank=True,
        ),
        Column(
            "doubt_dimension",
            "Share of an indicator's common doubt that is its dimension's, 0 to 1; blank counts as 0.",
            Number(0, 1),
            blank=True,
        ),
        Column(
            "doubt_all",
            "Share of a dimension's common doubt that is that of all, 0 to 1; blank counts as 0.",
            Number(0, 1),
            blank=True,
        ),
    ),
    key=("method",),
)

ASSESSMENTS = Table(
    "assessments",
    "One coder's score of one indicator, valid from its date until that coder's next one.",
    (
        Column("date", "Day from which the score applies.", DATE),
        Column("indicator", "Indicator that is scored.", ID, refers="codebook/indicators.csv"),
        Column("score", "0 to 10 in halves; higher is more tension; blank withdraws.", SCORE, blank=True),
        Column("low", "Lower end of the plausible range.", SCORE, blank=True),
        Column("high", "Upper end of the plausible range.", SCORE, blank=True),
        Column("rationale", "Why this score, in 20 to 600 characters.", RATIONALE),
        Column("events", "Ids of the events that support it, separated by semicolons.", EVENT_LIST),
        Column("coder", "Who scored.", CODER, refers="codebook/coders.csv"),
        Column("recorded", "When the row was entered, UTC; a later row replaces.", MOMENT),
        Column("method", "Version of the method.", VERSION, refers="codebook/methods.csv"),
    ),
    key=("indicator", "coder", "date", "recorded"),
    order=("indicator", "date", "coder", "recorded"),
)

RULINGS = Table(
    "rulings",
    "Rulings of the lead where coders differed, or where the codebook left a case open.",
    (
        Column("indicator", "Indicator that it is about.", ID, refers="codebook/indicators.csv"),
        Column("point", "The point at issue, in one sentence.", Text(10, 300)),
        Column("ruling", "The ruling and its reason, in 20 to 600 characters.", Text(20, 600)),
        Column("date", "Day of the scores that it is about.", DATE),
        Column("coder", "Who ruled.", CODER, refers="codebook/coders.csv"),
        Column("recorded", "When it was entered, UTC.", MOMENT),
    ),
    key=("indicator", "date", "recorded"),
    order=("indicator", "date", "recorded"),
)

COMMENT, CORRECTION = "comment", "correction"

COMMENTS = Table(
    "comments",
    "What coders and the lead write about an assessment.",
    (
        Column("indicator", "Indicator of the assessment.", ID, refers="codebook/indicators.csv"),
        Column("date", "Day of the assessment.", DATE),
        Column("coder", "Who scored.", CODER, refers="codebook/coders.csv"),
        Column("kind", "comment, or correction: the lead asks for one.", Choice((COMMENT, CORRECTION))),
        Column("text", "The comment, in 10 to 600 characters.", Text(10, 600)),
        Column("author", "Who wrote it.", CODER, refers="codebook/coders.csv"),
        Column("recorded", "When it was entered, UTC.", MOMENT),
    ),
    key=("indicator", "date", "coder", "author", "recorded"),
    order=("indicator", "date", "coder", "recorded", "author"),
)

EVENTS = Table(
    "events",
    "Dated, sourced facts.",
    (
        Column("event", "Id of the event.", EVENT),
        Column("date", "Day of the event.", DATE),
        Column("indicator", "Indicator that it bears on most.", ID, refers="codebook/indicators.csv"),
        Column(
            "effect",
            "Direction in which it points: raises, lowers, or context.",
            Choice(("raises", "lowers", "context")),
        ),
        Column("fact", "What happened.", FACT),
        Column("source_url", "Link to the source.", URL),
        Column("source_title", "Title of the source.", SOURCE_TITLE),
        Column("publisher", "Who published it.", PUBLISHER),
        Column("reliability", "Reliability of the source, A (best) to F (cannot be judged).", Choice(tuple("ABCDEF"))),
        Column(
            "credibility",
            "Credibility of the fact, 1 (confirmed by the second report) to 6 (cannot be judged).",
            Choice(tuple("123456")),
        ),
        Column("second_source_url", "Link to a second report; credibility 1 needs it.", URL, blank=True),
        Column(
            "same_as", "First event that records the same act; blank for that one and all others.", EVENT, blank=True
        ),
    ),
    key=("event",),
    order=("event",),
)

FIGURES = Table(
    "figures",
    "Published numbers found while collecting events, each with its source.",
    (
        Column("date", "Day of the number, or the last day of its period.", DATE),
        Column("series", "Name of the quantity.", SERIES),
        Column("value", "The number.", NUMBER),
        Column("unit", "Unit, with what qualifies the number.", Text(1, 120)),
        Column("source_url", "Link to the source.", URL),
        Column("publisher", "Who published it.", PUBLISHER),
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
        Column("text", "The claim in one sentence.", Text(20, 200)),
        Column("test", "What the test requires (vocabulary: method text).", Choice(TESTS)),
        Column("subject", "index, a dimension or an indicator; two with ; for a comparison.", SUBJECT, blank=True),
        Column("start", "First day of the quarters that the claim covers.", DATE),
        Column("end", "Last day of the quarters that the claim covers.", DATE),
        Column(
            "before_start",
            "First day of the quarters that they are compared with; blank where the test takes none.",
            DATE,
            blank=True,
        ),
        Column("before_end", "Last day of those quarters; blank where the test takes none.", DATE, blank=True),
        Column(
            "threshold",
            "Points of the scale, or a correlation; blank where the test takes none.",
            NUMBER,
            blank=True,
        ),
        Column(
            "untested",
            "What the article's sentence says beyond the test; blank where the test covers it.",
            Text(10, 300),
            blank=True,
        ),
    ),
    key=("claim",),
)

TURNING_POINTS = Table(
    "turning points",
    "Events that explain a turn of the index, named on its chart.",
    (
        Column("event", "The event, at whose date the name stands.", EVENT, refers="events.csv"),
        Column("label", "Its name on the chart, in up to 32 characters.", Text(3, 32)),
    ),
    key=("event",),
    order=("event",),
)

CODEBOOK_FILES: dict[str, Table] = {
    "codebook/dimensions.csv": DIMENSIONS,
    "codebook/indicators.csv": INDICATORS,
    "codebook/anchors.csv": ANCHORS,
    "codebook/coders.csv": CODERS,
    "codebook/methods.csv": METHODS,
}

TOPIC_FILE = "codebook/topic.csv"
INDICATORS_FILE = "codebook/indicators.csv"
ANCHORS_FILE = "codebook/anchors.csv"
RULINGS_FILE = "codebook/rulings.csv"
COMMENTS_FILE = "review/comments.csv"
NOTES_FILE = "benchmarks/notes.csv"

SINGLE_FILES: dict[str, Table] = {
    TOPIC_FILE: TOPIC,
    **CODEBOOK_FILES,
    "events.csv": EVENTS,
    "narrative/claims.csv": CLAIMS,
    "benchmarks/sources.csv": SOURCES,
}
"""Files that every data folder has, beside one file of scores for each dimension."""

OPTIONAL_FILES: dict[str, Table] = {
    RULINGS_FILE: RULINGS,
    COMMENTS_FILE: COMMENTS,
    TURNING_POINTS_FILE: TURNING_POINTS,
    "benchmarks/pairs.csv": PAIRS,
    NOTES_FILE: NOTES,
    "outlook/pathways.csv": PATHWAYS,
    QUESTIONS_FILE: QUESTIONS,
    FORECASTS_FILE: FORECASTS,
    **INBOX_FILES,
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
