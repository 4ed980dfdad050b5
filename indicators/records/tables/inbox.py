"""The tables of the inbox: feeds that are watched, items that came in, decisions on them, and what was looked through."""

from indicators.records.rules import DATE, MOMENT, URL, Choice, Id, Ids, Text, Whole
from indicators.records.tables.columns import CODER, EVENT, ID, SLUG, Column, Table

FEEDS_FILE = "inbox/feeds.csv"
ITEMS_FILE = "inbox/items.csv"
DECISIONS_FILE = "inbox/decisions.csv"
LOOKED_FILE = "inbox/looked.csv"

ITEM = Id("I[0-9a-f]{10}", "I0123456789 (I and ten of 0-9 and a-f)")

FOUND_EVENT, SECOND_SOURCE, DISMISSED, REOPENED = "event", "source", "dismissed", "open"
DECISIONS_MADE = (FOUND_EVENT, SECOND_SOURCE, DISMISSED, REOPENED)

TITLE_LENGTH = 300

FEEDS = Table(
    "feeds",
    "Feeds in which new items are looked for.",
    (
        Column("feed", "Id of the feed.", SLUG),
        Column("title", "Name of the feed.", Text(2, 120)),
        Column("url", "Address of the feed: RSS, Atom, JSON Feed or a news sitemap.", URL),
        Column("publisher", "Who publishes it, as in the events.", Text(1, 200)),
        Column(
            "reliability", "Reliability of the publisher, A (best) to F (cannot be judged).", Choice(tuple("ABCDEF"))
        ),
        Column(
            "must",
            "Words separated by semicolons, of which one must occur in an item; blank takes every item.",
            Text(2, 400),
            blank=True,
        ),
        Column(
            "must_not",
            "Words separated by semicolons, of which none may occur in an item.",
            Text(2, 400),
            blank=True,
        ),
        Column("state", "on, or off: not asked.", Choice(("on", "off"))),
        Column("documented", "Public page that names the address.", URL),
        Column("note", "Terms of use, and why a feed is off.", Text(2, 400), blank=True),
    ),
    key=("feed",),
    order=("feed",),
)

ITEMS = Table(
    "items",
    "What the feeds brought: a row for each address; addresses of one story share an item.",
    (
        Column("item", "Id of the item.", ITEM),
        Column("date", "Day of publication; where the feed has none, the day on which it was found.", DATE),
        Column("title", "Title, as published.", Text(1, TITLE_LENGTH)),
        Column("url", "Address, without what only tracks readers.", URL),
        Column("publisher", "Who published it.", Text(1, 200)),
        Column("feed", "Feed that brought it.", SLUG, refers=FEEDS_FILE),
        Column("found", "When it was found, UTC.", MOMENT),
        Column(
            "proposed",
            "Indicators whose texts were most similar to its words when it was found, most similar first, separated by semicolons.",
            Ids(ID),
            blank=True,
        ),
    ),
    key=("url",),
    order=("found", "item", "url"),
)

DECISIONS = Table(
    "decisions",
    "Decisions on items; a later decision on an item replaces an earlier one.",
    (
        Column("item", "The item.", ITEM),
        Column(
            "decision",
            "event (it became one), source (it is a further source of one), dismissed, or open (undone).",
            Choice(DECISIONS_MADE),
        ),
        Column("event", "The event; blank where there is none.", EVENT, blank=True, refers="events.csv"),
        Column("reason", "Why it was dismissed or opened again.", Text(3, 300), blank=True),
        Column("coder", "Who decided.", CODER, refers="codebook/coders.csv"),
        Column("recorded", "When it was decided, UTC.", MOMENT),
    ),
    key=("item", "recorded"),
    order=("recorded", "item"),
)

LOOKED = Table(
    "looked",
    "Searches for events of an indicator: over which days, and how many were found.",
    (
        Column("indicator", "Indicator whose events were searched.", ID, refers="codebook/indicators.csv"),
        Column("start", "First day that was searched.", DATE),
        Column("end", "Last day that was searched.", DATE),
        Column("found", "Number of events that were found.", Whole(0, 1000)),
        Column("note", "What was looked at, and what a reader should know.", Text(2, 600), blank=True),
        Column(
            "coder",
            "Who searched; blank where events were collected for all coders.",
            CODER,
            blank=True,
            refers="codebook/coders.csv",
        ),
        Column("recorded", "When it was entered, UTC.", MOMENT),
    ),
    key=("indicator", "start", "end", "coder", "recorded"),
    order=("indicator", "start", "end", "recorded", "coder"),
)

INBOX_FILES: dict[str, Table] = {
    FEEDS_FILE: FEEDS,
    ITEMS_FILE: ITEMS,
    DECISIONS_FILE: DECISIONS,
    LOOKED_FILE: LOOKED,
}
"""Files of the inbox, all of which a folder may do without."""
