"""A chosen period in a sentence: from where to where, and what moved it."""

from markupsafe import Markup

from indicators.measures.change.periods import ENOUGH, Period
from indicators.records.dataset import Dataset
from indicators.show.text.markup import fill_part
from indicators.show.text.words import format_change, format_date, format_score, join_words


def describe_period(dataset: Dataset, period: Period) -> str:
    """Return what a subject did in a period, as in *In this period, 1 Feb 2025 to 31 Mar 2025: 6.6 → 6.0 (−0.6)*."""
    days = f"{format_date(period.start)} to {format_date(period.end)}"
    text = (
        f"In this period, {days}: {format_score(period.before)} → {format_score(period.after)} "
        f"({format_change(period.amount)})"
    )
    ahead = [row for row in period.parts.to_dict("records") if row["amount"] * period.amount > 0]
    against = [row for row in period.parts.to_dict("records") if row["amount"] * period.amount < 0]

    def name(row: dict[object, object]) -> str:
        quiet = ", no event on record" if row["quiet"] else ""
        return f"{dataset.title(str(row['indicator']))} ({format_change(float(str(row['amount'])), 2)}{quiet})"

    if ahead:
        share = sum(row["amount"] for row in ahead) / period.amount
        words = "most of it by" if share >= ENOUGH - 1e-9 else "its largest parts"
        text += f"; {words} {join_words([name(row) for row in ahead])}"
    if against:
        text += f"; against it {join_words([name(row) for row in against])}"
    last = " What came later is not reviewed yet." if period.reviewed else ""
    return f"{text}.{last}"


def show_period(dataset: Dataset, period: Period, account: str) -> Markup:
    """Return what a subject did in a period as a paragraph with the way to the full account."""
    return fill_part("parts.html", "period", text=describe_period(dataset, period), account=account)
