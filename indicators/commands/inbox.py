"""Commands on the inbox: gather, likeness."""

import datetime as dt
import ipaddress
import sys
from collections.abc import Sequence

import click
import pandas as pd

from indicators.commands.data import data_option, read_dataset
from indicators.commands.output import format_option, print_table
from indicators.measures.inbox.likeness import Likeness, hold_likeness
from indicators.measures.inbox.stories import place_entries
from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import Dataset
from indicators.records.inbox.fetch import Answer, Limits, Network, Validators, fetch
from indicators.records.inbox.gather import gather
from indicators.records.inbox.items import list_agreed
from indicators.records.saving.submission import Queued, Refused, Saved
from indicators.records.settings import read_settings
from indicators.records.storage.store import open_store
from indicators.show.text.scoring.inbox import describe_feed, describe_gathered


class NetworkType(click.ParamType[Network]):
    """A network or a single address."""

    name = "NETWORK"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Network:
        """Return the network, or fail with advice."""
        try:
            return ipaddress.ip_network(str(value), strict=False)
        except ValueError:
            self.fail(f"{value!r} is no network as in 10.1.0.0/16, and no address", param, ctx)


@click.command(name="gather")
@click.option("--dry-run", is_flag=True, help="Only report what is new; write nothing.")
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    type=NetworkType(),
    help="Network outside the public internet that feeds may be in, as in 10.1.0.0/16; repeat for more.",
)
@click.option(
    "--seconds", default=20.0, show_default=True, type=click.FloatRange(1, 120), help="Time limit for each feed."
)
@data_option
def gather_command(dry_run: bool, allowed: Sequence[Network], seconds: float, data: str | None) -> None:
    """Fetch new items from the feeds of inbox/feeds.csv, and save them in inbox/items.csv.

    Four feeds at a time; one that fails is named and does not stop the others. Items that are already there are not
    written again. Exit status 0: all feeds answered; 1: one did not, or nothing could be saved.
    """
    settings = read_settings()
    read_dataset(data)  # names what is wrong with the data before anybody is asked
    location = data or settings.data
    store = open_store(location, settings.state_folder, check_readings)
    limits = Limits(seconds=seconds, silence=min(seconds / 2, Limits.silence))

    def look() -> Dataset:
        dataset = store.look().dataset
        if dataset is None:
            raise click.UsageError(f"the data at {location} could not be read")
        return dataset

    def ask(url: str, known: Validators) -> Answer:
        return fetch(url, known, limits, tuple(allowed))

    gathered = gather(
        look,
        None if dry_run else store.save,
        ask,
        place_entries,
        dt.datetime.now(dt.UTC),
        settings.state_folder,
        tell=lambda done: click.echo(describe_feed(done), err=True),
    )
    click.echo(describe_gathered(gathered, dry_run))
    if isinstance(gathered.outcome, Refused):
        click.echo(gathered.outcome.report.as_text(), err=True)
    elif gathered.outcome is not None and not isinstance(gathered.outcome, Saved):
        click.echo(getattr(gathered.outcome, "message", "The data changed meanwhile; run it again."), err=True)
    saved = gathered.outcome is None or isinstance(gathered.outcome, Saved | Queued)
    sys.exit(0 if saved and not any(done.fault for done in gathered.feeds) else 1)


@click.command()
@click.argument("text", required=False)
@data_option
@format_option
def likeness(text: str | None, data: str | None, form: str) -> None:
    """List the indicators, anchors and events most similar to a text; without a text, test how well that works.

    The test takes each event's fact in turn as if the event were not in the data. JSON and CSV list the events.
    """
    dataset = read_dataset(data)
    if text is not None:
        proposal = Likeness(dataset).propose(text)
        rows = [
            (kind, near.id, near.likeness)
            for kind, nears in (
                ("indicator", proposal.indicators),
                ("anchor", proposal.anchors),
                ("event", proposal.events),
            )
            for near in nears
        ]
        print_table(pd.DataFrame(rows, columns=["kind", "id", "likeness"]), form)
        return
    held = hold_likeness(dataset)
    if form != "text":
        print_table(held, form)
        return
    for column, said in (
        ("first", "own indicator first"),
        ("among", "own indicator among the first three"),
        ("dimension", "own dimension first"),
    ):
        count = int(held[column].sum())
        click.echo(f"{said}: {count} of {len(held)} events ({100 * count / max(len(held), 1):.1f} %)")
    agreed, decided = list_agreed(dataset)
    click.echo(f"items that became events: {agreed} of {decided} under an indicator that had been proposed")


COMMANDS = (gather_command, likeness)
