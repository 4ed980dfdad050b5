"""Controls of parameters: what they are called, offer and stand on comes from the registry, and the URL carries them.

Choices among ids, which readers see by title, are not bound: the URL would carry the title.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from indicators.dashboard.links import page_of_session
from indicators.records import rules
from indicators.records.dataset import Dataset
from indicators.records.rules import LEAST_WEIGHT
from indicators.show.links.kinds import Letters, Scope
from indicators.show.links.parameters import LONGEST_SEARCH, MOST_WEIGHT, NAMED, WEIGHT

KEPT = "kept_"
"""Start of the names under which a session keeps a choice while its control is not on the page."""

NOTED = "noted_"
"""Start of the names under which a session keeps on which page a control was drawn last, and what the address said then."""

DRAWN_ON = "drawn_on_"
"""Start of the names under which a session keeps on which page a choice of ids was drawn last."""

LONGEST_DAY = 20
"""Characters of a day's field: those of a day, and room for what is none."""


def choose_word(name: str, scope: Scope) -> str:
    """Draw a choice of one among few words."""
    parameter = NAMED[name]
    standard = parameter.default_in(scope, {})
    chosen = st.segmented_control(
        parameter.label_on(scope.page),
        parameter.kind.options(scope) or [],
        default=standard,
        required=True,
        key=name,
        bind="query-params",
        help=parameter.hint or None,
    )
    return chosen or standard


def choose_flag(name: str, scope: Scope, disabled: bool = False) -> bool:
    """Draw a switch."""
    parameter = NAMED[name]
    return st.toggle(
        parameter.label_on(scope.page),
        key=name,
        bind="query-params",
        disabled=disabled,
        help=parameter.hint or None,
    )


def choose_day(
    name: str, scope: Scope, standard: dt.date | None = None, first: dt.date | None = None
) -> dt.date | None:
    """Draw a field for a day up to today, taken as it is typed; without a standard it may stay empty.

    What is no such day stays in the field, with what is wrong with it, and the day that stood before counts. Code that
    sets the day may put one under ``name`` in the session, or nothing.
    """
    parameter = NAMED[name]
    usual = "" if standard is None else standard.isoformat()
    _follow_address(name, scope.page, usual)
    typed = st.text_input(
        parameter.label_on(scope.page),
        key=name,
        max_chars=LONGEST_DAY,
        placeholder="2024-02-29",
        help=parameter.hint or None,
        icon=":material/calendar_today:",
        live=True,
    ).strip()
    fault = parameter.kind.refuse(typed, scope) if typed else ""
    if not fault and typed and first and dt.date.fromisoformat(typed) < first:
        fault = f"is before {first}"
    if fault:
        st.warning(f"`{typed.replace('`', chr(39))}` {fault}")
    else:
        _note(name, [typed] if typed not in ("", usual) else [])
    noted = st.query_params.get(name, "")
    st.session_state[NOTED + name] = (scope.page, noted)
    return dt.date.fromisoformat(noted) if noted else standard


def order_days(first: str, last: str) -> None:
    """Exchange two days that a reader has set the wrong way round; to be called before their fields are drawn."""
    held = [str(st.session_state.get(name) or "") for name in (first, last)]
    if all(rules.DATE.judge(day) is None for day in held) and held[0] > held[1]:
        st.session_state[first], st.session_state[last] = held[1], held[0]


def _follow_address(name: str, page: str, usual: str) -> None:
    """Have the field of a day stand on what the address says, unless it was set on the page since."""
    given = st.query_params.get(name, "")
    if name not in st.session_state or st.session_state.get(NOTED + name, (page, given)) != (page, given):
        st.session_state[name] = given or usual
    held = st.session_state[name]
    if not isinstance(held, str):
        st.session_state[name] = usual if held is None else held.isoformat()


def choose_weight(dataset: Dataset, dimension: str) -> float:
    """Draw the weight of a dimension; one that no link may have is not used."""
    published = float(dataset.text(dimension, "weight"))
    title = dataset.title(dimension)
    weight = st.number_input(
        NAMED[WEIGHT].label_on("").format(title=title),
        0.0,
        float(MOST_WEIGHT),
        published,
        0.5,
        key=f"{WEIGHT}{dimension}",
        bind="query-params",
    )
    if weight == 0 or LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        return weight
    st.warning(f"The weight of {title} is not 0 and below {LEAST_WEIGHT:g}; the published one is used.")
    return published


def choose_listed(
    name: str, scope: Scope, title: Callable[[str], str], ids: Sequence[str] = (), listed: bool = False
) -> str:
    """Draw a choice among the ids of a parameter, or some of them, as buttons or ``listed`` in a box."""
    parameter = NAMED[name]
    ids = ids or parameter.kind.options(scope) or []
    return choose_id(parameter.label_on(scope.page), ids, name, title, listed=listed, help=parameter.hint or None)


def choose_text(name: str, scope: Scope, placeholder: str, width: int | None = None) -> str:
    """Draw a field for words to search for, taken on Enter; one of a ``width`` in pixels shows no label above it."""
    return st.text_input(
        NAMED[name].label_on(scope.page),
        key=name,
        bind="query-params",
        max_chars=LONGEST_SEARCH,
        type="search",
        placeholder=placeholder,
        label_visibility="collapsed" if width else "visible",
        width=width or "stretch",
    )


def choose_letters(name: str, scope: Scope) -> str:
    """Draw a choice of any of a few letters; none chosen stands for all."""
    parameter = NAMED[name]
    letters = parameter.kind.letters if isinstance(parameter.kind, Letters) else ""
    if name not in st.session_state:
        st.session_state[name] = [letter for letter in letters if letter in st.query_params.get(name, "")]

    def remember() -> None:
        _note(name, ["".join(sorted(st.session_state[name]))] if st.session_state[name] else [])

    chosen = st.pills(
        parameter.label_on(scope.page),
        list(letters),
        selection_mode="multi",
        key=name,
        on_change=remember,
        help=parameter.hint or None,
    )
    return "".join(sorted(chosen))


def choose_page(name: str, pages: int, about: str) -> int:
    """Draw the choice of a page of a list where there are several; a number beyond the last one stands for that.

    ``about`` tells this list from others, which begin at their first page.
    """
    if pages < 2:
        _note(name, [])
        return 1
    key = f"{name}-{about}"
    given = st.query_params.get(name, "")

    def remember() -> None:
        _note(name, [] if st.session_state[key] == 1 else [str(st.session_state[key])])

    return st.pagination(pages, default=min(int(given), pages) if given.isdecimal() else 1, key=key, on_change=remember)


def choose_id(
    label: str,
    ids: Sequence[str],
    key: str,
    title: Callable[[str], str],
    default: str | None = None,
    listed: bool = False,
    help: str | None = None,
    drafted: bool = False,
) -> str:
    """Draw a choice of one id, as buttons or ``listed`` in a box, kept under ``key`` in the URL; return it.

    A ``drafted`` choice belongs to what is being typed: it outlasts a visit to another page and stands in the URL also
    where it is the default, which may be another one tomorrow; an empty one does not.
    """
    standard = default or ids[0]
    page = page_of_session()
    # A control of another page had the same name; this one would begin without a choice.
    left = st.session_state.get(DRAWN_ON + key, page) != page
    st.session_state[DRAWN_ON + key] = page
    if left or st.session_state.get(key) not in ids:
        given = st.query_params.get(key) or (st.session_state.get(KEPT + key) if drafted else None)
        st.session_state[key] = given if given in ids else standard

    chosen = st.session_state[key]
    _note(key, [] if not chosen or (chosen == standard and not drafted) else [chosen])
    if drafted:
        st.session_state[KEPT + key] = chosen
    if listed:
        st.selectbox(label, ids, key=key, format_func=title, help=help)
    else:
        st.segmented_control(
            label, ids, key=key, format_func=title, required=True, help=help, label_visibility="collapsed"
        )
    return str(st.session_state[key] or standard)


def choose_ids(label: str, ids: Sequence[str], key: str, title: Callable[[str], str], placeholder: str) -> list[str]:
    """Draw a choice of several ids and return them in the order in which they were chosen.

    They stand under ``key`` in the URL, and outlast a visit to another page.
    """
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get_all(key) or st.session_state.get(KEPT + key, [])
    st.session_state[key] = [id for id in st.session_state[key] if id in ids]
    st.session_state[KEPT + key] = st.session_state[key]

    def remember() -> None:
        _note(key, st.session_state[key])

    remember()
    return list(st.multiselect(label, ids, key=key, format_func=title, on_change=remember, placeholder=placeholder))


def expand_begun(label: str, key: str, begun: bool) -> ExpanderContainer:
    """Draw an expander that is open at first where something in it was ``begun``, and then as its reader leaves it.

    Its default never changes: one that is drawn with another default is drawn anew, without what is being typed in it.
    """
    st.session_state.setdefault(key, begun)
    return st.expander(label, key=key, on_change="rerun")


def _note(key: str, chosen: list[str]) -> None:
    """Put a choice into the URL; nothing chosen takes it out."""
    if st.query_params.get_all(key) != chosen:
        st.query_params[key] = chosen
    if not chosen:
        st.query_params.pop(key, None)
