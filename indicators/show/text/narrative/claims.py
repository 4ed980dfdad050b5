"""All claims of the narrative as fragments of a page, each with a small picture of what it is bound to."""

import pandas as pd
from markupsafe import Markup

from indicators.measures.panel import Panel
from indicators.records.dataset import split_ids
from indicators.records.tables.core import LEVEL_CLAIMS
from indicators.show.charts.lines import chart_dates, colour_of
from indicators.show.charts.palette import DARK, LIGHT
from indicators.show.charts.plots import CLAIM_MARGIN, claim_span, describe_claim
from indicators.show.charts.svg import draw_claim
from indicators.show.text.html import show_claim
from indicators.show.text.words import count_words, word_verdicts


def describe_tally(verdicts: pd.DataFrame) -> str:
    """Return how many claims have each verdict, in one sentence."""
    return f"Of its {count_words(len(verdicts), 'claim')}, {word_verdicts(verdicts)}." if len(verdicts) else ""


def picture_claims(panel: Panel, verdicts: pd.DataFrame) -> dict[str, Markup]:
    """Return the fragment of each claim: sentence, verdict, test, and picture with its alt text."""
    if verdicts.empty or panel.effective.empty:
        return {}
    dates = chart_dates(panel, verdicts["end"].max() + CLAIM_MARGIN)
    composite = panel.composite(dates)
    fragments = {}
    for judged in verdicts.to_dict("records"):
        if not judged["subject"]:
            fragments[judged["claim"]] = show_claim(panel.dataset, judged, "", "")
            continue
        window = (judged["start"], judged["end"])
        span = claim_span(window)
        pictured = []
        inside = []
        for id in split_ids(judged["subject"]):
            scores = composite.of(id)
            readings = scores[scores.index <= span[1]].rename("score").rename_axis("date").reset_index()
            pictured.append((readings, colour_of(panel, id, LIGHT), colour_of(panel, id, DARK)))
            inside.append((panel.dataset.title(id), scores[(scores.index >= window[0]) & (scores.index <= window[1])]))
        threshold = float(judged["threshold"]) if judged["test"] in LEVEL_CLAIMS else None
        picture = draw_claim(pictured, window, span, threshold)
        fragments[judged["claim"]] = show_claim(panel.dataset, judged, picture, describe_claim(inside, window))
    return fragments
