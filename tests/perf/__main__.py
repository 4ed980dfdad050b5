"""``python -m tests.perf [--quick] [--only NAME]``: all measurements, one table."""

import datetime as dt
import importlib.metadata
import os
import platform
import tempfile
from pathlib import Path

import click

from tests.perf import check, numbers, publication, sessions
from tests.perf.rounds import say
from tests.perf.table import TARGETS, Row, as_text, complete_rows

MEASUREMENTS = {"check": check, "numbers": numbers, "sessions": sessions, "publication": publication}
"""In the order of the run. Each has ``measure(home, quick)``, which yields rows, and the ``ANSWERS`` that they give."""
PACKAGES = ("numpy", "pandas", "pyarrow", "streamlit", "plotly", "frictionless")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Few rounds and small data: to try the run, not to quote.")
@click.option("--only", multiple=True, type=click.Choice(list(MEASUREMENTS)), help="Only this one; repeat for more.")
def main(quick: bool, only: tuple[str, ...]) -> None:
    """Measure speed and size; the table goes to standard output, progress to standard error."""
    about = {
        "date": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC{', quick: not to be quoted' if quick else ''}",
        "machine": f"{os.cpu_count()} processors, {platform.platform()}, load before the run {os.getloadavg()[0]:.1f}",
        "versions": ", ".join([f"Python {platform.python_version()}", *map(_version, PACKAGES)]),
    }
    rows: list[Row] = []
    for name in only or MEASUREMENTS:
        say(f"{name} …")
        with tempfile.TemporaryDirectory() as home:
            for row in MEASUREMENTS[name].measure(Path(home), quick):
                rows.append(row)
                say(f"  {TARGETS[row.target].what}: {row.measured}")
    click.echo(as_text(complete_rows(rows), about))


def _version(name: str) -> str:
    return f"{name} {importlib.metadata.version(name)}"


if __name__ == "__main__":
    main()
