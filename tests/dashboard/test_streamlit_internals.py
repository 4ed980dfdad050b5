"""Each thing that the app takes for granted of Streamlit's inside: an upgrade that changes one fails here."""

import re
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import plotly.io
import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state.session_state import Serialized, Value, WStates
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import starlette_agent_routes, starlette_routes, starlette_websocket

from indicators.dashboard import streamlit_internals as internals
from indicators.show.http import middleware as protection


def rerun(*ids: str) -> bytes:
    """What a browser sends to have a page run with controls of some ids."""
    message = BackMsg()
    message.rerun_script.widget_states.widgets.extend(WidgetState(id=id, string_value="x") for id in ids)
    message.rerun_script.query_string = "dim=cyber"
    return message.SerializeToString()


def test_the_page_has_inline_scripts_that_can_be_hashed() -> None:
    hashes = internals.hash_inline_scripts()
    assert hashes
    assert all(re.fullmatch(r"sha256-[A-Za-z0-9+/]{43}=", hash) for hash in hashes)


def test_one_script_draws_charts_and_stands_where_pages_look_for_it() -> None:
    (address,) = internals.find_chart_script()
    script = Path(st.__file__).parent / "static" / address
    assert script.stat().st_size > 1_000_000
    assert any(f"{script.name}" in other.read_text(encoding="utf-8") for other in script.parent.glob("index.*.js"))


def test_streamlit_asks_a_finished_figure_for_its_dictionary_and_it_is_made_and_written_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plotly.io, "to_json", plotly.io.to_json)  # put back afterwards
    internals.write_figures_once()
    figure = internals.FinishedFigure(go.Scatter(x=[1, 2], y=[3, 4]))
    same = go.Figure(go.Scatter(x=[1, 2], y=[3, 4]))
    made, written = [], []
    whole, write = go.Figure.to_dict, internals._write_figure
    monkeypatch.setattr(go.Figure, "to_dict", lambda figure: made.append(figure) or whole(figure))
    monkeypatch.setattr(internals, "_write_figure", lambda figure, **kw: written.append(figure) or write(figure, **kw))

    def page(figure, same):  # type: ignore[no-untyped-def]
        import streamlit as st

        st.plotly_chart(figure, key="finished")
        st.plotly_chart(same, key="same")

    app = AppTest.from_function(page, kwargs={"figure": figure, "same": same}).run().run()
    finished, other = (chart.proto.spec for chart in app.get("plotly_chart"))
    assert finished == other == write(same, validate=False)
    assert len([one for one in made if one is figure]) == 1
    assert len(written) == 3  # the finished one once, the other at each run


def test_outside_a_page_there_is_no_session() -> None:
    assert internals.session_id() == ""


def test_messages_of_pages_are_told_from_forged_ones() -> None:
    assert internals.comes_from_page(rerun())
    assert internals.comes_from_page(rerun("$$ID-0a1b-dim", "$$ID-0a1b-None"))
    for forged in (b"", b"\xff\xff", b"text", rerun("unknown"), rerun("$$ID-0a1b-dim", "x"), rerun("")):
        assert not internals.comes_from_page(forged)


def test_uploads_are_counted_by_session(monkeypatch: pytest.MonkeyPatch) -> None:
    files = MemoryUploadedFileManager("/upload")
    for session, id, size in (("a", "1", 10), ("a", "2", 5), ("b", "1", 7)):
        files.add_file(session, UploadedFileRec(id, "x.csv", "text/csv", b"x" * size))

    class Running:
        uploaded_file_mgr = files

    monkeypatch.setattr(internals.Runtime, "exists", lambda: True)
    monkeypatch.setattr(internals.Runtime, "instance", lambda: Running())
    assert internals.count_uploads() == {"a": 15, "b": 7}
    files.remove_session_files("a")
    assert internals.count_uploads() == {"b": 7}


def read_number(sent: WidgetState) -> Any:
    """What the state of a control for numbers says, or that there is none."""

    class Control:
        id, value_type = "n", "double_value"

        @staticmethod
        def deserializer(value: float) -> float:
            if value < 0:
                raise ValueError("no such number")
            return value

    return WStates({"n": Serialized(sent)}, {"n": Control()}).get("n", "none")  # type: ignore[dict-item]


def test_a_value_of_another_kind_than_its_controls_counts_as_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    # The control's facts are those of Streamlit, where `replace` notes the kind that came.
    monkeypatch.setattr("streamlit.runtime.state.session_state.replace", lambda control, **_: control)
    internals.pass_over_unreadable_states()
    internals.pass_over_unreadable_states()
    assert read_number(WidgetState(id="n", double_value=2.5)) == 2.5
    assert read_number(WidgetState(id="n", string_value="x")) == "none"
    assert read_number(WidgetState(id="n", int_value=3)) == "none"
    assert read_number(WidgetState(id="n")) == "none"
    assert read_number(WidgetState(id="n", double_value=-1)) == "none", "its control cannot read it"
    assert WStates({"n": Value(4)}).get("n") == 4
    assert WStates().get("n", "none") == "none"


def test_every_address_of_streamlit_below_its_core_is_either_a_readers_or_asks_for_the_key() -> None:
    sources = (starlette_routes, starlette_agent_routes, starlette_websocket)
    text = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in sources)
    named = set(re.findall(r'"(?:_stcore|\{BASE_ROUTE_CORE\})/([a-z_-]+)', text))
    assert named == {*protection.READERS, "agent", "metrics", "script-health-check"}


def test_the_settings_that_bound_what_a_session_sends_are_known_to_streamlit() -> None:
    settings = Path(__file__).parents[2] / ".streamlit" / "config.toml"
    text = settings.read_text(encoding="utf-8")
    for name, most in (("maxWidgetStateSize", 1), ("maxUploadSize", 5), ("maxMessageSize", 10)):
        assert re.search(rf"^{name} = {most}\b", text, re.MULTILINE)
        assert isinstance(st.get_option(f"server.{name}"), int)


def test_the_address_of_the_server_is_told_as_a_browser_opens_it(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"server.address": "127.0.0.1"}
    monkeypatch.setattr(internals.st, "get_option", options.get)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", internals.tell_address())
