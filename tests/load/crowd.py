"""Many sessions at once: what each does, what came of it, and what it costs the server."""

import csv
import os
import random
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from indicators.show.http.local_key import name_cookie
from tests.running_app import KEY, ROOT
from tests.scoring_form import ask_for_form, press_save
from tests.socket_session import PATIENCE, Run, Session

AS_HOSTED = dict(
    re.findall(r"\b(MALLOC_\w+)=(\d+)", (ROOT / "hosting" / "tension.service").read_text(encoding="utf-8"))
)
"""The settings of the C library's memory with which `hosting` starts the server."""

PLACES = (
    ("", ""),
    ("", "interval=95&w_military=2&mean=geometric"),
    ("", "dim=cyber&from=2024-03-31"),
    ("dimension", "dim=cyber"),
    ("dimension", "dim=military&apart=true&coder=c1"),
    ("narrative", ""),
    ("compare", ""),
    ("compare", "base=2024-06-30&compare=2024-07-01"),
    ("update", ""),
    ("method", ""),
    ("method", "tab=Uncertainty"),
    ("method", "tab=Agreement"),
    ("method", "tab=Corrections"),
    ("method", "tab=Files"),
)
"""Pages with the query of a link to them."""

ROUTES = ("/healthz", "/api/series.csv?level=dimension", "/api/scores.csv", "/api/claims.json", "/feed.xml")


@dataclass
class Tally:
    """What a crowd met: reruns of pages and their seconds, answers of routes, rows saved, and everything amiss."""

    seconds: list[float] = field(default_factory=list)
    answers: int = 0
    saved: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    patience: float = PATIENCE
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, run: Run, session: Session, seconds: float) -> Run:
        """Count a run, and complain of what a reader would have been shown amiss."""
        with self.lock:
            self.seconds.append(seconds)
            self.complaints += [f"/{session.page}?{session.query}: {failure}" for failure in run.failures]
            if not run.text.strip() or "The data folder has problems" in run.text:
                self.complaints.append(f"/{session.page}?{session.query}: nothing to read: {run.text[:200]}")
        return run


def run_page(tally: Tally, session: Session, states: Iterable[Any] = ()) -> Run:
    """Run a session's page and count it."""
    start = time.monotonic()
    run = session.run(states)
    return tally.note(run, session, time.monotonic() - start)


def ask(server: str, route: str) -> tuple[int, bytes]:
    """Status and content of a route's answer to whoever runs the server, errors of the server among them."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    cookie = f"{name_cookie(urlsplit(server).netloc)}={KEY}"
    try:
        with opener.open(
            urllib.request.Request(server + route, headers={"Cookie": cookie}), timeout=PATIENCE
        ) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def roam(server: str, tally: Tally, chance: random.Random, goes_on: Callable[[], bool], pause: float = 0) -> None:
    """Open pages by links in one session, some of them once more, with a route's answer now and then."""
    with Session(server) as session:
        session.patience = tally.patience
        while goes_on():
            session.page, session.query = chance.choice(PLACES)
            run_page(tally, session)
            if chance.random() < 0.3:
                run_page(tally, session)
            if chance.random() < 0.3:
                route = chance.choice(ROUTES)
                status, content = ask(server, route)
                with tally.lock:
                    tally.answers += 1
                    if status != 200 or not content:
                        tally.complaints.append(f"{route}: {status} {content[:200]!r}")
            if pause:
                time.sleep(chance.uniform(0, 2 * pause))  # a reader's, not a wait for something


class Desk:
    """Editors of one folder: each number stands for a row of its own, of another indicator or day."""

    def __init__(self, data: Path) -> None:
        with (data / "events.csv").open(encoding="utf-8", newline="") as file:
            events = sorted(csv.DictReader(file), key=lambda row: row["date"])
        dates = [
            date.fromisoformat(d)
            for f in data.glob("scores/*.csv")
            for d in re.findall(r"^[-0-9]{10}", f.read_text(), re.M)
        ]
        self.first = max(dates) + timedelta(1)
        self.cited = {
            row["indicator"]: row["event"]
            for row in events
            if "_" in row["indicator"] and row["date"] < self.first.isoformat()
        }

    def draft(self, number: int) -> dict[str, str]:
        """What an editor types."""
        indicator = sorted(self.cited)[number % len(self.cited)]
        return {
            "indicator": indicator,
            "date": (self.first + timedelta(number // len(self.cited))).isoformat(),
            "score": "6.5 5.5 7.5",
            "rationale": f"Much as the last review found it, so says editor number {number}.",
            "events": self.cited[indicator],
        }


def edit(server: str, draft: dict[str, str], tally: Tally) -> None:
    """Save one row in a session of its own, press Save once more, and leave."""
    with Session(server, "update", ask_for_form(draft)) as session:
        session.patience = tally.patience
        states = press_save(run_page(tally, session).controls, draft)
        for _ in range(5):
            text = run_page(tally, session, states).text
            if "Someone else is saving" not in text:
                break
        again = run_page(tally, session, states).text
        with tally.lock:
            tally.saved.append(draft["rationale"])
            if "Saved. " not in text or "Nothing was saved" in again:
                tally.complaints.append(f"not saved: {text[-600:]}\n{again[-600:]}")


def roamers(server: str, tally: Tally, readers: int, pages: int) -> list[Callable[[], None]]:
    """The tasks of some readers who open some pages each."""

    def reader(number: int) -> Callable[[], None]:
        return lambda: roam(server, tally, random.Random(number), steps(pages))

    return [reader(number) for number in range(readers)]


def gather(tasks: Iterable[Callable[[], None]], tally: Tally) -> Tally:
    """Do all tasks at once; one that breaks off is a complaint."""

    def attempt(task: Callable[[], None]) -> None:
        try:
            task()
        except Exception as error:
            with tally.lock:
                tally.complaints.append(f"broken off: {error!r}")

    tasks = list(tasks)
    with ThreadPoolExecutor(len(tasks)) as pool:
        list(pool.map(attempt, tasks))
    return tally


def steps(count: int) -> Callable[[], bool]:
    """A condition that holds as often as said."""
    left = iter(range(count))
    return lambda: next(left, None) is not None


def wait_for(holds: Callable[[], bool], what: str) -> None:
    """Return once something holds; it must within a bound against hanging."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"it did not come about: {what}"
        time.sleep(0.05)


def sessions_open(server: str) -> int:
    """How many sessions the server counts as connected."""
    _, text = ask(server, "/_stcore/metrics?families=active_sessions")
    found = re.search(rb"^active_sessions\S* (\d+)", text, re.MULTILINE)
    assert found, text
    return int(found[1])


def measure_memory(process: int) -> int:
    """Resident memory of a process in bytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]


def count_open_files(process: int) -> int:
    """Open files and sockets of a process."""
    return len(os.listdir(f"/proc/{process}/fd"))


def count_threads(process: int) -> int:
    """Threads of a process."""
    return len(os.listdir(f"/proc/{process}/task"))


def read_complaints(log: Path, start: int = 0) -> list[str]:
    """Lines of a server's log, from a byte on, that tell of something amiss."""
    lines = log.read_bytes()[start:].decode(errors="replace").splitlines()
    return [line for line in lines if re.search(r"Traceback|Error|ERROR|Exception|Uncaught|never awaited", line)]
