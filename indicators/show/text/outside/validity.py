"""Outside series beside the readings as tables and sentences, all of them computed."""

import pandas as pd

from indicators.measures.outside.divergence import FAR, LONG
from indicators.measures.outside.tally import CHANCE, pick_middle, tally, tally_among
from indicators.measures.outside.validity import WHOLE, list_periods
from indicators.records.dataset import Dataset
from indicators.records.topic import Topic
from indicators.show.text.words import count_words, format_share, name_quarter

COMPARISON_WORDS = {
    "levels": "levels",
    "changes": "changes from the previous quarter",
    "flow": "flow of events",
}
LEVEL_WORDS = {"indicator": "indicators", "dimension": "dimensions", "index": "indices"}
"""Levels in the order in which they are told of: an indicator has the nearest counterpart, the index none."""
FINDING_WORDS = {
    "against": "more of them speak against agreement than for it",
    "chance": "no more than unrelated series often show",
    "more": "more than expected by chance",
}


def name_periods(topic: Topic) -> dict[str, str]:
    """Return each period of comparison as a sentence names it."""
    return {
        period: "the full period" if since is None else f"the time from {since:%B %Y} ({topic.since_title})"
        for period, since in list_periods(topic).items()
    }


def name_series(dataset: Dataset, series: str) -> str:
    """Return a series' title with its id, which tells vintages apart; the id alone where it has no source entry."""
    if series not in dataset.sources.index:
        return series
    return f"{dataset.sources['title'][series]} [{series}]"


def validity_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons of readings and outside series as people read them."""
    return pd.DataFrame(
        {
            "subject": table["subject"],
            "series": table["series"],
            "compared": table["comparison"],
            "period": table["period"],
            "quarters": table["n"].astype(str),
            "correlation": table["rho"].map(format_correlation),
            "80 % interval": _intervals(table, "low", "high"),
            "95 % interval": _intervals(table, "low95", "high95"),
            "best lag": [describe_lag(lag, rho) for lag, rho in zip(table["lag"], table["rho_at_lag"], strict=True)],
            "note": table["note"].fillna(""),
        }
    )


def outside_table(dataset: Dataset, among: pd.DataFrame) -> pd.DataFrame:
    """Return how the outside series move with each other, the periods side by side.

    A period reads: correlation (80 % interval; quarters). Pairs without enough quarters in either period are left out.
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
            "from": divergences["start"].map(name_quarter),
            "to": divergences["end"].map(name_quarter),
            "quarters": divergences["quarters"].astype(str),
            "reading is": divergences["side"],
            "standard errors": [f"{value:.1f}" for value in divergences["distance"].abs()],
        }
    )


def describe_validity(dataset: Dataset, validity: pd.DataFrame, among: pd.DataFrame) -> list[str]:
    """Return what the comparisons show, in sentences that follow from the numbers alone."""
    if validity.empty:
        return ["No outside series is listed for comparison."]
    series = validity.groupby("series", sort=False)["n"].max()
    absent = validity.loc[validity["comparison"] == "", "series"].nunique()
    said = [
        f"{len(series)} series {'is' if len(series) == 1 else 'are'} listed for validation, {absent} of them absent from the folder."
    ]
    judged = validity[validity["rho"].notna()]
    if judged.empty:
        return [*said, "None has enough quarters in common with a reading, so nothing can be said about agreement."]
    periods = name_periods(dataset.topic)
    later = list(periods)[-1]
    for comparison, period in dict.fromkeys((("levels", WHOLE), ("levels", later), ("changes", WHOLE))):
        rows = pick_middle(validity, comparison, period)
        if len(rows):
            kinds = rows["subject"].map(dataset.level)
            parts = [
                _describe_rows(dataset, level, rows[kinds == level]) for level in LEVEL_WORDS if (kinds == level).any()
            ]
            said.append(f"{COMPARISON_WORDS[comparison].capitalize()} over {periods[period]}: {'; '.join(parts)}.")
    levels = judged[(judged["period"] == WHOLE) & (judged["comparison"] == "levels")]
    if len(levels):
        ends = [levels.iloc[int(levels["rho"].argmax())], levels.iloc[int(levels["rho"].argmin())]]
        high, low = (_name_comparison(dataset, row) for row in ends)
        said.append(f"Over the full period the highest correlation of levels is {high}, the lowest {low}.")
    said.append(
        "A subject with several series counts once, by the one in the middle. Of unrelated series one interval in ten "
        f"should lie above 0; of so few quarters that resemble each other up to {format_share(CHANCE)} do, which is "
        "allowed for."
    )
    return [*said, *_describe_among(among, later, periods[later])]


def describe_divergences(judged: pd.DataFrame) -> str:
    """Return how many divergences were found, and in which share of the quarters the rule says nothing."""
    if judged.empty:
        return "No validation series is present, so divergence cannot be tested."
    possible, unrelated, found = (int(judged[name].sum()) for name in ("judged", "unrelated", "divergences"))
    looked = possible + unrelated
    if not looked:
        return "No pair has enough quarters in common to test for divergence."
    text = f"{count_words(found, 'divergence')} found." if found else "No divergence found."
    if unrelated:
        text += (
            f" In {format_share(unrelated / looked)} of the quarters tested, reading and series had been too weakly related "
            "to judge."
        )
    return (
        text
        + f" A divergence takes {count_words(LONG, 'quarter')} at least {FAR:g} standard errors away, so its absence does not mean agreement."
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


def _describe_rows(dataset: Dataset, level: str, rows: pd.DataFrame) -> str:
    """How the subjects of one level fare: counted, or by itself where there is one."""
    if len(rows) == 1:
        return _name_comparison(dataset, rows.iloc[0])
    counted = tally(rows)
    below = f", {counted.below} wholly below it" if counted.below else ""
    return (
        f"of {counted.number} {LEVEL_WORDS[level]} {counted.above} with an 80 % interval wholly above 0{below} (median "
        f"correlation {format_correlation(counted.median)}), {FINDING_WORDS[counted.finding]}"
    )


def _describe_among(among: pd.DataFrame, period: str, words: str) -> list[str]:
    counted = tally_among(among, period)
    if not counted.number:
        return [
            "The folder does not hold two outside series with enough quarters in common, so their agreement with each "
            "other cannot be assessed."
        ]
    text = (
        f"The outside series with each other, levels over {words}: "
        f"{count_words(counted.number, 'comparison')}, {counted.above} with an 80 % interval wholly above 0, median "
        f"correlation {format_correlation(counted.median)}."
    )
    end = (
        " They agree with each other to that degree; where readings do not, an explanation is needed."
        if counted.agrees
        else " They hardly agree with each other, so no reading can agree with all of them."
    )
    return [text + end]


def _name_comparison(dataset: Dataset, row: pd.Series) -> str:
    return (
        f"{dataset.title(str(row['subject']))} with {row['series']} "
        f"{format_correlation(row['rho'])} ({format_interval(row['low'], row['high'])})"
    )


def describe_outside(dataset: Dataset, validity: pd.DataFrame) -> str:
    """Return in a sentence or two whether outside series agree with the levels of the scores, and what that means."""
    found = []
    for period, since in list_periods(dataset.topic).items():
        rows = pick_middle(validity, "levels", period)
        if len(rows):
            found.append((tally(rows), "over the full period" if since is None else f"since {since:%B %Y}"))
    if not found:
        return "No outside series can be compared with the scores yet."
    parts = [f"{counted.above or 'none'} of {counted.number} {when}" for counted, when in found]
    parts[0] = parts[0].replace(" over", " agree over", 1)
    text = f"Outside series: {', '.join(parts)}"
    findings = {counted.finding for counted, _ in found}
    if "against" in findings:
        return f"{text}, and others move the opposite way: they contradict the scores."
    if findings == {"more"}:
        return f"{text}, more than by chance: they support the scores."
    if found[0][0].finding == "more":
        return f"{text}: they support the difference between the two periods, not the movements since."
    return f"{text}, no more than by chance: they neither confirm nor refute the scores."
