"""A folder on another subject, with another topic and other dimensions: the app and the publication speak of it alone."""

import re
from pathlib import Path

import pytest

from indicators.measures.outside.validity import list_periods
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder
from tests.dashboard.looking import open_app, words_of
from tests.folders import FILES, SOUND_CLAIMS
from tests.show.published import publish_folder, read_tree

TOPIC = """\
key,value
title,Lake dispute indicators
short_name,The lake dispute
question,How bitter is the dispute over the lake?
description,Indicators of the dispute over a lake
citation,"Example Institute, Lake dispute indicators"
licence,ODbL 1.0
licence_title,Open Database License 1.0
licence_url,https://opendatacommons.org/licenses/odbl/1-0/
"""
WORDS = {"military": "fishing", "Military": "Fishing", "cyber": "tolls", "Cyber": "Tolls"}
FOREIGN = re.compile(
    r"russia|\bus[–-]|two-state|cyber|military|cc by|creative commons|june 2022|2022-06|full-scale", re.IGNORECASE
)
"""Words of the shipped subject and of the tiny folder's own."""


def reword(text: str) -> str:
    """A text of the tiny folder with the other subject's dimensions."""
    for old, new in WORDS.items():
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny folder, made over to a dispute over a lake; its topic has no second period."""
    data = tmp_path_factory.mktemp("lake") / "data"
    files = {**FILES, "narrative/claims.csv": SOUND_CLAIMS}
    files["benchmarks/sources.csv"] = files["benchmarks/sources.csv"].replace("CC BY 4.0", "free to use")
    for name, text in {reword(name): reword(text) for name, text in files.items()}.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(TOPIC if name == "codebook/topic.csv" else text, encoding="utf-8")
    format_folder(data, write=True)
    return data


def test_the_overview_asks_the_topics_question(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENSION_DATA", str(lake))
    app = open_app("overview")
    assert app.title[0].value.startswith("How bitter is the dispute over the lake? ")
    assert FOREIGN.findall(words_of(app)) == []


def test_outside_series_are_compared_over_the_whole_time_alone(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENSION_DATA", str(lake))
    dataset = load_dataset(lake).dataset
    assert dataset is not None
    assert list_periods(dataset.topic) == {"whole": None}
    shown = words_of(open_app("method", tab="Outside series"))
    assert "Full period" in shown
    assert "From " not in shown


def test_no_published_file_speaks_of_another_subject(lake: Path, tmp_path: Path) -> None:
    publish_folder(lake, tmp_path / "site")
    files = read_tree(tmp_path / "site")
    texts = {
        name: content.decode()
        for name, content in files.items()
        if not name.startswith("assets/") and b"\0" not in content
    }
    assert {name: words for name, text in texts.items() if (words := FOREIGN.findall(text))} == {}
    front = texts["index.html"]
    assert "<h1>How bitter is the dispute over the lake? " in front
    assert "Example Institute, Lake dispute indicators, version " in front
    assert "ODbL 1.0" in texts["cards/index.html"]
    assert "<title>Lake dispute indicators: changes</title>" in texts["feed.xml"]
    assert '"name": "lake-dispute-indicators"' in texts["data/datapackage.json"]
