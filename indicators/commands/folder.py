"""Commands on the data folder itself: check and format."""

import sys

import click

from indicators.commands.data import data_option, find_folder
from indicators.commands.output import format_option, print_records
from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder
from indicators.records.problems import Report
from indicators.records.saving.save import explain_failure


@click.command()
@click.argument("folder", required=False, metavar="[DATA]")
@data_option
@format_option
def check(folder: str | None, data: str | None, form: str) -> None:
    """List every problem of the data folder, with file and line.

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
@click.option("--check", "only_check", is_flag=True, help="Only list the files that would change; exit 1 if any.")
def format_command(folder: str | None, data: str | None, only_check: bool) -> None:
    """Rewrite the data folder in canonical form, so that a diff shows content only.

    Exit status 0: everything is canonical; 1: a file could not be read and was left as it is, or would change.
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
        + (f"; left as they are: {', '.join(dict.fromkeys(p.file for p in left))}" if left else "")
    )
    sys.exit(1 if left or (changed and only_check) else 0)


COMMANDS = (check, format_command)
