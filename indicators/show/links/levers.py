"""Levers and a reader's own assumptions as the text of a link: read, compared with the data, and written in one form.

``levers=crisis-hotlines,narrow-cooperation``; ``assume=crisis-hotlines.dip_channels:-1/-0.5/0/60`` with a comma between
several: low, likeliest and high change in points, and the days until it takes effect.
"""

import re
from collections.abc import Collection, Iterable

from indicators.measures.outlook.levers import Assumption
from indicators.records.tables.outlook import DELAY, EFFECT

BETWEEN = ","
FORM = "is not of the form lever.indicator:low/likeliest/high/days, as in crisis-hotlines.dip_channels:-1/-0.5/0/60"
_LEVERS = re.compile(r"[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*")
_ENTRY = re.compile(
    r"([a-z][a-z0-9-]*)\.([a-z][a-z0-9_]*):(-?\d{1,2}(?:\.\d{1,2})?)/(-?\d{1,2}(?:\.\d{1,2})?)/"
    r"(-?\d{1,2}(?:\.\d{1,2})?)/(\d{1,4})",
    re.ASCII,
)


def refuse_levers(text: str, known: Collection[str] | None) -> str:
    """Return why a list of levers is refused, or an empty string; without ``known`` only its form counts."""
    if not _LEVERS.fullmatch(text):
        return "is not a list of levers with commas between them"
    levers = text.split(BETWEEN)
    if len(set(levers)) != len(levers):
        return "names a lever twice"
    if known is not None and (unknown := [lever for lever in levers if lever not in known]):
        return f"has {unknown[0]}, which is not one of {', '.join(known) or 'the levers (there are none)'}"
    return ""


def refuse_assumptions(text: str, published: Iterable[Assumption] | None) -> str:
    """Return why a reader's assumptions are refused, or an empty string; without ``published`` only form and order count."""
    try:
        found = read_entries(text)
    except ValueError as error:
        return str(error)
    known = None if published is None else {(a.lever, a.indicator) for a in published}
    for a in found:
        if known is not None and (a.lever, a.indicator) not in known:
            return f"has {a.lever}.{a.indicator}, which the data do not have"
        if reason := refuse_effect(a):
            return f"has {a.lever}.{a.indicator}: {reason}"
    if len({(a.lever, a.indicator) for a in found}) != len(found):
        return "assumes something twice"
    return ""


def refuse_effect(assumption: Assumption) -> str:
    """Return why an assumed effect cannot be, or an empty string."""
    if not EFFECT.low <= assumption.low <= assumption.mode <= assumption.high <= EFFECT.high:
        return f"−{-EFFECT.low:g} ≤ low ≤ likeliest ≤ high ≤ {EFFECT.high:g} is violated"
    if not DELAY.low <= assumption.delay_days <= DELAY.high:
        return f"the delay is not {DELAY.low} to {DELAY.high} days"
    return ""


def read_levers(text: str) -> tuple[str, ...]:
    """Return the levers of a link in one order."""
    return tuple(sorted(filter(None, text.split(BETWEEN))))


def write_levers(levers: Iterable[str]) -> str:
    """Return levers as the text of a link, in one order."""
    return BETWEEN.join(sorted(levers))


def read_entries(text: str) -> tuple[Assumption, ...]:
    """Return the assumptions that a text lists; ``ValueError`` where it has not the form."""
    found = []
    for entry in text.split(BETWEEN):
        parts = _ENTRY.fullmatch(entry)
        if not parts:
            raise ValueError(FORM)
        lever, indicator, *effect, days = parts.groups()
        # Adding zero makes minus nothing plain nothing.
        low, mode, high = (float(number) + 0.0 for number in effect)
        found.append(Assumption(lever, indicator, low, mode, high, int(days)))
    return tuple(found)


def apply_entries(text: str, published: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """Return the published assumptions with a reader's own, which must be valid, in place of some."""
    own = {(a.lever, a.indicator): a for a in read_entries(text)} if text else {}
    return tuple(own.get((a.lever, a.indicator), a) for a in published)


def write_entries(assumptions: Iterable[Assumption], published: Iterable[Assumption] = ()) -> str:
    """Return assumptions as the text of a link in one form and order, without those that are the published ones."""
    known = set(published)
    return BETWEEN.join(
        f"{a.lever}.{a.indicator}:{'/'.join(map(_number, (a.low, a.mode, a.high)))}/{a.delay_days}"
        for a in sorted(assumptions)
        if a not in known
    )


def _number(value: float) -> str:
    return f"{value:z.2f}".rstrip("0").rstrip(".")
