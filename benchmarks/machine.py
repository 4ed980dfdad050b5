"""Where and with what a run took place."""

import contextlib
import datetime as dt
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

from benchmarks import ROOT

PACKAGES = ("numpy", "pandas", "pyarrow", "streamlit", "plotly", "frictionless", "websockets")


def describe_run(now: dt.datetime, quick: bool = False) -> dict[str, str]:
    """Return the circumstances of a run, by name: date, commit, machine, load and versions."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    about = {
        "date": f"{now:%Y-%m-%d %H:%M} UTC",
        "commit": _commit(),
        "machine": f"{os.cpu_count()} × {_processor()}, {_memory()}, {platform.platform()}",
        "versions": ", ".join([f"Python {platform.python_version()}", *versions]),
    }
    with contextlib.suppress(OSError):  # not every system tells its load
        about["load before the run"] = "{:.1f} (1 minute), {:.1f} (5), {:.1f} (15)".format(*os.getloadavg())
    if quick:
        about["rounds"] = "quick: few rounds, small data; not to be quoted"
    return about


def _commit() -> str:
    """The commit, and whether the tree has other changes."""

    def ask(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603, S607 - the reader's own git

    try:
        return ask("rev-parse", "--short", "HEAD") + (" with changes" if ask("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    except (ValueError, OSError):
        return "memory unknown"
