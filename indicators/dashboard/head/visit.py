"""What changed since a reader's last visit, which their own browser remembers; the server keeps nothing of it."""

from typing import NamedTuple

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from indicators.dashboard.app import Desk
from indicators.dashboard.browser.scripts import VISIT, run_script
from indicators.dashboard.remember import remember
from indicators.measures.change.since import find_moment, measure_since
from indicators.show.links.parameters import TAB
from indicators.show.text.visit import Visit, name_cookie, read_visit, show_visit, write_visit


class Opened(NamedTuple):
    """The place where it is told what has changed, the last visit, and when the newest row of then was recorded."""

    place: DeltaGenerator
    visit: Visit
    moment: pd.Timestamp


def open_visit(desk: Desk) -> Opened | None:
    """Return the place where it is told what has changed since the last visit; None where nothing has."""
    visit = read_visit(st.context.cookies.get(name_cookie(desk.dataset), ""), desk.today)
    moment = None if visit is None else find_moment(desk.dataset, visit.seen)
    return None if visit is None or moment is None else Opened(st.container(), visit, moment)


def tell_visit(desk: Desk, opened: Opened | None) -> None:
    """Say in its place what has changed, last of all so that nothing waits for it, and have the browser note this visit."""
    dataset = desk.dataset
    if opened is not None:
        since = remember(measure_since)(dataset, opened.moment)
        corrections = desk.links.to("method", {TAB: "Corrections"})
        opened.place.html(show_visit(opened.visit, since, corrections))
    st.html(write_visit(dataset))
    run_script(VISIT)
