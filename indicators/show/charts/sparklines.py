"""Small pictures in a line of text, as SVG."""

import pandas as pd

from indicators.show.charts.svg import Frame


def draw_sparkline(readings: pd.DataFrame, width: int = 120, height: int = 28) -> str:
    """Return a small SVG of a line's readings on the full 0 to 10 scale, black, to be used as a mask."""
    known = readings[readings["score"].notna()]
    if len(known) < 2:
        return ""
    frame = Frame((known["date"].iloc[0], known["date"].iloc[-1]), 2, 3, width - 2, height - 3)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        f'<path d="M2 {height - 1}H{width - 2}" stroke="#000" stroke-opacity=".3" vector-effect="non-scaling-stroke"/>'
        f'<path d="{_step_path(known, frame)}" fill="none" stroke="#000" stroke-width="1.6" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )


def draw_claim(
    lines: list[tuple[pd.DataFrame, str, str]],
    window: tuple[pd.Timestamp, pd.Timestamp],
    span: tuple[pd.Timestamp, pd.Timestamp],
    threshold: float | None,
    width: int = 240,
    height: int = 84,
) -> str:
    """Return a small SVG of what a claim is bound to: its lines, its period (shaded) and its threshold (dashed).

    ``lines`` are (readings, colour in light, colour in dark); the scale runs from 0 to 10. The picture follows the
    colour scheme of the page around it.
    """
    frame = Frame(span, 16, 3, width - 4, height - 3)
    left, right = map(frame.x, window)
    light = "".join(f".c{n}{{stroke:{colour}}}" for n, (_, colour, _) in enumerate(lines))
    dark = "".join(f".c{n}{{stroke:{colour}}}" for n, (_, _, colour) in enumerate(lines))
    paths = "".join(
        f'<path class="c{n}" fill="none" stroke-width="2" '
        f'd="{_step_path(readings[readings["score"].notna()], frame)}"/>'
        for n, (readings, _, _) in enumerate(lines)
        if readings["score"].notna().sum() > 1
    )
    ticks = "".join(
        f'<path d="M14 {frame.y(v):.1f}H{width - 2}" stroke="#888" stroke-opacity=".25"/>'
        f'<text x="10" y="{frame.y(v) + 3:.1f}" text-anchor="end">{v}</text>'
        for v in (0, 5, 10)
    )
    mark = ""
    if threshold is not None:
        mark = f'<path d="M14 {frame.y(threshold):.1f}H{width - 2}" stroke="#888" stroke-dasharray="4 3"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<style>text{{font:9px sans-serif;fill:#666}}{light}"
        f"@media(prefers-color-scheme:dark){{text{{fill:#aaa}}{dark}}}</style>"
        f'<rect x="{left:.1f}" y="2" width="{right - left:.1f}" height="{height - 4}" fill="#888" fill-opacity=".18"/>'
        f"{ticks}{mark}{paths}</svg>"
    )


def _step_path(known: pd.DataFrame, frame: Frame) -> str:
    before = known[known["date"] <= frame.span[0]].tail(1)
    known = pd.concat([before, known[known["date"].between(*frame.span, inclusive="right")]])
    if known.empty:
        return "M0 0"
    x = [frame.x(day) for day in known["date"]]
    y = [frame.y(score) for score in known["score"]]
    steps = "".join(f"H{b:.1f}V{v:.1f}" for b, v in zip(x[1:], y[1:], strict=True))
    return f"M{x[0]:.1f} {y[0]:.1f}{steps}"
