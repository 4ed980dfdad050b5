"""The only module that opens data files: read a folder, tell its digest, lock it, put new bytes in place."""

import contextlib
import errno
import hashlib
import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from indicators.records.csvfile import TextTable, canonical_bytes, decode_text, parse_table
from indicators.records.datapackage import describe_package
from indicators.records.encoding import pack_files
from indicators.records.errors import IndicatorsError
from indicators.records.problems import Report
from indicators.records.tables.core import (
    ARTICLE,
    FOLDERS,
    METHOD,
    OPTIONAL_FILES,
    PACKAGE,
    SINGLE_FILES,
    TOPIC_FILE,
    table_of,
)
from indicators.records.topic import Topic, read_topic

TEXT_FILES = (ARTICLE, METHOD, "README.md", PACKAGE)

LARGEST_TABLE, LARGEST_TEXT = 256 * 1024 * 1024, 8 * 1024 * 1024
"""Bytes of a file beyond which it is not read: a million assessments take half of it."""

_LOSSY = ("cell-count", "column-unknown", "quote")
"""Codes of faults whose rows or cells are not in the parsed table: rewriting such a file would lose them."""

_READS = 8
"""How often a folder that changes while it is read is read again."""

_WRITTEN_FOLDERS = (*FOLDERS, "codebook", "narrative", "outlook", "inbox", "review")


@dataclass(frozen=True)
class Folder:
    """What a data folder holds, as text, with the problems met in reading it."""

    tables: dict[str, TextTable] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    report: Report = field(default_factory=Report)

    @property
    def dimensions(self) -> list[str]:
        """Ids of the dimensions, in their order, as far as they could be read."""
        table = self.tables.get("codebook/dimensions.csv")
        return table.cells["dimension"].to_pylist() if table else []

    @property
    def topic(self) -> Topic | None:
        """What the folder is about; nothing where that could not be read or is not whole."""
        read = self.tables.get(TOPIC_FILE)
        return read_topic({row["key"]: row["value"] for row in read.cells.to_pylist()}) if read else None

    @property
    def files(self) -> list[str]:
        """Table files that the folder has or must have, sorted; also those that are absent or could not be read."""
        return sorted({*self.tables, *(p.file for p in self.report if table_of(p.file))})

    @property
    def entered(self) -> bool:
        """Whether each of its folders could be entered, so that ``files`` names all."""
        return not any(p.column == "folder" for p in self.report)

    def describe(self, further: Iterable[str] = ()) -> str | None:
        """Return what ``datapackage.json`` must say of these files and further ones.

        Nothing where topic, dimensions or a folder could not be read, so that the description would lack something.
        """
        if self.topic is None or "codebook/dimensions.csv" not in self.tables or not self.entered:
            return None
        return describe_package(self.topic, self.dimensions, sorted({*self.files, *further}))


class UnfitFileError(IndicatorsError):
    """What stands in a file's place is not a regular file, or too large; the message says which, and what to do."""


def list_files(data: Path) -> list[str]:
    """Return the regular files of the format that stand in a folder, sorted; missing ones are not listed."""
    return [name for name in _list_names(data) if not _is_unfit(data, name)]


def stamp_folder(data: Path) -> tuple[tuple[str, int, int, int, int], ...]:
    """Return a cheap mark of the folder's state: any change of a file, or of the rights to it, changes it."""
    marks = []
    for name in _list_names(data):
        try:
            status = (data / name).lstat()  # links are not read, so that what they lead to does not count
        except OSError:
            continue
        marks.append((name, status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns))
    return tuple(marks)


def read_folder(data: Path) -> Folder:
    """Return all tables and texts of a folder; what could not be read is a problem in its report.

    Three outcomes of a file stay apart: present, absent (``file-missing``), could not read (``file-unreadable``
    and the codes of malformed files).
    """
    return parse_files(*read_files(data))


def read_files(data: Path) -> tuple[dict[str, bytes], Report]:
    """Return the bytes of the folder's files, and a problem for each that is absent or could not be read."""
    for _ in range(_READS):
        stamp = stamp_folder(data)
        report = Report()
        listed = [f for f in _list_names(data) if f not in SINGLE_FILES and f not in TEXT_FILES]
        read = {name: _read_bytes(data, name, report) for name in (*SINGLE_FILES, *TEXT_FILES, *listed)}
        # Files may be absent here, so that only the folder itself tells absent from unreadable.
        for folder in dict.fromkeys((*FOLDERS, *(f.partition("/")[0] for f in OPTIONAL_FILES))):
            if os.path.isdir(data / folder) and not os.access(data / folder, os.R_OK | os.X_OK):
                report.add(folder, 0, "folder", "", "file-unreadable", "cannot be opened — check its permissions")
        # A save between two files would show scores whose new events were not there yet: then all is read again.
        if stamp_folder(data) == stamp:
            break
    return {name: raw for name, raw in read.items() if raw is not None}, report


def parse_files(files: Mapping[str, bytes], report: Report) -> Folder:
    """Return the folder that some files make; their faults are added to those in ``report``."""
    tables: dict[str, TextTable] = {}
    texts: dict[str, str] = {}
    for name, raw in files.items():
        if name in TEXT_FILES:
            text = decode_text(name, raw, report)
            if text is not None:
                texts[name] = text
        elif (table := table_of(name)) is not None:
            read = parse_table(name, table, raw, report)
            if read is not None:
                tables[name] = read
    folder = Folder(tables, texts, digest_files(files), report)
    _compare_score_files(folder, report)
    return folder


def digest_files(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of names and contents, as hexadecimal digits."""
    hashed = hashlib.sha256()
    for name, raw in files.items():
        hashed.update(f"{name}\0{len(raw)}\0".encode())
        hashed.update(raw)
    return hashed.hexdigest()


def format_folder(data: Path, write: bool, left: Report | None = None) -> list[str]:
    """Return the files whose bytes are not canonical, and rewrite them if asked.

    Files that cannot be read, or whose structure is broken, are left alone, so that nothing written is lost; their
    faults are added to ``left``. ``OSError`` where the folder cannot be locked or written.
    """
    with lock_folder(data, 10) if write else contextlib.nullcontext():
        files, report = read_files(data)
        folder = parse_files(files, report)
        broken = {p.file for p in folder.report if p.code in (*_LOSSY, "file-unreadable")}
        wanted = {n: canonical_bytes(read.table, read.cells) for n, read in folder.tables.items() if n not in broken}
        if PACKAGE not in broken and (package := folder.describe()):
            wanted[PACKAGE] = package.encode()
        changed = [name for name in sorted(wanted) if files.get(name) != wanted[name]]
        if write:
            for name in changed:
                replace_file(data / name, wanted[name])
    if left is not None:
        skipped = (broken | {name for name in files if table_of(name)}) - {*wanted}
        left.extend(p for p in folder.report if p.file in skipped)
    return changed


@contextlib.contextmanager
def lock_folder(data: Path, seconds: float) -> Iterator[None]:
    """Keep every other writer out of a folder; ``TimeoutError`` where one holds it for longer than ``seconds``.

    The lock is the operating system's, on the file ``.lock`` of the folder, so that all who share the folder share
    it; it ends with the process that holds it, however that dies. Temporary files found under it are those of writers
    that died, and are removed. ``FileNotFoundError`` where the folder is absent: a lock must not make it.
    """
    if not os.path.isdir(data):
        raise FileNotFoundError(errno.ENOENT, "the data folder is absent", str(data))
    with FileLock(data / ".lock", timeout=seconds, poll_interval=0.02):
        for folder in (data, *(data / name for name in _WRITTEN_FOLDERS)):
            for left in folder.glob(".*.[0-9]*.tmp"):
                left.unlink(missing_ok=True)
        yield


def read_file(data: Path, name: str) -> bytes:
    """Return the bytes of a file of the folder; ``ValueError`` for a name that the format does not list there, ``UnfitFileError`` for no regular file."""
    if name not in list_files(data):
        raise ValueError(f"{name!r} is not a file of the data folder")
    return _read_regular(data, name)


def pack_folder(data: Path, see: Callable[[str, bytes], bytes] = lambda _, content: content) -> bytes:
    """Return all files of the folder as a zip archive; the same files give the same bytes.

    ``see`` makes of a file's name and content what whoever asks may see.
    """
    return pack_files({name: see(name, _read_regular(data, name)) for name in list_files(data)})


def replace_file(path: Path, content: bytes) -> None:
    """Put new content in a file's place in one step: readers see the old bytes or the new ones, never a part."""
    replace_files({path: content})


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Put new contents in the files' places, in this order; ``OSError`` where that fails, and the files are as before.

    All is on the disk before the first file is replaced, so a full disk changes nothing. A process that dies between
    two replacements leaves the first ones done.
    """
    before = {path: path.read_bytes() if path.exists() else None for path in contents}
    replaced: list[Path] = []
    try:
        for path, content in contents.items():
            path.parent.mkdir(exist_ok=True)  # that of a file that the folder did without
            _write_synced(_temporary(path), content, path)
        for path in contents:
            _temporary(path).replace(path)
            replaced.append(path)
            _sync_folder(path.parent)
    except OSError:
        for path in reversed(replaced):
            _put_back(path, before[path])
        raise
    finally:
        for path in contents:
            _temporary(path).unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}{threading.get_ident()}.tmp")


def _write_synced(path: Path, content: bytes, like: Path) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        if like.exists():  # colleagues who may write the old file may write the new one
            path.chmod(like.stat().st_mode & 0o7777)
        os.fsync(file.fileno())


def _put_back(path: Path, content: bytes | None) -> None:
    # Where even this fails, the new file stays: what it holds is whole.
    with contextlib.suppress(OSError):
        if content is None:
            path.unlink()
        else:
            _write_synced(_temporary(path), content, path)
            _temporary(path).replace(path)


def _sync_folder(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):  # only then can a directory entry be forced to disk
        handle = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _list_names(data: Path) -> list[str]:
    """Names of the format at which anything stands in a folder, sorted: files, and what is in their place."""
    found = {name for name in (*SINGLE_FILES, *OPTIONAL_FILES, *TEXT_FILES) if os.path.lexists(data / name)}
    found |= {f"{folder}/{name}" for folder in FOLDERS for name in _list_folder(data / folder)}
    return sorted(found)


def _list_folder(folder: Path) -> list[str]:
    """Names of the tables in a folder; none where it is absent or may not be read."""
    try:
        return [name for name in os.listdir(folder) if name.endswith(".csv")]
    except OSError:
        return []


def _read_bytes(data: Path, name: str, report: Report) -> bytes | None:
    try:
        return _read_regular(data, name)
    except FileNotFoundError:
        report.add(name, 0, "file", "", "file-missing", "is absent — restore it")
    except UnfitFileError as error:
        report.add(name, 0, "file", "", "file-unreadable", str(error))
    except OSError as error:
        report.add(
            name, 0, "file", "", "file-unreadable", f"could not be read ({error.strerror}) — check its permissions"
        )
    return None


def _read_regular(data: Path, name: str) -> bytes:
    """The bytes of a file; ``UnfitFileError`` for a link, which may lead out of the folder, and for what never ends."""
    path = data / name
    if reason := _is_unfit(data, name):
        raise UnfitFileError(reason)
    most = LARGEST_TABLE if name.endswith(".csv") else LARGEST_TEXT
    # What stood there a moment ago may have been replaced: opened so that neither a link is followed nor a pipe waited for.
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"))
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnfitFileError(_NOT_REGULAR)
        raw = file.read(most + 1)
    if len(raw) > most:
        message = f"is larger than {most // 1024 // 1024} MiB — split it, or remove what does not belong there"
        raise UnfitFileError(message)
    return raw


_NOT_REGULAR = "is not a regular file — put the file itself in its place"


def _is_unfit(data: Path, name: str) -> str:
    """Why what stands at a name is not read as a file, or nothing; also nothing where that cannot be told."""
    folder = name.rpartition("/")[0]
    if folder and os.path.islink(data / folder):
        return f"stands in {folder}, which is a link — put the folder itself in its place"
    try:
        mode = os.lstat(data / name).st_mode
    except OSError:
        return ""
    if stat.S_ISLNK(mode):
        return "is a link — put the file itself in its place"
    return "" if stat.S_ISREG(mode) else _NOT_REGULAR


def _compare_score_files(folder: Folder, report: Report) -> None:
    if "codebook/dimensions.csv" not in folder.tables or any(p.file == "scores" for p in report):
        return
    present = {f for f in folder.tables if f.startswith("scores/")}
    seen = present | {p.file for p in report}
    expected = {f"scores/{d}.csv" for d in folder.dimensions}
    for name in sorted(expected - seen):
        report.add(name, 0, "file", "", "file-missing", "is absent — restore it (a header row alone is enough)")
    for name in sorted(present - expected):
        report.add(name, 0, "file", "", "file-unknown", "is not the file of a dimension — rename or remove it")
