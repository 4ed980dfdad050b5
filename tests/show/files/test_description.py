"""What a download says of itself: the settings under which its numbers were made, and where they are not the published."""

import datetime as dt

from indicators.measures.index import Weights
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.files.description import describe_download
from indicators.show.files.tables import csv_bytes, noted_csv, read_series
from indicators.show.links.parameters import View

TODAY = dt.date(2024, 7, 20)


def own_panel(dataset: Dataset) -> Panel:
    """A reader's own view: weights, mean, coder, vintage and doubt are all other than published."""
    weights = Weights.from_codebook(dataset.dimensions, dataset.indicators).with_dimensions({"cyber": 3})
    return Panel(dataset, dt.date(2024, 7, 3), "c1", weights, "geometric", "strongly")


def test_it_has_each_setting_digest_licence_quarter_and_date(dataset: Dataset, panel: Panel) -> None:
    said = describe_download(panel, View({"from": "2024-02-01"}), "", "cyber", "https://example.org/?x=1", TODAY)
    rows = dict(said.rows)
    assert said.title == "Two-state tension: Cyber activity"
    assert said.own == said.warning == ""
    assert (rows["Coders"], rows["Weights"], rows["Mean"]) == ("all", "as published", "arithmetic")
    assert rows["Interval"] == "80 % of draws, doubt partly shared"
    assert rows["Period"] == "1 Feb 2024 to the newest data"
    assert rows["Data"] == "recorded up to 6 Jul 2024, the newest"
    assert rows["Quarters"].startswith("calendar quarters; one is settled when it has ended and at least 75 %")
    assert (rows["Method"], rows["Digest"], rows["Licence"]) == ("1.0", dataset.digest, "CC BY 4.0")
    assert (rows["Made"], rows["Address"]) == ("20 Jul 2024", "https://example.org/?x=1")
    assert all(value in said.line for value in rows.values())


def test_what_is_not_as_published_stands_first(dataset: Dataset) -> None:
    said = describe_download(own_panel(dataset), View({"interval": "95"}))
    warning = (
        "Not the published figures: as recorded up to 3 Jul 2024, by coder c1 alone, as a geometric mean, "
        "with the reader's own weights (Military posture 1, Cyber activity 3) and with doubt strongly shared."
    )
    assert said.warning == said.lines[0] == warning
    assert said.line.startswith(f"Two-state tension: index. {warning}")
    assert dict(said.rows)["Weights"] == "Military posture 1, Cyber activity 3"


def test_the_days_of_a_comparison_are_named_on_its_page_alone(panel: Panel) -> None:
    view = View({"base": "2024-01-31", "compare": "2024-06-30"})
    rows = dict(describe_download(panel, view, "compare").rows)
    assert (rows["Compared from"], rows["to"]) == ("31 Jan 2024", "30 Jun 2024")
    assert "Compared from" not in dict(describe_download(panel, view, "method").rows)


def test_a_projection_under_levers_is_none_of_those_published(shipped: Dataset) -> None:
    lever = str(shipped.pathways["lever"].iloc[0])
    said = describe_download(Panel(shipped), View({"levers": lever}), "outlook")
    assert said.own == "with levers on"
    assert dict(said.rows)["Levers on"] == shipped.pathways["title"].iloc[0]


def test_a_note_beside_a_table_changes_none_of_its_columns(panel: Panel) -> None:
    table = read_series(panel, View())
    plain, noted = csv_bytes(table).decode().splitlines(), noted_csv(table, "Made so.").decode().splitlines()
    assert noted[0] == f"{plain[0]},note"
    assert noted[1] == f"{plain[1]},Made so."
    assert noted[2:] == [f"{line}," for line in plain[2:]]
    assert noted_csv(table.head(0), "Made so.") == csv_bytes(table.head(0))
