"""Commands of those who score: record an assessment, the workbook of a quarter, and what is due."""

import datetime as dt
import difflib
import re
import sys
import uuid
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import click
import pandas as pd

from indicators.commands.data import data_option, read_dataset
from indicators.commands.options import Day, coder_option, save_row, today_utc
from indicators.commands.output import print_table
from indicators.measures.due import list_due
from indicators.records.dataset import Dataset
from indicators.records.encoding import DAY_FORMAT
from indicators.records.rules import SCORE
from indicators.records.saving.save import explain_failure
from indicators.records.saving.submission import Submission
from indicators.records.settings import read_settings
from indicators.records.tables.columns import ID
from indicators.show.text.words import name_quarter

MARGIN = 1.0
"""Points on each side of a score, where its plausible range is left out."""

LISTED_EVENTS = 20

_QUARTER = re.compile(r"([0-9]{4})-?Q([1-4])", re.IGNORECASE)

EVENT_OPTIONS = {
    "fact": "New event: what happened, in your own words. All its options may be repeated for several events.",
    "event_date": "New event: its day, as in 2026-09-20.",
    "effect": "New event: raises, lowers or context.",
    "source_url": "New event: link to the source.",
    "source_title": "New event: title of the source.",
    "publisher": "New event: who published it.",
    "reliability": "New event: reliability of the source, A to F.",
    "credibility": "New event: credibility of the fact, 1 to 6.",
    "second_source_url": "New event: another report that confirms it; once for each event, or not at all.",
}


def _event_options(command: click.decorators.FC) -> click.decorators.FC:
    for name, help in reversed(EVENT_OPTIONS.items()):
        option = click.option(f"--{name.replace('_', '-')}", name, multiple=True, help=help)
        command = option(command)
    return command


@click.command()
@click.argument("indicator", required=False)
@click.argument("score", metavar="[SCORE|withdraw]", required=False)
@click.option("--low", default="", help="Lower end of the plausible range (default: a point below the score).")
@click.option("--high", default="", help="Upper end of the plausible range (default: a point above the score).")
@click.option("--date", help="Day from which the score applies.")
@click.option("--rationale", help="Why this score, in 20 to 600 characters.")
@click.option("--event", "events", multiple=True, metavar="E0001", help="An event that supports it; repeat for more.")
@_event_options
@click.option("--coder", default=lambda: read_settings().coder, help="Who scored (default: TENSION_CODER).")
@click.option(
    "--list", "listed", is_flag=True, help="List the indicators by id and title, or the newest events of INDICATOR."
)
@data_option
def record(
    indicator: str | None,
    score: str | None,
    low: str,
    high: str,
    date: str | None,
    rationale: str | None,
    events: tuple[str, ...],
    coder: str,
    listed: bool,
    data: str | None,
    **new: tuple[str, ...],
) -> None:
    """Append one assessment, or withdraw one; a later one for the same indicator, coder and date replaces it.

    INDICATOR is an id or a title. New events are given by their options and cited automatically.

    Exit status 0: it is saved (for a git location: pushed, or queued while the remote cannot be reached); 1: nothing
    was written.
    """
    if listed:
        _list_choices(read_dataset(data), indicator)
        return
    _require(indicator=indicator, score=score, date=date, rationale=rationale, coder=coder)
    given = {"indicator": find_indicator(data, indicator or ""), "score": "" if score == "withdraw" else score or ""}
    low, high = _complete_range(given["score"], low, high)
    fresh = _read_events(new, given["indicator"])
    cited = [*events, *(name for n in range(1, len(fresh) + 1) if (name := f"new{n}") not in events)]
    row = {
        **given,
        "low": low,
        "high": high,
        "date": date or "",
        "rationale": rationale or "",
        "events": ";".join(cited),
    }
    save_row(data, Submission((row,), coder, str(uuid.uuid4()), fresh))


def find_indicator(data: str | None, named: str) -> str:
    """Return the id of an indicator that is named by its id or, in capitals or not, by its title."""
    if "_" in named and ID.judge(named) is None:  # whether it is known is said by the save, as of all other cells
        return named
    return _match_title(read_dataset(data), named)


def _match_title(dataset: Dataset, named: str) -> str:
    if named in dataset.indicators.index:
        return named
    titles = {str(title).casefold(): str(id) for id, title in dataset.indicators["title"].items()}
    if id := titles.get(named.casefold()):
        return id
    near = difflib.get_close_matches(named.casefold(), titles, 1)
    hint = f"; did you mean {dataset.title(titles[near[0]])!r}?" if near else "; record --list shows all"
    raise click.UsageError(f"{named!r} is neither id nor title of an indicator{hint}")


def _require(**given: str | None) -> None:
    """Fail as Click does where something is left out; ``--list`` does without any."""
    context = click.get_current_context()
    for parameter in context.command.params:
        if parameter.name in given and not given[parameter.name]:
            raise click.MissingParameter(ctx=context, param=parameter)


def _list_choices(dataset: Dataset, indicator: str | None) -> None:
    if indicator is None:
        for id, title in dataset.indicators["title"].items():
            click.echo(f"{id}  {title} ({dataset.title(dataset.text(str(id), 'dimension'))})")
        return
    id = _match_title(dataset, indicator)
    events = dataset.events[dataset.events["indicator"] == id].sort_values("date", ascending=False, kind="stable")
    for event, date, fact in events.head(LISTED_EVENTS)[["date", "fact"]].itertuples():
        click.echo(f"{event}  {date:%Y-%m-%d}  {fact}")


def _complete_range(score: str, low: str, high: str) -> tuple[str, str]:
    """The range as given, an end that was left out a point from the score and on the scale; says what it became."""
    if not score or SCORE.judge(score) or (low and high):
        return low, high
    value = float(score)
    low = low or f"{max(SCORE.low, value - MARGIN):g}"
    high = high or f"{min(SCORE.high, value + MARGIN):g}"
    click.echo(f"plausible range: {low} to {high} (an end that is not given is one point from the score)", err=True)
    return low, high


def _read_events(new: dict[str, tuple[str, ...]], indicator: str) -> tuple[dict[str, str], ...]:
    """The new events that the options give; each option once for each event."""
    count = max(map(len, new.values()))
    for name, values in new.items():
        left_out = name == "second_source_url" and not values
        if len(values) != count and not left_out:
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} is given {len(values)} times for {count} new events; give it for each")
    seconds = new["second_source_url"] or ("",) * count
    events = []
    for number in range(count):
        event = {
            name: values[number] for name, values in new.items() if name not in ("event_date", "second_source_url")
        }
        events.append(
            {**event, "date": new["event_date"][number], "indicator": indicator, "second_source_url": seconds[number]}
        )
    return tuple(events)


class Quarter(click.ParamType[dt.date]):
    """A quarter written as 2026-Q3; its last day."""

    name = "YYYY-QN"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the last day of the quarter, or fail with advice."""
        if isinstance(value, dt.date):
            return value
        named = _QUARTER.fullmatch(str(value))
        if named is None or int(named[1]) < 1700:  # earlier ones are no days to pandas
            self.fail(f"{value!r} is not a quarter written as 2026-Q3", param, ctx)
        return pd.Period(f"{named[1]}Q{named[2]}", "Q").end_time.date()


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@coder_option("Coder of the workbook (default: TENSION_CODER).")
@click.option("--quarter", type=Quarter(), help="The quarter to score (default: the newest that has ended).")
@data_option
def workbook(out: Path, coder: str, quarter: dt.date | None, data: str | None) -> None:
    """Write a coder's workbook for scoring a quarter, to be filled in and uploaded on the page Update scores.

    OUT is a file that does not exist yet, or a folder. The same data give the same bytes.
    """
    # XlsxWriter takes longer to load than most commands to run.
    from indicators.show.files.workbook import name_workbook, write_workbook

    dataset = read_dataset(data)
    if coder not in dataset.people:
        raise click.UsageError(f"--coder {coder} is not one who scores: {', '.join(dataset.people)}")
    end = quarter or newest_ended(today_utc())
    path = out / name_workbook(coder, end) if out.is_dir() else out
    try:
        with path.open("xb") as file:
            file.write(write_workbook(dataset, coder, end))
    except FileExistsError as error:
        raise click.UsageError(f"{path} exists and may already be filled in; give another file name") from error
    except OSError as error:
        click.echo(explain_failure(error), err=True)
        sys.exit(1)
    click.echo(f"{path}: quarter to {end:{DAY_FORMAT}}")


@click.command()
@click.option("--coder", default="", help="Only what is due from one coder.")
@click.option("--today", type=Day(), help="Day for which due reviews are listed (default: today).")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "ical"]), default="text", help="Output format."
)
@data_option
def due(coder: str, today: dt.date | None, form: str, data: str | None) -> None:
    """List what is due by coder: corrections asked for, and reviews.

    Reviews of the newest quarter that has ended, and of the next one. ``ical`` prints a calendar file.
    """
    # What pictures and pages need takes longer to load than this command to run.
    from indicators.show.files.calendar import write_calendar

    dataset = read_dataset(data)
    if coder and coder not in dataset.people:
        raise click.UsageError(f"--coder {coder} is not one who scores: {', '.join(dataset.people)}")
    table = list_due(dataset, today or today_utc(), coder)
    if form == "ical":
        click.echo(write_calendar(dataset, table), nl=False)
    elif form != "text":
        print_table(table, form)
    elif table.empty:
        click.echo("nothing is due")
    else:
        for row in table.to_dict("records"):
            click.echo(f"{row['coder']}: {_describe_due(dataset, row)}")


def _describe_due(dataset: Dataset, row: dict[Hashable, Any]) -> str:
    if row["kind"] == "correction":
        unit = f"{dataset.title(row['indicator'])}, {row['date']:%Y-%m-%d}"
        return f"correction of {unit}, asked for by {row['author']} on {row['start']:%Y-%m-%d}: {row['text']}"
    since = "due since" if row["ended"] else "from"
    left = f"{row['left']} of {row['of']} indicators"
    return f"{name_quarter(row['quarter'])}, {left}, {since} {row['start']:%Y-%m-%d}"


def newest_ended(today: dt.date) -> dt.date:
    """Return the last day of the newest quarter that has ended."""
    return (pd.Period(today, "Q") - 1).end_time.date()


COMMANDS = (record, workbook, due)
