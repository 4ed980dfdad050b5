"""The command that writes the publication."""

import datetime as dt
import sys
from pathlib import Path

import click

from indicators.commands.data import data_option, find_folder, read_dataset
from indicators.commands.options import Day
from indicators.records.errors import IndicatorsError
from indicators.records.settings import read_settings


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@data_option
@click.option("--base-url", default="", metavar="URL", help="Address under which OUT will be served.")
@click.option(
    "--today", type=Day(), help="Day from which ages are counted (default: when the newest row was recorded)."
)
@click.option("--previews/--no-previews", default=True, help="Make preview pictures with Chromium, if it is installed.")
def publish(out: Path, data: str | None, base_url: str, today: dt.date | None, previews: bool) -> None:
    """Write the static publication into OUT: pages, cards, data, feed.

    Earlier versions stay in OUT/archive, unchanged. The same data give the same bytes, except for previews.
    """
    # Plotly and Jinja2 take longer to load than most commands to run.
    from indicators.show.publication.build import PublicationError
    from indicators.show.publication.build import publish as publish_folder
    from indicators.show.publication.previews import find_browser

    dataset = read_dataset(data)
    browser = find_browser(read_settings().browser) if previews else None
    if previews and browser is None:
        click.echo("no previews: no browser found (CHROMIUM may name one)", err=True)
    try:
        publish_folder(
            dataset, find_folder(data), out, base_url, today, browser, lambda line: click.echo(line, err=True)
        )
    except PublicationError as error:
        raise click.UsageError(str(error)) from error
    except (OSError, IndicatorsError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


COMMANDS = (publish,)
