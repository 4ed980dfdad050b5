"""The command line: ``python -m indicators COMMAND``."""

import datetime as dt
import json
import os
import sys
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click
import pandas as pd

from indicators.measures.agreement import measure_agreement
from indicators.measures.changes import Point, explain_change, summarise_change
from indicators.measures.claims import judge_claims
from indicators.measures.index import MEANS, Mean, Weights
from indicators.measures.panel import Panel
from indicators.measures.readings import FREQUENCIES
from indicators.measures.sensitivity import queue_scoring
from indicators.measures.series import LEVELS, build_series, explain_empty
from indicators.measures.soundness import check_readings
from indicators.measures.uncertainty import INTERVALS, probability_word
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.ledger import format_folder
from indicators.records.store import find_location, locate_data, locate_state, open_store
from indicators.records.submission import Failed, Queued, Refused, Saved, Submission

DATA_HELP = "Data folder (default: the environment's TENSION_DATA, else 'data')."

data_option = click.option("--data", "data", metavar="DIR", help=DATA_HELP)
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
    report = load_dataset(_folder(folder or data), check_readings).report
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


def view_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a view, and call it with the panel that they make."""

    @data_option
    @click.option("--as-of", type=Day(), help="Use the data as recorded up to this day (UTC).")
    @click.option("--coder", help="Use one coder's assessments only.")
    @click.option("--weight", "weights", multiple=True, metavar="DIMENSION=NUMBER", help="Change a dimension's weight.")
    @click.option("--mean", type=click.Choice(MEANS), default="arithmetic", show_default=True)
    @wraps(command)
    def with_panel(
        data: str | None, as_of: dt.date | None, coder: str | None, weights: tuple[str, ...], mean: Mean, **rest: Any
    ) -> None:
        dataset = _dataset(data)
        if coder is not None and coder not in dataset.coders.index:
            raise click.UsageError(f"unknown coder {coder!r}; known: {', '.join(dataset.coders.index)}")
        command(Panel(dataset, as_of, coder, _weights(dataset, weights), mean), **rest)

    return with_panel


@main.command()
@click.option("--level", type=click.Choice(LEVELS), default="index", show_default=True)
@click.option("--from", "start", type=Day(), help="First day.")
@click.option("--to", "end", type=Day(), help="Last day (default: the period of the newest assessment).")
@click.option("--freq", type=click.Choice(list(FREQUENCIES)), default="month", show_default=True)
@click.option(
    "--interval",
    "share",
    type=click.Choice([str(i) for i in INTERVALS]),
    default="80",
    show_default=True,
    help="Percent of the draws between low and high.",
)
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="Form of the output.")
@view_options
def series(
    panel: Panel, level: str, start: dt.date | None, end: dt.date | None, freq: str, share: str, form: str
) -> None:
    """Print readings at period ends as CSV: date, id, score, low, high, fresh.

    low and high are the ends of the interval; fresh is the share of the weight that rests on assessments within
    their review period.
    """
    if start and end and start > end:
        raise click.UsageError(f"--from {start} is after --to {end}")
    table = build_series(panel, level, panel.dates(freq, start, end), float(share))
    if table.empty:
        click.echo(explain_empty(panel, level, start, end), err=True)
    _print_table(table, form)


@main.command()
@click.argument("start", type=Day(), metavar="FROM")
@click.argument("end", type=Day(), metavar="TO")
@click.option("--as-of-from", type=Day(), help="Use another vintage for FROM than for TO (--as-of).")
@format_option
@view_options
def explain(panel: Panel, start: dt.date, end: dt.date, as_of_from: dt.date | None, form: str) -> None:
    """Account for the change of the index between two days, part by part; the amounts sum to the change."""
    before = replace(panel, as_of=as_of_from) if as_of_from else panel
    try:
        ledger = explain_change(Point(before, start), Point(panel, end))
    except ValueError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if form == "text":
        summary = summarise_change(ledger, "indicator")
        _print_table(summary, form)
        click.echo(f"change of the index {ledger['amount'].sum():+.4f}")
        return
    _print_table(ledger[["part", "dimension", "indicator", "date", "coder", "amount", "rationale"]], form)


@main.command()
@format_option
@view_options
def claims(panel: Panel, form: str) -> None:
    """Judge each claim of the narrative: verdict, probability and its ICD 203 word."""
    judged = judge_claims(panel)
    judged["word"] = [("" if pd.isna(p) else probability_word(p)) for p in judged["probability"]]
    shown = ["claim", "verdict", "probability", "word"]
    more = ["section", "text", "test", "subject", "start", "end", "threshold", "value", "holds", "why"]
    _print_table(judged[shown if form == "text" else [*shown, *more]], form)


@main.command(name="next")
@click.option("--today", type=Day(), help="Day on which the ages count (default: today).")
@format_option
@view_options
def next_command(panel: Panel, today: dt.date | None, form: str) -> None:
    """Say what to score next, by how much the interval of the index is expected to narrow."""
    queue = queue_scoring(panel, today or dt.date.today())
    _print_table(queue.head(20) if form == "text" else queue, form)


@main.command()
@click.argument("indicator")
@click.argument("score", metavar="SCORE|withdraw")
@click.option("--low", default="", help="Lower end of the plausible range.")
@click.option("--high", default="", help="Upper end of the plausible range.")
@click.option("--date", required=True, help="Day from which the score holds.")
@click.option("--rationale", required=True, help="Why this score, in 20 to 600 characters.")
@click.option("--event", "events", multiple=True, metavar="E0001", help="An event that it rests on; repeat for more.")
@click.option("--coder", required=True, envvar="TENSION_CODER", help="Who scored (default: TENSION_CODER).")
@data_option
def record(indicator: str, score: str, events: tuple[str, ...], coder: str, data: str | None, **cells: str) -> None:
    """Append one assessment, or withdraw one; a later one for the same indicator, coder and date replaces it.

    Exit status 0: it is safely on the disk (of a git location: sent, or in the queue); 1: nothing was written.
    """
    score = "" if score == "withdraw" else score
    try:
        store = open_store(find_location(data, os.environ), locate_state(os.environ), check_readings)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    row = {"indicator": indicator, "score": score, "events": ";".join(events), **cells}
    outcome = store.save(Submission((row,), coder, str(uuid.uuid4())))
    if isinstance(outcome, Saved):
        file, line = outcome.places[0]
        click.echo(f"{file}:{line} {'was recorded before' if outcome.already else 'recorded'}")
    elif isinstance(outcome, Refused):
        click.echo(outcome.report.as_text(), err=True)
    elif isinstance(outcome, Failed | Queued):
        click.echo(outcome.message, err=True)
    sys.exit(0 if isinstance(outcome, Saved | Queued) else 1)


@main.command()
@format_option
@view_options
def agreement(panel: Panel, form: str) -> None:
    """Compare the coders: Krippendorff's alpha with its interval and the number of doubled units."""
    _print_table(measure_agreement(panel), form)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@data_option
@click.option("--base-url", default="", metavar="URL", help="Address under which OUT will be served.")
@click.option("--today", type=Day(), help="Day on which the ages count (default: when the newest row was recorded).")
@click.option("--previews/--no-previews", default=True, help="Take preview pictures with Chromium, if there is one.")
def publish(out: Path, data: str | None, base_url: str, today: dt.date | None, previews: bool) -> None:
    """Write the static publication into OUT: pages, cards, data, feed.

    Earlier versions stay in OUT/archive, unchanged. The same data give the same bytes, previews aside.
    """
    # Plotly and Jinja2 take longer to load than most commands to run.
    from indicators.show.previews import find_browser
    from indicators.show.publish import PublicationError
    from indicators.show.publish import publish as publish_folder

    dataset = _dataset(data)
    browser = find_browser() if previews else None
    if previews and browser is None:
        click.echo("no previews: no browser found (CHROMIUM may name one)", err=True)
    try:
        publish_folder(dataset, _folder(data), out, base_url, today, browser, lambda line: click.echo(line, err=True))
    except PublicationError as error:
        raise click.UsageError(str(error)) from error
    except ValueError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _folder(option: str | None) -> Path:
    path = locate_data(option, os.environ)
    if not path.is_dir():
        raise click.UsageError(f"there is no data folder at {path}")
    return path


def _dataset(option: str | None) -> Dataset:
    loaded = load_dataset(_folder(option), check_readings)
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
    # Twelve decimals: hundreds of amounts still add up to 1e-9, and the text is the same on every machine.
    for column in table.select_dtypes("datetime"):
        table[column] = table[column].dt.strftime("%Y-%m-%d")
    table = table.round(3 if form == "text" else 12)
    if form == "json":
        click.echo(table.to_json(orient="records", indent=2, double_precision=12, force_ascii=False))
    elif form == "csv":
        click.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        click.echo(table.to_string(index=False, na_rep="–") if len(table) else "nothing to show")


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
