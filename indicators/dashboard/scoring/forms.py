"""Small forms beside the sheet: fields that are kept as they are typed, what is wrong at each, and the press that saves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.scoring.after_save import is_done
from indicators.dashboard.scoring.drafts import EMPTIED, open_drafts
from indicators.dashboard.scoring.save import TOLD, Told, note_press, save_parts, show_outcome, take_press
from indicators.records.dataset import Dataset
from indicators.records.saving.submission import Conflict, Outcome, Queued, Refused, Saved
from indicators.show.links.parameters import DRAFT
from indicators.show.text.scoring.sheet import describe_refusal, show_fault
from indicators.show.text.words import escape_markdown

NO_QUARTER = ""
"""Stands for the quarter of drafts that belong to none."""

SAID = "said"
"""Where a session keeps what became of the last save of such a form, to be said once."""

TRIED = "tried-form"
"""Where a session keeps the form whose press was refused at its fields."""

FORM_WIDTH = 860
"""Pixels that a form takes of a wide page."""

Values = dict[str, str]


@dataclass(frozen=True)
class SmallForm:
    """A form of a coder: its name, its fields, what they start from, and what is wrong with them as they stand.

    ``judge`` returns sentences by field; each is drawn at its field once the form was pressed.
    """

    coder: str
    name: str
    fields: tuple[str, ...]
    judge: Callable[[Values], Mapping[str, str]]
    start: Mapping[str, str] = field(default_factory=dict)

    def key(self, field: str) -> str:
        """Return the name of a field's control."""
        emptied = st.session_state.get(EMPTIED, {}).get(self.name, 0)
        return f"{DRAFT}{emptied}-{self.coder}-{self.name}-{field}"

    @property
    def begun(self) -> bool:
        """Whether something is kept of what was typed in it."""
        return self.name in open_drafts().read(self.coder, NO_QUARTER)

    def read(self) -> Values:
        """Return the fields as they stand in the controls, in the draft, or at the start."""
        if all(self.key(name) in st.session_state for name in self.fields):
            kept: Mapping[str, str] = {}
        else:
            kept = {**self.start, **open_drafts().read(self.coder, NO_QUARTER).get(self.name, {})}
        return {name: str(st.session_state.get(self.key(name), kept.get(name, "")) or "") for name in self.fields}

    def text(self, field: str, label: str, place: Any = st, **more: Any) -> None:
        """Draw a field of one line."""
        self._draw(place.text_input, field, label, place, more)

    def area(self, field: str, label: str, place: Any = st, **more: Any) -> None:
        """Draw a field of several lines."""
        self._draw(place.text_area, field, label, place, {"height": 80, **more})

    def choice(self, field: str, label: str, options: Mapping[str, str], place: Any = st, **more: Any) -> None:
        """Draw a choice of one of few options, each with its name."""
        self._draw(place.segmented_control, field, label, place, _offer(options) | more, options)

    def listed(self, field: str, label: str, options: Mapping[str, str], place: Any = st, **more: Any) -> None:
        """Draw a choice of one of many options, each with its name."""
        self._draw(place.selectbox, field, label, place, _offer(options) | more, options)

    def press(
        self,
        desk: Desk,
        label: str,
        build: Callable[[Dataset], Mapping[str, Any]],
        said: str,
        disabled: bool = False,
    ) -> None:
        """Draw the button that saves what stands in the form; carry out a press of it.

        ``build`` makes fields of a ``Submission`` from the data that whoever pressed has seen.
        Once it is saved, ``said`` is told at the next run and the form is empty; whatever else becomes of it, what was
        typed stays.
        """
        name = f"{label} {self.name}"
        if (seen := take_press(name)) is not None:
            if self.judge(self.read()):
                st.session_state[TRIED] = self.name
            else:
                outcome = save_parts(desk, self.coder, build(seen))
                st.session_state[TOLD] = Told(name, outcome)
                if is_done(outcome):
                    self.empty()
                    st.session_state[SAID] = _tell(outcome, said)
                elif isinstance(outcome, Conflict):
                    self._renew()  # what was not typed here is as it stands now
            st.rerun()
        told: Told | None = st.session_state.get(TOLD)
        st.button(
            label,
            type="primary",
            key=self.key("press"),
            disabled=disabled,
            on_click=note_press,
            args=(name, desk.dataset, told),
        )
        if told is not None and told.label == name and told.outcome is not None and not is_done(told.outcome):
            show_unsaved(told.outcome)

    def empty(self) -> None:
        """Forget what was typed."""
        open_drafts().discard(self.coder, NO_QUARTER, self.name)
        self._renew()

    def _renew(self) -> None:
        """Have the controls begin anew from the start and the draft."""
        emptied = st.session_state.setdefault(EMPTIED, {})
        emptied[self.name] = emptied.get(self.name, 0) + 1
        st.session_state.pop(TRIED, None)

    def _draw(
        self,
        control: Callable[..., Any],
        field: str,
        label: str,
        place: Any,
        more: Mapping[str, Any],
        options: Mapping[str, str] | None = None,
    ) -> None:
        key = self.key(field)
        held = self.read()[field]
        if options is not None and held not in options:
            st.session_state[key] = None
        elif key not in st.session_state:
            st.session_state[key] = held
        control(label, key=key, on_change=self._keep, args=(field,), **more)
        if st.session_state.get(TRIED) == self.name and (said := self.judge(self.read()).get(field)):
            place.html(show_fault([said]))

    def _keep(self, field: str) -> None:
        text = str(st.session_state.get(self.key(field)) or "")
        kept = "" if text == self.start.get(field, "") else text
        open_drafts().note(self.coder, NO_QUARTER, self.name, {field: kept})


def _tell(outcome: Outcome, said: str) -> str:
    if isinstance(outcome, Queued):
        return outcome.message
    events = ", ".join(outcome.events) if isinstance(outcome, Saved) else ""
    return f"{said} It is {events}." if events else said


def _offer(options: Mapping[str, str]) -> dict[str, Any]:
    return {"options": list(options), "format_func": lambda option: options[option]}


def show_unsaved(outcome: Outcome) -> None:
    """Say why a form was not saved; what was typed still stands in it."""
    if isinstance(outcome, Refused):
        st.error("Nothing was saved. What you typed is still here.")
        st.html(show_fault(describe_refusal(outcome.report)))
    elif isinstance(outcome, Conflict):
        st.warning(
            "Nothing was saved: the row was changed meanwhile. It stands here as it is now; press again to save what you typed."
        )
    else:
        show_outcome(outcome)


def show_said() -> None:
    """Say once what was saved last by one of these forms."""
    if said := st.session_state.pop(SAID, ""):
        st.success(escape_markdown(said))
