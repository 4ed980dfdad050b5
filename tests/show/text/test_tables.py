"""Tables for readers: titles for ids, shares that add up."""

import pandas as pd
import pytest

from indicators.measures.index import Weights
from indicators.measures.panel import Panel
from indicators.measures.quarters import list_reviews
from indicators.records.dataset import Dataset
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.palette import LIGHT
from indicators.show.text.tables import file_table, freshness_table, tabulate_readings, weight_table


def test_weights_add_up_to_the_index_and_to_each_dimension(dataset: Dataset) -> None:
    weights = Weights.from_codebook(dataset.dimensions, dataset.indicators).with_dimensions({"cyber": 3})
    table = weight_table(dataset, weights)
    assert table["id"].tolist() == dataset.indicators.index.tolist()
    assert table["% of index"].sum() == pytest.approx(100)
    assert table.groupby("dimension")["% of dimension"].sum().tolist() == pytest.approx([100, 100])
    # Cyber weighs three of four parts and has two indicators of equal weight.
    assert table.set_index("id").at["cyb_espionage", "% of index"] == pytest.approx(37.5)


def test_the_most_overdue_indicator_comes_first(dataset: Dataset, panel: Panel) -> None:
    table = freshness_table(dataset, list_reviews(panel, pd.Timestamp("2024-07-20").date()))
    assert table["next review"].is_monotonic_increasing
    # c2 last reviewed espionage on 31 March, so the second quarter was missed.
    first = table.iloc[0]
    assert (first["indicator"], first["coder"], first["state"]) == ("Espionage", "c2", "overdue")
    assert table.iloc[-1]["state"] == "reviewed"


def test_every_file_is_listed_with_its_rows(dataset: Dataset) -> None:
    table = file_table(dataset).set_index("file")["rows"]
    assert table["events.csv"] == "12"
    assert table["scores/cyber.csv"] == "7"


def test_readings_stand_at_period_ends_newest_first_with_the_interval_beside_the_strong_line(panel: Panel) -> None:
    start, end = pd.Timestamp("2024-03-01"), pd.Timestamp("2024-06-30")
    lines = level_lines(panel, ["index", "military"], LIGHT, draw_lines(panel, end))
    table = tabulate_readings(lines, panel.dates("month", start, end), "military", 80)
    assert list(table.columns) == ["date", "Military posture", "low (80 %)", "high (80 %)", "Index"]
    assert table["date"].tolist() == [
        pd.Timestamp(day) for day in ("2024-06-30", "2024-05-31", "2024-04-30", "2024-03-31")
    ]
    # By hand: in March the mean of 5.75 (two coders) and 7; in June of 5 and 4; between them evenly, over 91 days.
    between = [6.375 - 1.875 * days / 91 for days in (61, 30)]
    assert table["Military posture"].tolist() == pytest.approx([4.5, *between, 6.375])
    assert (table["low (80 %)"] <= table["Military posture"]).all()
    assert (table["high (80 %)"] >= table["Military posture"]).all()
