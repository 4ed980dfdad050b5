"""A server in another zone and with a decimal comma shows, saves and sends the same days and numbers."""

import csv
import datetime as dt
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.folders import write_sound_folder
from tests.load.crowd import PLACES, Desk, ask, read_complaints
from tests.running_app import Serve
from tests.scoring_form import ask_for_form, press_save
from tests.socket_session import Session

ROOT = Path(__file__).parents[2]
ROUTES = ("/api/series.csv?level=indicator", "/api/series.json", "/api/scores.csv", "/api/claims.json", "/feed.xml")
# From 10 to 24 hours UTC it is tomorrow in the first zone, from 0 to 8 yesterday in the second.
ZONES = ("Pacific/Kiritimati", "America/Los_Angeles")
LOCALE = "de_DE.UTF-8"
# Python itself keeps to the point until somebody asks it to follow the environment.
USE_LOCALE = (
    "import locale\nlocale.setlocale(locale.LC_NUMERIC, '')\nassert locale.localeconv()['decimal_point'] == ','\n"
)


def today() -> dt.date:
    """The day by UTC."""
    return dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True)
class Seen:
    """What a server showed: the words of its pages by link, the addresses they got, answers of its routes."""

    words: dict[tuple[str, str], list[str]]
    answers: dict[str, bytes]


def look(server: Any) -> Seen:
    """Look at every page and route, all of it within one day by UTC."""
    while True:
        day, words = today(), {}
        for page, query in [*PLACES, ("", f"as_of={day}"), ("", f"to={day}")]:
            with Session(server.url, page, query) as session:
                run = session.run()
                assert run.failures == []
                said = [line for line in run.text.splitlines() if line.strip()]
                # Days and numbers of controls are no words.
                said += [
                    f"{name} {control.default}" for name, control in run.controls.items() if hasattr(control, "default")
                ]
                words[page, query.replace(str(day), "today")] = [*sorted(said), session.query]
        answers = {route: ask(server.url, route)[1] for route in ROUTES}
        if today() == day:
            return Seen(words, answers)


@pytest.fixture(scope="module")
def home(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What a server shows by UTC and with a decimal point."""
    data = write_sound_folder(tmp_path_factory.mktemp("home") / "data")
    with serve(ROOT / "app.py", environment={"TENSION_DATA": str(data), "TENSION_CODER": "c1", "TZ": "UTC"}) as server:
        return look(server)


def test_the_pages_name_days_and_numbers(home: Seen) -> None:
    words = "\n".join(home.words["", ""])
    assert 'class="number">5.5<' in words  # by the coder's own scores, while quarters are open
    assert "Jun 2024" in words


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with a decimal comma, in which the server's Python formats by it where it is asked to."""
    folder = tmp_path_factory.mktemp("locales")
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout if shutil.which("locale") else ""
    made: dict[str, str] = {}
    if "de_de.utf8" not in known.lower().replace("-", ""):
        command = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / LOCALE)]
        if not shutil.which("localedef") or subprocess.run(command, capture_output=True).returncode != 0:
            pytest.skip(f"there is no {LOCALE} (locale -a), and localedef cannot make it")
        made = {"LOCPATH": str(folder)}
    (folder / "sitecustomize.py").write_text(USE_LOCALE)
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")]))
    return {"LC_ALL": LOCALE, "LANG": LOCALE, "PYTHONPATH": path, **made}


@pytest.fixture(scope="module", params=[*ZONES, LOCALE])
def abroad(request: pytest.FixtureRequest, serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server far away, and its data folder."""
    data = write_sound_folder(tmp_path_factory.mktemp("abroad") / "data")
    foreign = request.getfixturevalue("german") if request.param == LOCALE else {"TZ": request.param}
    environment = {"TENSION_DATA": str(data), "TENSION_CODER": "c1", **foreign}
    with serve(ROOT / "app.py", environment=environment) as server:
        yield server, data


def test_pages_addresses_and_routes_are_the_same(home: Seen, abroad: Any) -> None:
    server, _ = abroad
    seen = look(server)
    for place, words in home.words.items():
        assert seen.words[place] == words
    assert seen.answers == home.answers
    assert read_complaints(server.log) == []


def test_a_save_with_the_day_of_today_is_recorded_by_utc(abroad: Any) -> None:
    server, data = abroad
    draft = Desk(data).draft(0)
    del draft["date"]  # the form's own: today
    before = dt.datetime.now(dt.UTC).replace(microsecond=0, tzinfo=None)
    with Session(server.url, "update", ask_for_form(draft)) as session:
        text = session.run(press_save(session.run().controls, draft)).text
    after = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    assert "Saved. " in text
    rows = [row for path in data.glob("scores/*.csv") for row in csv.DictReader(io.StringIO(path.read_text()))]
    (row,) = [row for row in rows if row["rationale"] == draft["rationale"]]
    assert before.date().isoformat() <= row["date"] <= after.date().isoformat()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["recorded"])
    assert before <= dt.datetime.fromisoformat(row["recorded"]).replace(tzinfo=None) <= after
    assert (row["score"], row["low"], row["high"]) == ("6.5", "5.5", "7.5")
    assert row["rationale"] in ask(server.url, f"/api/scores.csv?as_of={after.date()}")[1].decode()
    assert read_complaints(server.log) == []
