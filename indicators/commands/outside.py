"""Commands on outside series: import, validate."""

import datetime as dt
import sys
from pathlib import Path

import click

from indicators.commands.data import data_option, find_folder
from indicators.commands.options import Day, today_utc, view_options
from indicators.commands.output import format_option, print_table
from indicators.measures.narrative.dates import check_readings
from indicators.measures.outside.divergence import count_judged, find_divergences
from indicators.measures.outside.validity import compare_outside, list_context, measure_validity
from indicators.measures.panel import Panel
from indicators.records.imports.formats import KINDS, read_delivery
from indicators.records.imports.series import EARLIEST, Order
from indicators.records.imports.text import MOST_BYTES
from indicators.records.imports.write import import_delivery
from indicators.records.saving.submission import Failed, Refused
from indicators.records.settings import read_settings
from indicators.records.storage.git import PREFIX
from indicators.show.text.outside.validity import (
    describe_divergences,
    describe_validity,
    divergence_table,
    name_series,
    outside_table,
    validity_table,
)


@click.command(name="import")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--vintage", default="", metavar="YYYY-MM", help="Month of release of a bilateral AI-GPR file.")
@click.option(
    "--from", "earliest", type=Day(), default=EARLIEST, show_default=True, help="Import rows from this day on."
)
@click.option("--series", default="", help="Id of the series, where the kind of file does not give it.")
@click.option("--title", default="", help="Title of the series.")
@click.option("--unit", default="", help="Unit of the series.")
@click.option("--publisher", default="", help="Who publishes it.")
@click.option("--licence", default="", help="Terms of use.")
@click.option("--url", default="", help="The publisher's own page.")
@click.option("--notes", default="", help="Notes for readers.")
@click.option("--dry-run", is_flag=True, help="Only report what the file contains and lacks.")
@data_option
def import_command(
    kind: str, file: Path, earliest: dt.date, dry_run: bool, data: str | None, vintage: str, **facts: str
) -> None:
    """Import outside series from their publisher's own file, with their source entries.

    KIND is gpr (data_gpr_export, saved as CSV), ai-gpr (monthly or bilateral monthly CSV), fred and eia (CSV
    downloads), kiel (data_explorer.csv or total_allocations.csv) or tidy (date, series, value, unit; needs --title,
    --publisher, --licence and --url). A series' earlier rows are replaced as a whole. Exit status 0: the series are
    in the folder; 1: nothing was written.
    """
    if (data or read_settings().data).startswith(PREFIX):
        raise click.UsageError("import writes to a folder — clone the repository, import there, commit and push")
    folder = find_folder(data)
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)  # one more than is taken in, however much a pipe would give
    delivery = read_delivery(kind, content, Order(file.name, today_utc(), earliest, vintage, **facts))
    for note in delivery.notes:
        click.echo(note)
    outcome = import_delivery(folder, delivery, dry_run, check_readings)
    if isinstance(outcome, Refused):
        click.echo(outcome.report.as_text(), err=True)
        sys.exit(1)
    if isinstance(outcome, Failed):
        click.echo(outcome.message, err=True)
        sys.exit(1)
    if not outcome.files:
        click.echo("Nothing new: the folder has all of it.")
    for line in outcome.replaced:
        click.echo(line)
    for name in outcome.files:
        click.echo(f"{name} {'written' if outcome.written else 'would be written'}")


@click.command()
@click.option(
    "--part",
    type=click.Choice(["validity", "outside", "divergences"]),
    default="validity",
    show_default=True,
    help="Contents of JSON and CSV: comparisons with the readings, outside series with each other, or divergences.",
)
@format_option
@view_options
def validate(panel: Panel, part: str, form: str) -> None:
    """Compare the readings with the outside series that are present: rank correlation, interval, quarters, period, lag.

    Settled quarters are compared: levels, changes from the previous quarter, and the flow of events. Text has all
    parts; JSON and CSV have one. Exit status 0 also where nothing agrees: that is a finding, not a problem.
    """
    validity, among, parted = measure_validity(panel), compare_outside(panel.dataset), find_divergences(panel)
    if form != "text":
        print_table({"validity": validity, "outside": among, "divergences": parted}[part], form)
        return
    dataset = panel.dataset
    click.echo("Readings and outside series: rank correlation, 80 % interval, by quarter")
    print_table(validity_table(validity), form)
    click.echo("\nOutside series with each other: rank correlation (80 % interval; quarters)")
    print_table(outside_table(dataset, among), form)
    click.echo("\nContext, never compared")
    for row in list_context(dataset).to_dict("records"):
        state = "" if row["present"] else " (absent)"
        click.echo(
            f"{name_series(dataset, row['series'])}{state}, for {dataset.title(row['subject'])}: {row['reason']}"
        )
    click.echo("\nDivergences")
    if len(parted):
        print_table(divergence_table(dataset, parted), form)
    click.echo(describe_divergences(count_judged(panel)))
    click.echo()
    for sentence in describe_validity(dataset, validity, among):
        click.echo(sentence)


COMMANDS = (import_command, validate)
