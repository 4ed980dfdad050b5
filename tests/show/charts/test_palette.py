"""Colours: legible on their background, apart for colour-blind readers, the same in the charts and in the app."""

import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from indicators.show.charts.palette import DARK, LIGHT, THEMED, Palette, css_colour
from indicators.show.charts.scale import BARE

ROOT = Path(__file__).parents[3]
THEMES = {"light": LIGHT, "dark": DARK}
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
PUBLISHED = (ROOT / "indicators" / "show" / "publication" / "static" / "charts.js").read_text(encoding="utf-8")
STYLE = "".join(
    (ROOT / "indicators" / file).read_text(encoding="utf-8")
    for file in ("dashboard/browser/app.css", "show/text/style.css")
)

# Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation of color vision deficiency,
# severity 1.0; applied to linear RGB.
VISIONS = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
LEAST_DIFFERENCE = 8  # CIE76; about 2.3 is just noticeable side by side, and lines lie apart

each_theme = pytest.mark.parametrize("theme", THEMES)


def linear(colour: str) -> np.ndarray:
    """The linear RGB values of an sRGB colour."""
    assert re.fullmatch("#[0-9a-f]{6}", colour)
    encoded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    high, low = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    ratios = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(ratios > (6 / 29) ** 3, np.cbrt(ratios), ratios / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def lines_of(palette: Palette) -> dict[str, str]:
    """The colours that lines and their labels have."""
    return (
        {"index": palette.index}
        | {f"dimension {n}": palette.dimension(n) for n in range(7)}
        | {"quiet text": palette.quiet_text}
    )


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_lab_of_white_and_of_red_are_those_of_the_textbook() -> None:
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.02)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)


@each_theme
def test_lines_stand_out_from_the_background(theme: str) -> None:
    background = CONFIG[theme]["backgroundColor"]
    faint = {
        name: contrast(c, background) for name, c in lines_of(THEMES[theme]).items() if contrast(c, background) < 3
    }
    assert faint == {}


@each_theme
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_labels_in_a_lines_colour_can_be_read(theme: str, ground: str) -> None:
    background = CONFIG[theme][ground]
    faint = {
        name: contrast(c, background) for name, c in lines_of(THEMES[theme]).items() if contrast(c, background) < 4.5
    }
    assert faint == {}


@each_theme
@pytest.mark.parametrize("kind", ["textColor", "linkColor"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_of_the_app_can_be_read(theme: str, kind: str, ground: str) -> None:
    assert contrast(CONFIG[theme][kind], CONFIG[theme][ground]) >= 4.5


@each_theme
def test_text_of_the_style_sheet_can_be_read(theme: str) -> None:
    quiet = re.findall(r"--quiet: light-dark\((#\w{6}), (#\w{6})\)", STYLE)
    texts = quiet + re.findall(r"(?<![-\w])color: light-dark\((#\w{6}), (#\w{6})\)", STYLE)
    assert quiet
    for pair in texts:
        for ground in ("backgroundColor", "secondaryBackgroundColor"):
            assert contrast(pair[theme == "dark"], CONFIG[theme][ground]) >= 4.5


@each_theme
def test_tooltips_can_be_read(theme: str) -> None:
    label = BARE["hoverlabel"]
    assert isinstance(label, dict)
    # The app replaces the one by the palette's first colour and the other by the ground of the page.
    assert (label["font"]["color"], label["bgcolor"]) == (THEMED.index, THEMED.ground)
    grounds = [CONFIG[theme]["backgroundColor"]]
    grounds.append(re.findall(r'bgcolor: dark.matches \? "(#\w{6})" : "(#\w{6})"', PUBLISHED)[0][theme == "light"])
    assert [contrast(THEMES[theme].index, ground) >= 4.5 for ground in grounds] == [True, True]


@each_theme
@pytest.mark.parametrize("vision", VISIONS)
def test_the_five_dimensions_stay_apart(theme: str, vision: str) -> None:
    seen = [lab(VISIONS[vision] @ linear(THEMES[theme].dimension(n))) for n in range(5)]
    differences = {
        (a, b): round(float(np.linalg.norm(seen[a] - seen[b])), 1) for a, b in combinations(range(len(seen)), 2)
    }
    assert {pair: d for pair, d in differences.items() if d < LEAST_DIFFERENCE} == {}


@each_theme
def test_the_app_replaces_chart_colours_by_those_of_the_palette(theme: str) -> None:
    assert CONFIG[theme]["chartCategoricalColors"] == list(THEMES[theme].colours)


def test_the_style_sheet_uses_the_apps_grounds_and_the_palettes_quiet_text() -> None:
    pairs = dict(re.findall(r"--(\w+): light-dark\((#\w{6}, #\w{6})\)", STYLE))
    assert pairs["quiet"] == f"{LIGHT.quiet_text}, {DARK.quiet_text}"
    assert pairs["soft"] == ", ".join(CONFIG[theme]["secondaryBackgroundColor"] for theme in THEMES)
    assert pairs["rule"] == ", ".join(CONFIG[theme]["borderColor"] for theme in THEMES)


def test_colours_that_the_app_replaces_are_told_apart() -> None:
    # Streamlit's chart theme looks for these ten, by position; any other value would stay as it is.
    assert list(THEMED.colours) == [f"#{n:06d}" for n in range(1, 11)]


def test_a_dimension_has_the_same_place_in_css_as_in_charts() -> None:
    assert css_colour(2) == f"light-dark({LIGHT.dimension(2)}, {DARK.dimension(2)})"
    assert css_colour(None) == f"light-dark({LIGHT.index}, {DARK.index})"


@pytest.mark.parametrize("palette", [LIGHT, DARK, THEMED])
def test_colours_repeat_after_seven_dimensions(palette: Palette) -> None:
    assert len({palette.dimension(n) for n in range(7)}) == 7
    assert palette.dimension(7) == palette.dimension(0)
