"""Pictures for print: they have the size that was asked for, and say what they show, what signs mean and how they came."""

import io
import re
from dataclasses import replace

import plotly.graph_objects as go
import pytest
from PIL import Image

from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.charts.key import Sign, count_rows
from indicators.show.charts.levels import chart_levels
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.marked import plot_marked
from indicators.show.charts.marks import mark_line
from indicators.show.charts.palette import DARK, LIGHT, THEMED
from indicators.show.charts.plots import Chart
from indicators.show.files import pictures
from indicators.show.files.description import Description, describe_download
from indicators.show.files.pictures import (
    SIZES,
    PictureError,
    Size,
    compose_picture,
    draw_picture,
    explain_no_pictures,
)
from indicators.show.links.parameters import View

SOURCES = ["Sources: 12 events <of> a file."]


@pytest.fixture(scope="module")
def said(panel: Panel) -> Description:
    return describe_download(panel, View(), "", "index", "https://example.org")


@pytest.fixture(scope="module")
def charts(shipped: Dataset) -> dict[str, Chart]:
    """The chart of the index with its turning points, and one of many lines."""
    panel = Panel(shipped)
    span = panel.steps[0], panel.steps[-1]
    lines = level_lines(panel, ["index", *shipped.dimensions.index], THEMED, draw_lines(panel, span[1]))
    return {
        "marked": plot_marked(mark_line(panel, lines[0], span), THEMED),
        "levels": chart_levels(shipped, lines, "index", THEMED, span),
    }


def written(figure: go.Figure) -> str:
    """All texts of a figure, without markup."""
    texts = [figure.layout.title.text, *(text.text for text in figure.layout.annotations)]
    texts += [trace.name for trace in figure.data if trace.showlegend is not False]
    return re.sub(r"<[^>]*>", " ", " ".join(texts))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
@pytest.mark.parametrize("name", ["marked", "levels"])
def test_title_key_settings_sources_and_turning_points_stand_in_every_size(
    charts: dict[str, Chart], said: Description, name: str, size: Size
) -> None:
    figure = compose_picture(charts[name], said, SOURCES, size, LIGHT)
    text = written(figure)
    assert charts[name].key
    for words in (said.title, *(sign.words for sign in charts[name].key)):
        assert words in text
    flat = re.sub(r"\s+", " ", text)
    for line in [*said.lines, said.citation, "Sources: 12 events &lt;of&gt; a file."]:
        assert line.replace("'", "&#39;") in flat
    for number, note in enumerate(charts[name].notes, 1):
        label, day = re.split(r", (?=\d)", note, maxsplit=1)
        assert f"{number} {label}" in flat or (label in flat and day.partition(":")[0] in flat)
    assert (figure.layout.width, size.height or figure.layout.height) == (size.width, figure.layout.height)
    plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    assert plot >= pictures.LEAST_PLOT


def test_a_warning_is_bold_and_a_long_one_takes_room_of_its_own(charts: dict[str, Chart], said: Description) -> None:
    own = replace(said, own="with the reader's own weights " * 6)
    one, other = (compose_picture(charts["marked"], d, [], SIZES[1], LIGHT) for d in (said, own))
    assert other.layout.height > one.layout.height
    assert any("<b style" in text.text and "own weights" in text.text for text in other.layout.annotations)


def test_colours_are_those_of_the_ground(charts: dict[str, Chart], said: Description) -> None:
    for palette, other in ((LIGHT, DARK), (DARK, LIGHT)):
        drawn = str(compose_picture(charts["levels"], said, [], SIZES[0], palette).to_json())
        assert palette.index in drawn
        assert other.index not in drawn
        assert not re.search(r'"#0000(0[1-9]|10|38)"', drawn)


def test_a_key_takes_one_row_where_it_fits_and_columns_elsewhere() -> None:
    key = [Sign("line", "abcd", "#000")] * 4  # each 48 pixels and 4 letters of 5: 68
    assert [count_rows(key, width, 5) for width in (272, 271, 136, 135)] == [1, 2, 2, 4]
    assert count_rows([], 100, 5) == 0


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_a_png_has_its_pixels_and_tells_a_program_its_settings(
    charts: dict[str, Chart], said: Description, size: Size
) -> None:
    if why := explain_no_pictures():
        pytest.skip(why)
    content = draw_picture(charts["marked"], "png", said, SOURCES, size)
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        assert picture.width == size.width * size.scale
        assert not size.height or picture.height == size.height * size.scale
        assert (picture.text["Title"], picture.text["Description"]) == (said.title, said.line)  # type: ignore[attr-defined]
        assert round(picture.info["dpi"][0]) == 300


def test_an_svg_has_its_texts_as_text(charts: dict[str, Chart], said: Description) -> None:
    if why := explain_no_pictures():
        pytest.skip(why)
    content = draw_picture(charts["levels"], "svg", said, SOURCES, ground="dark").decode()
    assert content.startswith("<svg ")
    assert f"<title>{said.title}</title>" in content
    assert all(sign.words in content for sign in charts["levels"].key)
    assert DARK.ground in content or "rgb(20, 23, 28)" in content


def test_a_browser_that_failed_is_started_again(charts: dict[str, Chart], said: Description) -> None:
    if why := explain_no_pictures():
        pytest.skip(why)
    browser = pictures._Browser()
    with pytest.raises(PictureError):
        browser.draw({"data": object()}, {"format": "png"})
    figure = compose_picture(charts["levels"], said, [], SIZES[0], LIGHT)
    content = browser.draw(figure.to_dict(), {"format": "png", "width": 300, "height": 200, "scale": 1})
    assert content.startswith(pictures.PNG)
    browser._give_up()


def test_where_no_picture_can_be_drawn_the_reason_is_given(
    charts: dict[str, Chart], said: Description, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures.importlib.util, "find_spec", lambda _: None)  # as if the package were not installed
    assert "kaleido" in explain_no_pictures()
    with pytest.raises(PictureError, match="kaleido"):
        draw_picture(charts["levels"], "png", said)
