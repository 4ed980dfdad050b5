"""The command line: ``python -m indicators COMMAND``."""

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

import click
import pandas as pd

from indicators.measures.index import MEANS, Weights
from indicators.measures.readings import FREQUENCIES
from indicators.measures.series import LEVELS, Panel, build_series, explain_empty
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.ledger import format_folder
from indicators.records.store import locate_data

DATA_HELP = "Data folder (default: the environment's TENSION_DATA, else 'data')."

data_option = click.option("--data", "data", metavar="DIR", help=DATA_HELP)
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="Form of the output."
)


class Day(click.ParamType):
    """A day written as 2024-02-29."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the day, or fail with advice."""
        if isinstance(value, dt.date):
            return value
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            day = None
        # fromisoformat also takes 20240229 and 2024-W09-4, which people do not mean to write.
        if day is None or day.isoformat() != value:
            self.fail(f"{value!r} is not a day written as 2024-02-29", param, ctx)
        return day


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__import__("indicators").__version__)
def main() -> None:
    """Indicators of US-Russia tension: check and read the data folder."""


@main.command()
@click.argument("folder", required=False, metavar="[DATA]")
@data_option
@format_option
def check(folder: str | None, data: str | None, form: str) -> None:
    """Name every problem of the data folder, with file and line.

    Exit status 0: no problem; 1: problems; 2: wrong usage.
    """
    report = load_dataset(_folder(folder or data)).report
    if form == "text":
        click.echo(report.as_text())
    else:
        _print_records([p.as_record() for p in report], ["file", "line", "column", "value", "code", "message"], form)
    sys.exit(1 if report else 0)


@main.command(name="format")
@click.argument("folder", required=False, metavar="[DATA]")
@data_option
@click.option("--check", "only_check", is_flag=True, help="Only say which files would change; exit 1 if any.")
def format_command(folder: str | None, data: str | None, only_check: bool) -> None:
    """Rewrite the data folder in canonical form, so that a diff shows content only."""
    changed = format_folder(_folder(folder or data), write=not only_check)
    for name in changed:
        click.echo(f"{name} {'is not canonical' if only_check else 'rewritten'}")
    click.echo(f"{len(changed)} file{'s' * (len(changed) != 1)} {'to rewrite' if only_check else 'rewritten'}")
    sys.exit(1 if changed and only_check else 0)


@main.command()
@data_option
@click.option("--level", type=click.Choice(LEVELS), default="index", show_default=True)
@click.option("--from", "start", type=Day(), help="First day.")
@click.option("--to", "end", type=Day(), help="Last day (default: the period of the newest assessment).")
@click.option("--freq", type=click.Choice(list(FREQUENCIES)), default="month", show_default=True)
@click.option("--as-of", type=Day(), help="Use the data as recorded up to this day (UTC).")
@click.option("--coder", help="Use one coder's assessments only.")
@click.option("--weight", "weights", multiple=True, metavar="DIMENSION=NUMBER", help="Change a dimension's weight.")
@click.option("--mean", type=click.Choice(MEANS), default="arithmetic", show_default=True)
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="Form of the output.")
def series(
    data: str | None,
    level: str,
    start: dt.date | None,
    end: dt.date | None,
    freq: str,
    as_of: dt.date | None,
    coder: str | None,
    weights: tuple[str, ...],
    mean: Any,
    form: str,
) -> None:
    """Print readings at period ends as CSV: date, id, score, low, high, fresh.

    ``fresh`` is the share of the weight that rests on assessments within their review period.
    """
    dataset = _dataset(data)
    if coder is not None and coder not in dataset.coders.index:
        raise click.UsageError(f"unknown coder {coder!r}; known: {', '.join(dataset.coders.index)}")
    if start and end and start > end:
        raise click.UsageError(f"--from {start} is after --to {end}")
    panel = Panel(dataset, as_of, coder, _weights(dataset, weights), mean)
    table = build_series(panel, level, panel.dates(freq, start, end))
    if table.empty:
        click.echo(explain_empty(panel, level, start, end), err=True)
    table["date"] = table["date"].dt.strftime("%Y-%m-%d")
    _print_table(table, form)


def _folder(option: str | None) -> Path:
    path = locate_data(option, os.environ)
    if not path.is_dir():
        raise click.UsageError(f"there is no data folder at {path}")
    return path


def _dataset(option: str | None) -> Dataset:
    loaded = load_dataset(_folder(option))
    if loaded.dataset is None:
        click.echo(loaded.report.as_text(), err=True)
        sys.exit(1)
    return loaded.dataset


def _weights(dataset: Dataset, options: tuple[str, ...]) -> Weights:
    changed = {}
    for option in options:
        dimension, sign, number = option.partition("=")
        try:
            changed[dimension] = float(number)
        except ValueError:
            sign = ""
        if not sign:
            raise click.UsageError(f"--weight {option!r} is not of the form military=2")
    try:
        return Weights.from_codebook(dataset.dimensions, dataset.indicators).with_dimensions(changed)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _print_records(records: list[dict[str, object]], columns: list[str], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
    else:
        _print_table(pd.DataFrame(records, columns=columns), form)


def _print_table(table: pd.DataFrame, form: str) -> None:
    # Ten decimals: enough to add up to 1e-9, and the same text on every machine.
    table = table.round(10)
    if form == "json":
        click.echo(table.to_json(orient="records", indent=2, double_precision=10, force_ascii=False))
    else:
        click.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)


def run() -> None:
    """Run the command line; a broken pipe and Ctrl-C end it quietly."""
    try:
        # Not main(): Click would end a broken pipe with status 1, which here means that problems were found.
        with main.make_context("python -m indicators", sys.argv[1:]) as context:
            main.invoke(context)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader has gone; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    run()
