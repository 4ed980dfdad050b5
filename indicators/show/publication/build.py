"""The publication as a folder: this version at the root and in the archive, earlier versions beside it, untouched."""

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs, get_plotlyjs_version

from indicators.measures.blindness import PUBLIC, Blindness, find_blindness
from indicators.records.dataset import Dataset
from indicators.records.encoding import write_json
from indicators.records.errors import IndicatorsError
from indicators.records.folder import list_files, read_file
from indicators.show.files.feed import list_changes, write_feed, write_sitemap
from indicators.show.files.review import write_review
from indicators.show.publication.brief import POLICY as NO_SCRIPTS
from indicators.show.publication.cards import compose_cards
from indicators.show.publication.compare import write_quarters
from indicators.show.publication.content import Publication, gather_publication
from indicators.show.publication.files import build_downloads, write_version
from indicators.show.publication.outlook import Outlook, build_outlook_files, compose_outlook, gather_outlook
from indicators.show.publication.pages import compose_pages, show_figures
from indicators.show.publication.previews import take_previews
from indicators.show.publication.render import FONT_FILES, FONTS, HERE, NEWER, PAGE_STYLE, Place, Sheet, fill_sheet
from indicators.show.text.html import GLOSSARY
from indicators.show.text.words import format_change, format_score

MANIFEST = "publication.json"
"""Marks a folder as a publication and lists the files that belong to it; others in the folder are kept as they are."""

_ADDRESS = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d+)?(/[\w.~!$&'()*+,;=:@%/-]*)?")

ARCHIVE = "archive"
SHARED = f"{ARCHIVE}/files"
"""What versions have in common, each file once."""

DIGEST = 20
"""Hexadecimal digits of an address: 80 bits, so that two files never meet."""

VERSION, CONTENTS = "version.json", "files.json"
"""In the folder of a version: what later ones must know of it, and where its files that are no pages are kept."""

PLOTLY = f"plotly-{get_plotlyjs_version()}.min.js"
Files = dict[str, bytes]


class PublicationError(IndicatorsError):
    """The target cannot take this publication; the message says why."""


def publish(
    dataset: Dataset,
    data: Path,
    out: Path,
    base_url: str = "",
    today: dt.date | None = None,
    browser: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> str:
    """Build the publication of a dataset in ``out``, and return the name of its version.

    ``out`` is new, empty or an earlier publication, whose archived versions stay as they are. It is replaced in one
    step when everything is built. The same data, ``base_url``, ``today`` and earlier versions give the same bytes,
    previews aside. ``data`` is the folder that the dataset was read from; ``browser`` takes the previews, if given.

    Raises ``PublicationError`` for another folder, for an address that is not http(s), and where the archive holds this
    version with other numbers.
    """
    base_url = check_address(base_url)
    blindness = find_blindness(dataset, PUBLIC, today or dataset.assessments["recorded"].max().date())
    dataset = blindness.see(dataset)
    earlier = read_manifest(out)
    say("readings, draws and verdicts")
    publication = gather_publication(dataset, today)
    folder = f"{ARCHIVE}/{publication.version}"
    say(f"version {publication.version}: {len(publication.ids)} charts")
    kept = _read_archived(out / folder, publication)
    previews = _keep_previews(out, kept) if kept else take_previews(publication, say, browser)
    say("data")
    outlook = gather_outlook(publication)
    shared = _build_shared(publication, outlook, data, previews, blindness)
    say("pages")
    figures = show_figures(publication)
    sheets = [
        *compose_pages(publication, figures),
        *compose_outlook(publication, outlook),
        *compose_cards(publication, figures, outlook.chart is not None),
    ]

    def fill(place: Place) -> Files:
        return {sheet.path: fill_sheet(sheet, publication, place) for sheet in sheets}

    versions = _list_versions(out, earlier, publication)
    front = Place("", base_url, frozenset(previews), PLOTLY, _tell_news(versions, publication))
    addresses = {name: address_file(name, content) for name, content in shared.items()}
    archived = fill(replace(front, root="../../", files=addresses))
    archived |= {VERSION: shared[VERSION], CONTENTS: write_json(addresses, indent=1)}
    pages = fill(front)
    files = shared | pages
    if kept is None:
        files |= {f"{folder}/{name}": content for name, content in archived.items()}
        files |= {addresses[name]: content for name, content in shared.items()}
    elif kept != archived:
        say(f"{folder} stays as it was first published; the pages at the root are new")
    files |= _build_root(publication, front, pages, versions, say)
    files |= _build_assets()
    _replace_folder(out, files, earlier)
    say(f"{len(files)} files in {out}")
    return publication.version


def read_manifest(out: Path) -> list[str]:
    """Return the files of the publication in a folder; none for a folder that is new or empty.

    Raises ``PublicationError`` for anything else.
    """
    if not out.exists():
        return []
    if not out.is_dir():
        raise PublicationError(f"{out} is not a folder")
    if not any(out.iterdir()):
        return []
    try:
        return [str(name) for name in _read_json(out / MANIFEST)["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise PublicationError(f"{out} is not empty and not a publication; choose another folder") from None


def describe_since(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return how the readings of one version differ from those of another, in words."""
    parts = []
    rows = now["rows"] - then["rows"]
    if rows:
        parts.append(f"{format_change(rows, 0)} {'assessment' if abs(rows) == 1 else 'assessments'} in force")
    for id, reading in now["readings"].items():
        before = then["readings"].get(id)
        if before is None:
            parts.append(f"{reading['title']} has a reading now ({format_score(reading['score'], 2)})")
        elif before["score"] != reading["score"]:
            parts.append(
                f"{reading['title']} {format_score(before['score'], 2)} ({before['date_words']}) → "
                f"{format_score(reading['score'], 2)} ({reading['date_words']})"
            )
    parts += [
        f"{r['title']} no longer has a reading" for id, r in then["readings"].items() if id not in now["readings"]
    ]
    return "; ".join(parts) + "." if parts else "no reading changed; texts or sources were revised."


def check_address(base_url: str) -> str:
    """Return an address to which the names of files can be added; ``PublicationError`` for any other."""
    # Links are made by adding names of files: behind ?, # or a space they would lead elsewhere.
    if base_url and not _ADDRESS.fullmatch(base_url):
        raise PublicationError(
            f"{base_url!r} is not an address of the form https://example.org/tension, without ?, # and spaces"
        )
    return base_url.rstrip("/")


def _read_archived(folder: Path, publication: Publication) -> Files | None:
    """The files of this version as first published, or nothing; refuses a version with other numbers."""
    if not folder.is_dir():
        return None
    if not (folder / VERSION).is_file():
        raise PublicationError(f"{folder} has no {VERSION}; restore it, or remove the folder")
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    old, new = (json.loads(text)["readings"] for text in (kept[VERSION], write_version(publication)))
    if old != new:
        raise PublicationError(
            f"{folder} has this data with other readings, from another version of the method; "
            "an archived version is never changed: publish to another folder"
        )
    return kept


def _keep_previews(out: Path, kept: Files) -> Files:
    """The previews of a version in the archive; one of an earlier release has them in its own folder."""
    addresses = json.loads(kept.get(CONTENTS, b"{}"))
    pictures = kept | {name: (out / address).read_bytes() for name, address in addresses.items()}
    return {Path(name).stem: content for name, content in pictures.items() if name.startswith("previews/")}


def address_file(name: str, content: bytes) -> str:
    """Return where the archive keeps a file that is no page, for all versions that have the same: by its digest."""
    return f"{SHARED}/{sha256(content).hexdigest()[:DIGEST]}/{Path(name).name}"


def _build_shared(
    publication: Publication, outlook: Outlook, data: Path, previews: Files, blindness: Blindness
) -> Files:
    """The files that are no pages, the same at the root and in the archive; rows under an embargo stay out."""
    files = {f"data/{name}": blindness.see_file(name, read_file(data, name)) for name in list_files(data)}
    files |= dict(build_downloads(publication)) | dict(build_outlook_files(outlook))
    files |= {f"previews/{id}.png": picture for id, picture in previews.items()}
    files["style.css"] = PAGE_STYLE.encode()
    files["newer.js"] = NEWER.encode()
    files["glossary.js"] = GLOSSARY.encode()
    for script in ("charts.js", "compare.js"):
        files[script] = (HERE / "static" / script).read_bytes()
    files["data/quarters.json"] = write_quarters(publication)
    files[VERSION] = write_version(publication)
    return files


def _build_assets() -> Files:
    """The chart library and the type, which stay where they are for the versions in the archive."""
    files = {f"assets/{FONT_FILES[name]}": content for name, content in FONTS.items()}
    files["assets/OFL.txt"] = (HERE / "fonts" / "OFL.txt").read_bytes()
    files[f"assets/{PLOTLY}"] = get_plotlyjs().encode()
    return files


def _list_versions(out: Path, earlier: list[str], publication: Publication) -> list[dict[str, Any]]:
    """All versions in the order of their first publication, this one among them."""
    order = [v["version"] for v in _read_json(out / "versions.json")["versions"]] if earlier else []
    files = {name: out / ARCHIVE / name / VERSION for name in order}
    found = {name: _read_json(file) for name, file in files.items() if file.is_file()}
    found.setdefault(publication.version, json.loads(write_version(publication)))
    return list(found.values())


def _tell_news(versions: list[dict[str, Any]], publication: Publication) -> str:
    """What the newest version changed in the index and the dimensions, or nothing where it is the first one."""
    latest = next(v for v in versions if v["version"] == publication.version)
    others = [v for v in versions if v is not latest]
    if not others:
        return ""
    shown = {"index", *publication.dataset.dimensions.index}
    then, now = (v | {"readings": {i: r for i, r in v["readings"].items() if i in shown}} for v in (others[-1], latest))
    return describe_since(then, now)


def _build_root(
    publication: Publication, place: Place, pages: Files, versions: list[dict[str, Any]], say: Callable[[str], None]
) -> Files:
    """The files that stand at the root alone: versions, feed, sitemap of these and the other pages."""
    latest = next(v for v in versions if v["version"] == publication.version)
    others = [v for v in reversed(versions) if v is not latest]
    shown = [
        {
            **version,
            "recorded": version["recorded_words"],
            "digest": version["digest"][:8],
            "state": _state_index(version),
            "since": describe_since(version, latest),
        }
        for version in [latest, *others]
    ]
    title = f"Versions · {publication.dataset.topic.title}"
    sheet = Sheet("versions.html", "versions.html", title, "All versions.", "index", {"versions": shown}, kept=False)
    lost = Sheet("404.html", "404.html", "No page here", "", "index", {"policy": NO_SCRIPTS}, kept=False)
    files = {
        "versions.html": fill_sheet(sheet, publication, place),
        "404.html": fill_sheet(lost, publication, place),
        "versions.json": write_json({"latest": publication.version, "versions": versions}, indent=1),
        "latest.json": write_version(publication),
        "feed.xml": write_feed(
            list_changes(publication.panel),
            f"{publication.dataset.topic.title}: changes",
            publication.dataset.topic.licence,
            place.base_url,
        ),
    }
    if review := write_review(publication.headlines["index"], publication.dataset, place.base_url):
        files["review.ics"] = review
    if place.base_url:
        files["sitemap.xml"] = write_sitemap([*pages, sheet.path], place.base_url, publication.recorded)
    else:
        say("no sitemap.xml, and no addresses of pages and previews in them: they need --base-url")
    return files


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _state_index(version: Mapping[str, Any]) -> str:
    reading = version["readings"].get("index")
    if reading is None:
        return "The index has no reading."
    return f"Index {format_score(reading['score'], 2)} on {reading['date_words']}."


def _replace_folder(out: Path, files: Files, earlier: list[str]) -> None:
    """Put the new files in place of the earlier ones in one step; archived and foreign files are carried over."""
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = (out.with_name(f".{out.name}.{os.getpid()}.{part}") for part in ("new", "old"))
    gone = set(earlier) - set(files)
    try:
        if out.is_dir():
            for path in sorted(out.rglob("*")):
                name = path.relative_to(out).as_posix()
                if path.is_symlink() or path.is_file():
                    belongs = name in gone or name in files or name == MANIFEST
                    if name.startswith((f"{ARCHIVE}/", "assets/")) or not belongs:
                        _carry(path, fresh / name)
                elif not any(path.iterdir()):
                    (fresh / name).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if (fresh / name).exists():
                continue
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(content)
        own = sorted(name for name in files if not name.startswith((f"{ARCHIVE}/", "assets/")))
        (fresh / MANIFEST).write_bytes(write_json({"files": own}, indent=1))
        if out.exists():
            out.rename(old)
        fresh.rename(out)
    except BaseException:
        if old.exists() and not out.exists():
            old.rename(out)
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _carry(path: Path, target: Path) -> None:
    """Take a file over without a copy where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        target.symlink_to(path.readlink())
        return
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)
