"""What a reader has chosen, as chips that take it away one by one and all at once."""

import streamlit as st

from indicators.dashboard.links import current_view
from indicators.show.links.chosen import list_choices
from indicators.show.links.kinds import Scope
from indicators.show.links.parameters import DIM, FROM, TO, WEIGHT, list_defaults
from indicators.show.text.words import escape_markdown

TOLD = {"dimension": (DIM,), "events": (DIM, FROM, TO)}
"""Parameters of which a page tells in another way: its topic, or filters of its own."""


def show_chips(scope: Scope) -> None:
    """Draw a chip for each choice of the view; nothing where the page shows what it shows by itself."""
    if scope.dataset is None:
        return
    values = current_view(scope.dataset, scope.page).values
    choices = list_choices(scope.dataset, scope.page, values, TOLD.get(scope.page, ()))
    if not choices:
        return
    with st.container(key="chips", horizontal=True, vertical_alignment="center", gap="small"):
        for choice in choices:
            st.button(
                escape_markdown(choice.words),
                key=f"chip-{choice.names[0]}",
                icon=":material/close:",
                icon_position="right",
                help="Remove",
                on_click=take_away,
                args=(scope, choice.names),
            )
        if len(choices) > 1:
            every = tuple(name for choice in choices for name in choice.names)
            st.button("Clear all", key="chip-all", type="tertiary", on_click=take_away, args=(scope, every))


def take_away(scope: Scope, names: tuple[str, ...]) -> None:
    """Have the controls of some parameters stand on what the page shows by itself."""
    defaults = list_defaults(scope.page, {}, scope.dataset)
    for name in names:
        standard = defaults.get(name, "")
        st.session_state[name] = float(standard) if name.startswith(WEIGHT) else standard
