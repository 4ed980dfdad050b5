"""Writes docs/architecture.md from the imports: python docs/architecture.py."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "indicators"
PAGE = Path(__file__).with_suffix(".md")
WINGS = {
    "records": "What is written: tables, rules, the ledger and where it lives. Knows no number's meaning and no picture.",
    "measures": "What it means: readings, index, intervals, changes, claims. Knows no file and no picture.",
    "show": "How it is shown in any medium: charts, words, links, the publication, the HTTP routes. Knows no Streamlit.",
    "dashboard": "The Streamlit app.",
    "commands": "The command line.",
}
HEAD = """\
# Architecture

Written by `make architecture` from the imports of the code; a test holds it against them.

Data go one way. A row that someone typed, uploaded or pushed comes in through `records`, which refuses it or keeps it.
`measures` turns rows into readings with intervals. `show` turns readings into charts, words, files and routes.
`dashboard`, `commands` and the publication only choose which of them to ask for. No wing uses one that comes after it.

"""


def read_rooms() -> dict[str, ast.Module]:
    """Return the syntax tree of each room, named as in ``records.ledger``."""
    rooms = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        if "." in name and not name.endswith("__init__"):
            rooms[name] = ast.parse(path.read_text(encoding="utf-8"))
    return rooms


def list_uses(tree: ast.Module, rooms: dict[str, ast.Module]) -> set[str]:
    """Return the rooms that a room imports from."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("indicators."):
            base = str(node.module).removeprefix("indicators.")
            found |= {base} if base in rooms else {f"{base}.{alias.name}" for alias in node.names} & set(rooms)
    return found


def reduce_uses(uses: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the uses without those that another use implies."""

    def reach(room: str) -> set[str]:
        return {room}.union(*(reach(used) for used in uses.get(room, ())))

    return {
        room: {used for used in direct if not any(used in reach(other) for other in direct - {used})}
        for room, direct in uses.items()
    }


def draw(uses: dict[str, set[str]], direction: str) -> str:
    """Return a diagram: an arrow leads from where data come from to where they go."""
    lines = [f"graph {direction}"]
    lines += [f"  {_id(room)}[{room.rpartition('.')[2]}]" for room in sorted(uses)]
    lines += [f"  {_id(used)} --> {_id(room)}" for room in sorted(uses) for used in sorted(uses[room])]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def write_page() -> str:
    """Return the text of the page."""
    rooms = read_rooms()
    uses = {room: list_uses(tree, rooms) - {room} for room, tree in rooms.items()}
    wing = {room: room.partition(".")[0] for room in rooms}
    between = {w: {wing[used] for room in rooms if wing[room] == w for used in uses[room]} - {w} for w in WINGS}
    parts = [HEAD, draw(reduce_uses(between), "LR")]
    for name, sentence in WINGS.items():
        own = {room: {used for used in uses[room] if wing[used] == name} for room in rooms if wing[room] == name}
        parts.append(f"\n## {name}\n\n{sentence}\n\n")
        parts.append(draw(reduce_uses(own), "TD"))
        parts.append("\n| room | what it holds | uses of other wings |\n|---|---|---|\n")
        for room in sorted(own):
            holds = (ast.get_docstring(rooms[room]) or "").splitlines()[0]
            others = ", ".join(f"`{used}`" for used in sorted(uses[room] - own[room]))
            parts.append(f"| `{room.partition('.')[2]}` | {holds} | {others} |\n")
    return "".join(parts)


def _id(room: str) -> str:
    return room.replace(".", "_")


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
