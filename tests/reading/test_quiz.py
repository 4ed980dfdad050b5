"""The first screen answers a first-time reader's questions: the words of `quiz.md` stand on it, in sight."""

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page

from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.series import measure_levels
from indicators.records.dataset import Dataset, load_dataset
from tests.browser.visits import open_visit
from tests.running_app import ROOT, Server

pytestmark = pytest.mark.browser

QUIZ = Path(__file__).with_name("quiz.md")

IN_SIGHT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || node.parentElement.closest('style, script')) continue;
    if (!node.parentElement.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const inside = [...range.getClientRects()].every(r =>
      r.width > 0 && r.top >= 0 && r.left >= 0 && r.bottom <= innerHeight && r.right <= innerWidth);
    if (inside) found.push(node.data);
  }
  return found;
}"""
"""The texts that lie within the window and are not hidden, in their order."""


def read_quiz(text: str) -> list[tuple[str, list[str]]]:
    """Return the questions of a quiz, each with the words that answer it."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if question := re.match(r"\d+\. (.+)", line):
            found.append((question[1], []))
        elif words := re.match(r" +- `(.+)`", line):
            found[-1][1].append(words[1])
    return found


def work_out(dataset: Dataset, today: dt.date) -> dict[str, str]:
    """Return what the words in braces stand for, from the readings."""
    settled = read_settled(Panel(dataset))
    index = settled["index"].dropna()
    last, year_ago = index.index[-1], index.index[-1] - pd.offsets.QuarterEnd(4)
    gap = round(index.iloc[-1] - index[year_ago], 1)
    highest = [quarter(day) for day in index.index[index >= index.max() - 0.1 - 1e-9]]
    moves = index.diff()
    rise, fall = moves.idxmax(), moves.idxmin()
    ends = measure_levels(Panel(dataset), {"index"}, pd.DatetimeIndex([last]))["index"].iloc[0]
    dimensions = dataset.dimensions.index
    now, before = settled.loc[last, dimensions], settled.loc[year_ago, dimensions]
    changes = now - before
    newest = dataset.events["date"].max()
    band = ("cooperative", "guarded", "strained", "severe", "critical")[min(int(index.iloc[-1] // 2), 4)]
    return {
        "score": f"{index.iloc[-1]:.1f}",
        "band": band,
        "band_capital": band.capitalize(),
        "quarter": quarter(last),
        "day": date(last),
        "year": f"{abs(gap):.1f} {'above' if gap > 0 else 'below'} a year ago" if gap else "level with a year ago",
        "year_score": f"{index[year_ago]:.1f}",
        "highest": highest[0],
        "rise_event": turning_point(dataset, rise),
        "rise": signed(moves[rise]),
        "fall_event": turning_point(dataset, fall),
        "fall": signed(moves[fall]),
        "top": dataset.title(str(now.idxmax())),
        "changed": dataset.title(str(changes.abs().idxmax())),
        "change": signed(changes[changes.abs().idxmax()]),
        "low": f"{ends['low']:.1f}",
        "high": f"{ends['high']:.1f}",
        "events": f"{(dataset.events['date'] >= dataset.oldest).sum():,}",
        "supported": r"\d+",  # which verdict a claim has is tested with the claims
        "claims": str(len(dataset.claims)),
        "newest": date(newest),
        "age": str((pd.Timestamp(today) - newest).days),
        "due": date(last + pd.offsets.QuarterEnd()),
        "indicators": str(len(dataset.indicators)),
    }


def quarter(day: pd.Timestamp) -> str:
    """A quarter's name."""
    return f"{('1st', '2nd', '3rd', '4th')[day.quarter - 1]} quarter of {day.year}"


def date(day: pd.Timestamp) -> str:
    """A day as pages write it."""
    return f"{day.day} {day:%b %Y}"


def signed(value: float) -> str:
    """A change with its sign."""
    return f"{'+' if value > 0 else '−'}{abs(value):.1f}"


def turning_point(dataset: Dataset, end: pd.Timestamp) -> str:
    """The name of a turning point of the quarter that ends on a day."""
    days = dataset.events.loc[dataset.turning_points.index, "date"]
    return str(dataset.turning_points.at[days[days.dt.to_period("Q") == end.to_period("Q")].index[0], "label"])


def test_the_first_screen_has_the_words_that_answer_each_question(page: Page, server: Server) -> None:
    quiz = read_quiz(QUIZ.read_text(encoding="utf-8"))
    assert len(quiz) == 16
    visit = open_visit(page, server.url)
    # The names on the chart come with its script.
    visit.main.locator(".annotation").first.wait_for()
    screen = " ".join(" ".join(page.evaluate(IN_SIGHT)).split())
    dataset = load_dataset(ROOT / "data").dataset
    assert dataset is not None
    known = work_out(dataset, dt.datetime.now(dt.UTC).date())
    missing = []
    for question, answers in quiz:
        for words in answers:
            # Texts of neighbouring elements are joined by a blank, which a reader does not see.
            parts = re.split(r"\{(\w+)\}", words)
            pattern = "".join(
                (known[part] if part == "supported" else re.escape(known[part])) if odd else re.escape(part)
                for part, odd in zip(parts, [False, True] * len(parts), strict=False)
            )
            if not re.search(pattern.replace(r"\ ", r"\s*"), screen):
                missing.append(f"{question} {pattern}")
    assert missing == [], screen
