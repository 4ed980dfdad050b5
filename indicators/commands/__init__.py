"""The command line, a module for each kind of question, imported when one of its commands is called."""

from dataclasses import dataclass
from importlib import import_module

import click


@dataclass(frozen=True)
class Entry:
    """Where a command lives and what a list of all commands says of it."""

    room: str
    summary: str


ENTRIES = {
    "agreement": Entry("sensitivity", "Compare the coders: alpha, overlap, where they differ most."),
    "baseline": Entry("forecasts", "Print the forecasts that the baseline rule makes now."),
    "calibration": Entry("forecasts", "Score forecasts against their outcomes."),
    "check": Entry("folder", "List every problem of the data folder, with file and line."),
    "claims": Entry("readings", "Judge each claim of the narrative."),
    "due": Entry("scoring", "List the reviews that are due, by coder."),
    "explain": Entry("readings", "Break down the change of the index between two days."),
    "find": Entry("search", "Search events, assessments, rulings, article and method."),
    "forecast": Entry("forecasts", "Append or withdraw one forecast of a question on record."),
    "format": Entry("folder", "Rewrite the data folder in canonical form."),
    "gather": Entry("inbox", "Fetch new items from the feeds."),
    "import": Entry("outside", "Import outside series from their publisher's own file."),
    "likeness": Entry("inbox", "Suggest indicators for a text, and test how well that works."),
    "new": Entry("new", "Write an empty, valid folder for another subject."),
    "next": Entry("readings", "List what to score next, by expected narrowing."),
    "outlook": Entry("outlook", "Print the projection of the next four quarters."),
    "publish": Entry("publication", "Write the static publication."),
    "record": Entry("scoring", "Append or withdraw one assessment, with new events."),
    "sensitivity": Entry("sensitivity", "Show how far the index depends on each choice."),
    "series": Entry("readings", "Print readings at period ends."),
    "validate": Entry("outside", "Compare the readings with the outside series."),
    "workbook": Entry("scoring", "Write the workbook for scoring a quarter."),
}


class Rooms(click.Group):
    """All commands, of which only the one that is called is imported: the start is what each of them needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as Click calls it
        """Return the names of all commands."""
        return list(ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as Click calls it
        """Return a command, or nothing where there is none of that name."""
        if cmd_name not in ENTRIES:
            return None
        commands: tuple[click.Command, ...] = import_module(f"{__name__}.{ENTRIES[cmd_name].room}").COMMANDS
        return next(command for command in commands if command.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as Click calls it
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in ENTRIES.items()])
