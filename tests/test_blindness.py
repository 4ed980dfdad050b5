"""Coders score apart from each other: whatever one of them scores of an open quarter, nothing that another sees changes.

Two folders differ in c2's rows of the open quarter alone. Every page for c1, and under an embargo every page, address,
file of the publication and download for everybody, must be the same of both, the data's digest and the clock aside.
"""

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from indicators.dashboard import access
from indicators.measures.blindness import PUBLIC, find_blindness
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, list_files, pack_folder, read_file
from indicators.records.storage.store import open_store
from indicators.show.files.bundle import pack_evidence
from indicators.show.files.workbook import write_workbook
from indicators.show.http.resources import RESOURCES
from indicators.show.http.routes import build_routes
from indicators.show.links.parameters import View
from indicators.show.publication.build import publish
from tests.dashboard.circumstances import LOCAL
from tests.dashboard.looking import NAMES, assert_sound, start_app
from tests.dashboard.scoring.form import field, fill
from tests.folders import FILES, INDICATORS, TOPIC_ROWS, write_sound_folder
from tests.show.asking import ask
from tests.show.published import read_tree

TODAY = dt.date(2024, 12, 1)
CITED = {"mil_posture": "E0001", "mil_signals": "E0002", "cyb_espionage": "E0003", "cyb_sabotage": "E0004"}
SEES = {"c1": "c1", "everybody else": PUBLIC}
_OF_THE_MOMENT = re.compile(r"[0-9a-f]{64}|[0-9a-f]{12}|[0-9a-f]{8}|\d\d:\d\d UTC")
"""Digests, and the minute at which a draft was kept."""


def row(day: str, indicator: str, score: float, reason: str, coder: str, recorded: str) -> str:
    ends = f"{max(score - 1, 0):g},{min(score + 1, 10):g}"
    return f"{day},{indicator},{score:g},{ends},{reason},{CITED[indicator]},{coder},{recorded}T09:00:00Z,1.0\n"


def write_folder(path: Path, theirs: float, said: str, embargo: bool) -> Path:
    """Two coders who have both reviewed March and June 2024; of autumn c1 has scored two indicators, c2 three."""
    rows: dict[str, list[str]] = {"military": [], "cyber": []}
    for indicator, dimension in INDICATORS.items():
        for coder in ("c1", "c2"):
            for day, score in (("2024-03-31", 5.0), ("2024-06-30", 6.0)):
                rows[dimension].append(
                    row(day, indicator, score, "Both have seen the same facts.", coder, "2024-07-09")
                )
        if indicator != "cyb_sabotage":
            rows[dimension].append(row("2024-09-30", indicator, theirs, said, "c2", "2024-10-09"))
    for indicator in ("mil_posture", "cyb_sabotage"):
        rows[INDICATORS[indicator]].append(
            row("2024-09-30", indicator, 4, "What c1 has seen in the autumn.", "c1", "2024-10-09")
        )
    head = FILES["scores/cyber.csv"].partition("\n")[0] + "\n"
    scores = {f"scores/{name}.csv": head + "".join(lines) for name, lines in rows.items()}
    topic = {"codebook/topic.csv": TOPIC_ROWS + "embargo,yes\n"} if embargo else {}
    data = write_sound_folder(path, **scores, **topic)
    format_folder(data, write=True)
    return data


LOW, HIGH = (1.5, "A low score with its own reason."), (8.5, "A high score and another reason.")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders under an embargo that differ in what c2 has scored of the open quarter."""
    folder = tmp_path_factory.mktemp("closed")
    return write_folder(folder / "low", *LOW, True), write_folder(folder / "high", *HIGH, True)


@pytest.fixture(scope="module")
def open_to_readers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same without an embargo."""
    folder = tmp_path_factory.mktemp("open")
    return write_folder(folder / "low", *LOW, False), write_folder(folder / "high", *HIGH, False)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing that another test has computed."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def without_moment(text: str) -> str:
    return _OF_THE_MOMENT.sub("#", text)


def draw(app: AppTest) -> str:
    """Everything that the server has sent of a page."""
    found: list[str] = []

    def walk(block: Any) -> None:
        for child in getattr(block, "children", {}).values():
            found.append(repr(getattr(child, "proto", "")))
            walk(child)

    walk(app._tree)
    assert len(found) > 10
    return without_moment("\n".join(found))


def draw_pages(data: Path, reader: str, page: str, monkeypatch: pytest.MonkeyPatch) -> str:
    st.cache_resource.clear()
    monkeypatch.setenv("TENSION_DATA", str(data))
    here = LOCAL if reader else type(LOCAL)(**{**vars(LOCAL), "key_held": False, "local_coder": ""})
    monkeypatch.setattr(access, "read_circumstances", lambda: here)
    app = start_app(page).run()
    assert_sound(app)
    return draw(app)


@pytest.mark.parametrize("name", NAMES)
def test_no_page_tells_a_coder_what_another_has_scored(
    name: str, open_to_readers: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    low, high = (draw_pages(data, "c1", name, monkeypatch) for data in open_to_readers)
    assert low == high
    assert "you see your own scores alone" in low
    assert "What c1 has seen" in low or name != "dimension"


TABS = ("Many rows", "Earlier rows", "Review", "Inbox", "Events", "Codebook")
REASON = "One brigade is still at the border, as the last review found."
PASTED = f'date,indicator,score,low,high,rationale,events\n2024-09-30,mil_signals,5,4,6,"{REASON}",E0002\n'


def open_tab(tab: str, **more: str) -> AppTest:
    app = start_app("update", draft_way=tab, **more).run()
    assert_sound(app)
    return app


def preview_correction() -> AppTest:
    app = open_tab("Earlier rows", draft_earlier="mil_posture")
    app.selectbox(key="draft_earlier_day-mil_posture").set_value("2024-09-30").run()
    fill(app, score="5", high="6").run()
    return field(app, "effect-shown").set_value(True).run()


def preview_upload() -> AppTest:
    return open_tab("Many rows").text_area[0].set_value(PASTED).run()


def preview_proposal() -> AppTest:
    app = open_tab("Codebook")
    fill(app, anchor="What must be the case in the quarter, said anew.", reason=REASON).run()
    return field(app, "shown").set_value(True).run()


PREVIEWS = {
    preview_correction: "Readings on the date",
    preview_upload: "1 new",
    preview_proposal: "No reading of a settled quarter changes",
}


def test_no_tab_and_no_preview_of_the_update_desk_tells_a_coder_what_another_has_scored(
    open_to_readers: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    for data in open_to_readers:
        st.cache_resource.clear()
        monkeypatch.setenv("TENSION_DATA", str(data))
        monkeypatch.setenv("TENSION_STATE", str(tmp_path / data.name))
        monkeypatch.setattr(access, "read_circumstances", lambda: LOCAL)
        pages = {tab: draw(open_tab(tab)) for tab in TABS}
        for preview, said in PREVIEWS.items():
            app = preview()
            assert_sound(app)
            pages[preview.__name__] = draw(app)
            assert said in pages[preview.__name__]
        drawn.append(pages)
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("name", NAMES)
def test_under_an_embargo_no_page_tells_anybody(
    name: str, closed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    low, high = (draw_pages(data, PUBLIC, name, monkeypatch) for data in closed)
    assert low == high
    assert "3rd quarter of 2024 are shown once" in low
    assert "What c1 has seen" not in low


ADDRESSES = [resource.path for resource in RESOURCES]


@pytest.mark.parametrize(
    "path", [*ADDRESSES, "/api/series.json?level=indicator&freq=day&coder=c2", "/api/openapi.json"]
)
def test_under_an_embargo_no_address_tells_anybody(path: str, closed: tuple[Path, Path], tmp_path: Path) -> None:
    answers = []
    for data in closed:
        open_data = partial(open_store, str(data), tmp_path, lambda _: [])
        answer = ask(Starlette(routes=build_routes(open_data, lambda: TODAY)), path)
        assert answer.status == 200
        answers.append(without_moment(answer.text))
    assert answers[0] == answers[1]
    assert "in the autumn" not in answers[0]


def test_under_an_embargo_no_file_of_the_publication_tells_anybody(closed: tuple[Path, Path], tmp_path: Path) -> None:
    trees = []
    for data in closed:
        dataset = load_dataset(data).dataset
        assert dataset is not None
        out = tmp_path / data.name
        publish(dataset, data, out, "https://example.org/tension", TODAY)
        trees.append({without_moment(k): without_moment(v.decode("latin-1")) for k, v in read_tree(out).items()})
    assert trees[0] == trees[1]
    assert not [name for name, text in trees[0].items() if "in the autumn" in text]


@pytest.mark.parametrize("reader", SEES)
def test_no_download_tells_another_coders_scores(reader: str, closed: tuple[Path, Path]) -> None:
    found = []
    for data in closed:
        whole = load_dataset(data).dataset
        assert whole is not None
        blindness = find_blindness(whole, SEES[reader], TODAY)
        seen = blindness.see(whole)
        files = [blindness.see_file(name, read_file(data, name)) for name in list_files(data)]
        bundle = pack_evidence(Panel(seen), View({"level": "indicator"}))
        book = write_workbook(whole, "c1", dt.date(2024, 9, 30))
        found.append((files, pack_folder(data, blindness.see_file), book, len(bundle)))
    assert found[0][:3] == found[1][:3]
    assert abs(found[0][3] - found[1][3]) < 64  # compressed digests differ


def test_the_quarter_is_shown_to_all_once_both_have_reviewed_it(tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data", *LOW, True)
    missing = [(id, coder) for id, coder in (("mil_signals", "c1"), ("cyb_espionage", "c1"), ("cyb_sabotage", "c2"))]
    for indicator, coder in missing:
        file = data / f"scores/{INDICATORS[indicator]}.csv"
        file.write_text(
            file.read_text() + row("2024-09-30", indicator, 5, "The last of the quarter's rows.", coder, "2024-10-10")
        )
    dataset = load_dataset(data).dataset
    assert dataset is not None
    for reader in (PUBLIC, "c1", "c2"):
        assert find_blindness(dataset, reader, TODAY).see(dataset) is dataset
