"""How values are written, wherever that is: JSON, times in UTC, files in a zip archive."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

MOMENT_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
"""A time in UTC, as in 2026-11-22T15:04:05Z."""

DAY_FORMAT = "%Y-%m-%d"

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same content gives the same bytes."""


def write_moment(moment: dt.datetime) -> str:
    """Return a time as text in UTC, to the second; one without a zone is in UTC."""
    return f"{moment if moment.tzinfo is None else moment.astimezone(dt.UTC):{MOMENT_FORMAT}}"


def write_json(value: Any, indent: int | None = 2, ascii_only: bool = False) -> bytes:
    """Return a value as JSON in UTF-8 with an end of line; ``indent=None`` leaves out all white space.

    ``ValueError`` for numbers that JSON does not know. Text that is half of a surrogate pair needs ``ascii_only``.
    """
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators, allow_nan=False)
    return f"{text}\n".encode()


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip archive; the same files give the same bytes on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, wherever this runs
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
