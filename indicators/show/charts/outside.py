"""Outside series below a chart, in a panel and on an axis of their own, with their sources in words."""

import textwrap
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from indicators.measures.outside.overlay import FEWEST, Overlay, Strand, explain_context, find_nature, list_overlays
from indicators.records.dataset import Dataset
from indicators.show.charts.key import Sign
from indicators.show.charts.palette import Palette
from indicators.show.charts.plots import Chart
from indicators.show.charts.scale import SHADE, Line, escape_label
from indicators.show.text.words import count_words, format_date

PANEL = 104
"""Pixels of the panel's plot area."""
HEAD = 62
"""Pixels above it, for its title and its unit."""
WIDEST = 58
"""Characters of a title's line, so that it fits a telephone."""

DASHES = ("solid", "5px,3px", "2px,3px", "9px,3px,2px,3px")
DASH_WORDS = ("solid", "dashed", "dotted", "dash-dotted")

Span = tuple[pd.Timestamp, pd.Timestamp]


def add_overlay(chart: Chart, overlay: Overlay, line: Line, palette: Palette, span: Span) -> Chart:
    """Return a chart with an outside series in a panel below it: the same dates, an axis of its own.

    The series is never drawn on the scale of the readings. Standardised, the panel shows the reading of ``line`` as
    well, both in standard deviations. Alt text and table tell of the series too.
    """
    figure = go.Figure(chart.figure)
    _open_panel(figure, span)
    if overlay.reading is not None:
        zero = {"type": "line", "xref": "x domain", "yref": "y2", "x0": 0, "x1": 1, "y0": 0, "y1": 0}
        figure.add_shape(zero, line={"color": SHADE.format(0.6), "width": 1})
        figure.add_scatter(
            x=overlay.reading["date"],
            y=overlay.reading["value"],
            yaxis="y2",
            mode="lines",
            line={"width": 2.2, "color": line.colour},
            hovertemplate=f"<b>{escape_label(line.title)}</b><br>%{{x|%-d %b %Y}}<br>%{{y:+.2f}} standard deviations<extra></extra>",
        )
    for strand, dash in zip(overlay.strands, DASHES * len(overlay.strands), strict=False):
        _add_strand(figure, strand, dash, palette, overlay.standardised)
    _name_panel(figure, overlay, line, palette)
    _name_end(figure, overlay, line)
    alt = f"{chart.alt} {describe_overlay(overlay, span)}"
    key = [
        *chart.key,
        Sign("thin", f"below: {textwrap.shorten(overlay.title, WIDEST, placeholder=' …')}", palette.quiet_text),
    ]
    return replace(chart, figure=figure, alt=alt, table=join_table(chart.table, overlay, line.title), key=key, fit=None)


def join_table(table: pd.DataFrame, overlay: Overlay, title: str) -> pd.DataFrame:
    """Return a table by ``date``, newest first, with a column for each outside series and rows for its dates.

    ``title`` names the reading that a standardised overlay has beside them.
    """
    columns = {}
    if overlay.reading is not None:
        columns[f"{title}, standardised"] = overlay.reading.set_index("date")["value"]
    for strand in overlay.strands:
        values = strand.values.dropna(subset=["value"])
        unit = "standard deviations" if overlay.standardised else strand.unit or overlay.unit
        columns[f"{name_strand(strand)} ({unit})"] = values.set_index("date")["value"]
    joined = table.set_index("date").join(pd.DataFrame(columns), how="outer")
    return joined.sort_index(ascending=False).rename_axis("date").reset_index()


def describe_overlay(overlay: Overlay, span: Span) -> str:
    """Return in a few sentences what the panel below a chart shows."""
    where = (
        "Below, in standard deviations from each one's own mean in the period"
        if overlay.standardised
        else f"Below, on an axis of its own in {overlay.unit}"
    )
    parts = []
    for strand in overlay.strands:
        values = strand.values.dropna(subset=["value"])
        if values.empty:
            parts.append(
                f"{name_strand(strand)} has no value between {format_date(span[0])} and {format_date(span[1])}."
                if not len(strand.values)
                else f"{name_strand(strand)} has fewer than {FEWEST} values in the period, or does not vary."
            )
            continue
        first, last, top = values.iloc[0], values.iloc[-1], values.iloc[int(values["value"].argmax())]
        parts.append(
            f"{name_strand(strand)} went from {format_value(first.value)} on {format_date(first.date)} to "
            f"{format_value(last.value)} on {format_date(last.date)}; its highest value was {format_value(top.value)} "
            f"on {format_date(top.date)}."
        )
    return f"{where}: {' '.join(parts)}"


def describe_manner(dataset: Dataset, overlay: Overlay) -> str:
    """Return how a series and a reading may be read beside each other."""
    kinds = {
        "flow": "The series counts what happens in each period, a flow",
        "level": "The series is a level, as it stood in each period",
    }
    kind = kinds.get(
        find_nature(dataset, [strand.series for strand in overlay.strands]), "The series is given by period"
    )
    scale = (
        "Standard deviations make the shapes comparable, not the sizes"
        if overlay.standardised
        else "The scales of the two panels are unrelated"
    )
    return f"{kind}; a reading is a level, drawn from review to review. {scale}: compare the timing of their turns."


def describe_context(dataset: Dataset, overlay: Overlay) -> str:
    """Return that a series is context, and why, or nothing where it is not."""
    reason = explain_context(dataset, overlay.strands[0].series)
    return f"Context, not validation. {reason}" if reason else ""


def describe_origin(dataset: Dataset, overlay: Overlay) -> list[str]:
    """Return, for each series of an overlay, its publisher, licence, coverage, transformation and citation."""
    return [_describe_strand(dataset, strand, overlay.standardised) for strand in overlay.strands]


def source_lines(dataset: Dataset, overlay: Overlay) -> list[str]:
    """Return the sentences that stand below an overlay, in a picture or a page: what it is, how to read it, from where."""
    return [
        *filter(None, [describe_context(dataset, overlay)]),
        describe_manner(dataset, overlay),
        *describe_origin(dataset, overlay),
    ]


def title_choice(dataset: Dataset, id: str) -> str:
    """Return an outside series as a choice: its title, and how many vintages stand apart."""
    ids = list_overlays(dataset.sources.index)[id]
    title = str(dataset.sources.at[ids[0], "title"])
    return f"{title} ({count_words(len(ids), 'vintage')})" if len(ids) > 1 else title


def name_strand(strand: Strand) -> str:
    """Return a series' title with its vintage."""
    return f"{strand.title}, vintage {name_month(strand.vintage)}" if strand.vintage else strand.title


def name_month(vintage: str) -> str:
    """Return a vintage in words, as in ``March 2026``."""
    return f"{pd.Timestamp(f'{vintage}-01'):%B %Y}"


def format_value(value: float) -> str:
    """Return a value of an outside series with about four figures and a true minus."""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    text = f"{value:z,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def _describe_strand(dataset: Dataset, strand: Strand, standardised: bool) -> str:
    source = dataset.sources.loc[strand.series]
    own = dataset.benchmarks[dataset.benchmarks["series"] == strand.series]
    shown = int(strand.values["value"].notna().sum())
    manner = f"{strand.frequency} values as published"
    if strand.mean is not None and strand.deviation is not None:
        manner += (
            f", shown as standard deviations ({format_value(strand.deviation)}) from the mean "
            f"({format_value(strand.mean)}) of the {shown} values in the period"
        )
    elif standardised:
        manner += f", not standardised: fewer than {FEWEST} values in the period, or no variation"
    gaps = f", {count_words(strand.missing, 'gap')} in the period" if strand.missing else ""
    ends = f"{format_date(pd.Timestamp(str(source['start'])))} to {format_date(pd.Timestamp(str(source['end'])))}"
    return (
        f"Outside series: {name_strand(strand)}. {source['publisher']}; {source['licence']}. Covers {ends} "
        f"({count_words(len(own), 'value')}{gaps}); {manner}. Cite: {source['publisher']}, “{source['title']}”, "
        f"{source['url']}, {source['retrieved']}."
    )


def _open_panel(figure: go.Figure, span: Span) -> None:
    layout = figure.layout
    above, below = layout.margin.t, layout.margin.b
    main = layout.height - above - below
    plot = main + HEAD + PANEL
    figure.update_layout(
        height=plot + above + below,
        margin={"l": max(layout.margin.l, 34)},
        yaxis={"domain": [1 - main / plot, 1]},
        yaxis2={
            "domain": [0, PANEL / plot],
            "anchor": "x",
            "rangemode": "tozero",
            "nticks": 4,
            "showgrid": True,
            "gridcolor": SHADE.format(0.14),
            "zeroline": False,
            "tickfont": {"size": 10},
            "fixedrange": True,
        },
        xaxis={"anchor": "y2", "range": [span[0], span[1]]},
    )
    # Days that are marked on the chart are marked in the panel.
    for mark in [shape for shape in figure.layout.shapes if shape.type == "line" and shape.x0 == shape.x1]:
        figure.add_shape(mark, yref="y2 domain")
    # The main plot keeps a line at its foot, where the dates no longer stand.
    figure.add_shape(
        type="line", xref="x domain", yref="y", x0=0, x1=1, y0=0, y1=0, line={"color": SHADE.format(0.5), "width": 1}
    )


def _add_strand(figure: go.Figure, strand: Strand, dash: str, palette: Palette, standardised: bool) -> None:
    unit = "standard deviations" if standardised else escape_label(strand.unit)
    figure.add_scatter(
        x=strand.values["date"],
        y=strand.values["value"],
        yaxis="y2",
        mode="lines+markers",
        line={"width": 1.2, "color": palette.quiet_text, "dash": dash},
        marker={"size": np.where(_alone(strand.values["value"]), 4, 0), "color": palette.quiet_text},
        unselected={"marker": {"opacity": 1}},
        connectgaps=False,
        hovertemplate=f"<b>{escape_label(name_strand(strand))}</b><br>to %{{x|%-d %b %Y}}<br>%{{y:,.4~g}} {unit}<extra></extra>",
    )


def _alone(values: pd.Series) -> pd.Series:
    """Whether each value stands between two gaps, so that no line would show it."""
    return values.notna() & values.shift(1).isna() & values.shift(-1).isna()


def _name_panel(figure: go.Figure, overlay: Overlay, line: Line, palette: Palette) -> None:
    if overlay.standardised:
        texts = [f"{line.label} and series in standard deviations from own means"]
    else:
        texts = [f"own axis: {overlay.unit}"]
    if len(overlay.strands) > 1:
        keys = [
            f"{name_month(strand.vintage)} {DASH_WORDS[place % len(DASH_WORDS)]}"
            for place, strand in enumerate(overlay.strands)
        ]
        texts.append(f"not joined: {', '.join(keys)}")
    title = textwrap.shorten(f"Outside series: {overlay.title}", WIDEST, placeholder=" …")
    texts = [textwrap.shorten(text, WIDEST + 6, placeholder=" …") for text in texts]
    figure.add_annotation(
        text="<br>".join([f"<b>{escape_label(title)}</b>", *map(escape_label, texts)]),
        x=0,
        xref="x domain",
        xanchor="left",
        y=1,
        yref="y2 domain",
        yanchor="bottom",
        yshift=2,
        align="left",
        showarrow=False,
        font={"size": 11, "color": palette.quiet_text},
    )


def _name_end(figure: go.Figure, overlay: Overlay, line: Line) -> None:
    if overlay.reading is None:
        return
    known = overlay.reading.dropna(subset=["value"])
    if len(known):
        figure.add_annotation(
            text=f"<b>{escape_label(line.label)}</b>",
            x=1,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=float(known["value"].iloc[-1]),
            yref="y2",
            showarrow=False,
            font={"size": 12, "color": line.colour},
        )
