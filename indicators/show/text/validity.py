"""Outside series beside the readings as tables and sentences, all of them computed."""

from math import comb

import pandas as pd

from indicators.measures.outside.divergence import FAR
from indicators.measures.outside.validity import WHOLE, list_periods
from indicators.records.dataset import Dataset
from indicators.records.topic import Topic
from indicators.show.text.words import count_words, format_share

COMPARISON_WORDS = {
    "levels": "levels",
    "changes": "3-month changes",
    "flow": "flow of events",
}
CHANCE = 0.1
"""Share of the 80 % intervals of unrelated series that lies above 0."""

HARDLY = 0.3
"""Median rank correlation below which series are said to hardly agree."""


def name_periods(topic: Topic) -> dict[str, str]:
    """Return each period of comparison as a sentence names it."""
    return {
        period: "the whole time" if since is None else f"the time from {since:%B %Y} ({topic.since_title})"
        for period, since in list_periods(topic).items()
    }


def name_series(dataset: Dataset, series: str) -> str:
    """Return a series' title with its id, which tells vintages apart; the id alone where it has no source entry."""
    if series not in dataset.sources.index:
        return series
    return f"{dataset.sources['title'][series]} [{series}]"


def order_subjects(dataset: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table by subject in the order of the codebook: index, dimensions, indicators."""
    places = {id: n for n, id in enumerate(["index", *dataset.dimensions.index, *dataset.indicators.index])}
    return table.sort_values("subject", key=lambda ids: ids.map(places), kind="stable", ignore_index=True)


def validity_table(dataset: Dataset, validity: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons of readings and outside series as people read them, by subject."""
    table = order_subjects(dataset, validity)
    return pd.DataFrame(
        {
            "subject": table["subject"],
            "series": table["series"],
            "compared": table["comparison"],
            "period": table["period"],
            "months": table["n"].astype(str),
            "correlation": table["rho"].map(format_correlation),
            "80 % interval": _intervals(table, "low", "high"),
            "95 % interval": _intervals(table, "low95", "high95"),
            "best lag": [describe_lag(lag, rho) for lag, rho in zip(table["lag"], table["rho_at_lag"], strict=True)],
            "note": table["note"].fillna(""),
        }
    )


def outside_table(dataset: Dataset, among: pd.DataFrame) -> pd.DataFrame:
    """Return how the outside series move with each other, the periods side by side.

    A period reads: correlation (80 % interval; months). Pairs without enough months in either period are left out.
    """
    known = among[among["note"] == ""]
    said = [
        f"{format_correlation(row['rho'])} ({format_interval(row['low'], row['high'])}; {row['n']})"
        for row in known.to_dict("records")
    ]
    key = ["first", "second", "comparison"]
    wide = known.assign(said=said).pivot(index=key, columns="period", values="said")
    wide = wide.reindex(index=known.set_index(key).index.unique(), columns=list(list_periods(dataset.topic))).astype(
        object
    )
    names = {"first": "series", "second": "with", "comparison": "compared"}
    return wide.where(wide.notna(), "too few").reset_index().rename(columns=names).rename_axis(columns=None)


def divergence_table(dataset: Dataset, divergences: pd.DataFrame) -> pd.DataFrame:
    """Return the divergences as people read them, newest first."""
    return pd.DataFrame(
        {
            "subject": divergences["subject"].map(dataset.title),
            "series": divergences["series"],
            "from": [f"{day:%Y-%m}" for day in divergences["start"]],
            "to": [f"{day:%Y-%m}" for day in divergences["end"]],
            "months": divergences["months"].astype(str),
            "reading is": divergences["side"],
            "standard errors": [f"{value:.1f}" for value in divergences["distance"].abs()],
        }
    )


def describe_validity(dataset: Dataset, validity: pd.DataFrame, among: pd.DataFrame) -> list[str]:
    """Return what the comparisons show, in sentences that follow from the numbers alone."""
    if validity.empty:
        return ["No outside series is named for comparison."]
    series = validity.groupby("series", sort=False)["n"].max()
    absent = validity.loc[validity["comparison"] == "", "series"].nunique()
    said = [
        f"{len(series)} series {'is' if len(series) == 1 else 'are'} named for validation, {absent} of them absent from the folder."
    ]
    judged = validity[validity["rho"].notna()]
    if judged.empty:
        return [*said, "None has enough months in common with a reading, so nothing can be said about agreement."]
    periods = name_periods(dataset.topic)
    for period, words in periods.items():
        said += _count_signs(judged[judged["period"] == period], words)
    whole = judged[judged["period"] == WHOLE]
    if len(whole):
        ends = [whole.iloc[int(whole["rho"].argmax())], whole.iloc[int(whole["rho"].argmin())]]
        high, low = (_name_comparison(dataset, row) for row in ends)
        said.append(f"Over the whole time the highest correlation is {high}, the lowest {low}.")
    said.append(
        "Of unrelated series about one 80 % interval in ten lies above 0 and one in ten below; the intervals allow for "
        "likeness over six months, not for longer drift, which would make them wider."
    )
    return [*said, *_describe_among(judged, among, *list(periods.items())[-1])]


def describe_divergences(judged: pd.DataFrame) -> str:
    """Return how many divergences were found, and in which share of the months the rule says nothing."""
    if judged.empty:
        return "No validation series is present, so no divergence can be looked for."
    possible, unrelated, found = (int(judged[name].sum()) for name in ("judged", "unrelated", "divergences"))
    looked = possible + unrelated
    if not looked:
        return "No pair has enough months in common for a divergence to be looked for."
    text = f"{count_words(found, 'divergence')} found." if found else "No divergence found."
    if unrelated:
        text += (
            f" In {format_share(unrelated / looked)} of the months looked at, the earlier months show no relation that the "
            "reading and the series could part from; of these the rule says nothing."
        )
    return (
        text
        + f" It takes three months at least {FAR:g} standard errors away, so no divergence does not mean agreement."
    )


def format_correlation(value: float) -> str:
    """Return a correlation with two decimals and a true minus, or a dash where there is none."""
    return "–" if pd.isna(value) else f"{value:z.2f}".replace("-", "−")


def format_interval(low: float, high: float) -> str:
    """Return the ends of an interval of correlations, or a dash."""
    return "–" if pd.isna(low) else f"{format_correlation(low)} to {format_correlation(high)}"


def describe_lag(lag: float, rho: float) -> str:
    """Return the lag with the highest correlation and that correlation; nothing where none was looked for."""
    if pd.isna(lag):
        return ""
    sign = "" if lag == 0 else "+" if lag > 0 else "−"
    return f"{sign}{abs(lag):.0f} ({format_correlation(rho)})"


def _intervals(table: pd.DataFrame, low: str, high: str) -> list[str]:
    return [format_interval(*ends) for ends in zip(table[low], table[high], strict=True)]


def _count_signs(rows: pd.DataFrame, period: str) -> list[str]:
    if rows.empty:
        return []
    above, below = int((rows["low"] > 0).sum()), int((rows["high"] < 0).sum())
    parts = [
        f"{COMPARISON_WORDS[str(kind)]} {int((own['low'] > 0).sum())} of {len(own)}"
        for kind, own in rows.groupby("comparison", sort=False)
    ]
    return [
        f"Over {period}, of {count_words(len(rows), 'comparison')} with enough months {above} "
        f"{'has' if above == 1 else 'have'} an 80 % interval wholly above 0 ({', '.join(parts)}), {below} wholly below 0, "
        f"and {len(rows) - above - below} on both sides of it; the median correlation is "
        f"{format_correlation(float(rows['rho'].median()))}. {_weigh(above, below, len(rows))}"
    ]


def _weigh(above: int, below: int, number: int) -> str:
    """What the counts come to, held against the tenth on each side that unrelated series would give."""
    if below > above:
        return "More of them speak against agreement than for it."
    as_many = sum(comb(number, k) * CHANCE**k * (1 - CHANCE) ** (number - k) for k in range(above, number + 1))
    if as_many >= 0.05:
        return "That is hardly more agreement than chance would give."
    return (
        "Were the comparisons independent, that would be more agreement than chance gives; whether it is much, the "
        "correlations say."
    )


def _describe_among(judged: pd.DataFrame, among: pd.DataFrame, period: str, words: str) -> list[str]:
    known = among[(among["period"] == period) & (among["comparison"] == "levels") & among["rho"].notna()]
    if known.empty:
        return [
            "The folder does not hold two outside series with enough months in common, so whether these agree with each "
            "other cannot be said from it."
        ]
    middle, above = float(known["rho"].median()), int((known["low"] > 0).sum())
    text = (
        f"The outside series with each other, levels in {words}: {count_words(len(known), 'comparison')}, "
        f"median correlation {format_correlation(middle)}, {above} with an interval wholly above 0."
    )
    own = judged[(judged["period"] == period) & (judged["comparison"] == "levels")]
    ours = (
        f" Readings with outside series in the same period: {format_correlation(float(own['rho'].median()))}."
        if len(own)
        else ""
    )
    if middle < HARDLY:
        return [
            text
            + ours
            + " They hardly agree with each other, so little can follow from how far a reading agrees with one."
        ]
    return [text + ours + " They agree with each other to that degree, and readings that do not are to be explained."]


def _name_comparison(dataset: Dataset, row: pd.Series) -> str:
    kind = COMPARISON_WORDS[str(row["comparison"])]
    return f"{format_correlation(row['rho'])} ({dataset.title(str(row['subject']))} with {row['series']}, {kind})"
