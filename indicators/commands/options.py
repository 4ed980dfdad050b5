"""What the commands share: options of a view and of a coder, and the saving of one row."""

import datetime as dt
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click

from indicators.commands.data import data_option, read_dataset
from indicators.measures.index import Mean, Weights
from indicators.measures.narrative.dates import check_readings
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.doubt import Doubt
from indicators.records.dataset import Dataset
from indicators.records.saving.submission import Failed, Queued, Refused, Saved, Submission
from indicators.records.settings import read_settings
from indicators.records.storage.store import find_elsewhere, open_store
from indicators.show.links import kinds
from indicators.show.links.kinds import Scope
from indicators.show.links.parameters import ALL_CODERS, AS_OF, AS_RECORDED, CODER, DOUBT, MEAN, NAMED, WEIGHT


def coder_option(help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the option that names a coder; where it is left out, the settings name one, or the usage is wrong."""
    return click.option(
        "--coder", required=True, default=lambda: read_settings().coder, callback=_require_coder, help=help
    )


def _require_coder(context: click.Context, option: click.Parameter, coder: str) -> str:
    if not coder:
        raise click.MissingParameter(ctx=context, param=option)
    return coder


class Day(click.ParamType[dt.date]):
    """A day written as 2024-02-29; with the kind of a parameter, one that links may have."""

    name = "YYYY-MM-DD"

    def __init__(self, kind: kinds.Day | None = None) -> None:
        self.kind = kind

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
        if self.kind and (reason := self.kind.refuse(value, Scope())):
            self.fail(f"{value} {reason}", param, ctx)
        return day


def view_option(name: str, *declared: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option that means the same as a parameter of links: its name, default, help and what it takes.

    ``declared`` may give the argument another name; ``settings`` replace those of Click.
    """
    parameter = NAMED[name]
    if settings.get("is_flag"):
        return click.option(
            parameter.option, *declared, help=parameter.help.removeprefix("true: ").capitalize(), **settings
        )
    words = parameter.kind.options(Scope())
    kind = Day(parameter.kind) if isinstance(parameter.kind, kinds.Day) else click.Choice(words) if words else None
    default = parameter.default if words and isinstance(parameter.default, str) else None
    settings = {"type": kind, "default": default or None, "help": parameter.help} | settings
    return click.option(parameter.option, *declared, show_default=settings["default"] is not None, **settings)


as_of_option = view_option(AS_OF)


def view_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a view, and call it with the panel that they make."""

    @data_option
    @as_of_option
    @view_option(CODER, default=ALL_CODERS)
    @view_option(WEIGHT, "weights", multiple=True, metavar="DIMENSION=NUMBER")
    @view_option(MEAN)
    @view_option(DOUBT)
    @view_option(AS_RECORDED, is_flag=True)
    @wraps(command)
    def with_panel(
        data: str | None,
        as_of: dt.date | None,
        coder: str,
        weights: tuple[str, ...],
        mean: Mean,
        doubt: Doubt,
        as_recorded: bool,
        **rest: Any,
    ) -> None:
        dataset = read_dataset(data)
        if reason := NAMED[CODER].kind.refuse(coder, Scope(dataset)):
            raise click.UsageError(f"--coder {coder} {reason}")
        one = None if coder == ALL_CODERS else coder
        command(Panel(dataset, as_of, one, _weights(dataset, weights), mean, doubt, as_recorded), **rest)

    return with_panel


def today_utc() -> dt.date:
    """Return the day by UTC, as rows are recorded."""
    return dt.datetime.now(dt.UTC).date()


def save_row(data: str | None, submission: Submission) -> NoReturn:
    """Save a submission of one row, print the outcome, and exit: with 0 only when it is saved.

    Nobody looks at the queue after a command: a row that the remote refuses is not kept there.
    """
    settings = read_settings()
    location, state = data or settings.data, settings.state_folder
    try:
        store = open_store(location, state, check_readings)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    outcome = store.save(submission)
    if isinstance(outcome, Saved):
        file, line = outcome.places[0]
        click.echo(f"{file}:{line} {'already recorded' if outcome.already else 'recorded'}")
        for event in outcome.events:
            click.echo(f"events.csv: {event} is the id of a new event")
    elif isinstance(outcome, Refused):
        click.echo(outcome.report.as_text(), err=True)
    elif isinstance(outcome, Queued) and outcome.refusal:
        store.discard(submission.id)
        outcome = Failed(f"{location} rejected the row: {outcome.refusal.rstrip('.')}. Nothing was saved.")
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
        if not sign:
            raise click.UsageError(f"--weight {option!r} is not of the form military=2")
        if reason := NAMED[WEIGHT].kind.refuse(number, Scope(dataset)):
            raise click.UsageError(f"--weight {option} {reason}")
        changed[dimension] = float(number)
    try:
        return Weights.from_codebook(dataset.dimensions, dataset.indicators).with_dimensions(changed)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
