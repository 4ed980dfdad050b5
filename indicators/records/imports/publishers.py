"""What is known of publishers and the series that can be taken in from their own files: facts for source entries."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A series as its publisher describes it: ``columns`` are the names that it has in the publisher's files.

    Without a ``frequency`` the file's own dates tell it.
    """

    series: str
    columns: tuple[str, ...]
    title: str
    unit: str
    publisher: str
    licence: str
    url: str
    notes: str
    frequency: str = ""


def _gpr(series: str, title: str, unit: str, notes: str) -> Fact:
    url = "https://www.matteoiacoviello.com/gpr.htm"
    if series.startswith("GPRC"):
        url = "https://www.matteoiacoviello.com/gpr_country.htm"
    licence = "free to use with citation (Caldara and Iacoviello 2022, American Economic Review)"
    return Fact(series, (series,), title, unit, "Caldara and Iacoviello", licence, url, notes, "monthly")


_WORLD = (
    "The global index follows every conflict in the news, and since October 2023 above all the Middle East. Share of "
    "newspaper articles, scaled. The publisher revises the last months."
)
_COUNTRY = (
    "Share of the articles of ten North American and British newspapers that mention geopolitical risk together with "
    "the country. The publisher revises the last months."
)

GPR = (
    _gpr("GPR", "Geopolitical Risk index, global", "index 1985-2019=100", _WORLD),
    _gpr("GPRT", "GPR threats", "index 1985-2019=100", _WORLD),
    _gpr("GPRA", "GPR acts", "index 1985-2019=100", _WORLD),
    _gpr("GPRC_RUS", "Country GPR, Russia", "percent of newspaper articles", _COUNTRY),
    _gpr("GPRC_USA", "Country GPR, United States", "percent of newspaper articles", _COUNTRY),
    _gpr("GPRC_UKR", "Country GPR, Ukraine", "percent of newspaper articles", _COUNTRY),
)


def _ai_gpr(series: str, column: str, title: str, unit: str, notes: str) -> Fact:
    licence = "free to use with citation (Iacoviello and Tong 2026)"
    url = "https://www.matteoiacoviello.com/ai_gpr.html"
    return Fact(series, (column,), title, unit, "Iacoviello and Tong", licence, url, notes, "monthly")


_AI_WORLD = (
    "The index counts articles about every conflict in the news, not about US–Russia relations alone. "
    "Articles of three US newspapers, scored by a language model."
)
_AI_OIL = (
    "It counts articles on disruptions of Russian oil whoever is party to them. "
    "Articles of three US newspapers, scored by a language model."
)
_AI_PAIR = (
    "Contribution of articles on the pair to AI-GPR, directed: the first country initiates, the second responds. The "
    "publisher revises and extends the pairs, so each vintage is a series of its own and is not to be joined with "
    "another. Noisy in months with few articles. It rises on news of summits too: it measures attention to risk "
    "between the two, not hostility alone."
)
_INDEX, _SHARE = "index 1985-2019=100", "contribution to AIGPR index points"

AI_GPR = (
    _ai_gpr("AIGPR", "GPR_AI", "AI-GPR index", _INDEX, _AI_WORLD),
    _ai_gpr("AIGPR_THREATS", "THREATS_GPR_AI", "AI-GPR threats", _INDEX, _AI_WORLD),
    _ai_gpr("AIGPR_ACTS", "ACTS_GPR_AI", "AI-GPR acts", _INDEX, _AI_WORLD),
    _ai_gpr("AIGPR_OIL_RUSSIA", "GPR_OIL_Russia", "AI-GPR oil disruption, Russia", _INDEX, _AI_OIL),
)
AI_GPR_PAIRS = (
    _ai_gpr("AIGPR_USA_RUS", "USA|Russia", "AI-GPR pair USA to Russia", _SHARE, _AI_PAIR),
    _ai_gpr("AIGPR_RUS_USA", "Russia|USA", "AI-GPR pair Russia to USA", _SHARE, _AI_PAIR),
    _ai_gpr("AIGPR_RUS_UKR", "Russia|Ukraine", "AI-GPR pair Russia to Ukraine", _SHARE, _AI_PAIR),
)
AI_GPR_SUM = _ai_gpr("AIGPR_USA_RUS_SUM", "", "AI-GPR pair, both directions (our sum)", _SHARE, _AI_PAIR)

FRED = (
    Fact(
        "EU_GAS_PNGASEUUSDM",
        ("PNGASEUUSDM",),
        "Global price of natural gas, EU (TTF)",
        "USD per MMBtu",
        "IMF primary commodity prices via FRED",
        "IMF data terms: free reuse with attribution",
        "https://fred.stlouisfed.org/series/PNGASEUUSDM",
        "Monthly mean of the price at the Dutch hub. Prices answer to weather, storage and other suppliers too.",
        "monthly",
    ),
)
FRED_SERIES = "https://fred.stlouisfed.org/series/"

_BRENT = "Spot price of Brent, free on board. It answers to the whole market, in 2026 above all to the war with Iran."
EIA = (
    Fact(
        "BRENT",
        ("Europe Brent Spot Price FOB",),
        "Europe Brent spot price FOB",
        "USD per barrel",
        "US Energy Information Administration",
        "public domain (EIA)",
        "https://www.eia.gov/dnav/pet/hist/RBRTED.htm",
        _BRENT,
    ),
)


def _kiel(series: str, column: str, title: str, notes: str) -> Fact:
    return Fact(
        series,
        (column,),
        title,
        "EUR billion per month",
        "Kiel Institute, Ukraine Support Tracker",
        "free with citation (Trebesch et al.)",
        "https://www.ifw-kiel.de/topics/war-against-ukraine/ukraine-support-tracker/",
        notes,
        "monthly",
    )


_KIEL_US = (
    "Allocations to Ukraine by month. The publisher lists a month of a country only where it has "
    "something to say of it; months without a row of the United States are written as 0."
)
_KIEL_ALL = "Allocations to Ukraine by month, all donors together."

KIEL_US = (
    _kiel("UST_US_ALLOC_TOTAL", "total", "US aid allocations to Ukraine", _KIEL_US),
    _kiel("UST_US_ALLOC_MILITARY", "military", "US military allocations to Ukraine", _KIEL_US),
)
KIEL_ALL = (
    _kiel("UST_ALL_ALLOC_TOTAL", "total_allocations", "All donors, allocations", _KIEL_ALL),
    _kiel("UST_ALL_ALLOC_MILITARY", "military", "All donors, military allocations", _KIEL_ALL),
)
