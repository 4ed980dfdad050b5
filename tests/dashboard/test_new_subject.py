"""A folder that ``new`` has written: every page opens on it empty, takes its first score, and speaks of nothing else."""

import datetime as dt
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette

from indicators.__main__ import main
from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder
from indicators.records.storage.store import open_store
from indicators.show.http.routes import build_routes
from tests.dashboard.looking import NAMES, notices_of, open_app, words_of
from tests.dashboard.scoring.form import fill, press
from tests.ferry import write_ferry
from tests.records.saving.test_entry import NEW_EVENT
from tests.show.asking import ask
from tests.show.published import publish_folder, read_tree

FOREIGN = re.compile(
    r"russia|\bUS\b|nato|moscow|kremlin|\bputin|trump|ukrain|missile|military|cyber|diploma", re.IGNORECASE
)
"""Words of the shipped subject."""

OPTIONS = [
    *("--title", "Ferry quarrel (fictional)", "--question", "How bitter is the ferry quarrel?"),
    *("--dimension", "fares=Fares", "--indicator", "fares.far_cuts=Fare cuts"),
]


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_ferry(tmp_path_factory.mktemp("ferry") / "data")


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    done = CliRunner().invoke(main, ["new", str(tmp_path / "data"), *OPTIONS])
    assert done.exit_code == 0, done.output
    return tmp_path / "data"


def test_the_new_folder_and_the_fictional_one_have_no_problem(begun: Path, ferry: Path) -> None:
    for folder in (begun, ferry):
        assert load_dataset(folder, check_readings).report.problems == []
        assert format_folder(folder, write=False) == []


@pytest.mark.parametrize("page", NAMES)
def test_every_page_opens_on_a_folder_without_scores_and_says_what_comes_first(
    page: str, begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENSION_DATA", str(begun))
    shown = words_of(open_app(page))
    assert "Nothing has been scored yet. The codebook has 1 dimension and 1 indicator." in shown
    assert FOREIGN.findall(shown) == []


@pytest.mark.parametrize("page", NAMES)
def test_no_page_speaks_of_another_subject(page: str, ferry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENSION_DATA", str(ferry))
    shown = words_of(open_app(page))
    assert "Nothing has been scored yet" not in shown
    assert FOREIGN.findall(shown) == []


def test_a_first_score_can_be_recorded_and_published(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENSION_DATA", str(begun))
    row = ["far_cuts", "6", "--low", "5", "--high", "7", "--date", "2024-09-30", "--coder", "c1"]
    row += ["--rationale", "The first score of the quarrel, from one event.", "--fact", "All fares were cut by half."]
    row += ["--event-date", "2024-09-12", "--effect", "raises", "--source-url", "https://example.org/fares"]
    row += ["--source-title", "Fares", "--publisher", "Gazette", "--reliability", "B", "--credibility", "2"]
    done = CliRunner().invoke(main, ["record", *row], standalone_mode=False)
    assert load_dataset(begun).dataset.assessments["score"].tolist() == [6.0], done.output  # type: ignore[union-attr]
    assert "Nothing has been scored yet" not in words_of(open_app("overview"))
    publish_folder(begun, tmp_path / "site")
    assert (tmp_path / "site" / "index.html").is_file()


def test_no_published_file_and_no_route_speaks_of_another_subject(ferry: Path, tmp_path: Path) -> None:
    publish_folder(ferry, tmp_path / "site")
    texts = {
        name: content.decode()
        for name, content in read_tree(tmp_path / "site").items()
        if not name.startswith("assets/") and b"\0" not in content
    }
    assert {name: words for name, text in texts.items() if (words := FOREIGN.findall(text))} == {}
    store = open_store(str(ferry), tmp_path / "state", check_readings)
    app = Starlette(routes=build_routes(lambda: store, lambda: dt.date(2024, 10, 1)))
    for route in ("series.csv?level=indicator", "scores.csv", "events.csv", "claims.json"):
        answer = ask(app, f"/api/{route}")
        assert answer.status == 200, answer.text
        assert FOREIGN.findall(answer.text) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--dimension", "index=Fares"], "is reserved for links"),
        (["--dimension", "Fares=Fares"], "is not an id"),
        (["--dimension", "fares=Fares", "--indicator", "piers.a_b=Access"], "which is no dimension"),
        (["--dimension", "far=Fares", "--indicator", "far.far=Fares"], "is given twice"),
    ],
)
def test_what_makes_no_folder_is_said_at_once_and_nothing_is_written(
    options: list[str], words: str, tmp_path: Path
) -> None:
    given = ["new", str(tmp_path / "data"), "--title", "T", "--question", "How is the quarrel?", *options]
    done = CliRunner().invoke(main, given, input="far_cuts=Fare cuts\n\n")
    assert done.exit_code == 1
    assert words in done.output
    assert 'title "T" has 1 characters' in done.output
    assert not (tmp_path / "data").exists()


def test_a_folder_that_is_there_is_never_written_over(begun: Path) -> None:
    before = read_tree(begun)
    done = CliRunner().invoke(main, ["new", str(begun), *OPTIONS])
    assert (done.exit_code, "already and not empty" in done.output) == (1, True)
    assert read_tree(begun) == before


def test_what_is_not_given_is_asked_for(tmp_path: Path) -> None:
    answers = "Ferry quarrel\nHow bitter is it now?\nfares=Fares\n\nfar_cuts=Fare cuts\nfar_dumping=Below cost\n\n"
    done = CliRunner().invoke(main, ["new", str(tmp_path / "data")], input=answers)
    assert done.exit_code == 0, done.output
    dataset = load_dataset(tmp_path / "data").dataset
    assert dataset is not None
    assert list(dataset.indicators.index) == ["far_cuts", "far_dumping"]


@pytest.mark.usefixtures("editor")
def test_a_new_folder_has_no_event_to_remove_and_the_first_comes_with_the_first_score(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENSION_DATA", str(begun))
    assert len((begun / "events.csv").read_text(encoding="utf-8").splitlines()) == 1  # the names of the columns
    app = fill(open_app("update"), score="6 5 7", rationale="The first score of the quarrel.", **NEW_EVENT)
    assert "Saved. " in notices_of(press(app))
    dataset = load_dataset(begun).dataset
    assert dataset is not None
    assert dataset.assessments[["score", "events"]].to_numpy().tolist() == [[6.0, "E0001"]]
