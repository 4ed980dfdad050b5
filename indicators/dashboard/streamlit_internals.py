"""What the app takes for granted of Streamlit beyond its documented interface; each has a test of its own.

Its paths below ``/_stcore/`` stand in ``show/protection.py``, the colours that it replaces in ``show/palette.py``.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import plotly.io
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import GENERATED_ELEMENT_ID_PREFIX
from streamlit.runtime.state.session_state import Serialized, WStates
from streamlit.web.server.server_util import get_url


class FinishedFigure(go.Figure):  # type: ignore[misc]
    """A figure whose dictionary and text, which Streamlit asks for at each run of a page, are made once."""

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as a dictionary, the same one each time."""
        if getattr(self, "_made", None) is None:
            self._made = _Finished(super().to_dict())
        return self._made


class _Finished(dict[str, Any]):
    """The dictionary of a finished figure, which keeps its text."""

    text = ""


_write_figure = plotly.io.to_json


def _write_once(figure: Any, *arguments: Any, **options: Any) -> str:
    if not isinstance(figure, _Finished) or arguments or options != {"validate": False}:
        return str(_write_figure(figure, *arguments, **options))
    figure.text = figure.text or str(_write_figure(figure, validate=False))
    return figure.text


def write_figures_once() -> None:
    """Have Plotly, where Streamlit asks it, write a finished figure once instead of at each run of a page."""
    plotly.io.to_json = _write_once


_STATIC = Path(st.__file__).parent / "static"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def hash_inline_scripts() -> list[str]:
    """Return the hashes of the inline scripts of the installed Streamlit's page, as a content security policy has them."""
    scripts = _INLINE.findall((_STATIC / "index.html").read_text(encoding="utf-8"))
    return [hash_script(script) for script in scripts]


def hash_script(script: str) -> str:
    """Return the hash of an inline script, as a content security policy has it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def find_chart_script() -> list[str]:
    """Return the address, seen from a page, of the script with which the installed Streamlit draws charts.

    A page asks for it only once its first chart has come, and it is the largest of all. Nothing where the installed
    Streamlit keeps it elsewhere.
    """
    return [f"./{path.relative_to(_STATIC).as_posix()}" for path in _STATIC.glob("static/js/PlotlyChart.*.js")]


def session_id() -> str:
    """Return the id of the session whose page is being drawn; empty where none is."""
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else context.session_id


def count_uploads() -> dict[str, int]:
    """Return the bytes of the files that each session has uploaded and that the server holds."""
    files = Runtime.instance().uploaded_file_mgr if Runtime.exists() else None
    if not isinstance(files, MemoryUploadedFileManager):
        return {}
    return {
        session: sum(len(file.data) for file in held.values()) for session, held in list(files.file_storage.items())
    }


def comes_from_page(message: bytes) -> bool:
    """Return whether a message over a session's socket can come from a page of the app.

    It is a message of Streamlit's, and all states in it are of controls that some page has drawn or could draw.
    """
    read = BackMsg()
    try:
        read.ParseFromString(message)
    except Exception:  # protobuf's own, whose types are not installed
        return False
    states = read.rerun_script.widget_states.widgets
    return read.WhichOneof("type") is not None and all(
        state.id.startswith(GENERATED_ELEMENT_ID_PREFIX) for state in states
    )


def pass_over_unreadable_states() -> None:
    """Have values of another kind than their control's count as not sent, as Streamlit does where it knows no control.

    Otherwise whoever sends a word in the place of a number gets a page with an error, and the log a traceback.
    """
    if WStates.__getitem__ is not _read_or_pass_over:
        WStates.__getitem__ = _read_or_pass_over  # type: ignore[method-assign]


def _read_or_pass_over(
    states: WStates, id: str, read: Callable[[WStates, str], object] = WStates.__getitem__
) -> object:
    sent, control = states.states.get(id), states.widget_metadata.get(id)
    if isinstance(sent, Serialized) and control and sent.value.WhichOneof("value") != control.value_type:
        raise KeyError(id)
    try:
        return read(states, id)
    except KeyError:
        raise
    except Exception as error:
        raise KeyError(id) from error


def tell_address() -> str:
    """Return the server's address as a browser of the same machine opens it, without a slash at the end."""
    return get_url(str(st.get_option("server.address") or "localhost")).rstrip("/")
