"""Feeds are read in a process of their own, which ends with its time: what strangers write can keep a reader busy for hours."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

from indicators.records.errors import IndicatorsError
from indicators.records.inbox.entry import Entry

READING_SECONDS = 20.0
"""Seconds that reading a feed may take, the start of the process included."""

_ROOT = Path(__file__).parents[3]


class FeedError(IndicatorsError):
    """What an address answers brings no entries; the message says why, to a person."""


def read_apart(body: bytes, url: str, content_type: str, seconds: float = READING_SECONDS) -> list[Entry]:
    """Return the entries of a feed; ``FeedError`` where it is none, or reading takes too long or too much."""
    command = [sys.executable, "-m", "indicators.records.inbox.formats", url, content_type.replace("\0", "")[:200]]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(  # noqa: S603 — our own module; the address is an argument, no shell sees it
            command, input=body, capture_output=True, timeout=seconds, env=environment, check=True
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise FeedError(f"takes longer than {seconds:g} seconds to read") from error
    except (subprocess.CalledProcessError, ValueError, OSError) as error:
        raise FeedError("cannot be read: its reader failed") from error
    if "fault" in answer:
        raise FeedError(answer["fault"])
    return [
        Entry(title, address, dt.date.fromisoformat(day) if day else None, summary)
        for title, address, day, summary in answer["entries"]
    ]
