"""Commands on outside series: validate."""

import click

from indicators.commands.options import format_option, print_table, view_options
from indicators.measures.divergence import count_judged, find_divergences
from indicators.measures.panel import Panel
from indicators.measures.validity import compare_outside, list_context, measure_validity
from indicators.show.validity import (
    describe_divergences,
    describe_validity,
    divergence_table,
    name_series,
    outside_table,
    validity_table,
)


@click.command()
@click.option(
    "--part",
    type=click.Choice(["validity", "outside", "divergences"]),
    default="validity",
    show_default=True,
    help="What JSON and CSV hold: comparisons with the readings, outside series with each other, or divergences.",
)
@format_option
@view_options
def validate(panel: Panel, part: str, form: str) -> None:
    """Compare the readings with the outside series that are present: rank correlation, interval, months, period, lag.

    Levels, changes over three months, and the monthly flow of events are each compared. Text has all parts; the data
    of one part come as JSON or CSV. Exit status 0 also where nothing agrees: that is a finding, not a problem.
    """
    validity, among, parted = measure_validity(panel), compare_outside(panel.dataset), find_divergences(panel)
    if form != "text":
        print_table({"validity": validity, "outside": among, "divergences": parted}[part], form)
        return
    dataset = panel.dataset
    click.echo("Readings and outside series: rank correlation, 80 % interval")
    print_table(validity_table(dataset, validity), form)
    click.echo("\nOutside series with each other: rank correlation (80 % interval; months)")
    print_table(outside_table(among), form)
    click.echo("\nContext, never compared")
    for row in list_context(dataset).to_dict("records"):
        state = "" if row["present"] else " (absent)"
        click.echo(f"{name_series(dataset, row['series'])}{state}: {row['reason']}")
    click.echo("\nDivergences")
    if len(parted):
        print_table(divergence_table(dataset, parted), form)
    click.echo(describe_divergences(count_judged(panel)))
    click.echo()
    for sentence in describe_validity(dataset, validity, among):
        click.echo(sentence)


COMMANDS = (validate,)
