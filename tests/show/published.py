"""Publications of the tiny folder, for tests to read."""

from html.parser import HTMLParser
from pathlib import Path

from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder
from indicators.show.publication.build import publish

LATER = (
    "2024-09-30,mil_posture,9,8,10,Both brigades are back and a third one has come.,E0009,c1,2024-10-20T09:00:00Z,1.0\n"
)
"""An assessment that lifts the index, recorded after all others of the tiny folder."""

ADDRESS = "https://example.org/tension"


def publish_folder(data: Path, out: Path, base_url: str = ADDRESS) -> str:
    """Publish a data folder without previews; return the version's name."""
    dataset = load_dataset(data).dataset
    assert dataset is not None
    return publish(dataset, data, out, base_url)


def append_row(data: Path, row: str = LATER) -> None:
    """Append a row to the military scores and bring the folder into canonical form."""
    with (data / "scores" / "military.csv").open("a", encoding="utf-8") as file:
        file.write(row)
    format_folder(data, write=True)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class Markup(HTMLParser):
    """What a page holds: its start tags with attributes, and its text."""

    def __init__(self, page: Path | str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(page.read_text(encoding="utf-8") if isinstance(page, Path) else page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All text, runs of blanks as one."""
        return " ".join(" ".join(self.texts).split())

    def all(self, name: str) -> list[dict[str, str]]:
        """The attributes of every tag of one name."""
        return [attributes for tag, attributes in self.tags if tag == name]
