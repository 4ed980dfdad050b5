"""An entry of a feed, as it is read."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: cleaned title and summary, address, and the day of publication where the feed has one."""

    title: str
    url: str
    date: dt.date | None
    summary: str = ""
