"""What the index depends on, as tables and sentences: choices, parts left out, coherence, carried readings, coders."""

from collections.abc import Callable

import pandas as pd

from indicators.measures.coherence import Coherence
from indicators.measures.uncertainty.choices import Sensitivity, Varied
from indicators.measures.uncertainty.doubt import Estimate
from indicators.records.dataset import Dataset
from indicators.show.text.words import count_words, format_change, format_date, format_score

CHOICES = {
    "scores": "each score's own doubt",
    "shared": "the doubt that scores share",
    "coder": "whose scores are read",
    "weights": "the weights of the dimensions",
    "mean": "arithmetic or geometric mean",
    "left_out": "which indicator is left out",
    "spacing": "the spacing of the anchors",
}

REPEATABLE = (
    "Coders made by one procedure are two runs of it: their agreement says that codebook and procedure are repeatable, not "
    "how far people who read other sources would agree."
)

NOT_VARIED = "Not varied: the collection of events, the codebook's questions, and coders who read other sources."


def describe_choices(found: Sensitivity) -> list[str]:
    """Return what the index and its change are with all choices varied, and which of them matters most."""
    day = format_date(found.date)
    sentences = [_describe_varied(found.level, f"The index on {day}", format_score)]
    if found.change is not None and found.year_ago is not None:
        sentences.append(
            _describe_varied(found.change, f"Its change since {format_date(found.year_ago)}", format_change)
        )
    return [*sentences, NOT_VARIED]


def _describe_varied(varied: Varied, what: str, number: Callable[[float, int], str]) -> str:
    points = (varied.value, varied.low, varied.high, varied.doubt_low, varied.doubt_high)
    value, low, high, doubt_low, doubt_high = (number(point, 2) for point in points)
    return (
        f"{what}: {value}; {doubt_low} to {doubt_high} in 80 % of the draws of the scores, "
        f"{low} to {high} with weights, mean, choice of indicators and spacing of anchors varied too. "
        f"{describe_leading(varied)}"
    )


def describe_leading(varied: Varied) -> str:
    """Return which choice matters most, as one sentence; empty where nothing varies."""
    if not varied.leading:
        return ""
    total = float(varied.shares.set_index("choice")["total"][varied.leading])
    most = "matters most" if varied.clear else "matters most, though not clearly"
    return f"Of all choices, {CHOICES[varied.leading]} {most}: {_percent(total)} of the variance."


def choice_table(found: Sensitivity) -> pd.DataFrame:
    """Return first-order and total shares of the variance in per cent, of the level and of the change, with their error."""
    columns: dict[str, list[str]] = {"choice": [CHOICES[choice] for choice in found.level.shares["choice"]]}
    for name, varied in (("level", found.level), ("change", found.change)):
        if varied is None:
            continue
        for kind, title in (("first", "alone"), ("total", "with others")):
            low, share, high = (varied.shares[f"{kind}{end}"] * 100 for end in ("_low", "", "_high"))
            columns[f"{name}, {title} %"] = [
                "–" if pd.isna(s) else f"{s:.0f} ({a:.0f} to {b:.0f})".replace("-", "−")
                for a, s, b in zip(low, share, high, strict=True)
            ]
    return pd.DataFrame(columns)


def left_out_table(dataset: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """Return the index, its change and its highest quarters without each dimension and indicator."""
    return pd.DataFrame(
        {
            "left out": ["nothing" if not id else dataset.title(id) for id in table["id"]],
            "index": table["score"].map(lambda v: format_score(v, 2)),
            "change on a year before": table["change"].map(lambda v: format_change(v, 2)),
            "highest quarters, ending": [", ".join(format_date(day) for day in days) for days in table["highest"]],
        }
    )


def describe_left_out(table: pd.DataFrame) -> str:
    """Return between which ends the index and its change lie when one part is left out."""
    if table.empty:
        return ""
    parts = []
    for level, title in (("dimension", "any one dimension"), ("indicator", "any one indicator")):
        rows = table[table["level"] == level]
        change = rows["change"].dropna()
        text = f"without {title} the index lies between {rows['score'].min():.2f} and {rows['score'].max():.2f}"
        if len(change):
            text += f" and its change between {format_change(change.min(), 2)} and {format_change(change.max(), 2)}"
        parts.append(text)
    joined = "; ".join(parts)
    return f"{joined[0].upper()}{joined[1:]}."


def coherence_table(dataset: Dataset, found: Coherence) -> pd.DataFrame:
    """Return the dimensions' correlations with each other, and for each its part in the index and how its own items agree."""
    ids = [str(id) for id in found.correlations.columns]
    alphas = found.alphas.set_index("id")["alpha"]
    rows = found.shares[found.shares["level"] == "dimension"].set_index("id")
    return pd.DataFrame(
        {
            "dimension": [dataset.title(id) for id in ids],
            **{dataset.title(id): [_signed(value) for value in found.correlations[id]] for id in ids},
            "all others": [_signed(value) for value in rows["rest"][ids]],
            "alpha of its indicators": [_signed(value) for value in alphas[ids]],
            "% of the index's variance": [_signed(100 * value, 0) for value in rows["share"][ids]],
        }
    )


def describe_coherence(dataset: Dataset, periods: list[Coherence]) -> str:
    """Return in words how far the dimensions moved together in each period, and which made most of the variance."""
    sentences = []
    for found in periods:
        alpha = float(found.alphas.set_index("id")["alpha"]["index"])
        rows = found.shares[found.shares["level"] == "dimension"].set_index("id")
        most = str(rows["share"].idxmax())
        stated, share = float(rows["stated"][most]), float(rows["share"][most])
        sentences.append(
            f"Over {count_words(found.quarters, 'settled quarter')} since {format_date(found.start)}, Cronbach's alpha of "
            f"the dimensions is {_signed(alpha)}, and {dataset.title(most)}, with {_percent(stated)} of the "
            f"weight, makes {_percent(share)} of the index's variance."
        )
    return " ".join(sentences)


def record_table(record: pd.DataFrame) -> pd.DataFrame:
    """Return how often intervals of carried readings covered the outcome."""
    return pd.DataFrame(
        {
            "level": record["level"],
            "reviews missed": record["missed"].astype(str),
            "past quarters": record["origins"].astype(str),
            "readings": record["readings"].astype(str),
            "covered": record["held"].astype(str),
            "covered %": ["–" if pd.isna(v) else f"{100 * v:.0f}" for v in record["share"]],
            "half-width, points": record["half_width"].map(lambda v: format_score(v, 2)),
        }
    )


def describe_record(record: pd.DataFrame, missed: int = 1) -> str:
    """Return how often the interval of the index covered the outcome after a number of missed reviews."""
    row = record[(record["level"] == "index") & (record["missed"] == missed)].iloc[0]
    if not row["readings"]:
        return "No past quarter shows yet how often the interval of a carried reading covers the outcome."
    over = "one missed review" if missed == 1 else f"{missed} missed reviews"
    return (
        f"Of {count_words(int(row['readings']), 'past quarter')} to which the index was carried past {over}, the 80 % "
        f"interval covered {row['held']}."
    )


def describe_agreement(spans: pd.DataFrame, table: pd.DataFrame, dataset: Dataset, estimate: Estimate) -> list[str]:
    """Return what the coders' agreement comes to: of levels and changes, its lowest indicators, the doubt they share.

    ``spans`` is that of ``compare_spans``, ``table`` that of ``measure_agreement`` since the same day.
    """
    if spans["alpha_interval"].isna().all():
        return [f"Agreement cannot be computed: {spans['note'].iloc[0]}."]
    parts = []
    for row in spans.to_dict("records"):
        if pd.notna(row["alpha_interval"]):
            span = "over the full period" if pd.isna(row["since"]) else f"since {format_date(row['since'])}"
            parts.append(f"{row['alpha_interval']:.2f} for {row['of']} {span}")
    found = [f"Krippendorff's alpha of all indicators together is {', '.join(parts)}."]
    lowest = table[(table["level"] == "indicator") & table["alpha_interval"].notna()].nsmallest(3, "alpha_interval")
    if len(lowest):
        named = [
            f"{dataset.title(id)} ({alpha:.2f})"
            for id, alpha in zip(lowest["id"], lowest["alpha_interval"], strict=True)
        ]
        since = spans["since"].max()
        span = "" if pd.isna(since) else f" since {format_date(since)}"
        found.append(f"For levels{span} it is lowest for {'; '.join(named)}.")
    if pd.notna(estimate.share):
        found.append(
            f"The coders differ by less than their plausible ranges imply: {_percent(estimate.share)} of the stated doubt (80 % "
            f"interval {_percent(estimate.low)} to {_percent(estimate.high)}; {count_words(estimate.units, 'double-coded quarter')}) "
            "is shared."
        )
    return [*found, REPEATABLE]


def describe_overlap(overlap: pd.DataFrame) -> list[str]:
    """Return for each pair of coders how far they share words, events and freely chosen days."""
    sentences = []
    for row in overlap.to_dict("records"):
        if not row["shared"]:
            continue
        text = (
            f"{row['coder_a']} and {row['coder_b']}, {count_words(row['shared'], 'assessment')} of the same indicator and "
            f"day: similarity of rationales {row['cosine']:.2f} (same indicator on other days "
            f"{row['cosine_indicator']:.2f}, any two {row['cosine_any']:.2f}); {_percent(row['jaccard'])} of the events cited by "
            f"either are cited by both, and {_percent(row['same_events'])} cite the identical set; score and range are alike in "
            f"{_percent(row['same_scores'])}. Of {row['days_a']} and {row['days_b']} freely chosen days, {row['days_common']} are "
            "the same."
        )
        sentences.append(text)
    return sentences


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _signed(value: float, digits: int = 2) -> str:
    return "–" if pd.isna(value) else f"{value:.{digits}f}".replace("-", "−")
