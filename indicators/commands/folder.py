"""Commands on the data folder itself: check, format, record."""

import sys
import uuid

import click

from indicators.commands.options import coder_option, data_option, find_folder, format_option, print_records, save_row
from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder
from indicators.records.problems import Report
from indicators.records.saving.save import explain_failure
from indicators.records.saving.submission import Submission


@click.command()
@click.argument("folder", required=False, metavar="[DATA]")
@data_option
@format_option
def check(folder: str | None, data: str | None, form: str) -> None:
    """Name every problem of the data folder, with file and line.

    Exit status 0: no problem; 1: problems; 2: wrong usage.
    """
    report = load_dataset(find_folder(folder or data), check_readings).report
    if form == "text":
        click.echo(report.as_text())
    else:
        print_records([p.as_record() for p in report], ["file", "line", "column", "value", "code", "message"], form)
    sys.exit(1 if report else 0)


@click.command(name="format")
@click.argument("folder", required=False, metavar="[DATA]")
@data_option
@click.option("--check", "only_check", is_flag=True, help="Only say which files would change; exit 1 if any.")
def format_command(folder: str | None, data: str | None, only_check: bool) -> None:
    """Rewrite the data folder in canonical form, so that a diff shows content only.

    Exit status 0: all is canonical now; 1: a file could not be read and was left alone, or would change.
    """
    left = Report()
    try:
        changed = format_folder(find_folder(folder or data), write=not only_check, left=left)
    except OSError as error:
        click.echo(explain_failure(error), err=True)
        sys.exit(1)
    for problem in left:
        click.echo(str(problem), err=True)
    for name in changed:
        click.echo(f"{name} {'is not canonical' if only_check else 'rewritten'}")
    click.echo(
        f"{len(changed)} file{'s' * (len(changed) != 1)} {'to rewrite' if only_check else 'rewritten'}"
        + (f"; left alone: {', '.join(dict.fromkeys(p.file for p in left))}" if left else "")
    )
    sys.exit(1 if left or (changed and only_check) else 0)


@click.command()
@click.argument("indicator")
@click.argument("score", metavar="SCORE|withdraw")
@click.option("--low", default="", help="Lower end of the plausible range.")
@click.option("--high", default="", help="Upper end of the plausible range.")
@click.option("--date", required=True, help="Day from which the score holds.")
@click.option("--rationale", required=True, help="Why this score, in 20 to 600 characters.")
@click.option("--event", "events", multiple=True, metavar="E0001", help="An event that it rests on; repeat for more.")
@coder_option("Who scored (default: TENSION_CODER).")
@data_option
def record(indicator: str, score: str, events: tuple[str, ...], coder: str, data: str | None, **cells: str) -> None:
    """Append one assessment, or withdraw one; a later one for the same indicator, coder and date replaces it.

    Exit status 0: it is safely on the disk (of a git location: sent, or in the queue); 1: nothing was written.
    """
    score = "" if score == "withdraw" else score
    row = {"indicator": indicator, "score": score, "events": ";".join(events), **cells}
    save_row(data, Submission((row,), coder, str(uuid.uuid4())))


COMMANDS = (check, format_command, record)
