"""What the commands share: options, the data they work on, the form in which they answer."""

import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click
import pandas as pd

from indicators.measures.index import MEANS, Mean, Weights
from indicators.measures.narrative.dates import check_readings
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.rules import starts_formula
from indicators.records.saving.submission import Failed, Queued, Refused, Saved, Submission
from indicators.records.storage.git import PREFIX
from indicators.records.storage.store import find_elsewhere, find_location, locate_data, locate_state, open_store

data_option = click.option(
    "--data", metavar="DIR", help="Data folder (default: the environment's TENSION_DATA, else 'data')."
)
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="Form of the output."
)


class Day(click.ParamType[dt.date]):
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


as_of_option = click.option("--as-of", type=Day(), help="Use the data as recorded up to this day (UTC).")


def view_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a view, and call it with the panel that they make."""

    @data_option
    @as_of_option
    @click.option("--coder", help="Use one coder's assessments only.")
    @click.option("--weight", "weights", multiple=True, metavar="DIMENSION=NUMBER", help="Change a dimension's weight.")
    @click.option("--mean", type=click.Choice(MEANS), default="arithmetic", show_default=True)
    @wraps(command)
    def with_panel(
        data: str | None, as_of: dt.date | None, coder: str | None, weights: tuple[str, ...], mean: Mean, **rest: Any
    ) -> None:
        dataset = read_dataset(data)
        if coder is not None and coder not in dataset.scorers:
            raise click.UsageError(f"unknown coder {coder!r}; known: {', '.join(dataset.scorers)}")
        command(Panel(dataset, as_of, coder, _weights(dataset, weights), mean), **rest)

    return with_panel


def find_folder(option: str | None) -> Path:
    """Return the data folder that an option or the environment names; there is one, or the usage is wrong."""
    location = find_location(option, os.environ)
    try:
        path = locate_data(option, os.environ)
        if location.startswith(PREFIX):
            _fetch_first(location)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if not path.is_dir():
        raise click.UsageError(f"there is no data folder at {path}")
    return path


def _fetch_first(location: str) -> None:
    """Bring a clone to the remote's state, or say how old it is and why."""
    store = open_store(location, locate_state(os.environ), check_readings)
    if not store.status().error:  # else its first clone has just failed
        store.refresh()
    status = store.status()
    if not status.error:
        return
    if status.age is None:
        raise click.UsageError(f"{location} could not be read — {status.error}")
    click.echo(
        f"{location} could not be reached ({status.error}); the data are {status.age / 60:.0f} minutes old", err=True
    )


def read_dataset(option: str | None) -> Dataset:
    """Return the data; with problems in it, print them and end with exit status 1."""
    loaded = load_dataset(find_folder(option), check_readings)
    if loaded.dataset is None:
        click.echo(loaded.report.as_text(), err=True)
        sys.exit(1)
    return loaded.dataset


def save_row(data: str | None, submission: Submission) -> NoReturn:
    """Save a submission of one row, say what became of it, and end: with 0 only when it is safely on the disk.

    Nobody looks at the queue after a command: a row that the remote refuses is not kept there.
    """
    location, state = find_location(data, os.environ), locate_state(os.environ)
    try:
        store = open_store(location, state, check_readings)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    outcome = store.save(submission)
    if isinstance(outcome, Saved):
        file, line = outcome.places[0]
        click.echo(f"{file}:{line} {'was recorded before' if outcome.already else 'recorded'}")
    elif isinstance(outcome, Refused):
        click.echo(outcome.report.as_text(), err=True)
    elif isinstance(outcome, Queued) and outcome.refusal:
        store.discard(submission.id)
        outcome = Failed(f"{location} did not take the row: {outcome.refusal.rstrip('.')}. Nothing was saved.")
        click.echo(outcome.message, err=True)
    elif isinstance(outcome, Failed | Queued):
        click.echo(outcome.message, err=True)
    for other in find_elsewhere(state, location):
        click.echo(f"{other.count} unsent save{'s' * (other.count != 1)} of {other.location}", err=True)
    sys.exit(0 if isinstance(outcome, Saved | Queued) else 1)


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


def print_records(records: list[dict[str, object]], columns: list[str], form: str) -> None:
    """Print records as JSON or CSV."""
    if form == "json":
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
    else:
        print_table(pd.DataFrame(records, columns=columns), form)


def print_table(table: pd.DataFrame, form: str) -> None:
    """Print a table as text, JSON or CSV, the same on every machine."""
    # Twelve decimals: hundreds of amounts still add up to 1e-9, and the text is the same on every machine.
    days = {str(name): column.dt.strftime("%Y-%m-%d") for name, column in table.select_dtypes("datetime").items()}
    table = table.assign(**days).round(3 if form == "text" else 12)
    if form == "json":
        click.echo(table.to_json(orient="records", indent=2, double_precision=12, force_ascii=False))
    elif form == "csv":
        # A refused cell is printed as it was found; behind an apostrophe a spreadsheet takes it for text.
        texts = table.select_dtypes(["str", "object"])
        table = table.assign(**{str(name): texts[name].map(_guard) for name in texts})
        click.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        click.echo(table.to_string(index=False, na_rep="–") if len(table) else "nothing to show")


def _guard(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and starts_formula(cell) else cell
