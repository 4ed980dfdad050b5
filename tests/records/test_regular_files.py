"""Only regular files of a sensible size are read: a pipe, a device, a link or an endless file is named, not waited for."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from indicators.records import folder as ledger
from indicators.records.checks.folder import check_folder
from indicators.records.folder import (
    format_folder,
    list_files,
    pack_folder,
    read_file,
    read_folder,
    stamp_folder,
)
from indicators.records.problems import Report
from indicators.records.storage.store import Shelf
from tests.breakages import places
from tests.folders import FILES, contents

EVENTS, EXTRA, ARTICLE, README = "events.csv", "scores/extra.csv", "narrative/article.md", "README.md"
PAIRS, PACKAGE = "benchmarks/pairs.csv", "datapackage.json"

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and links")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link_out(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def link_nowhere(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def link_within(path: Path) -> None:
    path.symlink_to("method.md")


def folder(path: Path) -> None:
    path.mkdir()


def door(path: Path) -> None:
    # A socket's address is short: it is made under a short name and moved.
    home = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(home)


KINDS = [pipe, device, link_out, link_nowhere, link_within, folder, door]
by_kind = pytest.mark.parametrize("make", KINDS, ids=[f.__name__ for f in KINDS])


def replace_by(data: Path, name: str, make: Callable[[Path], None]) -> None:
    (data / name).unlink(missing_ok=True)
    make(data / name)


@by_kind
@pytest.mark.parametrize("name", [EVENTS, EXTRA, ARTICLE, README, PAIRS, PACKAGE])
def test_what_is_no_regular_file_is_named_and_not_read(data: Path, name: str, make: Callable[[Path], None]) -> None:
    replace_by(data, name, make)
    assert (name, 0, "file", "file-unreadable") in places(check_folder(read_folder(data)))
    assert name not in read_folder(data).texts


@by_kind
def test_readers_keep_the_last_good_version_beside_it(data: Path, make: Callable[[Path], None]) -> None:
    shelf = Shelf(data)
    good = shelf.look().dataset
    assert good is not None
    replace_by(data, EVENTS, make)
    edition = shelf.look()
    assert edition.dataset is good
    assert [p.file for p in edition.report.blocking] == [EVENTS]


@by_kind
def test_it_is_no_file_for_download_and_not_in_the_archive(data: Path, make: Callable[[Path], None]) -> None:
    replace_by(data, README, make)
    assert README not in list_files(data)
    with pytest.raises(ValueError, match="not a file"):
        read_file(data, README)
    assert b"root:" not in pack_folder(data)


@by_kind
def test_format_leaves_it_alone_and_says_so(data: Path, make: Callable[[Path], None]) -> None:
    replace_by(data, EVENTS, make)
    left = Report()
    format_folder(data, write=True, left=left)
    assert [(p.file, p.code) for p in left] == [(EVENTS, "file-unreadable")]
    assert not (data / EVENTS).is_file() or (data / EVENTS).is_symlink()


def test_a_link_to_the_right_file_is_refused_too_and_says_what_to_do(data: Path, tmp_path: Path) -> None:
    (data / EVENTS).rename(tmp_path / "elsewhere.csv")
    (data / EVENTS).symlink_to(tmp_path / "elsewhere.csv")
    (problem,) = (p for p in check_folder(read_folder(data)) if p.file == EVENTS)
    assert problem.message == "is a link — put the file itself in its place"


def test_a_folder_within_the_data_that_is_a_link_is_refused(data: Path, tmp_path: Path) -> None:
    (data / "scores").rename(tmp_path / "scores")
    (data / "scores").symlink_to(tmp_path / "scores")
    problems = [p for p in check_folder(read_folder(data)) if p.file.startswith("scores/")]
    assert {p.file for p in problems} == {"scores/cyber.csv", "scores/military.csv"}
    assert all("scores, which is a link" in p.message for p in problems)


def test_the_data_folder_itself_may_be_a_link(data: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(data)
    assert check_folder(read_folder(tmp_path / "link")) == []
    assert read_file(tmp_path / "link", EVENTS) == FILES[EVENTS].encode()


def test_the_mark_of_a_folder_changes_when_a_file_becomes_a_link(data: Path) -> None:
    before = stamp_folder(data)
    replace_by(data, README, link_out)
    assert stamp_folder(data) != before


@pytest.mark.parametrize("name", [EVENTS, ARTICLE, README])
def test_a_file_beyond_the_limit_is_named_and_not_read(data: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (data / name).stat().st_size
    monkeypatch.setattr(ledger, "LARGEST_TABLE", size - 1)
    monkeypatch.setattr(ledger, "LARGEST_TEXT", size - 1)
    found = {p.file: p.message for p in check_folder(read_folder(data)) if p.code == "file-unreadable"}
    assert "is larger than" in found[name]
    with pytest.raises(ledger.UnfitFileError, match="larger"):
        read_file(data, name)


def test_formatting_leaves_a_link_and_its_target_alone(data: Path, tmp_path: Path) -> None:
    (data / EVENTS).rename(tmp_path / "elsewhere.csv")
    (data / EVENTS).symlink_to(tmp_path / "elsewhere.csv")
    before = contents(tmp_path)
    format_folder(data, write=True)
    assert (data / EVENTS).is_symlink()
    assert contents(tmp_path)["elsewhere.csv"] == before["elsewhere.csv"]
