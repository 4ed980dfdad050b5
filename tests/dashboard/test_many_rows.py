"""Many rows at once, as the page takes them: all problems at their cells, nothing written before all is well."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.folders import contents
from tests.running_app import Serve
from tests.socket_session import Run, Session, press

ROOT = Path(__file__).parents[2]
PASTE = "Or cells pasted from a spreadsheet, with the header row"
HEADER = "date,indicator,score,low,high,rationale,events"
GOOD = "2026-11-20,cyb_response,5,4,6,Nothing of the kind since the last review.,E0430"
BAD = "2026-11-20,cyb_espionage,55,4,6,Nothing of the kind since the last review.,E9999"


@pytest.fixture
def desk(serve: Serve) -> Iterator[Any]:
    """The app as an editor starts it on a machine of their own."""
    with serve(ROOT / "app.py", environment={"TENSION_CODER": "c1"}) as server:
        yield server


def paste(session: Session, *rows: str) -> tuple[Run, WidgetState]:
    """Paste rows into the page, and return what it then shows."""
    area = session.run().controls[PASTE]
    state = WidgetState(id=area.id, string_value="\n".join([HEADER, *rows]))
    return session.run([state]), state


def test_problems_in_cells_and_with_the_folder_come_at_once_and_nothing_is_written(desk: Any) -> None:
    before = contents(desk.data)
    with Session(desk.url, "update", "draft_way=Many+rows") as session:
        run, _ = paste(session, GOOD.replace("E0430", "E0431"), BAD)
        assert not run.failures
        assert "[score-range]" in run.text
        assert "upload:3 events" in run.text
        assert not [name for name in run.controls if name.startswith("Save")]
    assert contents(desk.data) == before


def test_good_rows_are_saved_all_together(desk: Any) -> None:
    before = contents(desk.data)
    second = GOOD.replace("cyb_response", "cyb_espionage")
    with Session(desk.url, "update", "draft_way=Many+rows") as session:
        run, state = paste(session, GOOD.replace("E0430", "E0001"), second.replace("E0430", "E0001"))
        assert not run.failures
        run = session.run([state, press(run.controls["Save 2 rows"])])
        assert not run.failures
        assert "Saved: 2 new." in run.text
    after = contents(desk.data)
    changed = [name for name in after if after[name] != before.get(name)]
    assert changed == ["scores/cyber.csv"]
    assert len(after[changed[0]].splitlines()) == len(before[changed[0]].splitlines()) + 2
