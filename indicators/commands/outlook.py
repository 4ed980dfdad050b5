"""The command outlook: the projection of the index, the effects of levers, and the record of hindcasts."""

import sys

import click

from indicators.commands.options import view_options
from indicators.commands.output import format_option, print_table
from indicators.measures.outlook.fan import draw_paths, summarise_fan
from indicators.measures.outlook.hindcast import cast_back, score_fans
from indicators.measures.outlook.levers import explain_levers, follow_levers, list_assumptions
from indicators.measures.panel import Panel
from indicators.measures.readings import NoReadingError

TABLES = ("fan", "levers", "record")


@click.command()
@click.option("--lever", "levers", multiple=True, metavar="ID", help="Switch a lever on; repeat for more.")
@click.option("--id", "id", default="index", show_default=True, help="The index, or the id of a dimension.")
@click.option(
    "--table",
    type=click.Choice(TABLES),
    help="One table only: the projection (fan), the effects of levers, or the record of hindcasts (default: fan; as text, both).",
)
@format_option
@view_options
def outlook(panel: Panel, levers: tuple[str, ...], id: str, table: str | None, form: str) -> None:
    """Print the projection of the four quarters after the last settled one, and the effects of levers.

    The projection repeats past quarters; it does not forecast events. The central 80 % of the simulated paths are
    between low_80 and high_80. The record counts how often the intervals of hindcasts covered the outcome, with their
    CRPS (points, 0 is best) beside that of the last eight settled quarters resampled and of the last reading. The effects of
    levers are in points of the index on the last day; they sum to the difference that the levers make to the mean.
    """
    known = ["index", *panel.dataset.dimensions.index]
    if id not in known:
        raise click.UsageError(f"unknown id {id!r}; known: {', '.join(known)}")
    if table == "record":
        print_table(score_fans(cast_back(panel), id), form)
        return
    assumptions = list_assumptions(panel.dataset)
    there = dict.fromkeys(a.lever for a in assumptions)
    if unknown := [lever for lever in levers if lever not in there]:
        raise click.UsageError(f"unknown lever {unknown[0]!r}; known: {', '.join(there) or 'none'}")
    try:
        scenario = follow_levers(draw_paths(panel), assumptions, levers)
        ledger = explain_levers(scenario) if levers else None
    except NoReadingError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if table != "levers":
        print_table(summarise_fan(scenario.paths, id), form)
    if ledger is None:
        if table == "levers":
            click.echo("no lever is on: name one with --lever", err=True)
            sys.exit(1)
        return
    if form == "text" or table == "levers":
        print_table(ledger, form)
    if form == "text":
        click.echo(f"difference of the mean on {scenario.paths.dates[-1]:%Y-%m-%d} {ledger['amount'].sum():+.4f}")


COMMANDS = (outlook,)
