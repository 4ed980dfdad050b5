"""Search in all that is written: find."""

import click
import pandas as pd

from indicators.commands.data import data_option, read_dataset
from indicators.commands.output import format_option, print_table
from indicators.measures.search import KINDS, MOST_FOUND, index_texts
from indicators.show.text.search import describe_counts

TEXT_SHOWN = 20
"""Places that are printed as text; JSON and CSV hold up to ``MOST_FOUND``."""


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind; repeat for more.")
@click.option(
    "--most", default=MOST_FOUND, show_default=True, type=click.IntRange(1, MOST_FOUND), help="Most matches to list."
)
@data_option
@format_option
def find(words: tuple[str, ...], kinds: tuple[str, ...], most: int, data: str | None, form: str) -> None:
    """Search for WORDS in events, assessments, rulings, the article and the method text; best matches first.

    Each word counts for all words that begin with it, and all must occur. Columns: kind, id, indicator, date, title, text.
    """
    index = index_texts(read_dataset(data))
    asked = " ".join(words)
    found = index.find(asked, kinds or KINDS, most)
    if form != "text":
        rows = [(place.kind, place.id, place.indicator, place.date, place.title, place.text) for place in found]
        print_table(pd.DataFrame(rows, columns=["kind", "id", "indicator", "date", "title", "text"]), form)
        return
    for place in found[:TEXT_SHOWN]:
        click.echo(" ".join(filter(None, (place.kind, place.id, place.date, place.title))))
        click.echo(f"  {place.text}")
    counts = {kind: number for kind, number in index.count(asked).items() if not kinds or kind in kinds}
    rest = f" The {TEXT_SHOWN} best are listed." if len(found) > TEXT_SHOWN else ""
    click.echo(describe_counts(counts) + rest)


COMMANDS = (find,)
