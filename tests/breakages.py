"""Ways to break the tiny folder, each with the problems that ``check`` must then name, and no others.

A breakage is (name, change of the folder, expected problems as (file, line, column, code)).
"""

from collections.abc import Callable
from pathlib import Path

from indicators.records.folder import format_folder
from tests.folders import FILES, change_cell

Change = Callable[[Path], None]
Place = tuple[str, int, str, str]
Breakage = tuple[str, Change, list[Place]]

CYBER, MILITARY, EVENTS = "scores/cyber.csv", "scores/military.csv", "events.csv"
INDICATORS, DIMENSIONS, ANCHORS = "codebook/indicators.csv", "codebook/dimensions.csv", "codebook/anchors.csv"
TOPIC, CODERS, CLAIMS, ARTICLE = (
    "codebook/topic.csv",
    "codebook/coders.csv",
    "narrative/claims.csv",
    "narrative/article.md",
)
METHODS = "codebook/methods.csv"
PAIRS, NOTES = "benchmarks/pairs.csv", "benchmarks/notes.csv"
PATHWAYS = "outlook/pathways.csv"
QUESTIONS, FORECASTS = "outlook/questions.csv", "outlook/forecasts.csv"
FEEDS, ITEMS = "inbox/feeds.csv", "inbox/items.csv"
DECISIONS, LOOKED = "inbox/decisions.csv", "inbox/looked.csv"
OUTSIDE, SOURCES, PACKAGE = "benchmarks/outside.csv", "benchmarks/sources.csv", "datapackage.json"


def cells(file: str, *changes: tuple[int, str, str]) -> Change:
    """Put other values in some cells: (line, column, value)."""

    def change(path: Path) -> None:
        text = FILES[file]
        for line, column, value in changes:
            text = change_cell(text, line, column, value)
        (path / file).write_bytes(text.encode())

    return change


def cell(name: str, file: str, line: int, column: str, value: str, *codes: str) -> Breakage:
    """Put another value in one cell; the problems are in that cell."""
    return name, cells(file, (line, column, value)), [(file, line, column, code) for code in codes]


def raw(file: str, edit: Callable[[bytes], bytes]) -> Change:
    """Put other bytes in a file."""

    def change(path: Path) -> None:
        before = (path / file).read_bytes()
        after = edit(before)
        assert after != before, "the breakage changes nothing"
        (path / file).write_bytes(after)

    return change


def swap(file: str, old: str, new: str) -> Change:
    """Replace the first occurrence of a text in a file."""
    return raw(file, lambda b: b.replace(old.encode(), new.encode(), 1))


def add(file: str, line: str) -> Change:
    """Append a line to a file."""
    return raw(file, lambda b: b + line.encode() + b"\n")


def put_turning_points(path: Path) -> None:
    """Name one act twice among the turning points."""
    text = (path / EVENTS).read_text()
    first = next(line for line in text.splitlines() if line.startswith("E0002,"))
    assert first.endswith(",")
    (path / EVENTS).write_text(text.replace(first, f"{first}E0001"))
    (path / "narrative/turning-points.csv").write_text("event,label\nE0001,Brigades move\nE0002,Told again\n")
    format_folder(path, write=True)


def remove(file: str) -> Change:
    """Delete a file."""
    return lambda path: (path / file).unlink()


def block(file: str) -> Change:
    """Put a folder where the file should be: present, but nobody can read it as a file."""

    def change(path: Path) -> None:
        (path / file).unlink()
        (path / file).mkdir()

    return change


CELLS: list[Breakage] = [
    cell("local date", CYBER, 3, "date", "31/12/2024", "date-format"),
    cell("spreadsheet's serial number", CYBER, 3, "date", "45657", "date-format"),
    cell("date without zeros", CYBER, 3, "date", "2024-2-9", "date-format"),
    ("29 February of a common year, and so before its event", cells(CYBER, (3, "date", "2023-02-29")),
     [(CYBER, 3, "date", "date-impossible"), (CYBER, 3, "events", "event-late")]),
    cell("digits of another script", CYBER, 3, "date", "٢٠٢٤-03-31", "date-format"),
    cell("time with an offset", CYBER, 3, "recorded", "2024-07-01T10:00:00+02:00", "timestamp-format"),
    cell("recorded on a day that does not exist", CYBER, 3, "recorded", "2024-06-31", "date-impossible"),
    cell("score above the scale", CYBER, 3, "score", "11", "score-range"),
    cell("score below the scale", CYBER, 3, "score", "-1", "score-range"),
    cell("score between the halves", CYBER, 3, "score", "4.25", "score-step"),
    cell("decimal comma", CYBER, 3, "score", "4,5", "number-format"),
    cell("exponent", CYBER, 3, "score", "1e1", "number-format"),
    cell("not a number", CYBER, 3, "score", "NaN", "number-format"),
    cell("leading zero", CYBER, 3, "score", "04.5", "number-format"),
    cell("score in digits of another script", CYBER, 3, "score", "٤", "number-format"),
    cell("space before a score", CYBER, 3, "score", " 4.5", "spaces"),
    cell("space after a rationale", CYBER, 3, "rationale", "A rationale that is long enough. ", "spaces"),
    cell("score outside its range", CYBER, 3, "score", "2.5", "range-order"),
    ("range upside down", cells(CYBER, (3, "low", "6"), (3, "high", "3")), [(CYBER, 3, "score", "range-order")]),
    cell("rationale too short", CYBER, 3, "rationale", "So it is.", "length"),
    cell("rationale too long", CYBER, 3, "rationale", "x" * 601, "length"),
    cell("rationale missing", CYBER, 3, "rationale", "", "blank"),
    cell("formula", CYBER, 3, "rationale", '=HYPERLINK("https://example.org","read")', "formula"),
    cell("direction-changing character", CYBER, 3, "rationale", "One ministry\u202e was read.", "characters"),
    cell("zero-width character", CYBER, 3, "rationale", "One min\u200bistry was read for months.", "characters"),
    cell("control character", CYBER, 3, "rationale", "One ministry\x1b[31m was read for months.", "characters"),
    cell("no event", CYBER, 3, "events", "", "blank"),
    cell("event twice", CYBER, 3, "events", "E0003;E0003", "event-twice"),
    cell("events with commas", CYBER, 3, "events", "E0003,E0004", "id-format", "reference"),
    cell("coder as a name", CYBER, 3, "coder", "Jane Doe", "id-format", "reference"),
    cell("link that runs a script", EVENTS, 4, "source_url", "javascript:alert(1)", "url"),
    cell("link with a quotation mark", EVENTS, 4, "source_url", 'https://example.org/"onclick="x', "url"),
    cell("link without a scheme", EVENTS, 4, "source_url", "example.org/3", "url"),
    cell("unknown reliability", EVENTS, 4, "reliability", "G", "choice"),
    cell("unknown credibility", EVENTS, 4, "credibility", "0", "choice"),
    cell("confirmed without a second report", EVENTS, 4, "credibility", "1", "confirmation"),
    cell("confirmed by its own source", EVENTS, 2, "second_source_url", "https://example.org/1", "confirmation"),
    cell("second report that is no link", EVENTS, 2, "second_source_url", "example.net", "url"),
    cell("act of an unknown event", EVENTS, 4, "same_as", "E9999", "same-act"),
    cell("act of the event itself", EVENTS, 4, "same_as", "E0003", "same-act"),
    cell("act of an event three months earlier", EVENTS, 6, "same_as", "E0001", "same-act"),
    ("act of a later telling", cells(EVENTS, (4, "same_as", "E0002"), (5, "same_as", "E0003")),
     [(EVENTS, 5, "same_as", "same-act")]),
    ("event in the future by a mistyped year", cells(EVENTS, (13, "date", "2062-09-10")),
     [(EVENTS, 13, "date", "date-future")]),
    ("event with two figures of its year exchanged", cells(EVENTS, (13, "date", "0202-09-10")),
     [(EVENTS, 13, "date", "date-year")]),
    ("event of a century ago", cells(EVENTS, (13, "date", "1924-09-10")), [(EVENTS, 13, "date", "date-year")]),
    ("assessment of a century ago", cells(CYBER, (2, "date", "1924-03-31")),
     [(CYBER, 2, "date", "date-year"), (CYBER, 2, "events", "event-late")]),
    ("assessment of the future", cells(CYBER, (2, "date", "2124-03-31")),
     [(CYBER, 2, "date", "date-future"), (CYBER, 2, "recorded", "recorded-early")]),
    cell("recorded after now", CYBER, 3, "recorded", "2126-11-25T10:00:00Z", "recorded-future"),
    cell("recorded on a day after now", CYBER, 3, "recorded", "9999-12-31", "recorded-future"),
    ("forecast recorded after now", cells(FORECASTS, (2, "recorded", "2126-11-25T10:00:00Z")),
     [(FORECASTS, 2, "recorded", "recorded-future"), (FORECASTS, 2, "recorded", "forecast-hindsight")]),
    ("one instant in two spellings",
     add(CYBER, "2024-03-31,cyb_espionage,9,8,10,A score that would decide by its place in the file.,E0003,c1,2024-07-05T00:00:00Z,1.0\n"
         "2024-03-31,cyb_espionage,1,0,2,A score that would decide by its place in the file.,E0003,c1,2024-07-05,1.0"),
     [(CYBER, 10, "indicator", "row-duplicate")]),
    cell("window that is none of the three", INDICATORS, 3, "window", "month", "choice"),
    cell("more than all of the doubt", METHODS, 2, "doubt_indicator", "1.5", "number-range"),
    cell("negative weight", DIMENSIONS, 3, "weight", "-1", "number-range"),
    cell("comparison that is neither validation nor context", PAIRS, 3, "role", "proof", "choice"),
    cell("series neither of flows nor of levels", PAIRS, 4, "nature", "stock", "choice"),
    cell("series whose first row is neither of flows nor of levels", PAIRS, 2, "nature", "stock", "choice"),
    cell("direction with a plus", PAIRS, 3, "direction", "+1", "choice"),
    cell("comparison without a reason", PAIRS, 3, "reason", "", "blank"),
    cell("note on a local date", NOTES, 2, "date", "31.05.2024", "date-format"),
    cell("note of one word", NOTES, 2, "text", "Odd.", "length"),
    cell("note that a spreadsheet would run", NOTES, 2, "text", "=1+1 and some more words", "formula"),
    cell("effect beyond the scale", PATHWAYS, 3, "low", "-10.5", "number-range"),
    cell("effect as a decimal comma", PATHWAYS, 3, "low", "-1,5", "number-format"),
    cell("delay before the start", PATHWAYS, 3, "delay_days", "-1", "number-range"),
    cell("delay of half a day", PATHWAYS, 3, "delay_days", "0.5", "number-range"),
    cell("lever without a reason", PATHWAYS, 3, "rationale", "", "blank"),
    cell("number too large for a computer", OUTSIDE, 2, "value", "9" * 400, "number-range"),
]  # fmt: skip
"""One cell is wrong."""


def score_by_rule(path: Path) -> None:
    """Let the rule that forecasts give a score."""
    cells(CYBER, (3, "coder", "baseline"))(path)
    add(CODERS, "baseline,No person: forecasts that follow from past changes.")(path)


ROWS: list[Breakage] = [
    ("series named like no choice",
     add(SOURCES, "none,outside.csv,Nothing,Institute,CC BY 4.0,https://example.org/,today,2024-03-31,2024-03-31,monthly,Empty."),
     [(SOURCES, 4, "series", "id-reserved")]),
    ("indicator with the id of a dimension",
     add(INDICATORS, "military,cyber,Forces in networks,Counts what armed forces do in networks within a quarter.,1,quarter"),
     [(INDICATORS, 6, "indicator", "id-clash")] + [(INDICATORS, 6, "indicator", "anchor-missing")] * 6),
    ("turning point of an act that is named above", put_turning_points,
     [("narrative/turning-points.csv", 3, "event", "act-twice")]),
    ("score by a rule", score_by_rule, [(CYBER, 3, "coder", "rule-coder")]),
    cell("unknown indicator", CYBER, 3, "indicator", "cyb_unknown", "reference"),
    cell("unknown event", CYBER, 3, "events", "E9999", "reference"),
    cell("one of two events unknown", CYBER, 4, "events", "E0003;E9999", "reference"),
    cell("unknown coder", CYBER, 3, "coder", "c3", "reference"),
    cell("unknown method", CYBER, 3, "method", "2.0", "reference"),
    cell("event after the assessment", CYBER, 3, "events", "E0007", "event-late"),
    cell("event of another dimension", CYBER, 3, "events", "E0002", "event-foreign"),
    cell("recorded before the date", CYBER, 3, "recorded", "2024-03-30T23:59:59Z", "recorded-early"),
    cell("recorded as a date before the date", CYBER, 3, "recorded", "2024-03-30", "recorded-early"),
    ("withdrawal of nothing", cells(CYBER, (3, "score", ""), (3, "low", ""), (3, "high", "")),
     [(CYBER, 3, "score", "withdrawal")]),
    ("withdrawal before the score", cells(CYBER, (8, "recorded", "2024-06-30")), [(CYBER, 8, "score", "withdrawal")]),
    cell("score blank, range left in place", CYBER, 3, "score", "", "withdrawal"),
    cell("low blank beside a score", CYBER, 3, "low", "", "withdrawal"),
    ("duplicate row", add(CYBER, FILES[CYBER].splitlines()[1]), [(CYBER, 9, "indicator", "row-duplicate")]),
    ("same event id twice", cells(EVENTS, (13, "event", "E0011")), [(EVENTS, 13, "event", "row-duplicate")]),
    ("row in the file of another dimension",
     add(CYBER, "2024-09-30,mil_posture,5,4,6,Nothing has changed near the border since June.,E0009,c1,2024-10-01,1.0"),
     [(CYBER, 9, "indicator", "dimension-file")]),
    cell("event about an unknown indicator", EVENTS, 13, "indicator", "cyb_unknown", "reference"),
    ("indicator of an unknown dimension", add(INDICATORS, "spa_orbit,space,Orbit,"
     "What is observed in the quarter and what counts for it.,1,quarter"),
     [(INDICATORS, 6, "dimension", "reference")] + [(INDICATORS, 6, "indicator", "anchor-missing")] * 6),
    ("anchor missing", raw(ANCHORS, lambda b: b"".join(b.splitlines(keepends=True)[:-1])),
     [(INDICATORS, 5, "indicator", "anchor-missing")]),
    ("anchor of an unknown indicator",
     add(ANCHORS, "spa_orbit,0,What must be the case in the quarter for a score of 0."),
     [(ANCHORS, 26, "indicator", "reference")]),
    ("anchor of an odd score", cells(ANCHORS, (25, "score", "9")),
     [(ANCHORS, 25, "score", "choice"), (INDICATORS, 5, "indicator", "anchor-missing")]),
    ("all weights of the index zero", cells(DIMENSIONS, (2, "weight", "0"), (3, "weight", "0")),
     [(DIMENSIONS, 2, "weight", "weight-zero")]),
    ("all weights of one dimension zero", cells(INDICATORS, (4, "weight", "0"), (5, "weight", "0.0")),
     [(INDICATORS, 4, "weight", "weight-zero")]),
    cell("outside value without its series", OUTSIDE, 4, "series", "", "blank"),
    cell("outside series without a source", OUTSIDE, 4, "series", "OIL", "source-missing"),
    ("outside series in another file than its source says", cells(SOURCES, (3, "file", "other.csv")),
     [(OUTSIDE, 4, "series", "source-missing")]),
    cell("series compared with an unknown subject", PAIRS, 5, "subject", "economy", "reference"),
    ("series compared with one subject twice", add(PAIRS, FILES[PAIRS].splitlines()[1]),
     [(PAIRS, 6, "series", "row-duplicate")]),
    cell("series called a flow and a level", PAIRS, 3, "nature", "level", "pair-nature"),
    ("note on an unknown subject", cells(NOTES, (2, "subject", "economy")),
     [(NOTES, 2, "series", "reference"), (NOTES, 2, "subject", "reference")]),
    cell("note on a series that is not compared with its subject", NOTES, 3, "series", "TRADE", "reference"),
    ("notes without any comparison", remove(PAIRS),
     [(NOTES, 2, "series", "reference"), (NOTES, 3, "series", "reference"), (PACKAGE, 0, "file", "package")]),
    cell("note by an unknown author", NOTES, 2, "author", "c3", "reference"),
    cell("item of an unknown feed", ITEMS, 2, "feed", "third-wire", "reference"),
    cell("item proposed for an unknown indicator", ITEMS, 4, "proposed", "mil_signals;mil_none", "reference"),
    ("address that came in twice", cells(ITEMS, (3, "url", "https://example.net/a")),
     [(ITEMS, 3, "url", "row-duplicate")]),
    ("decision on an item that is gone", cells(ITEMS, (4, "item", "I0000000003")),
     [(DECISIONS, 3, "item", "reference")]),
    ("unreadable items", block(ITEMS), [(ITEMS, 0, "file", "file-unreadable")]),
    cell("decision by an unknown author", DECISIONS, 2, "coder", "c3", "reference"),
    cell("decision that names an unknown event", DECISIONS, 2, "event", "E9999", "reference"),
    cell("item that became no named event", DECISIONS, 2, "event", "", "decision-form"),
    cell("dismissal with an event", DECISIONS, 3, "event", "E0002", "decision-form"),
    cell("dismissal without a reason", DECISIONS, 3, "reason", "", "decision-form"),
    cell("search of an unknown indicator", LOOKED, 2, "indicator", "mil_none", "reference"),
    cell("search by an unknown coder", LOOKED, 2, "coder", "c3", "reference"),
    cell("search that ends before it starts", LOOKED, 2, "end", "2024-03-31", "search-days"),
    cell("search entered before its last day", LOOKED, 2, "recorded", "2024-06-01", "recorded-early"),
    cell("feed of another kind of address", FEEDS, 2, "url", "ftp://example.org/feed.xml", "url"),
    cell("feed that is neither on nor off", FEEDS, 2, "state", "paused", "choice"),
    cell("note recorded before the day that it speaks of", NOTES, 2, "recorded", "2024-05-30", "recorded-early"),
    cell("claim about an unknown subject", CLAIMS, 2, "subject", "economy", "reference"),
    cell("comparison with one subject", CLAIMS, 4, "subject", "cyber", "claim-form"),
    cell("simple test with two subjects", CLAIMS, 2, "subject", "cyber;military", "claim-form"),
    cell("claim that ends on its first day", CLAIMS, 2, "end", "2024-01-01", "claim-form"),
    cell("claim that ends before it starts", CLAIMS, 2, "end", "2023-03-31", "claim-form"),
    cell("quarters before that are missing", CLAIMS, 3, "before_end", "", "claim-form"),
    cell("quarters before where the test takes none", CLAIMS, 2, "before_end", "2023-12-31", "claim-form"),
    cell("quarters before that overlap", CLAIMS, 3, "before_end", "2024-04-01", "claim-form"),
    cell("threshold missing", CLAIMS, 2, "threshold", "", "claim-form"),
    cell("threshold where the test takes none", CLAIMS, 5, "threshold", "1", "claim-form"),
    cell("unknown test", CLAIMS, 2, "test", "doubles", "choice"),
    ("claim in another section than its mark", cells(CLAIMS, (2, "section", "outlook")),
     [(ARTICLE, 5, "claim", "claim-place"), (CLAIMS, 2, "claim", "claim-place")]),
    ("claim without a mark", swap(ARTICLE, " [claim:stays-tense]", ""), [(CLAIMS, 2, "claim", "claim-place")]),
    ("mark without a claim", swap(ARTICLE, "are old.", "are old. [claim:old]"), [(ARTICLE, 5, "claim", "claim-place")]),
    ("claim twice", add(CLAIMS, FILES[CLAIMS].splitlines()[1]), [(CLAIMS, 6, "claim", "row-duplicate")]),
    cell("lever on an unknown indicator", PATHWAYS, 3, "indicator", "mil_unknown", "reference"),
    cell("lever with an unknown instance", PATHWAYS, 4, "instance", "E0005;E9999", "reference"),
    cell("likeliest effect above the highest", PATHWAYS, 3, "mode", "0.5", "effect-order"),
    ("lowest effect above the highest", cells(PATHWAYS, (3, "low", "1")), [(PATHWAYS, 3, "mode", "effect-order")]),
    cell("lever with two titles", PATHWAYS, 3, "title", "Red line", "lever-title"),
    ("lever twice on one indicator", cells(PATHWAYS, (3, "indicator", "cyb_sabotage")),
     [(PATHWAYS, 3, "lever", "row-duplicate")]),
    ("section of a claim missing", swap(ARTICLE, "## Outlook {#outlook}", "Outlook"),
     [(ARTICLE, 18, "claim", "claim-place"), (CLAIMS, 5, "section", "article-section")]),
    ("section twice", add(ARTICLE, "\n## Close again {#close}\n"), [(ARTICLE, 30, "section", "article-section")]),
    ("unknown key of the topic", add(TOPIC, "colour,Red"), [(TOPIC, 12, "key", "choice")]),
    ("topic without its question", swap(TOPIC, "question,How tense are the two states?\n", ""),
     [(TOPIC, 0, "key", "topic-missing")]),
    ("topic with a day and no reason for it", swap(TOPIC, "since_title,after the first shock\n", ""),
     [(TOPIC, 0, "key", "topic-missing")]),
    cell("short name that is long", TOPIC, 3, "value", "x" * 41, "length"),
    cell("licence that is no link", TOPIC, 9, "value", "creativecommons.org", "url"),
    cell("day of the topic in local form", TOPIC, 10, "value", "1/6/2022", "date-format"),
    cell("key of the topic without its value", TOPIC, 2, "value", "", "blank"),
    ("key of the topic twice", add(TOPIC, FILES[TOPIC].splitlines()[1]), [(TOPIC, 12, "key", "row-duplicate")]),
    cell("question without criteria", QUESTIONS, 2, "criteria", "", "criteria-missing"),
    cell("question about an unknown subject", QUESTIONS, 2, "subject", "economy", "reference"),
    cell("question on a reading without a test", QUESTIONS, 2, "test", "", "question-form"),
    cell("question on a reading without a threshold", QUESTIONS, 2, "threshold", "", "question-form"),
    cell("question about a place outside the scale", QUESTIONS, 2, "threshold", "11", "question-form"),
    cell("threshold of a question that is no number", QUESTIONS, 2, "threshold", "NaN", "number-format"),
    cell("unknown test of a question", QUESTIONS, 2, "test", "doubles", "choice"),
    ("question that closes before it opens", cells(QUESTIONS, (2, "closes", "2024-03-30")),
     [(QUESTIONS, 2, "closes", "question-dates"), (FORECASTS, 8, "date", "forecast-dates")]),
    cell("question about a day before it closes", QUESTIONS, 2, "resolves", "2024-06-28", "question-dates"),
    cell("question recorded before it opens", QUESTIONS, 5, "recorded", "2024-07-01", "recorded-early"),
    cell("question changed with its answer", QUESTIONS, 4, "text", "Will a channel for talks be opened by August?",
         "question-changed"),
    cell("days changed with the answer", QUESTIONS, 4, "closes", "2024-08-31", "question-changed"),
    ("question on a reading answered by hand",
     cells(QUESTIONS, (2, "resolution", "yes"), (2, "resolved", "2024-06-30")), [(QUESTIONS, 2, "resolution", "resolution")]),
    cell("yes without its event", QUESTIONS, 4, "event", "", "resolution"),
    cell("yes by an unknown event", QUESTIONS, 4, "event", "E9999", "reference"),
    cell("yes by an event of another time", QUESTIONS, 4, "event", "E0012", "resolution"),
    cell("answer without its day", QUESTIONS, 4, "resolved", "", "resolution"),
    cell("answer of a day after it was recorded", QUESTIONS, 4, "resolved", "2024-08-22", "resolution"),
    ("no before its time", cells(QUESTIONS, (4, "resolution", "no"), (4, "event", "")),
     [(QUESTIONS, 4, "resolved", "resolution")]),
    ("no with an event", cells(QUESTIONS, (4, "resolution", "no"), (4, "resolved", "2024-08-31"),
                               (4, "recorded", "2024-09-01")), [(QUESTIONS, 4, "event", "resolution")]),
    ("unknown answer", cells(QUESTIONS, (4, "resolution", "perhaps")),
     [(QUESTIONS, 4, "resolution", "choice"), (QUESTIONS, 4, "event", "resolution")]),
    cell("forecast of an unknown question", FORECASTS, 4, "question", "who-wins", "reference"),
    cell("forecast by an unknown coder", FORECASTS, 4, "coder", "c3", "reference"),
    cell("certain forecast", FORECASTS, 4, "probability", "1", "number-range"),
    cell("impossible forecast", FORECASTS, 4, "probability", "0", "number-range"),
    cell("forecast in percent", FORECASTS, 4, "probability", "30", "number-range"),
    cell("forecast with a decimal comma", FORECASTS, 4, "probability", "0,3", "number-format"),
    cell("forecast before its question opens", FORECASTS, 4, "date", "2024-07-01", "forecast-dates"),
    ("forecast after its question closed", cells(FORECASTS, (4, "date", "2024-08-16"), (4, "recorded", "2024-08-16")),
     [(FORECASTS, 4, "date", "forecast-dates")]),
    cell("forecast recorded when the answer was known", FORECASTS, 4, "recorded", "2024-08-21T10:00:00Z",
         "forecast-hindsight"),
    cell("forecast recorded before its date", FORECASTS, 4, "recorded", "2024-07-01T10:00:00Z", "recorded-early"),
    cell("forecast withdrawn before it was made", FORECASTS, 4, "probability", "", "withdrawal"),
    cell("forecast without a reason", FORECASTS, 4, "rationale", "Because.", "length"),
    ("forecast twice", add(FORECASTS, FILES[FORECASTS].splitlines()[1]), [(FORECASTS, 9, "question", "row-duplicate")]),
    ("description out of date", swap(PACKAGE, '"number"', '"string"'), [(PACKAGE, 0, "file", "package")]),
]  # fmt: skip
"""Cells, rows or files that are right in themselves do not fit together."""


def quoted_break(text: bytes) -> bytes:
    """Break the rationale of line 3 in two; later rows then stand one line further down."""
    return text.replace(b"One ministry was read and the", b'"One ministry was read\nand the').replace(
        b"stayed unnamed.", b'stayed unnamed."'
    )


FILE_FAULTS: list[Breakage] = [
    ("absent codebook file", remove(CODERS), [(CODERS, 0, "file", "file-missing")]),
    ("absent scores of a dimension", remove(CYBER), [(CYBER, 0, "file", "file-missing")]),
    ("absent article", remove(ARTICLE), [(ARTICLE, 0, "file", "file-missing")]),
    ("absent description", remove(PACKAGE), [(PACKAGE, 0, "file", "file-missing")]),
    ("unreadable scores", block(CYBER), [(CYBER, 0, "file", "file-unreadable")]),
    ("unreadable coders", block(CODERS), [(CODERS, 0, "file", "file-unreadable")]),
    ("unreadable indicators", block(INDICATORS), [(INDICATORS, 0, "file", "file-unreadable")]),
    ("unreadable dimensions", block(DIMENSIONS), [(DIMENSIONS, 0, "file", "file-unreadable")]),
    ("unreadable events", block(EVENTS), [(EVENTS, 0, "file", "file-unreadable")]),
    ("unreadable sources", block(SOURCES), [(SOURCES, 0, "file", "file-unreadable")]),
    ("unreadable pairs", block(PAIRS), [(PAIRS, 0, "file", "file-unreadable")]),
    ("unreadable notes", block(NOTES), [(NOTES, 0, "file", "file-unreadable")]),
    ("unreadable claims", block(CLAIMS), [(CLAIMS, 0, "file", "file-unreadable")]),
    ("questions absent beside forecasts", remove(QUESTIONS),
     [(PACKAGE, 0, "file", "package"), (QUESTIONS, 0, "file", "file-missing")]
     + [(FORECASTS, line, "question", "reference") for line in range(2, 9)]),
    ("forecasts absent beside questions", remove(FORECASTS),
     [(FORECASTS, 0, "file", "file-missing"), (PACKAGE, 0, "file", "package")]),
    ("unreadable questions", block(QUESTIONS), [(QUESTIONS, 0, "file", "file-unreadable")]),
    ("unreadable description", block(PACKAGE), [(PACKAGE, 0, "file", "file-unreadable")]),
    ("scores of no dimension", lambda path: (path / "scores/space.csv").write_text(FILES[CYBER].split("\n")[0] + "\n"),
     [(PACKAGE, 0, "file", "package"), ("scores/space.csv", 0, "file", "file-unknown")]),
    ("backslash before a mark", swap(CYBER, "One ministry was read and", '"One \\"ministry\\" was read" and'),
     [(CYBER, 3, "file", "quote")]),
    ("text behind a closing mark", swap(CYBER, "One ministry was read and", '"One ministry" was read and'),
     [(CYBER, 3, "file", "quote")]),
    ("empty columns behind the last one", raw(CYBER, lambda b: b.replace(b"\n", b",,\n")),
     [(CYBER, 1, "column", "column-unknown")]),
    ("empty file", raw(CYBER, lambda b: b""), [(CYBER, 1, "file", "file-empty")]),
    ("only a byte order mark", raw(CYBER, lambda b: b"\xef\xbb\xbf"),
     [(CYBER, 1, "file", "byte-order-mark"), (CYBER, 1, "file", "file-empty")]),
    ("UTF-16", raw(CYBER, lambda b: b.decode().encode("utf-16")), [(CYBER, 1, "file", "encoding")]),
    ("Latin-1", raw(CYBER, lambda b: b.replace(b"power station was off", "centrale fermée".encode("latin-1"))),
     [(CYBER, 6, "file", "encoding")]),
    ("Latin-1 article", raw(ARTICLE, lambda b: b.replace(b"Trade is small", b"Trade is d\xe9j\xe0 small")),
     [(ARTICLE, 20, "file", "encoding")]),
    ("NUL byte", raw(CYBER, lambda b: b.replace(b"Four", b"Fo\0ur")), [(CYBER, 4, "file", "nul-byte")]),
    ("byte order mark", raw(CYBER, lambda b: b"\xef\xbb\xbf" + b), [(CYBER, 1, "file", "byte-order-mark")]),
    ("byte order mark in the article", raw(ARTICLE, lambda b: b"\xef\xbb\xbf" + b),
     [(ARTICLE, 1, "file", "byte-order-mark")]),
    ("CR LF", raw(CYBER, lambda b: b.replace(b"\n", b"\r\n")), [(CYBER, 1, "file", "line-ending")]),
    ("one CR LF", raw(CYBER, lambda b: b.replace(b"1.0\n2024-06-30", b"1.0\r\n2024-06-30", 1)),
     [(CYBER, 3, "file", "line-ending")]),
    ("semicolons", raw(CYBER, lambda b: b.replace(b",", b";")), [(CYBER, 1, "file", "delimiter")]),
    ("other names for both of two columns", swap(CODERS, "coder,description", "id,text"),
     [(CODERS, 1, name, "column-missing") for name in ("coder", "description")]
     + [(CODERS, 1, name, "column-unknown") for name in ("id", "text")]),
    ("tabs", raw(CYBER, lambda b: b.replace(b",", b"\t")), [(CYBER, 1, "file", "delimiter")]),
    ("missing column", swap(CYBER, ",recorded,", ",entered,"),
     [(CYBER, 1, "entered", "column-unknown"), (CYBER, 1, "recorded", "column-missing")]),
    ("extra column", raw(CYBER, lambda b: b.replace(b"\n", b",x\n").replace(b",x\n", b",note\n", 1)),
     [(CYBER, 1, "note", "column-unknown")]),
    ("duplicate column", raw(CYBER, lambda b: b.replace(b"\n", b",4\n").replace(b",4\n", b",score\n", 1)),
     [(CYBER, 1, "score", "column-duplicate")]),
    ("quotation mark open in the header", swap(CYBER, ",method\n", ',"method\n'), [(CYBER, 1, "file", "quote")]),
    ("cell too few", swap(CYBER, ",E0003,c2,", ",E0003,"), [(CYBER, 3, "row", "cell-count")]),
    ("cell too many", swap(CYBER, ",E0003,c2,", ",E0003,c2,c2,"), [(CYBER, 3, "row", "cell-count")]),
    ("comma in a cell without quotation marks", swap(CYBER, "One ministry was read and", "One ministry was read, and"),
     [(CYBER, 3, "row", "cell-count")]),
    ("line break in a cell", raw(CYBER, quoted_break), [(CYBER, 3, "rationale", "cell-newline")]),
    ("line break in a cell, later rows keep their own lines",
     raw(CYBER, lambda b: quoted_break(b).replace(b",8,7,9,", b",11,7,9,").replace(b",10,9,10,", b",10,9,")),
     [(CYBER, 3, "rationale", "cell-newline"), (CYBER, 6, "score", "score-range"), (CYBER, 8, "row", "cell-count"),
      (CYBER, 9, "score", "withdrawal")]),
    ("line break in a row with a cell too many",
     raw(CYBER, lambda b: quoted_break(b).replace(b",E0003,c2,", b",E0003,c2,c2,").replace(b",8,7,9,", b",11,7,9,")),
     [(CYBER, 3, "row", "cell-count"), (CYBER, 6, "score", "score-range")]),
    ("blank line at the end", add(CYBER, ""), [(CYBER, 9, "row", "blank")]),
    ("blank line in between", swap(CYBER, "1.0\n2024-06-30,cyb_espionage", "1.0\n\n2024-06-30,cyb_espionage"),
     [(CYBER, 4, "row", "blank")]),
    ("row of commas", add(CYBER, "," * 9), [(CYBER, 9, "row", "blank")]),
]  # fmt: skip
"""A file is absent, unreadable or malformed."""

BREAKAGES = [*CELLS, *ROWS, *FILE_FAULTS]


def places(problems: object) -> list[Place]:
    """Return problems as (file, line, column, code), sorted."""
    return sorted((p.file, p.line, p.column, p.code) for p in problems)  # type: ignore[attr-defined]
