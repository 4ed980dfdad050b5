"""A session of the app over its own websocket, without a browser: pages opened, buttons pressed, messages forged."""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

from indicators.show.http.local_key import name_cookie
from tests.running_app import KEY

PATIENCE = 60  # seconds; a bound against hanging, not a measure of speed
LARGEST = 64 * 2**20  # bytes of one message


@dataclass
class Run:
    """What one run of the script sent: its elements, and how it ended."""

    elements: list[Any] = field(default_factory=list)
    finished: bool = False
    query: str | None = None
    """The address's query that the run has set, if it has."""
    session: str = ""
    """The id under which the server knows the session."""

    def take(self, answer: ForwardMsg) -> None:
        """Note what one message of the server says."""
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            self.elements.append(answer.delta.new_element)
        elif kind == "script_finished":
            # A run that a newer one interrupts ends too; the newer one's end counts.
            self.finished = answer.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            )
        elif kind == "new_session":
            self.session = answer.new_session.initialize.session_id
        elif kind == "page_info_changed":
            self.query = answer.page_info_changed.query_string

    @property
    def failures(self) -> list[str]:
        """The exceptions that a reader would see."""
        return [
            f"{e.exception.type}: {e.exception.message}" for e in self.elements if e.WhichOneof("type") == "exception"
        ]

    @property
    def controls(self) -> dict[str, Any]:
        """The widgets, by the key that the app gave them, else by their label."""
        found = {}
        for element in self.elements:
            kind = element.WhichOneof("type")
            widget = getattr(element, kind)
            name = getattr(widget, "id", "")
            if name.startswith("$$ID-"):
                key = name.split("-", 2)[2]
                found[widget.label if key == "None" else key] = widget
        return found

    @property
    def text(self) -> str:
        """All words of headings, notices and texts, one element a line."""
        words = []
        for element in self.elements:
            part = getattr(element, element.WhichOneof("type"))
            words += [getattr(part, name) for name in ("body", "label") if isinstance(getattr(part, name, None), str)]
        return "\n".join(words)


class Session:
    """One connection to a running app; use with ``with``."""

    def __init__(
        self,
        server: str,
        page: str = "",
        query: str = "",
        host: str = "",
        headers: Mapping[str, str] | None = None,
        former: str = "",
        key: str = KEY,
    ) -> None:
        """Connect to a server's address.

        ``host`` and ``headers`` are what a browser or proxy would claim; ``former`` is the id of a session that was
        cut off, which a browser asks to have back; ``key`` is the local key that the browser holds, empty for none.
        """
        place = urlsplit(server)
        assert place.hostname
        assert place.port
        wire = socket.create_connection((place.hostname, place.port), timeout=PATIENCE)
        self.page, self.query, self.id = page, query, ""
        self.patience: float = PATIENCE
        held = {"Cookie": f"{name_cookie(host or place.netloc)}={key}"} if key else {}
        protocols = ["streamlit", *(["none", former] if former else [])]
        self.open = connect(
            f"ws://{host or place.netloc}/_stcore/stream",
            sock=wire,
            additional_headers={**held, **(headers or {})},
            subprotocols=protocols,  # type: ignore[arg-type]
            max_size=LARGEST,
            ping_interval=None,  # browsers answer pings, and send none
            proxy=None,
        )

    def __enter__(self) -> Self:
        self.connection = self.open.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.open.__exit__(kind, error, trace)

    def run(self, states: Iterable[WidgetState] = ()) -> Run:
        """Ask for a run of the page with the given states of its widgets, and return what it sent."""
        self.connection.send(ask_for_run(self.page, self.query, states))
        run = Run()
        while not run.finished:
            answer = ForwardMsg()
            answer.ParseFromString(self.connection.recv(self.patience))  # type: ignore[arg-type]
            run.take(answer)
        self.id = run.session or self.id
        self.query = self.query if run.query is None else run.query
        return run


def ask_for_run(page: str, query: str, states: Iterable[WidgetState], cached: Iterable[str] = ()) -> bytes:
    """The message by which a browser asks for a run; `cached` names messages that it still has."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    message.rerun_script.widget_states.widgets.extend(states)
    message.rerun_script.cached_message_hashes.extend(cached)
    message.rerun_script.context_info.timezone = "UTC"
    return message.SerializeToString()


def press(button: Any) -> WidgetState:
    """The state of a button that has just been pressed."""
    return WidgetState(id=button.id, trigger_value=True)
