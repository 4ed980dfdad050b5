"""The publication: same bytes, versions that never change, pages that load nothing from elsewhere."""

import json
import re
import shutil
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pandas as pd
import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset, type_table
from indicators.records.folder import format_folder, list_files, read_folder
from indicators.records.tables.columns import PAGES
from indicators.show.publication.build import PublicationError, check_address, describe_since, publish
from indicators.show.publication.content import NothingToPublishError, gather_publication, state_reading
from tests.folders import FILES, write_folder
from tests.show.published import ADDRESS, LATER, Markup, append_row, publish_folder, read_tree


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("first") / "data")


@pytest.fixture(scope="module")
def first(data, tmp_path_factory):
    """The publication of the tiny folder, and its version."""
    out = tmp_path_factory.mktemp("site") / "out"
    return out, publish_folder(data, out)


@pytest.fixture(scope="module")
def second(first, data, tmp_path_factory):
    """The same folder published again with one row more, and both versions."""
    home = tmp_path_factory.mktemp("again")
    out, data = (Path(shutil.copytree(path, home / path.name)) for path in (first[0], data))
    append_row(data)
    return out, first[1], publish_folder(data, out)


def pages_of(site):
    return sorted(p for p in site.rglob("*.html"))


# The same and the new


def test_a_version_is_named_by_the_day_of_the_newest_row_and_the_digest(first, data):
    assert first[1] == f"2024-07-06-{load_dataset(data).digest[:8]}"


def test_publishing_twice_gives_the_same_bytes(first, data, tmp_path):
    publish_folder(data, tmp_path / "other")
    assert read_tree(tmp_path / "other") == read_tree(first[0])


def test_publishing_again_into_the_same_folder_changes_nothing(first, data, tmp_path):
    out = Path(shutil.copytree(first[0], tmp_path / "out"))
    publish_folder(data, out)
    assert read_tree(out) == read_tree(first[0])
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_the_archive_of_the_first_version_is_untouched_by_the_second(first, second):
    folder = f"archive/{first[1]}"
    assert read_tree(second[0] / folder) == read_tree(first[0] / folder)
    assert second[1] != second[2]
    assert (second[0] / "archive" / second[2] / "index.html").is_file()


def test_the_new_card_has_the_new_number_and_the_old_card_still_the_old_one(first, second):
    # Posture by c1 and c2: 5 and 5 before; 9 and 5 after, so 7 in the mean.
    out, old, _ = second
    assert "Posture stood at 5.0 of 10" in Markup(out / f"archive/{old}/cards/mil_posture.html").text
    assert "Posture stood at 7.0 of 10 on 30 Sep 2024" in Markup(out / "cards/mil_posture.html").text


def test_an_old_card_leads_to_the_newest_one_and_to_what_changed_since_without_a_script(second):
    out, old, new = second
    card = out / f"archive/{old}/cards/mil_posture.html"
    links = [link["href"] for link in Markup(card).all("a")]
    assert (card.parent / "../../../cards/mil_posture.html").resolve() == out / "cards/mil_posture.html"
    assert "../../../cards/mil_posture.html" in links
    assert f"../../../versions.html#{old}" in links
    versions = Markup(out / "versions.html")
    assert [s["id"] for s in versions.all("section")] == [new, old]
    assert "Changed since: +1 assessment in force; " in versions.text
    assert "Posture 5.00 (30 Jun 2024) → 7.00 (30 Sep 2024)" in versions.text


def test_versions_are_listed_for_scripts_with_the_newest_one_named(second):
    out, old, new = second
    listed = json.loads((out / "versions.json").read_text())
    assert (listed["latest"], [v["version"] for v in listed["versions"]]) == (new, [old, new])
    assert json.loads((out / "latest.json").read_text())["version"] == new


def test_going_back_to_earlier_data_makes_its_version_the_newest_again(second, data, tmp_path):
    out = Path(shutil.copytree(second[0], tmp_path / "out"))
    publish_folder(data, out)
    listed = json.loads((out / "versions.json").read_text())
    assert listed["latest"] == second[1]
    assert read_tree(out / "archive") == read_tree(second[0] / "archive")


def test_an_archived_version_with_other_numbers_is_refused_and_left_as_it_is(first, data, tmp_path):
    out = Path(shutil.copytree(first[0], tmp_path / "out"))
    file = out / "archive" / first[1] / "version.json"
    changed = json.loads(file.read_text())
    changed["readings"]["index"]["score"] += 1
    file.write_text(json.dumps(changed))
    before = read_tree(out)
    with pytest.raises(PublicationError):
        publish_folder(data, out)
    assert read_tree(out) == before


def test_an_archived_version_that_looks_otherwise_stays_as_it_was_published(first, data, tmp_path):
    out = Path(shutil.copytree(first[0], tmp_path / "out"))
    page = out / "archive" / first[1] / "index.html"
    page.write_text("An earlier look of the same numbers.")
    publish_folder(data, out)
    assert page.read_text() == "An earlier look of the same numbers."


# Where it goes


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(data, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(PublicationError):
        publish_folder(data, tmp_path)
    assert read_tree(tmp_path) == {"notes.txt": b"mine"}


def test_a_file_in_the_place_of_the_folder_is_refused_and_left_alone(data, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(PublicationError, match="is not a folder"):
        publish_folder(data, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_no_dimension_or_indicator_can_have_the_name_of_another_page(first, dataset):
    pages = {path.stem for path in first[0].glob("*.html")} - {"404"}  # no id begins with a digit
    assert {*dataset.dimensions.index} < pages
    assert pages - {*dataset.dimensions.index} <= {*PAGES}


def test_an_archived_version_without_its_numbers_is_refused(first, data, tmp_path):
    out = Path(shutil.copytree(first[0], tmp_path / "out"))
    (out / "archive" / first[1] / "version.json").unlink()
    before = read_tree(out)
    with pytest.raises(PublicationError, match=r"has no version\.json"):
        publish_folder(data, out)
    assert read_tree(out) == before


def test_links_and_empty_folders_of_others_survive_also_where_files_cannot_be_linked(
    first, data, tmp_path, monkeypatch
):
    out = Path(shutil.copytree(first[0], tmp_path / "out"))
    (out / "latest").symlink_to("index.html")
    (out / "drafts").mkdir()

    def refuse(*_):
        raise OSError("another file system")

    monkeypatch.setattr("os.link", refuse)
    publish_folder(data, out)
    assert (out / "latest").readlink() == Path("index.html")
    assert list((out / "drafts").iterdir()) == []
    assert read_tree(out / "archive") == read_tree(first[0] / "archive")


def test_files_that_are_not_the_publications_own_survive_a_new_one_and_its_own_old_ones_go(first, data, tmp_path):
    out = Path(shutil.copytree(first[0], tmp_path / "out"))
    (out / "CNAME").write_text("tension.example.org")
    (out / ".git").mkdir()
    (out / ".git" / "HEAD").write_text("ref: refs/heads/pages")
    (out / "gone.html").write_text("a page of an earlier codebook")
    manifest = json.loads((out / "publication.json").read_text())
    (out / "publication.json").write_text(json.dumps({"files": [*manifest["files"], "gone.html"]}))
    publish_folder(data, out)
    tree = read_tree(out)
    assert tree.keys() - read_tree(first[0]).keys() == {"CNAME", ".git/HEAD"}
    assert tree["CNAME"] == b"tension.example.org"


def test_a_failure_leaves_the_earlier_publication_as_it_was(first, data, tmp_path, monkeypatch):
    out = Path(shutil.copytree(first[0], tmp_path / "out"))
    shutil.copytree(data, tmp_path / "data")
    append_row(tmp_path / "data")

    def fail(self, target):
        raise OSError("no space left")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="no space"):
        publish_folder(tmp_path / "data", out)
    assert read_tree(out) == read_tree(first[0])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "out"]


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org", "javascript:alert(1)"])
def test_only_web_addresses_are_taken(data, tmp_path, address):
    with pytest.raises(PublicationError):
        publish_folder(data, tmp_path / "out", address)


def test_without_an_address_there_is_no_sitemap_and_no_half_address(data, tmp_path):
    publish_folder(data, tmp_path / "out", "")
    assert not (tmp_path / "out/sitemap.xml").exists()
    properties = {meta.get("property") for meta in Markup(tmp_path / "out/index.html").all("meta")}
    assert "og:title" in properties
    assert not properties & {"og:url", "og:image"}


def test_the_sitemap_names_every_page_of_the_newest_version_once(first):
    listed = re.findall(r"<loc>(.*)</loc>", (first[0] / "sitemap.xml").read_text())
    pages = {page.relative_to(first[0]).as_posix() for page in pages_of(first[0])}
    told = {page for page in pages if not page.startswith("archive/") and page != "404.html"}
    assert sorted(listed) == sorted(f"{ADDRESS}/{page}" for page in told)


def test_a_day_before_the_newest_row_is_refused(dataset):
    with pytest.raises(NothingToPublishError, match="2024-07-06"):
        gather_publication(dataset, dataset.assessments["recorded"].min().date())


def test_an_indicator_without_an_event_of_its_own_is_published_like_the_others(tmp_path):
    # Its scores cite events of its dimension, as the rules allow.
    events = FILES["events.csv"].replace(",mil_posture,", ",mil_signals,")
    loaded = load_dataset(write_folder(tmp_path / "data", **{"events.csv": events}))
    assert "stood at 5.0 of 10" in state_reading(gather_publication(loaded.dataset), "mil_posture")


def test_progress_is_told(dataset, data, tmp_path):
    said = []
    publish(dataset, data, tmp_path / "out", say=said.append)
    assert len(said) >= 4


@pytest.fixture(scope="module")
def sound(data, tmp_path_factory):
    """The tiny folder with a score more, so that its claims speak of dates with readings only."""
    folder = Path(shutil.copytree(data, tmp_path_factory.mktemp("sound") / "data"))
    line = "2024-03-31,cyb_sabotage,5,4,6,Known from the spring and in the middle of the scale.,{},c1,2024-07-01,1.0\n"
    events = type_table(read_folder(folder).tables["events.csv"])
    event = events[events["indicator"].str.startswith("cyb_") & (events["date"] <= "2024-03-31")]["event"].iloc[0]
    with (folder / "scores/cyber.csv").open("a", encoding="utf-8") as file:
        file.write(line.format(event))
    format_folder(folder, write=True)
    return folder


def test_the_command_tells_its_progress_apart_from_its_output(sound, tmp_path):
    result = CliRunner().invoke(main, ["publish", str(tmp_path / "out"), "--data", str(sound), "--no-previews"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert len(result.stderr.splitlines()) >= 4
    assert (tmp_path / "out/index.html").is_file()


UNFIT = [
    "example.org",
    "ftp://example.org/t",
    "https://",
    "https://example.org/t?x=1",
    "https://example.org/t#frag",
    "https://example.org?",
    "https://example.org/a b",
    "https://example.org/t\n",
    "https://example.org/<t>",
    'https://example.org/"t',
    "https://user:password@example.org/t",
    "https://example.org\\t",
]


@pytest.mark.parametrize(
    "address", ["https://example.org", "http://localhost:8000/a/b/", "https://[::1]/t", "https://example.org/~me/t%20x"]
)
def test_an_address_to_which_names_of_files_can_be_added_is_taken(address):
    assert not check_address(address).endswith("/")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        *((["--base-url", address], 2) for address in UNFIT),
        (["--today", "2024-02-30"], 2),
        (["--today", "2024-01-01"], 1),
    ],
)
def test_the_command_ends_with_its_code_and_writes_nothing(sound, tmp_path, options, code):
    command = ["publish", str(tmp_path / "out"), "--data", str(sound), "--no-previews", *options]
    assert CliRunner().invoke(main, command).exit_code == code
    assert not (tmp_path / "out").exists()


def test_a_browser_that_fails_is_named_and_the_publication_goes_without_previews(dataset, data, tmp_path):
    said = []
    publish(dataset, data, tmp_path / "out", ADDRESS, browser=shutil.which("false"), say=said.append)
    assert any("no previews" in line for line in said)
    assert not (tmp_path / "out/previews").exists()
    assert "og:image" not in (tmp_path / "out/index.html").read_text()


# What pages hold


def test_the_front_page_says_the_reading_of_the_panel_with_interval_and_age(first, dataset):
    text = Markup(first[0] / "index.html").text
    reading = Panel(dataset).composite(pd.DatetimeIndex(["2024-06-30"])).index.iloc[-1]
    assert f"{reading:.1f} of 10" in " ".join(text.split())
    assert "2nd quarter of 2024 (scores to 30 Jun 2024)" in text
    assert "in 80 % of the draws" in text
    assert "When this was published (6 Jul 2024)" in text
    assert "the 2nd quarter of 2024 was the newest that had been reviewed" in text


def test_the_front_page_is_small(first):
    assert (first[0] / "index.html").stat().st_size < 200_000


def test_pages_bring_their_own_type_with_its_licence_and_versions_share_it(second):
    out = second[0]
    fonts = sorted(path.name for path in (out / "assets").glob("*.woff2"))
    assert [name.split("-")[0] for name in fonts] == ["sans", "serif"]
    assert all((out / "assets" / name).read_bytes()[:4] == b"wOF2" for name in fonts)
    licence = (out / "assets" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    families = set(re.findall(r'font-family: "([^"]+)"', (out / "index.html").read_text(encoding="utf-8")))
    assert families
    assert not any("Source" in family for family in families)  # a changed font may not bear the reserved name
    style = (out / "style.css").read_text(encoding="utf-8")
    assert all(f'"{family}"' in style and family in licence for family in families)
    for page in (out / "index.html", *(out / "archive").glob("*/index.html")):
        named = re.findall(r'url\("([^"]+)"\)', page.read_text(encoding="utf-8"))
        assert sorted(Path(name).name for name in named) == fonts


def test_each_chart_has_pictures_a_text_twin_and_a_table_on_its_card(first, dataset):
    for id in ["index", *dataset.dimensions.index, *dataset.indicators.index]:
        card = Markup(first[0] / f"cards/{id}.html")
        pictures = card.all("svg")
        assert [p["class"] for p in pictures] == ["picture middle", "picture narrow"]
        assert all(p["role"] == "img" and p["aria-label"] in card.text for p in pictures)
        assert card.all("table")
        assert "Sources: " in card.text


def test_pages_load_nothing_from_elsewhere(first):
    loading = {"src", "srcset", "poster", "data", "action"}
    for page in pages_of(first[0]):
        for tag, attributes in Markup(page).tags:
            loaded = [attributes[a] for a in loading & attributes.keys()]
            if tag == "link" and attributes["rel"] != "canonical":
                loaded.append(attributes["href"])
            assert all(not urlsplit(v).netloc and urlsplit(v).scheme in ("", "data") for v in loaded), (page, loaded)
        assert not re.search(r"url\(['\"]?https?:|@import", page.read_text())
    for style in first[0].rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", style.read_text())


def test_a_card_loads_no_file_at_all(first):
    for page in (first[0] / "cards").glob("*.html"):
        card = Markup(page)
        assert not any("src" in attributes for _, attributes in card.tags)
        assert {link["rel"] for link in card.all("link")} <= {"icon", "canonical"}


def test_every_page_forbids_scripts_of_others_and_handlers_in_the_markup(first):
    for page in pages_of(first[0]):
        markup = Markup(page)
        policy = next(m["content"] for m in markup.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == "'none'"
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:"} & set(rules["script-src"].split())
        assert not any(name.startswith("on") for _, attributes in markup.tags for name in attributes)


def test_every_link_within_the_publication_leads_to_a_file_and_a_place_in_it(second):
    follow_links(second[0], ADDRESS)


def test_no_link_is_broken_in_three_versions_without_an_address_and_the_archive_stays_as_it_was(data, tmp_path):
    out, data = tmp_path / "out", Path(shutil.copytree(data, tmp_path / "data"))
    archived = {}
    for row in ("", LATER, LATER.replace("2024-09-30", "2024-12-31").replace("2024-10-20", "2025-01-20")):
        if row:
            append_row(data, row)
        publish_folder(data, out, "")
        now = read_tree(out / "archive")
        assert {name: now[name] for name in archived} == archived
        archived = now
    versions = sorted({name.split("/")[0] for name in archived} - {"files"})
    assert len(versions) == 3
    # What did not change is one file, which the pages of all versions refer to by its digest.
    contents = [json.loads((out / "archive" / version / "files.json").read_text()) for version in versions]
    assert len({addresses["data/codebook/anchors.csv"] for addresses in contents}) == 1
    assert len({addresses["data/series.csv"] for addresses in contents}) == 3
    for addresses in contents:
        for name, address in addresses.items():
            assert Path(address).name == Path(name).name
            assert sha256((out / address).read_bytes()).hexdigest().startswith(Path(address).parent.name)
    follow_links(out, "")


def follow_links(out, address):
    """Follow each link of each page of a publication, also those under its own address."""
    marks = {}
    for page in pages_of(out):
        here = page.relative_to(out).as_posix()
        markup = Markup(page)
        linked = [a["href"] for a in markup.all("a")] + [
            t.get("href") or t.get("src") for n, t in markup.tags if n in ("link", "script") and len(t) > 0
        ]
        linked += [t[name] for _, t in markup.tags for name in ("data-figure", "data-quarters") if name in t]
        linked += re.findall(r'url\("([^"]+)"\)', page.read_text(encoding="utf-8"))
        for link in filter(None, linked):
            if address and link.startswith(f"{address}/"):
                link = link.removeprefix(address)
            if urlsplit(link).scheme:
                continue
            target, mark = urldefrag(urljoin(f"/{here}", link))
            file = out / target.lstrip("/")
            assert file.is_file(), (here, link)
            if mark:
                if file not in marks:
                    marks[file] = {t["id"] for _, t in Markup(file).tags if "id" in t}
                assert mark in marks[file], (here, link)


def test_ids_are_unique_and_headings_are_in_order(first):
    for page in pages_of(first[0]):
        tags = Markup(page).tags
        ids = [t["id"] for _, t in tags if "id" in t]
        assert len(ids) == len(set(ids)), page
        levels = [int(name[1]) for name, _ in tags if re.fullmatch("h[1-6]", name)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), (page, levels)


def test_the_data_folder_is_published_as_it_is(first, data):
    published = first[0] / "data"
    assert len(list_files(data)) > 10
    assert all((published / name).read_bytes() == (data / name).read_bytes() for name in list_files(data))


def test_series_as_json_and_as_csv_hold_the_same_readings(first):
    rows = json.loads((first[0] / "data/series.json").read_text())
    lines = (first[0] / "data/series.csv").read_text().splitlines()
    assert lines[0] == "date,level,id,score,low,high,fresh"
    assert len(rows) == len(lines) - 1
    # Posture on 31 March: 6 by c1 and 5.5 by c2.
    march = next(r for r in rows if (r["date"], r["id"]) == ("2024-03-31", "mil_posture"))
    assert march["score"] == 5.75
    assert any(line.startswith("2024-03-31,indicator,mil_posture,5.75,") for line in lines)


def test_the_method_page_compares_with_outside_series_and_says_what_is_too_little(first):
    page = Markup(first[0] / "method.html")
    assert "outside-series" in [tag.get("id") for _, tag in page.tags]
    assert "has enough quarters in common with a reading" in page.text
    assert "A risk index GPR levels" in page.text
    assert "Trade has many causes beside these two states." in page.text
    rows = json.loads((first[0] / "data/validity.json").read_text())
    assert {(row["subject"], row["series"]) for row in rows} == {("index", "GPR"), ("military", "GPR")}
    assert all(row["note"].startswith("too few") and row["rho"] is None for row in rows)


def test_notes_on_divergences_stand_on_the_method_page_and_on_their_dimensions_alone(first):
    notes = {"treaty": ["method"], "drill that had been announced": ["method", "military"]}
    for words, pages in notes.items():
        found = [name for name in ("method", "military", "cyber") if words in Markup(first[0] / f"{name}.html").text]
        assert found == pages


def test_addresses_of_pages_and_of_the_citation_are_whole(first):
    page = Markup(first[0] / "cyber.html")
    canonical = [link["href"] for link in page.all("link") if link["rel"] == "canonical"]
    assert canonical == [f"{ADDRESS}/cyber.html"]
    assert f"{ADDRESS}/archive/{first[1]}/cyber.html" in page.text


# Versions compared in words


def version(rows=4, **scores):
    readings = {
        id: {"score": score, "date": "2024-06-30", "date_words": "30 Jun 2024", "title": id.title()}
        for id, score in scores.items()
    }
    return {"rows": rows, "readings": readings}


def test_what_changed_since_names_each_reading_that_is_another():
    text = describe_since(version(index=6, cyber=5, energy=2), version(rows=6, index=6.25, cyber=5, military=7))
    assert "+2 assessments" in text
    assert "Index 6.00 (30 Jun 2024) → 6.25 (30 Jun 2024)" in text
    assert "Cyber" not in text
    assert "Military has a reading now (7.00)" in text
    assert "Energy no longer has a reading" in text


def test_what_changed_since_says_that_no_reading_did():
    assert "no reading changed" in describe_since(version(index=6), version(index=6))
