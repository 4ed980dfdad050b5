"""Colours: one for each dimension, chosen to stay apart for colour-blind readers, in light, dark and in the app."""

from collections.abc import Sequence
from dataclasses import dataclass

_LIGHT = ("#1d2129", "#b83d05", "#79368d", "#0b6aa6", "#7b6b17", "#067052", "#a3285e", "#4b5a1e", "#5b616b", "#b9bcbf")
_DARK = ("#e6e8ea", "#e88548", "#be8ecf", "#6db6e8", "#d9b44a", "#4cc39e", "#ee88b4", "#b4c474", "#a4abb4", "#4c535d")

# Streamlit's chart theme replaces these by the app's ``chartCategoricalColors`` in the browser, so that a chart follows
# a reader's switch between light and dark at once.
_THEMED = tuple(f"#{n:06d}" for n in range(1, 11))

# Its name for the ground of the page.
_THEMED_GROUND = "#000038"


@dataclass(frozen=True)
class Palette:
    """Ten colours by position: the index, seven dimensions, quiet text, quiet lines; and the ground of the page."""

    colours: Sequence[str]
    ground: str

    @property
    def index(self) -> str:
        """Colour of the index and of the strong line."""
        return self.colours[0]

    @property
    def quiet_text(self) -> str:
        """Colour of labels that stay in the background."""
        return self.colours[8]

    @property
    def quiet_line(self) -> str:
        """Colour of lines that stay in the background."""
        return self.colours[9]

    def dimension(self, position: int) -> str:
        """Return the colour of the dimension at a position of the codebook; they repeat after seven."""
        return self.colours[1 + position % 7]


LIGHT = Palette(_LIGHT, "#fdfdfb")
DARK = Palette(_DARK, "#14171c")
THEMED = Palette(_THEMED, _THEMED_GROUND)


def css_colour(position: int | None) -> str:
    """Return a colour that follows the page's light or dark scheme: a dimension's, or the index's without position."""
    if position is None:
        return f"light-dark({LIGHT.index}, {DARK.index})"
    return f"light-dark({LIGHT.dimension(position)}, {DARK.dimension(position)})"
