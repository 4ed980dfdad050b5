"""What was handed in and not saved outlasts the process, stays with its coder, and has bounds of number, size and age."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from indicators.records.storage.uploads import DAYS, LARGEST_UPLOAD, MOST_UPLOADS, Upload, Uploads, make_upload

NOW = dt.datetime(2024, 12, 1, 9, 30, tzinfo=dt.UTC)
ROWS = ((({"date": "2024-09-30", "rationale": "Ни одна бригада\ud83d"}, ("upload", 2)),), ())


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    """The uploads of c1 in a folder that does not exist yet."""
    return Uploads(tmp_path / "drafts", "c1")


def names(uploads: Uploads, now: dt.datetime = NOW) -> list[str]:
    return [kept.name for kept in uploads.list_kept(now)]


def read_first(uploads: Uploads) -> Upload:
    (first, *_) = uploads.list_kept(NOW)
    found = uploads.read(first)
    assert found is not None
    return found


def test_content_rows_and_notes_are_read_back_by_another_process_and_only_for_their_coder(
    uploads: Uploads, tmp_path: Path
) -> None:
    handed = make_upload("scores.xlsx", b"\x00\xff", NOW)
    assert uploads.keep(handed, NOW) == ""
    assert read_first(uploads) == handed
    assert uploads.keep(replace(handed, rows=ROWS, notes=("Repaired.",)), NOW) == ""
    again = Uploads(tmp_path / "drafts", "c1")
    assert read_first(again) == replace(handed, rows=ROWS, notes=("Repaired.",))
    assert Uploads(tmp_path / "drafts", "c2").list_kept(NOW) == []


def test_what_is_handed_in_again_comes_first_with_its_rows_as_they_were_mended(uploads: Uploads) -> None:
    first, second = make_upload("a.csv", b"a", NOW), make_upload("b.csv", b"b", NOW)
    uploads.keep(replace(first, rows=ROWS), NOW)
    uploads.keep(second, NOW)
    assert names(uploads) == ["b.csv", "a.csv"]
    uploads.keep(first, NOW)
    assert names(uploads) == ["a.csv", "b.csv"]
    assert read_first(uploads).rows == ROWS


def test_pasted_cells_take_the_place_of_others_unless_their_rows_were_changed(uploads: Uploads) -> None:
    uploads.keep(make_upload("a.csv", b"a", NOW), NOW)
    uploads.keep(make_upload("", b"date", NOW), NOW)
    uploads.keep(replace(make_upload("", b"date\n2024", NOW), rows=ROWS), NOW)
    uploads.keep(make_upload("", b"other", NOW), NOW)
    assert [uploads.read(kept).content for kept in uploads.list_kept(NOW)] == [b"other", b"date\n2024", b"a"]  # type: ignore[union-attr]


def test_number_size_and_age_have_a_bound(uploads: Uploads) -> None:
    for number in range(MOST_UPLOADS + 2):
        uploads.keep(make_upload(f"{number}.csv", b"%d" % number, NOW), NOW)
    assert names(uploads) == [f"{number}.csv" for number in range(MOST_UPLOADS + 1, 1, -1)]
    files = [file.name for file in uploads.folder.iterdir() if len(file.stem) == 32]
    assert len(files) == MOST_UPLOADS
    assert "5 MiB" in uploads.keep(make_upload("large.csv", b"x" * (LARGEST_UPLOAD + 1), NOW), NOW)
    assert "large.csv" not in names(uploads)
    later = NOW + dt.timedelta(days=DAYS)
    assert names(uploads, later) == []
    uploads.keep(make_upload("new.csv", b"new", later), later)
    assert len([file for file in uploads.folder.iterdir() if len(file.stem) == 32]) == 1


def test_what_is_discarded_goes_with_its_files(uploads: Uploads) -> None:
    handed = make_upload("a.csv", b"a", NOW)
    uploads.keep(replace(handed, rows=ROWS), NOW)
    assert uploads.discard(handed.id, NOW) == ""
    assert uploads.list_kept(NOW) == []
    assert not [file for file in uploads.folder.iterdir() if file.stem == handed.id]


def test_files_that_cannot_be_read_hold_nothing_and_a_folder_that_cannot_be_written_is_told(uploads: Uploads) -> None:
    handed = make_upload("a.csv", b"a", NOW)
    uploads.keep(replace(handed, rows=ROWS), NOW)
    (uploads.folder / f"{handed.id}.json").write_bytes(b'{"scores": [')
    assert read_first(uploads) == handed
    (uploads.folder / "list.json").write_bytes(b'[{"id": "../../data/scores/military.csv", "name": "a", "changed": 3}]')
    assert uploads.list_kept(NOW) == []
    blocked = Uploads(uploads.folder / "list.json", "c1")
    assert "cannot be written" in blocked.keep(handed, NOW)
