"""What is cited keeps its meaning: pinned links, what became of their data, a sentence with its conditions."""

import datetime as dt
import json
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from indicators.measures.index import Weights
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.links.citation import (
    cite_bibtex,
    cite_csl,
    describe_method_change,
    describe_pinned,
    embed_card,
    find_edition,
    pin_values,
    quote_reading,
    say_change,
)
from indicators.show.links.parameters import View, build_link, read_view

TODAY = dt.date(2024, 7, 20)


def add_row(dataset: Dataset, recorded: str) -> Dataset:
    """The data with one more score, recorded at a time, and so with another digest."""
    row = dataset.assessments.iloc[[0]].assign(recorded=pd.Timestamp(recorded), score=1.0)
    return replace(dataset, assessments=pd.concat([dataset.assessments, row], ignore_index=True), digest="f" * 64)


def test_a_cited_link_names_the_newest_recorded_day_and_the_data(dataset: Dataset) -> None:
    pinned = pin_values({"dim": "cyber"}, dataset)
    assert pinned == {"dim": "cyber", "as_of": "2024-07-06", "digest": dataset.digest[:12]}
    assert read_view(pinned.items(), dataset, today=TODAY).refusals == ()
    assert build_link("https://example.org", "", pinned, dataset).startswith(
        "https://example.org/?as_of=2024-07-06&digest="
    )


def test_a_view_of_an_earlier_vintage_is_cited_as_it_is(dataset: Dataset) -> None:
    assert pin_values({"as_of": "2024-07-02", "digest": "0" * 12}, dataset) == {
        "as_of": "2024-07-02",
        "digest": dataset.digest[:12],
    }


def test_nothing_is_said_while_the_data_are_the_cited_ones(dataset: Dataset) -> None:
    assert describe_pinned(dataset, View(pin_values({}, dataset))) == ""
    assert describe_pinned(dataset, View({"as_of": "2024-07-02"})) == ""


def test_newer_data_are_announced_and_the_old_reading_still_shown(dataset: Dataset) -> None:
    pinned = View(pin_values({}, dataset))
    newer = add_row(dataset, "2024-07-15T08:00:00")
    notice = describe_pinned(newer, pinned)
    for part in ("1 row", "6 Jul 2024", "15 Jul 2024", dataset.digest[:12], "f" * 12):
        assert part in notice
    before, after = Panel(dataset), Panel(newer, pinned.day("as_of"))
    assert (
        quote_reading(after, "index", 80, TODAY).split(",")[0]
        == quote_reading(before, "index", 80, TODAY).split(",")[0]
    )
    assert after.composite(before.steps).index.equals(before.composite(before.steps).index)


@pytest.mark.parametrize("change", [{}, {"recorded": "2024-07-06T23:00:00"}])
def test_other_changes_are_announced_as_ones_that_the_day_does_not_undo(
    dataset: Dataset, change: dict[str, str]
) -> None:
    pinned = View(pin_values({}, dataset))
    changed = add_row(dataset, change["recorded"]) if change else replace(dataset, digest="f" * 64)
    notice = describe_pinned(changed, pinned)
    assert "may differ" in notice
    assert "Newer data exist" not in notice


def test_a_link_of_an_earlier_method_says_that_it_has_changed_and_where_the_edition_is(dataset: Dataset) -> None:
    cited = View({"as_of": "2024-07-02", "digest": "0" * 12})
    methods = pd.DataFrame({"date": pd.to_datetime(["2024-01-01", "2024-07-05"])}, index=["1.0", "2.0"])
    notice = describe_method_change(replace(dataset, methods=methods), cited)
    assert "2.0 is in force since 5 Jul 2024" in notice
    assert "by 1.0" in notice
    assert find_edition("https://example.org/p", cited) == "https://example.org/p/versions.html#2024-07-02-00000000"
    assert find_edition("", cited) == ""
    # Nothing is said of a method that came first, of the data as they are, and of a link that cites none.
    assert describe_method_change(replace(dataset, methods=methods[:1]), cited) == ""
    own = View({"as_of": "2024-07-02", "digest": dataset.digest[:12]})
    assert describe_method_change(replace(dataset, methods=methods), own) == ""
    assert describe_method_change(replace(dataset, methods=methods), View({"as_of": "2024-07-02"})) == ""


def test_a_digest_without_a_day_is_told(dataset: Dataset) -> None:
    assert "no day" in describe_pinned(dataset, View({"digest": "0" * 12}))


def test_the_sentence_to_quote_has_reading_interval_date_band_and_citation(dataset: Dataset, panel: Panel) -> None:
    text = quote_reading(panel, "index", 80, TODAY)
    # (5 + 4) / 2 and (5.25 + 7) / 2: 5.3125.
    for part in (
        "stood at 5.3 of 10",
        "30 Jun 2024",
        "80 % interval 4.9 to 5.7",
        "strained",
        dataset.digest[:8],
        "CC BY 4.0",
    ):
        assert part in text
    assert "—" not in text
    assert "“Cyber activity” stood at 6.1" in quote_reading(panel, "cyber", 95, TODAY)


def test_the_sentence_names_what_the_view_changes(dataset: Dataset) -> None:
    weights = Weights.from_codebook(dataset.dimensions, dataset.indicators).with_dimensions({"cyber": 3})
    panel = Panel(dataset, dt.date(2024, 7, 3), "c1", weights, "geometric")
    text = quote_reading(panel, "index", 80, TODAY)
    for part in ("as recorded up to 3 Jul 2024", "by coder c1 alone", "geometric mean", "own weights"):
        assert part in text


def test_a_view_without_a_reading_is_quoted_as_such(dataset: Dataset) -> None:
    text = quote_reading(Panel(dataset, dt.date(2024, 1, 1)), "index", 80, TODAY)
    assert "no reading" in text
    assert dataset.digest[:8] in text


def test_the_code_to_embed_is_one_frame_on_the_card(dataset: Dataset) -> None:
    found: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Reader().feed(embed_card("https://example.org/tension/", dataset, "cyber"))
    ((tag, attributes),) = found
    assert tag == "iframe"
    assert attributes["src"] == "https://example.org/tension/cards/cyber.html"
    assert "Cyber activity" in (attributes["title"] or "")


def test_a_change_is_told_with_both_readings_quarters_and_how_sure_it_is(panel: Panel) -> None:
    start, end = pd.Timestamp("2024-03-31"), pd.Timestamp("2024-06-30")
    text = say_change(panel, "mil_posture", start, end, 80)
    for part in ("“Posture” ", " on 31 Mar 2024 (80 % interval ", " on 30 Jun 2024 (80 % interval ", "of draws"):
        assert part in text
    assert ": the 1st quarter of 2024 to the 2nd quarter of 2024. " in text
    assert say_change(panel, "mil_posture", end, start, 80) == text
    one = say_change(panel, "mil_posture", end, end, 80)
    assert "“Posture” stood at " in one
    assert "31 Mar" not in one


def test_citations_for_programs_name_data_licence_and_address(dataset: Dataset) -> None:
    link = "https://example.org/?as_of=2024-07-06&digest=x"
    (entry,) = json.loads(cite_csl(dataset, TODAY, link))
    assert (entry["type"], entry["issued"], entry["accessed"]) == (
        "dataset",
        {"date-parts": [[2024, 7, 6]]},
        {"date-parts": [[2024, 7, 20]]},
    )
    assert (entry["URL"], entry["license"], entry["note"]) == (link, "CC BY 4.0", f"Digest {dataset.digest}")
    lines = cite_bibtex(dataset, TODAY, link).splitlines()
    assert lines[0] == f"@misc{{{entry['id']},"
    assert lines[-1] == "}"
    assert f"  url = {{{link}}}," in lines
    assert f"  version = {{{dataset.digest[:12]}}}," in lines


def test_the_code_to_embed_stands_on_three_lines(dataset: Dataset) -> None:
    assert len(embed_card("https://example.org", dataset, "cyber").strip().splitlines()) == 3
