"""Values as text and bytes: one form of JSON, of times and of archives."""

import datetime as dt
import io
import json
import zipfile

import pandas as pd
import pytest

from indicators.records.encoding import pack_files, write_json, write_moment

NOON = dt.datetime(2026, 11, 22, 12, 30, 15, 999_999)


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        pd.Timestamp(NOON),
        NOON.replace(tzinfo=dt.UTC),
        NOON.replace(hour=14, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    ],
)
def test_a_time_is_written_in_utc_to_the_second(moment: dt.datetime) -> None:
    assert write_moment(moment) == "2026-11-22T12:30:15Z"


def test_json_keeps_letters_and_ends_the_line() -> None:
    assert write_json({"a": ["é", 1.5]}) == '{\n  "a": [\n    "é",\n    1.5\n  ]\n}\n'.encode()
    assert write_json({"a": ["é", None]}, indent=None) == '{"a":["é",null]}\n'.encode()


def test_half_of_a_surrogate_pair_can_be_written_in_ascii_only() -> None:
    assert json.loads(write_json("\ud800", ascii_only=True)) == "\ud800"
    with pytest.raises(UnicodeEncodeError):
        write_json("\ud800")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_know_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json([number])


def test_an_archive_holds_the_files_and_the_same_files_give_the_same_bytes() -> None:
    packed = pack_files({"b.csv": b"2" * 1000, "a.csv": b"1"})
    assert packed == pack_files({"a.csv": b"1", "b.csv": b"2" * 1000})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["a.csv", "b.csv"]
        assert archive.read("b.csv") == b"2" * 1000
        assert {entry.create_system for entry in archive.infolist()} == {3}
    assert len(packed) < 1000
