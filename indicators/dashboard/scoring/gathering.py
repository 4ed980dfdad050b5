"""The feeds are asked from the page: one run at a time for the whole server, in a thread of its own, so that no page waits."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import Desk, open_data
from indicators.dashboard.scoring.save import show_outcome
from indicators.measures.inbox.stories import place_entries
from indicators.records.dataset import Dataset
from indicators.records.errors import IndicatorsError
from indicators.records.inbox.fetch import fetch
from indicators.records.inbox.gather import Gathered, Outcomes, gather
from indicators.records.saving.submission import Saved
from indicators.records.settings import read_settings
from indicators.records.storage.store import Store
from indicators.show.text.scoring.inbox import describe_feed, describe_gathered
from indicators.show.text.words import escape_markdown

LOOK_SECONDS = 1
"""Seconds between two looks at a run that goes on."""

Tell = Callable[[Outcomes], None]


@dataclass
class Run:
    """A run through the feeds: how many are asked, the outcome of those that have answered, and of all in the end."""

    feeds: int
    answered: list[Outcomes] = field(default_factory=list)
    gathered: Gathered | None = None
    ended: dt.datetime | None = None
    thread: threading.Thread | None = None


class Gathering:
    """The newest run of a server; while it goes on, no other begins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.run: Run | None = None

    def start(self, feeds: int, work: Callable[[Tell], Gathered]) -> bool:
        """Begin a run, and return whether it was begun: not where one goes on."""
        with self._lock:
            if self.run is not None and self.run.ended is None:
                return False
            run = self.run = Run(feeds)
            run.thread = threading.Thread(target=self._carry_out, args=(run, work), name="gather", daemon=True)
            run.thread.start()
        return True

    @staticmethod
    def _carry_out(run: Run, work: Callable[[Tell], Gathered]) -> None:
        try:
            run.gathered = work(run.answered.append)
        finally:  # an error stands in the server's log
            run.ended = dt.datetime.now(dt.UTC)


@st.cache_resource(show_spinner=False)
def open_gathering() -> Gathering:
    """Return the runs through the feeds, shared by all sessions of the server."""
    return Gathering()


def offer_gathering(desk: Desk) -> None:
    """Draw the button that asks the feeds, or how far the run has come; below it the outcome of the last one."""
    gathering = open_gathering()
    run = gathering.run
    if run is not None and run.ended is None:
        watch_run(run)
        return
    feeds = int((desk.dataset.feeds["state"] == "on").sum())
    st.button(
        "Fetch new items",
        icon=":material/rss_feed:",
        on_click=start_run,
        disabled=not feeds,
        help="Asks the feeds in inbox/feeds.csv that are on, as `python -m indicators gather` does.",
    )
    if run is not None:
        show_run(run)


def start_run() -> None:
    """Begin a run where this session may edit now; what its page says of it does not count."""
    store = open_data()
    dataset = store.look().dataset
    if dataset is not None and may_edit(dataset.people).allowed:
        feeds = int((dataset.feeds["state"] == "on").sum())
        open_gathering().start(feeds, lambda tell: ask_feeds(store, tell))


def ask_feeds(store: Store, tell: Tell) -> Gathered:
    """Ask the feeds and save what is new, each feed within the limits of a fetch."""

    def look() -> Dataset:
        if (dataset := store.look().dataset) is None:
            raise IndicatorsError("the data could not be read")
        return dataset

    state = read_settings().state_folder
    return gather(look, store.save, fetch, place_entries, dt.datetime.now(dt.UTC), state, tell)


@st.fragment(run_every=LOOK_SECONDS)
def watch_run(run: Run) -> None:
    """Draw how far a run has come, and the page anew once it has ended."""
    st.progress(len(run.answered) / max(run.feeds, 1), f"{len(run.answered)} of {run.feeds} feeds have answered")
    if run.ended is not None:
        st.rerun()


def show_run(run: Run) -> None:
    """Draw the outcome of a run: what is new, and each feed that failed, with the reason."""
    if run.gathered is None:
        st.error("The run failed; see the server's log. Nothing is lost: fetch again.")
        return
    st.caption(f"At {run.ended:%H:%M} UTC: {describe_gathered(run.gathered)}.")
    if failed := [done for done in run.gathered.feeds if done.fault]:
        with st.expander(f"Feeds that failed ({len(failed)})"):
            st.markdown("\n".join(f"- {escape_markdown(describe_feed(done))}" for done in failed))
    if run.gathered.outcome is not None and not isinstance(run.gathered.outcome, Saved):
        show_outcome(run.gathered.outcome)
