"""Outside series on the pages: chosen, shown with their sources, imported by those who may and by nobody else."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard.access import Permission
from indicators.dashboard.outside import imports
from indicators.records.dataset import load_dataset
from tests.dashboard.looking import assert_sound, open_app, start_app, words_of
from tests.folders import contents
from tests.outside_files import FRED, GPR, TIDY, TIDY_FACTS

ALLOWED = Permission(True, "c1")


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that may record: what decides about it is tested where it is decided."""
    monkeypatch.setattr(imports, "may_edit", lambda _: ALLOWED)


def upload(kind: str, text: str, name: str = "download.csv", **facts: str) -> AppTest:
    """The tab Files after a file was chosen."""
    app = open_app("method", tab="Files")
    app.selectbox("import-kind").select(kind)
    app.run()
    for fact, value in facts.items():
        app.text_input(f"import-{fact}").input(value)
    app.file_uploader("import-file").set_value((name, text.encode(), "text/csv"))
    app.run()
    assert_sound(app)
    return app


def import_buttons(app: AppTest) -> list[Any]:
    """The buttons that import."""
    return [button for button in app.button if button.label.startswith("Import")]


# The choice


@pytest.mark.parametrize("page", ["overview", "dimension", "compare"])
@pytest.mark.usefixtures("folder")
def test_a_chosen_series_stands_below_the_chart_with_its_source(page: str) -> None:
    plain, app = open_app(page), open_app(page, overlay="GPR")
    assert "Example Institute" not in words_of(plain)
    words = words_of(app)
    for text in (
        "A risk index. Example Institute; CC BY 4.0",
        "quarterly values as published",
        "a flow",
        "https://example.org/gpr",
    ):
        assert text in words
    assert "not standardised" in words_of(open_app(page, overlay="GPR", standard="true"))  # two values only


@pytest.mark.usefixtures("shipped")
def test_choosing_the_pair_shows_both_vintages_and_choosing_none_takes_them_away() -> None:
    app = open_app()
    choice = app.selectbox("overlay")
    assert choice.value == "none"
    assert app.toggle("standard").disabled
    choice.select("AIGPR_USA_RUS_SUM").run()
    assert_sound(app)
    assert app.query_params["overlay"] in ("AIGPR_USA_RUS_SUM", ["AIGPR_USA_RUS_SUM"])
    words = words_of(app)
    assert "vintage March 2026. Iacoviello" in words
    assert "vintage October 2026. Iacoviello" in words
    assert "Context, not validation" not in words
    app.selectbox("overlay").select("AIGPR").run()
    assert "Context, not validation. Risk in the whole world" in words_of(app)
    app.selectbox("overlay").select("none").run()
    assert "overlay" not in app.query_params
    assert "Iacoviello" not in words_of(app)


# The import


def test_a_file_is_previewed_and_then_imported(folder: Path, editor: None) -> None:
    before = contents(folder)
    app = upload("fred", FRED, "PNGASEUUSDM.csv")
    words = words_of(app)
    assert "2 monthly values, 2024-01-31 to 2024-03-31; 1 missing: 2024-02-29" in words
    assert "USD per MMBtu" in words
    assert contents(folder) == before
    (button,) = import_buttons(app)
    button.click().run()
    assert_sound(app)
    assert next(s.value for s in app.success).startswith("Imported: EU_GAS_PNGASEUUSDM.")
    dataset = load_dataset(folder).dataset
    assert dataset is not None
    day = dt.date.today()
    assert dataset.sources.at["EU_GAS_PNGASEUUSDM", "retrieved"] == f"PNGASEUUSDM.csv, imported {day}"
    app.run()
    assert import_buttons(app) == []
    assert any("has all of it already" in info.value for info in app.info)


def test_problems_of_a_file_are_shown_and_it_cannot_be_imported(folder: Path, editor: None) -> None:
    app = upload("gpr", GPR.replace("100.5", "x").replace("3.5", "<b>"))
    words = words_of(app)
    assert 'download.csv:3 GPR "x"' in words
    assert 'download.csv:4 GPRC_USA "<b>"' in words
    assert import_buttons(app) == []


def test_a_tidy_file_is_imported_with_the_facts_of_its_source(folder: Path, editor: None) -> None:
    assert import_buttons(upload("tidy", TIDY)) == []
    (button,) = import_buttons(upload("tidy", TIDY, **TIDY_FACTS))
    button.click().run()
    dataset = load_dataset(folder).dataset
    assert dataset is not None
    assert dataset.sources.at["GAS_FLOW", "publisher"] == "Example Institute"


def test_earlier_rows_that_would_be_replaced_are_named(folder: Path, editor: None) -> None:
    assert "GPR: replaces 2 earlier rows up to 2024-06-30 (Example Institute)." in words_of(upload("gpr", GPR))


@pytest.mark.usefixtures("folder")
def test_who_may_not_record_is_told_why_and_offered_nothing() -> None:
    app = open_app("method", tab="Files")
    assert any(info.value.startswith("Only editors can import outside series.") for info in app.info)
    assert not list(app.file_uploader)
    assert [box.key for box in app.selectbox if box.key == "import-kind"] == []


def test_the_right_is_asked_for_again_at_the_moment_of_the_import(
    folder: Path,
    editor: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = upload("fred", FRED)
    before = contents(folder)
    answers = iter([ALLOWED, ALLOWED, Permission(False, why="Sign in to record assessments.")])  # page, preview, save
    monkeypatch.setattr(imports, "may_edit", lambda _: next(answers))
    import_buttons(app)[0].click().run()
    assert [error.value for error in app.error] == ["Sign in to record assessments. Nothing was changed."]
    assert contents(folder) == before


def test_where_the_data_are_a_git_repository_the_way_is_the_command_line(
    folder: Path,
    editor: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imports, "open_data", object)  # a store that is no directory of this machine
    app = start_app("method", tab="Files").run()
    assert_sound(app)
    assert any("on the command line (python -m indicators import KIND FILE)" in info.value for info in app.info)
    assert not list(app.file_uploader)
