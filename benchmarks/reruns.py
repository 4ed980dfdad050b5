"""Reruns of the pages beside an empty Streamlit script's, over the websocket: one reader, many, and many in a hurry."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import ROOT
from benchmarks.readers import Group, Plan
from benchmarks.rounds import median_ratio, say
from benchmarks.table import Row, answer
from tests.running_app import Server, run_server
from tests.socket_session import Session

TARGETS = ("rerun", "rate", "errors", "session-memory")
CONTROLS = {
    "overview": ("dim", "interval"),
    "dimension": ("dim", "interval"),
    "narrative": ("interval",),
    "compare": ("interval",),
    "outlook": ("interval",),
    "update": ("draft_indicator",),
    "method": ("interval",),
}
"""The controls that a reader changes in turn on each page; each change changes what is seen, or at least its numbers."""
EMPTY = ROOT / "benchmarks" / "empty.py"
THINK = 2.0  # seconds, the mean
FIRST_WEIGHT, STEP = 0.013, 0.0137
"""Weights that nobody has set before, so that no result is at hand."""

Report = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Length:
    """How long a run is."""

    rounds: int
    blocks: int
    seconds: float
    crowds: tuple[int, int]


FULL, QUICK = Length(40, 3, 10, (20, 50)), Length(6, 1, 2, (3, 5))


def measure(home: Path, quick: bool = False) -> Iterator[Row]:
    """Yield the ratios of times, rates and memory, and the number of errors."""
    length = QUICK if quick else FULL
    for name in ("app", "empty", "tuned"):
        (home / name).mkdir()
    with (
        run_server(ROOT / "app.py", home / "app", environment={"TENSION_CODER": "c1"}) as app,
        run_server(EMPTY, home / "empty", settings=home / "empty") as empty,
        run_server(EMPTY, home / "tuned") as tuned,
    ):
        groups = {page: plan_group(app, page) for page in CONTROLS if _page_file(page).is_file()}
        nothing = Group("empty", empty.url, "", empty.process)
        same = Group("tuned", tuned.url, "", tuned.process)
        reports = []
        for measured in (
            _measure_one(groups, nothing, same, length),
            _measure_crowds(groups["overview"], nothing, length),
        ):
            for rows, report in measured:
                reports.append(report)
                yield from rows
        errors = [f"{name}: {e}" for report in reports for name, group in report.items() for e in group["errors"]]
        count = sum(len(t["times"]) for report in reports for group in report.values() for t in group["turns"])
        yield answer("errors", len(errors), f"in {count:,} reruns. " + "; ".join(sorted(set(errors))[:5]))


def plan_group(server: Server, page: str) -> Group:
    """Return a reader of a page who goes through its controls' values, all of them, one control after another."""
    path = "" if page == "overview" else page
    with Session(server.url, path) as session:
        controls = session.run().controls
    values = []
    for key in CONTROLS[page]:
        control = controls[key]
        choices = [getattr(option, "content", option) for option in control.options]
        kind = "string_array_value" if hasattr(control.options[0], "content") else "string_value"
        # Not from the first value on: that is where the control stands already.
        values.append([(control.id, kind, choice) for choice in [*choices[1:6], choices[0]]])
    longest = max(map(len, values))
    changes = [column[n % len(column)] for n in range(longest) for column in values]
    return Group(page, server.url, path, server.process, changes=tuple(changes))


def _measure_one(
    groups: dict[str, Group], nothing: Group, same: Group, length: Length
) -> Iterator[tuple[list[Row], Report]]:
    """One reader on each page, in turns with one on the empty script, as it is and under the app's own settings."""
    say("  one reader on each page")
    warm = max(len(group.changes) for group in groups.values()) + 1
    report = send_readers(Plan((*groups.values(), nothing, same), length.rounds, warm=warm))
    taken = {name: [turn["times"][0] for turn in group["turns"]] for name, group in report.items()}
    rows = []
    for page in groups:
        ratio = median_ratio(taken[page], taken["empty"])
        detail = (
            f"median {_ms(taken[page])} against {_ms(taken['empty'])}; of the server's processor {_per_rerun(report, page)} "
            f"against {_per_rerun(report, 'empty')}"
        )
        rows.append(
            answer("rerun", ratio, detail)
            if page == "overview"
            else Row(f"  one interaction on {page.capitalize()} / empty script, 1 session", ratio, detail=detail)
        )
    detail = f"median {_ms(taken['overview'])} against {_ms(taken['tuned'])}"
    ratio = median_ratio(taken["overview"], taken["tuned"])
    rows.append(Row("  the same, against an empty script under the app's settings", ratio, detail=detail))
    spent = {n: sum(t["server"] for t in report[n]["turns"]) for n in ("overview", "empty")}
    rows.append(
        Row("  server's processor for one interaction, Overview / empty script", spent["overview"] / spent["empty"])
    )
    yield rows, report
    say("  one reader who moves a weight")
    weights = send_readers(Plan((_weigh(groups["overview"]), nothing), max(length.rounds // 4, 3)))
    moved = [turn["times"][0] for turn in weights["overview"]["turns"]]
    detail = (
        f"median {_ms(moved)}; each time a weight that nobody has set before, so that all but the draws is made anew"
    )
    bare = [turn["times"][0] for turn in weights["empty"]["turns"]]
    yield (
        [Row("  a weight moved on Overview / empty script, 1 session", median_ratio(moved, bare), detail=detail)],
        weights,
    )


def _measure_crowds(overview: Group, nothing: Group, length: Length) -> Iterator[tuple[list[Row], Report]]:
    """Many readers of Overview, in turns with as many of the empty script: with pauses, then without."""
    for number in length.crowds:
        say(f"  {number} readers with pauses")
        crowd = (replace(overview, readers=number), replace(nothing, readers=number))
        report = send_readers(Plan(crowd, length.blocks, length.seconds, THINK, len(overview.changes) + 1))
        ours, bare = (sorted(t for turn in report[n]["turns"] for t in turn["times"]) for n in ("overview", "empty"))
        ratio = statistics.median(ours) / statistics.median(bare)
        detail = f"pauses of {THINK:g} s in the mean. {_crowd(report, 'overview')}; {_crowd(report, 'empty')}"
        yield (
            [Row(f"  one interaction on Overview / empty script, {number} sessions with pauses", ratio, detail=detail)],
            report,
        )
    number = length.crowds[-1]
    say(f"  {number} readers without pauses")
    crowd = (replace(overview, readers=number), replace(nothing, readers=number))
    report = send_readers(Plan(crowd, length.blocks, length.seconds, 0, len(overview.changes) + 1))
    rates = {n: [len(t["times"]) / t["seconds"] for t in group["turns"]] for n, group in report.items()}
    memory = {n: (group["after"] - group["before"]) / number for n, group in report.items()}
    yield (
        [
            answer(
                "rate",
                median_ratio(rates["overview"], rates["empty"]),
                f"{_crowd(report, 'overview')}; {_crowd(report, 'empty')}",
            ),
            answer(
                "session-memory",
                memory["overview"],
                f"resident memory of the server with {number} sessions open and busy, less before them (warm: "
                f"{report['overview']['before']:.0f} MiB), by session; empty script: {memory['empty']:.2f} MiB",
            ),
        ],
        report,
    )


def send_readers(plan: Plan) -> Report:
    """Let the readers follow a plan in a process of their own; ``RuntimeError`` with its words where that fails."""
    command = [sys.executable, "-m", "benchmarks.readers"]
    ran = subprocess.run(command, cwd=ROOT, input=json.dumps(asdict(plan)), capture_output=True, text=True, check=False)  # noqa: S603 - own arguments, no shell
    if ran.returncode:
        raise RuntimeError(ran.stderr[-2000:])
    report: Report = json.loads(ran.stdout)
    return report


def _weigh(group: Group) -> Group:
    """The same reader, who moves the first dimension's weight to ever new values."""
    with Session(group.url, group.page) as session:
        controls = session.run().controls
    id = next(control.id for key, control in controls.items() if key.startswith("w_"))
    return replace(group, changes=tuple((id, "double_value", FIRST_WEIGHT + STEP * n) for n in range(200)))


def _page_file(page: str) -> Path:
    return ROOT / "indicators" / "dashboard" / "pages" / f"{page}.py"


def _ms(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.1f} ms"


def _per_rerun(report: Report, name: str) -> str:
    turns = report[name]["turns"]
    return f"{1000 * sum(t['server'] for t in turns) / sum(len(t['times']) for t in turns):.0f} ms"


def _crowd(report: Report, name: str) -> str:
    """A crowd's rate, times and use of processors, in words."""
    turns = report[name]["turns"]
    times = sorted(t for turn in turns for t in turn["times"])
    seconds = sum(turn["seconds"] for turn in turns)
    client, server = (sum(turn[who] for turn in turns) / seconds for who in ("client", "server"))
    return (
        f"{name}: {len(times) / seconds:.0f} reruns/s, median {_ms(times)}, 95 % under "
        f"{1000 * times[int(0.95 * (len(times) - 1))]:.0f} ms, processors used: server {server:.2f}, readers {client:.2f}"
    )
