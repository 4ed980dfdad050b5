"""Charts of the outlook: the fan with the readings before it, the levers' parts, hindcasts against outcomes."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from indicators.measures.outlook.fan import SHARES
from indicators.show.charts.key import Sign
from indicators.show.charts.palette import Palette
from indicators.show.charts.plots import Chart, label_rows
from indicators.show.charts.points import Point, Spots, list_reviews
from indicators.show.charts.scale import SHADE, Line, add_line, escape_label, label_ends, scale_figure
from indicators.show.charts.shape import describe_course
from indicators.show.text.words import count_words, format_change, format_date, format_score, name_quarter

BEFORE = pd.DateOffset(years=2)
"""History that the chart of a fan shows."""

FAN_SHADES = {95: 0.16, 80: 0.2, 50: 0.28}
"""How dark each fan is; the inner ones lie on the outer ones."""


def plot_fan(
    line: Line,
    fan: pd.DataFrame,
    palette: Palette,
    baseline: pd.DataFrame | None = None,
    height: int = 390,
    today: pd.Timestamp | None = None,
) -> Chart:
    """Return the chart of a fan: readings up to its start, then nested fans with the median; ``today`` is marked.

    ``line`` has the readings of the id, ``fan`` and ``baseline`` the columns of ``summarise_fan``; the baseline, where
    given, stands as a quiet outline of its 80 % fan and median.
    """
    start, end = fan["date"].iloc[0], fan["date"].iloc[-1]
    last = fan.iloc[-1]
    ends = [("median", f"median {format_score(last['median'])}", line.colour)]
    ends += [(f"high_{share}", f"{share} %", palette.quiet_text) for share in SHARES]
    labels = [_label(name, text, colour, fan, name) for name, text, colour in ends]
    if baseline is not None:
        labels.append(_label("none", "without levers", palette.quiet_text, baseline, "median"))
    figure = scale_figure((start - BEFORE, end), height, [label.label for label in labels], palette)
    figure.update_xaxes(nticks=4)
    past = line.readings[line.readings["date"] <= start]
    for share in reversed(SHARES):
        for name, fill in ((f"low_{share}", None), (f"high_{share}", "tonexty")):
            figure.add_scatter(
                x=fan["date"],
                y=fan[name],
                mode="lines",
                line={"width": 0, "color": line.colour},
                fill=fill,
                fillcolor=SHADE.format(FAN_SHADES[share]),
                hoverinfo="skip",
            )
    if baseline is not None:
        for name, width in (("low_80", 1.0), ("high_80", 1.0), ("median", 1.4)):
            figure.add_scatter(
                x=baseline["date"],
                y=baseline[name],
                mode="lines",
                line={"width": width, "color": palette.quiet_text, "dash": "dot"},
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=fan["date"],
        y=fan["median"],
        name="median of the paths",
        mode="lines",
        line={"width": 2, "color": line.colour},
        customdata=fan[[f"{end}_{share}" for share in SHARES for end in ("low", "high")]].round(2),
        hovertemplate="<b>%{x|%-d %b %Y}</b><br>median %{y:.1f}"
        + "".join(
            f"<br>{share} % of the paths %{{customdata[{2 * n}]:.1f}} to %{{customdata[{2 * n + 1}]:.1f}}"
            for n, share in enumerate(SHARES)
        )
        + "<extra></extra>",
    )
    add_line(figure, replace(line, readings=past), True, False)
    marks = [(start, f"last settled quarter, {format_date(start)}", "right")]
    if today is not None and start < today <= end:
        marks.append((today, f"today, {format_date(today)}", "left"))
    for day, text, anchor in marks:
        figure.add_vline(x=day, line={"color": palette.quiet_text, "width": 1, "dash": "dot"})
        figure.add_annotation(
            text=text,
            x=day,
            y=0,
            yanchor="bottom",
            xanchor=anchor,
            xshift=-4 if anchor == "right" else 4,
            showarrow=False,
            font={"size": 11, "color": palette.quiet_text},
        )
    label_ends(figure, labels, "median", height)
    shares = ", ".join(f"{share}" for share in sorted(SHARES))
    key = [
        Sign("line", f"{line.title}, then the median of the paths", line.colour),
        Sign("area", f"{shares} % of the paths", palette.quiet_text),
    ]
    if baseline is not None:
        key.append(Sign("dotted", "without levers", palette.quiet_text))
    shown = past[past["date"] >= start - BEFORE].dropna(subset=["score"]).set_index("date")["score"]
    return Chart(figure, describe_chart(line.title, fan, baseline, shown), tabulate_fan(fan, baseline), key)


def list_fan_points(figure: go.Figure, settled: pd.Series, fan: pd.DataFrame) -> list[Point]:
    """Return the points of a fan's chart: the settled quarters (readings by last day) up to its start, then its own."""
    start = fan["date"].iloc[0]
    spots = Spots(figure)
    drawn = []
    for row in fan.iloc[1:].to_dict("records"):
        name = (
            f"{name_quarter(row['date'])}: median {format_score(row['median'])}, 80 % of the paths "
            f"{format_score(row['low_80'])} to {format_score(row['high_80'])}"
        )
        drawn.append(spots.place(f"{row['date']:%Y-%m-%d}", name, row["date"], row["median"]))
    return [*list_reviews(figure, settled[settled.index <= start], "What moved it"), *drawn]


def describe_chart(
    title: str, fan: pd.DataFrame, baseline: pd.DataFrame | None = None, before: pd.Series | None = None
) -> str:
    """Return in a sentence or two what the chart of a fan shows; ``before`` are the readings up to its start, by day."""
    first, last = fan.iloc[0], fan.iloc[-1]
    spans = ", ".join(
        f"{share} % between {format_score(last[f'low_{share}'])} and {format_score(last[f'high_{share}'])}"
        for share in SHARES
    )
    turn = round(last["median"], 1) - round(first["median"], 1)
    way = "rises" if turn > 0 else "falls" if turn < 0 else "stays level"
    history = "" if before is None or before.empty else f"{describe_course(title, before)}. "
    text = (
        f"{history}{title}: from {format_score(first['median'])} on {format_date(first['date'])} the simulated paths "
        f"lead to a median of {format_score(last['median'])} on {format_date(last['date'])}, which {way}: {spans}."
    )
    if baseline is None:
        return text
    other = baseline.iloc[-1]
    return (
        f"{text} Without levers the median is {format_score(other['median'])} and 80 % lie between "
        f"{format_score(other['low_80'])} and {format_score(other['high_80'])}."
    )


def tabulate_fan(fan: pd.DataFrame, baseline: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a fan as a table for readers, with the baseline's median and 80 % fan beside it where given."""
    columns = {"date": fan["date"], "median": fan["median"]}
    for share in SHARES:
        columns |= {f"low ({share} %)": fan[f"low_{share}"], f"high ({share} %)": fan[f"high_{share}"]}
    if baseline is not None:
        columns |= {"without levers: median": baseline["median"]}
        columns |= {f"without levers: {end} (80 %)": baseline[f"{end}_80"] for end in ("low", "high")}
    return pd.DataFrame(columns)


def plot_levers(ranges: pd.DataFrame, titles: Mapping[str, str], palette: Palette) -> Chart:
    """Return what each lever does to the index as bars with a thin line over 80 % of the paths, largest on top."""
    figure = go.Figure()
    names = [titles[lever] for lever in ranges["lever"]]
    figure.add_bar(
        y=list(range(len(ranges))),
        x=ranges["amount"],
        orientation="h",
        width=0.5,
        marker={"color": palette.quiet_line, "line": {"width": 0}},
        customdata=ranges[["low", "high"]],
        hovertemplate="%{x:.2f} on average, 80 % of the paths %{customdata[0]:.2f} to %{customdata[1]:.2f}<extra></extra>",
    )
    for place, row in enumerate(ranges.to_dict("records")):
        figure.add_scatter(
            x=[row["low"], row["high"]],
            y=[place, place],
            mode="lines+markers",
            line={"color": palette.index, "width": 1.2},
            marker={"symbol": "line-ns", "size": 8, "line": {"width": 1.2, "color": palette.index}},
            hoverinfo="skip",
        )
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=8,
            y=place,
            text=format_change(row["amount"], 2),
            showarrow=False,
            font={"size": 12, "color": palette.index},
        )
    label_rows(figure, [escape_label(name) for name in names])
    figure.update_layout(
        height=34 * len(ranges) + 56,
        margin={"l": 8, "r": 52, "t": 4, "b": 40},
        xaxis={"zeroline": True, "zerolinecolor": SHADE.format(0.6)},
    )
    parts = ", ".join(
        f"{name} {format_change(row['amount'], 2)} ({format_change(row['low'], 2)} to {format_change(row['high'], 2)})"
        for name, row in zip(names, ranges.to_dict("records"), strict=True)
    )
    table = pd.DataFrame({"lever": names, "points of the index": ranges["amount"]})
    for name in ("low", "high"):
        table[f"{name} (80 %)"] = ranges[name]
    return Chart(figure, f"Effect of each lever on the index, mean and 80 % of the paths: {parts}.", table)


def plot_record(casts: pd.DataFrame, title: str, palette: Palette, height: int = 300) -> Chart:
    """Return hindcasts as bars, one over each day that they were made for, with a dot at the actual reading.

    ``casts`` are rows of ``cast_back`` of one id and one number of months ahead.
    """
    days = casts["date"]
    margin = pd.Timedelta(days=60)
    figure = scale_figure((days.min() - margin, days.max() + margin), height, ["came"], palette)
    for share, width in zip(reversed(SHARES), (3, 9, 15), strict=True):
        places: list[pd.Timestamp | None] = []
        values: list[float | None] = []
        for row in casts.to_dict("records"):
            places += [row["date"], row["date"], None]
            values += [row[f"low_{share}"], row[f"high_{share}"], None]
        figure.add_scatter(
            x=places, y=values, mode="lines", line={"width": width, "color": SHADE.format(0.42)}, hoverinfo="skip"
        )
    figure.update_xaxes(nticks=4)
    inside = casts["inside_80"].to_numpy(bool)
    figure.add_scatter(
        x=days,
        y=casts["came"],
        mode="markers",
        marker={
            "size": 9,
            "color": palette.index,
            "symbol": ["circle" if held else "circle-open" for held in inside],
            "line": {"width": 2, "color": palette.index},
        },
        customdata=list(
            zip(casts["origin"].map(format_date), casts["low_80"].round(2), casts["high_80"].round(2), strict=True)
        ),
        hovertemplate="<b>%{x|%-d %b %Y}</b>: actual %{y:.1f}<br>hindcast from %{customdata[0]}: 80 % of the paths "
        "%{customdata[1]:.1f} to %{customdata[2]:.1f}<extra></extra>",
    )
    months = int(casts["months"].iloc[0])
    came = casts.set_index("date")["came"].sort_index()
    alt = (
        f"{title}, {len(casts)} hindcasts over {months} months: the outcome was within the 80 % interval "
        f"{count_words(int(inside.sum()), 'time')}. {describe_course('The outcome', came)}."
    )
    return Chart(figure, alt, tabulate_record(casts))


def tabulate_record(casts: pd.DataFrame) -> pd.DataFrame:
    """Return hindcasts of one id as a table for readers, the newest first."""
    shown = casts.sort_values(["date", "months"], ascending=[False, True])
    table = pd.DataFrame(
        {"origin": shown["origin"], "for": shown["date"], "quarters drawn from": shown["quarters"].astype(str)}
    )
    for share in SHARES:
        spans = zip(shown[f"low_{share}"], shown[f"high_{share}"], strict=True)
        table[f"{share} %"] = [f"{format_score(low)} to {format_score(high)}" for low, high in spans]
    table["actual"] = shown["came"]
    table["within 80 %"] = shown["inside_80"].map({True: "yes", False: "no"})
    return table


def _label(id: str, text: str, colour: str, table: pd.DataFrame, column: str) -> Line:
    """An end label at the last value of a column."""
    return Line(id, text, text, colour, table[["date"]].assign(score=table[column]))
