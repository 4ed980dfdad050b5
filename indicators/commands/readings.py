"""Commands that read the numbers: series, explain, claims, next."""

import datetime as dt
import sys
from dataclasses import replace

import click

from indicators.commands.options import Day, today_utc, view_option, view_options
from indicators.commands.output import format_option, print_table
from indicators.measures.change.ledger import Point, explain_change, summarise_change
from indicators.measures.panel import Panel
from indicators.measures.readings import NoReadingError
from indicators.measures.series import build_series, explain_empty
from indicators.measures.uncertainty.sensitivity import queue_scoring
from indicators.show.files.tables import list_claims
from indicators.show.links.parameters import FREQ, FROM, INTERVAL, LEVEL, NAMED, TO


@click.command()
@view_option(LEVEL, default="index")
@view_option(FROM, "start")
@view_option(TO, "end", help=f"{NAMED[TO].help} Default: the end of the period of the newest assessment.")
@view_option(FREQ)
@view_option(INTERVAL, "share")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="Output format.")
@view_options
def series(
    panel: Panel, level: str, start: dt.date | None, end: dt.date | None, freq: str, share: str, form: str
) -> None:
    """Print readings at period ends as CSV: date, id, score, low, high, fresh, state.

    low and high are the ends of the interval; fresh is the share of the weight that was reviewed in the quarter of the
    date; state says whether that quarter is settled, carried or open.
    """
    if start and end and start > end:
        raise click.UsageError(f"--from {start} is after --to {end}")
    table = build_series(panel, level, panel.dates(freq, start, end), float(share))
    if table.empty:
        click.echo(explain_empty(panel, level, start, end), err=True)
    print_table(table, form)


@click.command()
@click.argument("start", type=Day(), metavar="FROM")
@click.argument("end", type=Day(), metavar="TO")
@click.option("--as-of-from", type=Day(), help="Use another vintage for FROM than for TO (--as-of).")
@format_option
@view_options
def explain(panel: Panel, start: dt.date, end: dt.date, as_of_from: dt.date | None, form: str) -> None:
    """Break down the change of the index between two days; the amounts sum to the change."""
    before = replace(panel, as_of=as_of_from) if as_of_from else panel
    try:
        ledger = explain_change(Point(before, start), Point(panel, end))
    except NoReadingError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if form == "text":
        print_table(summarise_change(ledger, "indicator"), form)
        click.echo(f"change of the index {ledger['amount'].sum():+.4f}")
        return
    print_table(ledger[["part", "dimension", "indicator", "date", "coder", "amount", "rationale"]], form)


@click.command()
@format_option
@view_options
def claims(panel: Panel, form: str) -> None:
    """Judge each claim of the narrative: verdict, probability and ICD 203 word."""
    judged = list_claims(panel)
    shown = ["claim", "verdict", "probability", "word"]
    more = ["section", "text", "test", "subject", "start", "end", "threshold", "value", "holds", "why"]
    print_table(judged[shown if form == "text" else [*shown, *more]], form)


@click.command(name="next")
@click.option("--today", type=Day(), help="Day from which ages are counted (default: today, UTC).")
@format_option
@view_options
def next_command(panel: Panel, today: dt.date | None, form: str) -> None:
    """List what to score next, by how much the interval of the index is expected to narrow."""
    queue = queue_scoring(panel, today or today_utc())
    print_table(queue.head(20) if form == "text" else queue, form)


COMMANDS = (series, explain, claims, next_command)
