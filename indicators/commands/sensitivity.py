"""Commands on what the numbers depend on: sensitivity, agreement."""

import datetime as dt

import click
import pandas as pd

from indicators.commands.options import Day, view_options
from indicators.commands.output import format_option, print_table
from indicators.measures.agreement import (
    Compared,
    compare_spans,
    estimate_from_units,
    measure_agreement,
    measure_overlap,
)
from indicators.measures.coherence import Coherence, measure_coherence
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.carried import count_held
from indicators.measures.uncertainty.choices import Sensitivity, Varied, leave_out, vary_choices
from indicators.show.text.uncertainty.sensitivity import (
    choice_table,
    coherence_table,
    describe_agreement,
    describe_choices,
    describe_coherence,
    describe_left_out,
    describe_overlap,
    describe_record,
    left_out_table,
    record_table,
)

since_option = click.option(
    "--since", type=Day(), help="First day of the second, shorter period (default: that of the topic, if it has one)."
)


@click.command()
@click.option(
    "--part",
    type=click.Choice(["choices", "interval", "left-out", "coherence", "correlations", "carried"]),
    default="choices",
    show_default=True,
    help="Contents of JSON and CSV.",
)
@since_option
@format_option
@view_options
def sensitivity(panel: Panel, part: str, since: dt.date | None, form: str) -> None:
    """Show how far the index depends on each choice, on each part, and how intervals of carried readings performed.

    choices: first-order and total shares of the variance for each choice, with their 95 % bootstrap interval. interval:
    level and change with all choices varied. left-out: without each dimension and indicator. coherence and correlations:
    how dimensions move together. carried: how often intervals of carried readings covered the outcome. Text has all
    parts; JSON and CSV have one.
    """
    start = panel.dataset.topic.since if since is None else pd.Timestamp(since)
    if form == "text":
        _print_all(panel, start)
        return
    if part in ("choices", "interval"):
        found = vary_choices(panel)
        table = _tabulate_shares(found) if part == "choices" else _tabulate_intervals(found)
    elif part == "left-out":
        table = leave_out(panel)
        table["highest"] = [";".join(f"{day:%Y-%m-%d}" for day in days) for days in table["highest"]]
    elif part == "carried":
        table = count_held(panel, start)
    else:
        periods = _measure_periods(panel, start)
        table = _tabulate_coherence(periods) if part == "coherence" else _tabulate_correlations(periods)
    print_table(table, form)


@click.command()
@click.option(
    "--part",
    type=click.Choice(["alpha", "spans", "overlap", "shared"]),
    default="alpha",
    show_default=True,
    help="Contents of JSON and CSV.",
)
@click.option(
    "--of",
    type=click.Choice(["levels", "changes"]),
    default="levels",
    show_default=True,
    help="What alpha compares: scores at reviews, or their changes from the previous quarter.",
)
@since_option
@format_option
@view_options
def agreement(panel: Panel, part: str, of: Compared, since: dt.date | None, form: str) -> None:
    """Compare the coders: Krippendorff's alpha, what they have in common, and the doubt that they share.

    alpha: of all indicators, each dimension and each indicator. spans: of levels and changes, over the full period
    and since a day. overlap: similarity of rationales, cited events, freely chosen days. shared: the part of the stated
    doubt that coders share, with its 80 % interval. Units are double-coded quarters of an indicator.
    """
    start = panel.dataset.topic.since if since is None else pd.Timestamp(since)
    if form == "text":
        table = measure_agreement(panel, of=of)
        print_table(table, form)
        click.echo()
        spans, later = compare_spans(panel, start), measure_agreement(panel, since=start)
        for sentence in describe_agreement(spans, later, panel.dataset, estimate_from_units(panel)):
            click.echo(sentence)
        for sentence in describe_overlap(measure_overlap(panel)):
            click.echo(sentence)
        return
    if part == "alpha":
        table = measure_agreement(panel, of=of)
    elif part == "spans":
        table = compare_spans(panel, start)
    elif part == "overlap":
        table = measure_overlap(panel)
    else:
        table = pd.DataFrame([estimate_from_units(panel)._asdict()])
    print_table(table, form)


def _print_all(panel: Panel, since: pd.Timestamp | None) -> None:
    dataset = panel.dataset
    found = vary_choices(panel)
    if found is None:
        click.echo("no quarter is settled yet")
        return
    click.echo("Shares of the variance, alone and with others (95 % interval)")
    print_table(choice_table(found), "text")
    for sentence in describe_choices(found):
        click.echo(sentence)
    left = leave_out(panel)
    click.echo("\nLeaving out one part")
    print_table(left_out_table(dataset, left), "text")
    click.echo(describe_left_out(left))
    click.echo("\nHow the dimensions move together")
    periods = _measure_periods(panel, since)
    for period in periods:
        click.echo(f"Correlations since {period.start:%Y-%m-%d}")
        print_table(coherence_table(dataset, period), "text")
    click.echo(describe_coherence(dataset, periods) or "too few settled quarters")
    record = count_held(panel, since)
    click.echo("\nCarried readings")
    print_table(record_table(record), "text")
    click.echo(describe_record(record))


def _measure_periods(panel: Panel, since: pd.Timestamp | None) -> list[Coherence]:
    """Return the coherence over the whole time and since a day, where there are quarters enough."""
    return [found for start in dict.fromkeys((None, since)) if (found := measure_coherence(panel, start)) is not None]


def _quantities(found: Sensitivity | None) -> list[tuple[str, Varied]]:
    if found is None:
        return []
    return [(name, varied) for name, varied in (("level", found.level), ("change", found.change)) if varied is not None]


def _tabulate_shares(found: Sensitivity | None) -> pd.DataFrame:
    tables = [varied.shares.assign(quantity=name) for name, varied in _quantities(found)]
    if not tables:
        return pd.DataFrame()
    table = pd.concat(tables, ignore_index=True)
    return table[["quantity", *table.columns.drop("quantity")]]


def _tabulate_intervals(found: Sensitivity | None) -> pd.DataFrame:
    names = ["value", "low", "high", "doubt_low", "doubt_high", "above", "leading", "clear"]
    rows = [(name, *(getattr(varied, each) for each in names)) for name, varied in _quantities(found)]
    return pd.DataFrame(rows, columns=["quantity", *names])


def _tabulate_coherence(periods: list[Coherence]) -> pd.DataFrame:
    tables = []
    for found in periods:
        alphas = found.alphas.set_index("id")["alpha"]
        whole = pd.DataFrame([{"level": "index", "id": "index", "stated": 1.0, "share": 1.0}])
        table = pd.concat([whole, found.shares], ignore_index=True)
        tables.append(
            table.assign(alpha=table["id"].map(alphas), start=found.start, end=found.end, quarters=found.quarters)
        )
    columns = ["start", "end", "quarters", "level", "id", "stated", "share", "rest", "alpha"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _tabulate_correlations(periods: list[Coherence]) -> pd.DataFrame:
    rows = [
        (found.start, found.end, a, b, found.correlations.loc[a, b])
        for found in periods
        for place, a in enumerate(found.correlations.columns)
        for b in found.correlations.columns[place + 1 :]
    ]
    return pd.DataFrame(rows, columns=["start", "end", "dimension", "other", "correlation"])


COMMANDS = (sensitivity, agreement)
