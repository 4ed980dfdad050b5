"""A folder for another subject: new."""

import sys
from pathlib import Path

import click

from indicators.commands.options import today_utc
from indicators.records.beginning import BeginningError, Subject, make_folder


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", prompt="Title", help="Title of the whole, as on its front page.")
@click.option(
    "--question",
    prompt="Question that the first page answers",
    help="Question that the first page answers, as in: How tense are relations between the two states?",
)
@click.option("--dimension", "dimensions", multiple=True, metavar="ID=TITLE", help="A dimension; repeat for more.")
@click.option(
    "--indicator", "indicators", multiple=True, metavar="DIMENSION.ID=TITLE", help="An indicator; repeat for more."
)
def new(folder: Path, title: str, question: str, dimensions: tuple[str, ...], indicators: tuple[str, ...]) -> None:
    """Write an empty, valid data folder for another subject; asks for what the options do not give.

    Exit status 0: the folder was written and check finds no problem; 1: nothing was written.
    """
    chosen = dict(map(_split, dimensions)) or _ask("dimension", "")
    inner: dict[str, dict[str, str]] = {id: {} for id in chosen}
    for option in indicators:
        place, name = _split(option)
        dimension, dot, id = place.partition(".")
        if not dot:
            raise click.UsageError(f"--indicator {option!r} is not of the form dimension.id=Title")
        inner.setdefault(dimension, {})[id] = name
    if not indicators:
        inner = {id: _ask("indicator", f" of {shown}") for id, shown in chosen.items()}
    try:
        files = make_folder(folder, Subject(title, question, chosen, inner), today_utc())
    except (BeginningError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"{len(files)} files written to {folder}")
    click.echo(f"Next: write the codebook, then  TENSION_DATA={folder} TENSION_CODER=c1 make run")


def _split(option: str) -> tuple[str, str]:
    id, sign, title = option.partition("=")
    if not sign:
        raise click.UsageError(f"{option!r} is not of the form id=Title")
    return id.strip(), title.strip()


def _ask(what: str, of: str) -> dict[str, str]:
    """Ask for ids and titles until an empty line."""
    found: dict[str, str] = {}
    while answer := click.prompt(
        f"{what.capitalize()}{of} as id=Title{', empty to end' if found else ''}", default="", show_default=False
    ):
        id, title = _split(answer)
        found[id] = title
    return found


COMMANDS = (new,)
