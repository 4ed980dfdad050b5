"""Readers at their browsers, many at once, in a process of their own: ``python -m benchmarks.readers`` with a plan.

Speaks the app's websocket protocol as a browser does: it sends what its controls stand at and which messages it still
has, and follows the address that the app sets. The plan comes as JSON on standard input, the report goes to standard
output, times in seconds. Client and server take one processor each; the report has both processors' time, so that one
sees which of the two was the limit.
"""

import asyncio
import json
import os
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from indicators.show.http.local_key import name_cookie
from tests.running_app import KEY
from tests.socket_session import LARGEST, PATIENCE, Run, ask_for_run

KEPT_RUNS = 2
"""For how many runs a browser keeps a message: Streamlit's ``global.maxCachedMessageAge``."""


@dataclass(frozen=True)
class Group:
    """Readers of one page: where it is, how many they are, and what each changes in turn.

    A change is a control's id, the field of its state and the value.
    """

    name: str
    url: str
    page: str
    process: int
    readers: int = 1
    changes: tuple[tuple[str, str, Any], ...] = ()


@dataclass(frozen=True)
class Plan:
    """What the readers do: in each block the groups take turns, each for some seconds, or for one rerun where 0.

    ``think`` is the mean pause after a rerun; ``warm`` is how many reruns one reader of each group makes before.
    """

    groups: tuple[Group, ...]
    blocks: int
    seconds: float = 0.0
    think: float = 0.0
    warm: int = 1


@dataclass
class Turn:
    """What happened in one turn of a group."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    client: float = 0.0
    server: float = 0.0


class Reader:
    """One reader with a browser tab."""

    def __init__(self, group: Group, number: int) -> None:
        """Take a place; readers of a group start at different points of the list of changes."""
        start = number % max(len(group.changes), 1)
        self.group, self.query = group, ""
        self.changes = islice(cycle(group.changes), start, None) if group.changes else None
        self.pauses = random.Random(number)  # noqa: S311 - no secret
        self.states: dict[str, WidgetState] = {}
        self.kept: dict[str, int] = {}
        self.runs = 0
        self.errors: list[str] = []
        self.connection: ClientConnection

    async def open(self) -> None:
        """Connect, and load the page."""
        address = self.group.url.replace("http", "ws", 1) + "/_stcore/stream"
        self.connection = await connect(
            address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": f"{name_cookie(urlsplit(address).netloc)}={KEY}"},
            max_size=LARGEST,
            proxy=None,
            compression=None,
            open_timeout=PATIENCE,
        )
        await self.run()

    async def change(self) -> float:
        """Change a control, wait for the page, and return the seconds that it took."""
        if self.changes is not None:
            id, kind, value = next(self.changes)
            state = WidgetState(id=id)
            if kind == "string_array_value":
                state.string_array_value.data.append(value)
            else:
                setattr(state, kind, value)
            self.states[id] = state
        return await self.run()

    async def run(self) -> float:
        """Ask for a run, wait until it has ended, and return the seconds that it took."""
        self.runs += 1
        run = Run()
        message = ask_for_run(self.group.page, self.query, self.states.values(), self.kept)
        start = time.perf_counter()
        await self.connection.send(message)
        while not run.finished:
            answer = ForwardMsg()
            answer.ParseFromString(await asyncio.wait_for(self.connection.recv(decode=False), PATIENCE))
            run.take(answer)
            if answer.WhichOneof("type") == "ref_hash":
                self.kept[answer.ref_hash] = self.runs
            elif answer.metadata.cacheable:
                self.kept[answer.hash] = self.runs
        taken = time.perf_counter() - start
        self.errors += run.failures
        self.query = self.query if run.query is None else run.query
        self.kept = {hash: last for hash, last in self.kept.items() if self.runs - last <= KEPT_RUNS}
        return taken

    async def read_until(self, end: float, think: float, times: list[float]) -> None:
        """Change and think until the time is over; a failure is noted and ends the reading."""
        if think:  # readers do not come all at once
            await asyncio.sleep(self.pauses.uniform(0, think))
        try:
            while time.perf_counter() < end:
                times.append(await self.change())
                if think:
                    await asyncio.sleep(self.pauses.uniform(0.5, 1.5) * think)
        except Exception as error:
            self.errors.append(f"{type(error).__name__}: {error}")


async def take_turn(group: Group, readers: list[Reader], plan: Plan) -> Turn:
    """Let the readers of a group read, and return what happened."""
    turn = Turn()
    start, client, server = time.perf_counter(), time.process_time(), processor_of(group.process)
    if plan.seconds:
        end = start + plan.seconds
        await asyncio.gather(*(reader.read_until(end, plan.think, turn.times) for reader in readers))
    else:
        turn.times = [await reader.change() for reader in readers]
    turn.seconds = time.perf_counter() - start
    turn.client, turn.server = time.process_time() - client, processor_of(group.process) - server
    return turn


async def follow(plan: Plan) -> dict[str, Any]:
    """Follow a plan; return for each group its turns, its errors, and its server's memory before and at the end."""
    readers = {group.name: [Reader(group, n) for n in range(group.readers)] for group in plan.groups}
    for group in plan.groups:
        first = Reader(group, 0)
        await first.open()
        for _ in range(plan.warm):
            await first.change()
        await first.connection.close()
    before = {group.name: memory_of(group.process) for group in plan.groups}
    for group in plan.groups:
        for reader in readers[group.name]:
            await reader.open()
    turns: dict[str, list[Turn]] = {group.name: [] for group in plan.groups}
    for _ in range(plan.blocks):
        for group in plan.groups:
            turns[group.name].append(await take_turn(group, readers[group.name], plan))
    report = {
        group.name: {
            "turns": [asdict(turn) for turn in turns[group.name]],
            "errors": [error for reader in readers[group.name] for error in reader.errors],
            "before": before[group.name],
            "after": memory_of(group.process),
        }
        for group in plan.groups
    }
    for reader in (r for several in readers.values() for r in several):
        await reader.connection.close()
    return report


def memory_of(process: int) -> float:
    """Return the resident memory of a process in MiB; NaN where the system has no /proc."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_of(process: int) -> float:
    """Return the seconds of processor that a process has had; NaN where the system has no /proc."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_plan(text: str) -> Plan:
    """Return the plan that some JSON describes."""
    plan = json.loads(text)
    groups = [Group(**{**g, "changes": tuple(map(tuple, g["changes"]))}) for g in plan.pop("groups")]
    return Plan(groups=tuple(groups), **plan)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(follow(read_plan(sys.stdin.read())))))
