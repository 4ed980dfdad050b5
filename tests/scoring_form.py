"""The form of an indicator on the update desk, over the app's own websocket: how it is opened, filled in and saved."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.socket_session import press

Draft = Mapping[str, str]
"""What an editor types: ``indicator``, ``date`` (left out: the form's own), ``score``, ``rationale``, ``events``."""


def ask_for_form(draft: Draft) -> str:
    """Return the query of the page with the row of a draft open, in the quarter of its date."""
    day = pd.Timestamp(draft["date"]) if "date" in draft else pd.Timestamp.now("UTC").tz_localize(None)
    quarter = day.normalize() + pd.offsets.QuarterEnd(0)
    return urlencode({"draft_indicator": draft["indicator"], "draft_quarter": f"{quarter:%Y-%m-%d}"})


def find_fields(controls: Mapping[str, Any], indicator: str) -> dict[str, Any]:
    """Return the controls of an indicator's form by the names of its fields, and ``save``."""
    mark = f"-{indicator}-"
    return {
        key.split(mark)[1]: control for key, control in controls.items() if key.startswith("draft_") and mark in key
    }


def fill_form(controls: Mapping[str, Any], draft: Draft) -> list[WidgetState]:
    """Return the states of the controls of a form that is filled in as in a draft."""
    fields = find_fields(controls, draft["indicator"])
    states = [
        WidgetState(id=fields[name].id, string_value=draft[name])
        for name in ("date", "score", "rationale")
        if name in draft
    ]
    for id in draft["events"].split(";"):
        if f"tick-{id}" in fields:
            states.append(WidgetState(id=fields[f"tick-{id}"].id, bool_value=True))
        else:
            others = WidgetState(id=fields["others"].id)
            others.string_array_value.data.append(next(o for o in fields["others"].options if o.startswith(f"{id} ")))
            states.append(others)
    return states


def press_save(controls: Mapping[str, Any], draft: Draft) -> list[WidgetState]:
    """Return the states of a form that is filled in as in a draft, and of the press of its button."""
    return [*fill_form(controls, draft), press(find_fields(controls, draft["indicator"])["save"])]


def can_save(controls: Mapping[str, Any]) -> bool:
    """Return whether a page offers to save an indicator's score."""
    return any(key.startswith("draft_") and key.endswith("-save") for key in controls)
