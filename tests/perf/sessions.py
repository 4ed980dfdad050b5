"""The app's pages beside an empty Streamlit script, over the websocket: one reader, many in a hurry, all at once.

Readers run in a process of their own. They speak the app's protocol as a browser does: they send what their controls
stand at and which messages they still have, and follow the address that the app sets.
"""

import multiprocessing
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain, cycle, islice
from pathlib import Path
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.load.crowd import AS_HOSTED, measure_memory
from tests.load.test_strangers import FULL, SMALL, besiege
from tests.perf.rounds import median_ratio, say
from tests.perf.table import Row
from tests.running_app import ROOT, Server, run_server
from tests.socket_session import PATIENCE, Run, Session, ask_for_run

ANSWERS = ("rerun", "new-weight", "rate", "session-memory", "at-once", "errors", "hostile-memory")
PAGES = ("", "dimension", "narrative", "compare", "outlook", "update", "method")
CONTROLS = ("dim", "interval", "draft_quarter", "draft_read_quarter")
"""The controls that a reader changes in turn on the pages that have them; each change changes what is seen."""
KEPT_RUNS = 2
"""For how many runs a browser keeps a message: Streamlit's ``global.maxCachedMessageAge``."""


@dataclass(frozen=True)
class Group:
    """Readers of one page: where it is, how many they are, and the states of controls that each sends in turn."""

    url: str
    page: str
    process: int
    changes: tuple[bytes, ...] = ()
    readers: int = 1


@dataclass
class Report:
    """What a group met: seconds of its reruns by turn, reruns a second by turn, errors, and MiB that its server grew."""

    turns: list[list[float]] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    grown: float = 0

    @property
    def times(self) -> list[float]:
        """The seconds of every rerun."""
        return list(chain(*self.turns))


class Reader(Session):
    """One reader with a browser tab; readers of a group start at different points of the list of changes."""

    def __init__(self, group: Group, number: int) -> None:
        super().__init__(group.url, group.page)
        self.changes = islice(cycle(group.changes or [b""]), number % max(len(group.changes), 1), None)
        self.states: dict[str, WidgetState] = {}
        self.kept: dict[str, int] = {}
        self.runs = 0

    def run(self, states: Any = ()) -> Run:
        """Ask for a run, and note which messages a browser would keep."""
        self.runs += 1
        self.connection.send(ask_for_run(self.page, self.query, states, self.kept))
        run = Run()
        while not run.finished:
            answer = ForwardMsg.FromString(self.connection.recv(PATIENCE))
            run.take(answer)
            if answer.metadata.cacheable or answer.ref_hash:
                self.kept[answer.ref_hash or answer.hash] = self.runs
        self.query = self.query if run.query is None else run.query
        self.kept = {hash: last for hash, last in self.kept.items() if self.runs - last <= KEPT_RUNS}
        return run

    def read(self, seconds: float, report: Report) -> list[float]:
        """Change one thing after another until the time is over, at least one; a failure is noted and ends it."""
        times: list[float] = []
        try:
            while not times or sum(times) < seconds:
                state = WidgetState.FromString(next(self.changes))
                self.states[state.id] = state
                start = time.perf_counter()
                run = self.run([state for id, state in self.states.items() if id])
                times.append(time.perf_counter() - start)
                report.errors += run.failures
        except Exception as error:
            report.errors.append(f"{type(error).__name__}: {error}")
        return times


def follow(groups: dict[str, Group], turns: int, seconds: float) -> dict[str, Report]:
    """Let the groups read in turns, each for some seconds (0: one rerun); all their changes were seen once before."""
    reports = {name: Report() for name in groups}
    before = {}
    for name, group in groups.items():
        with Reader(group, 0) as first:
            for _ in range(len(group.changes) + 1 if len(group.changes) < 100 else 1):
                first.read(0, Report())
        before[name] = measure_memory(group.process)
    with ExitStack() as stack:
        readers = {n: [stack.enter_context(Reader(g, k)) for k in range(g.readers)] for n, g in groups.items()}
        pool = stack.enter_context(ThreadPoolExecutor(max(map(len, readers.values()))))
        for turn in range(turns + 1):
            for name, several in readers.items():
                report, start = reports[name], time.perf_counter()
                taken = list(chain(*pool.map(lambda reader, own=report: reader.read(seconds, own), several)))
                if turn:  # in the first one the pages are loaded
                    report.turns.append(taken)
                    report.rates.append(len(taken) / (time.perf_counter() - start))
        for name, group in groups.items():
            reports[name].grown = (measure_memory(group.process) - before[name]) / 2**20
    return reports


def measure(home: Path, quick: bool = False) -> Iterator[Row]:
    """Yield the ratios of times, rates and memory, the number of errors, and the memory of a besieged server."""
    rounds, blocks, seconds, busy, many = (6, 1, 2, 5, 10) if quick else (40, 3, 10, 50, 200)
    for name in ("app", "empty", "besieged"):
        (home / name).mkdir()
    script = home / "empty.py"
    script.write_text("# Nothing.\n", encoding="utf-8")
    errors: list[str] = []
    with (
        run_server(ROOT / "app.py", home / "app", environment={"TENSION_CODER": "c1"}) as app,
        run_server(script, home / "empty", settings=home / "empty") as bare,  # with Streamlit's settings as shipped
        multiprocessing.get_context("spawn").Pool(1) as pool,
    ):

        def send(words: str, groups: dict[str, Group], turns: int, seconds: float = 0) -> dict[str, Report]:
            say(f"  {words}")
            empty = Group(bare.url, "", bare.process, readers=max(group.readers for group in groups.values()))
            reports: dict[str, Report] = pool.apply(follow, (groups | {"empty": empty}, turns, seconds))
            errors.extend(f"{name}: {error}" for name, report in reports.items() for error in report.errors)
            return reports

        pages = {page or "overview": plan_group(app, page) for page in PAGES}
        overview = pages["overview"]
        found = send("one reader on each page", pages, rounds)
        ratios = {page: median_ratio(found[page].times, found["empty"].times) for page in pages}
        said = ", ".join(f"{page} {ratio:.2f}" for page, ratio in ratios.items())
        yield Row("rerun", max(ratios.values()), f"{said}; empty script {_ms(found['empty'])}")
        found = send("one reader who moves a weight", {"overview": overview, "weight": weigh(overview)}, rounds // 2)
        said = f"{_ms(found['weight'])} against {_ms(found['overview'])}"
        yield Row("new-weight", median_ratio(found["weight"].times, found["overview"].times), said)
        found = send(f"{busy} busy readers", {"overview": replace(overview, readers=busy)}, blocks, seconds)
        ours, theirs = found["overview"], found["empty"]
        said = f"{statistics.median(ours.rates):.0f} against {statistics.median(theirs.rates):.0f} reruns a second"
        yield Row("rate", median_ratio(ours.rates, theirs.rates), said)
        yield Row("session-memory", ours.grown / busy, f"resident memory; empty script {theirs.grown / busy:.2f} MiB")
        found = send(f"{many} readers at once", {"overview": replace(overview, readers=many)}, blocks)
        slowest = {name: [max(turn) for turn in report.turns] for name, report in found.items()}
        said = f"{statistics.median(slowest['overview']):.1f} s against {statistics.median(slowest['empty']):.1f} s"
        yield Row("at-once", median_ratio(slowest["overview"], slowest["empty"]), said)
        yield Row("errors", len(errors), "; ".join(sorted(set(errors))[:5]))
    with run_server(ROOT / "app.py", home / "besieged", environment=AS_HOSTED) as server:
        siege = SMALL if quick else FULL
        besiege(server.url, siege)
        yield Row("hostile-memory", measure_memory(server.process) / 2**20, str(siege))


def plan_group(server: Server, page: str) -> Group:
    """Return a reader of a page who goes through its controls' values, five of each at most."""
    with Session(server.url, page) as session:
        controls = session.run().controls
    changes = []
    for control in (controls[key] for key in CONTROLS if key in controls):
        # Not from the first value on: that is where the control stands already.
        for option in [*control.options[1:6], control.options[0]]:
            state = WidgetState(id=control.id)
            if hasattr(option, "content"):
                state.string_array_value.data.append(option.content)
            else:
                state.string_value = option
            changes.append(state.SerializeToString())
    return Group(server.url, page, server.process, tuple(changes))


def weigh(group: Group) -> Group:
    """Return a reader who moves the first dimension's weight to values that nobody has set before."""
    with Session(group.url, group.page) as session:
        controls = session.run().controls
    id = next(control.id for key, control in controls.items() if key.startswith("w_"))
    states = [WidgetState(id=id, double_value=round(0.013 + 0.0137 * n, 4)) for n in range(200)]
    return replace(group, changes=tuple(state.SerializeToString() for state in states))


def _ms(report: Report) -> str:
    return f"{1000 * statistics.median(report.times):.0f} ms"
