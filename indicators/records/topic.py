"""What the indicators are about: all that pages and files say of the subject, as the codebook has it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from indicators.records.rules import DATE, URL, Choice, Rule, Text
from indicators.records.tables.columns import CODER

KEYS: dict[str, tuple[Rule, str]] = {
    "title": (Text(3, 80), "title, as on the front page"),
    "short_name": (Text(3, 40), "what is measured, in a few words"),
    "question": (Text(10, 120), "question that the first page answers"),
    "description": (Text(10, 300), "one sentence without its full stop, to be continued by the list of dimensions"),
    "citation": (Text(3, 300), "how it is cited, up to the day of the data"),
    "licence": (Text(2, 40), "short name of the licence of the data"),
    "licence_title": (Text(2, 120), "name of the licence in full"),
    "licence_url": (URL, "where the licence can be read"),
    "since": (DATE, "day from which comparisons are made a second time"),
    "since_title": (Text(3, 120), "why that day, as in: after the first shock"),
    "embargo": (Choice(("yes",)), "yes: a quarter is shown to nobody until its coders have reviewed it"),
    "released": (DATE, "last day of the newest quarter that is shown though not all of its coders have reviewed it"),
    "lead": (CODER, "coder id of whoever rules where coders differ"),
}
"""The keys of the table: the rule for the value of each, and what it says."""

PAIR = ("since", "since_title")
"""Keys of which a subject has both or neither."""

OPTIONAL = (*PAIR, "embargo", "released", "lead")
"""Keys that a subject may do without."""


@dataclass(frozen=True)
class Topic:
    """The subject of a folder; without ``since`` it has no second period."""

    title: str
    short_name: str
    question: str
    description: str
    citation: str
    licence: str
    licence_title: str
    licence_url: str
    since: pd.Timestamp | None = None
    since_title: str = ""
    embargo: bool = False
    released: pd.Timestamp | None = None
    lead: str = ""

    @property
    def slug(self) -> str:
        """The title in letters that every system takes, as in ``polar-tension-indicators``."""
        plain = unicodedata.normalize("NFKD", self.title.replace("–", "-")).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "indicators"

    @property
    def licence_id(self) -> str:
        """The licence's short name without spaces, as lists of licences have it."""
        return self.licence.replace(" ", "-")


def read_topic(values: Mapping[str, str]) -> Topic | None:
    """Return the topic that some values by key make, or nothing where one is lacking or not as its rule wants it."""
    given = {key: value for key, value in values.items() if key in KEYS and value}
    if any(key not in given and key not in OPTIONAL for key in KEYS) or any(
        KEYS[k][0].judge(v) for k, v in given.items()
    ):
        return None
    since, released = (pd.Timestamp(day) if (day := given.pop(key, "")) else None for key in ("since", "released"))
    embargo = given.pop("embargo", "") == "yes"
    return Topic(**given, since=since, released=released, embargo=embargo)
