"""Commands on forecasts: forecast, calibration, baseline."""

import datetime as dt
import uuid

import click
import pandas as pd

from indicators.commands.data import data_option, read_dataset
from indicators.commands.options import as_of_option, coder_option, save_row, today_utc
from indicators.commands.output import format_option, print_table
from indicators.measures.outlook.baseline import make_baseline
from indicators.measures.outlook.scores import SCORED, pair_forecasts, tabulate_calibration, tabulate_scores
from indicators.measures.panel import Panel
from indicators.records.saving.submission import Submission


@click.command()
@click.argument("question")
@click.argument("probability", metavar="PROBABILITY|withdraw")
@click.option("--rationale", required=True, help="Why this probability, in 20 to 600 characters.")
@coder_option("Who forecasts (default: TENSION_CODER).")
@click.option("--date", help="Day of the forecast (default: today, UTC).")
@data_option
def forecast(question: str, probability: str, rationale: str, coder: str, date: str | None, data: str | None) -> None:
    """Append one forecast of a question on record, or withdraw one: a probability of yes from 0.01 to 0.99.

    A later one replaces it: on the same day as a correction, on a later day as a revision. Exit status 0: it is saved
    (for a git location: pushed, or queued while the remote cannot be reached); 1: nothing was written.
    """
    row = {
        "question": question,
        "date": date or today_utc().isoformat(),
        "probability": "" if probability == "withdraw" else probability,
        "rationale": rationale,
    }
    save_row(data, Submission((), coder, str(uuid.uuid4()), forecasts=(row,)))


@click.command()
@click.option(
    "--bins",
    is_flag=True,
    help="Print the calibration table instead: forecast probability and observed frequency by bin, with counts.",
)
@data_option
@as_of_option
@format_option
def calibration(bins: bool, data: str | None, as_of: dt.date | None, form: str) -> None:
    """Score forecasts against their outcomes, beside base rate, "no change" and an even chance.

    Forecasts recorded before their question closed (ahead) and hindcasts are shown apart, and so is the index, which is
    the mean of the dimensions. Scores: 0 is best. Skill: 1 is perfect, 0 no better than the reference, below 0 worse.
    """
    pairs = pair_forecasts(Panel(read_dataset(data), as_of))
    if bins:
        print_table(tabulate_calibration(pairs), form)
        return
    table = tabulate_scores(pairs)
    if form == "text":
        shown = ["coder", "made", "about", "questions", "days", *(f"brier{end}" for end in SCORED.values())]
        shown += ["skill_base_rate", "skill_base_rate_low", "skill_base_rate_high", "note"]
        table = table[shown]
    print_table(table, form)


@click.command()
@click.option("--questions", "asked", is_flag=True, help="Print the rows of outlook/questions.csv instead.")
@click.option("--new", is_flag=True, help="Leave out rows that are already on record.")
@click.option("--recorded", help="Time of recording, as in 2026-11-25T15:02:00Z (default: now).")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="Output format.")
@data_option
def baseline(asked: bool, new: bool, recorded: str | None, form: str, data: str | None) -> None:
    """Print the baseline's rows for outlook/forecasts.csv, from the data recorded up to that day.

    The same data and time give the same rows. Nothing is written: append the rows to the file, then run format.
    """
    try:
        time = dt.datetime.fromisoformat(recorded) if recorded else dt.datetime.now(dt.UTC)
        if time.tzinfo is None:
            raise ValueError("no time zone")
    except ValueError as error:
        raise click.UsageError(f"{recorded!r} is not a UTC time as in 2026-11-25T15:02:00Z") from error
    dataset = read_dataset(data)
    questions, forecasts = make_baseline(Panel(dataset, time.astimezone(dt.UTC).date()), time)
    if new:
        questions = questions[~questions["question"].isin(dataset.questions["question"])]
        there = dataset.forecasts[["question", "coder", "date"]].assign(
            date=lambda f: f["date"].dt.strftime("%Y-%m-%d")
        )
        forecasts = forecasts[~forecasts.set_index([*there]).index.isin(pd.MultiIndex.from_frame(there))]
    print_table(questions if asked else forecasts, form)


COMMANDS = (forecast, calibration, baseline)
