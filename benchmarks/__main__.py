"""``python -m benchmarks [--quick] [--only NAME] [--json FILE]``: all measurements, one table."""

import datetime as dt
import json
import tempfile
from pathlib import Path

import click

from benchmarks import checking, coinr, drawing, growth, publication, reruns
from benchmarks.machine import describe_run
from benchmarks.rounds import say
from benchmarks.table import Row, as_record, as_text, complete_rows

MEASUREMENTS = {
    "check": checking,
    "draws": drawing,
    "reruns": reruns,
    "publication": publication,
    "growth": growth,
    "coinr": coinr,
}
"""In the order of the run. Each has ``measure(home, quick)``, which yields rows, and the ``TARGETS`` that they answer."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Few rounds and small data: to try the run, not to quote.")
@click.option("--only", multiple=True, type=click.Choice(list(MEASUREMENTS)), help="Only this one; repeat for more.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the table there as well.")
def main(quick: bool, only: tuple[str, ...], file: Path | None) -> None:
    """Measure speed and size; the table goes to standard output, progress to standard error."""
    about = describe_run(dt.datetime.now(dt.UTC), quick)
    rows: list[Row] = []
    for name in only or MEASUREMENTS:
        say(f"{name} …")
        with tempfile.TemporaryDirectory() as home:
            for row in MEASUREMENTS[name].measure(Path(home), quick):
                rows.append(row)
                say(f"  {row.what.strip()}: {row.measured} {row.unit}")
    table = complete_rows(rows)
    click.echo(as_text(table, about))
    if file:
        file.write_text(json.dumps(as_record(table, about), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
