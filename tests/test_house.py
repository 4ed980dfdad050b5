"""The house: wings import one way, and each does what its place allows. Read from the source."""

import ast
import re
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "indicators"
WINGS = ["records", "measures", "show", "dashboard"]  # each may use itself and those before it


def name_of(path):
    """The dotted name of a file's module."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
SERVER = {"app": REPOSITORY / "app.py"}


@cache
def tree_of(module):
    """The module's syntax tree."""
    return ast.parse((FILES | SERVER)[module].read_text(encoding="utf-8"))


def imports(module):
    """Full names of all that a module imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = (
                    module.split(".") if (FILES | SERVER)[module].name == "__init__.py" else module.split(".")[:-1]
                )
                base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [base])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and called(node) in ("__import__", "import_module"):
            found |= {argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    return found


def inner_imports(module):
    """The modules of this project that a module imports."""
    found = set()
    for name in imports(module):
        while name and name not in FILES:
            name = name.rpartition(".")[0]
        if name:
            found.add(name)
    return found - {module}


def packages(module):
    """The top-level packages that a module imports."""
    return {name.split(".")[0] for name in imports(module)}


def called(node):
    """The last name of what is called: ``open`` for ``open(...)`` and for ``path.open(...)``."""
    return getattr(node.func, "id", None) or getattr(node.func, "attr", "")


def wing_of(module):
    """The wing that a module belongs to, or nothing for the package itself and the command line."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in WINGS else None


def commands(module):
    """Whether a module is one of the command line's rooms, which may use every wing but the dashboard."""
    return module.startswith("indicators.commands")


def modules(*wings):
    """The modules of some wings."""
    return [module for module in FILES if wing_of(module) in wings]


EVERY_MODULE = sorted(FILES | SERVER)


def list_offenders(modules, find):
    """Which modules break a rule, each with what it should not have."""
    return {module: found for module in modules if (found := find(module))}


def test_the_source_is_found():
    assert {"indicators.__main__", "indicators.records.folder", "indicators.measures.index"} <= set(FILES)
    assert "indicators.measures.quarters" in inner_imports("indicators.measures.series")
    assert "pandas" in packages("indicators.measures.index")


def test_every_module_stands_in_a_wing():
    outside = {module for module in FILES if wing_of(module) is None and not commands(module)}
    assert outside == {"indicators", "indicators.__main__"}


def test_wings_import_one_way():
    def find(module):
        allowed = WINGS[: WINGS.index(wing_of(module)) + 1]
        beyond = {name for name in inner_imports(module) if wing_of(name) and wing_of(name) not in allowed}
        return beyond | {name for name in inner_imports(module) if name == "indicators.__main__" or commands(name)}

    assert list_offenders(modules(*WINGS), find) == {}


def test_commands_do_not_use_the_dashboard():
    assert not [module for module in filter(commands, FILES) if "dashboard" in map(wing_of, inner_imports(module))]


def test_no_modules_import_each_other_in_a_circle():
    done, path = set(), []

    def follow(module):
        assert module not in path, " -> ".join([*path[path.index(module) :], module])
        if module not in done:
            path.append(module)
            for name in sorted(inner_imports(module)):
                follow(name)
            path.pop()
            done.add(module)

    for module in FILES:
        follow(module)


def test_only_the_dashboard_and_the_server_import_streamlit():
    others = [module for module in EVERY_MODULE if module != "app" and wing_of(module) != "dashboard"]
    assert list_offenders(others, lambda module: packages(module) & {"streamlit"}) == {}


def test_records_and_measures_know_no_pictures():
    assert (
        list_offenders(modules("records", "measures"), lambda module: packages(module) & {"plotly", "matplotlib"}) == {}
    )


OPENERS = {"open", "fdopen", "mkstemp", "NamedTemporaryFile", "TemporaryDirectory"}
READERS = {"read_text", "read_bytes", "write_text", "write_bytes", "read_table"}
TABLE_READERS = {"read_csv", "read_json", "read_parquet", "read_excel", "to_csv", "to_json", "to_parquet"}
ROOMS_WITH_FILES = {
    "indicators.records.folder",
    "indicators.records.storage.store",
    "indicators.records.storage.queue",
    "indicators.records.storage.drafts",
    "indicators.records.storage.uploads",
    "indicators.records.inbox.gather",  # what makes the next requests conditional
    "indicators.records.imports.publishers",  # the table that comes with the package
}
BYTES_ONLY = {"indicators.records.csvfile": {"read_csv"}}
"""Rooms that parse bytes already read, and the reader that they may call on them."""


def calls(module):
    """All calls in a module."""
    return [node for node in ast.walk(tree_of(module)) if isinstance(node, ast.Call)]


def calls_of(module):
    """The last names of all that a module calls."""
    return {called(node) for node in calls(module)}


def test_only_rooms_with_files_open_files_among_what_is_written_and_meant():
    def find(module):
        return calls_of(module) & (OPENERS | READERS | TABLE_READERS) - BYTES_ONLY.get(module, set())

    assert list_offenders(set(modules("records", "measures")) - ROOMS_WITH_FILES, find) == {}


def test_what_it_means_knows_no_paths_and_no_clock():
    foreign = {"pathlib", "os", "io", "csv", "shutil", "tempfile", "time", "random", "click"}
    assert list_offenders(modules("measures"), lambda module: packages(module) & foreign) == {}
    assert list_offenders(modules("measures"), lambda module: calls_of(module) & {"now", "today", "utcnow"}) == {}


def test_modules_are_named_after_what_they_hold():
    vague = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}
    assert list_offenders(EVERY_MODULE, lambda module: set(module.lower().split(".")) & vague) == {}


def undocumented(body, prefix=""):
    """Names of public functions, classes and methods without a docstring."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node.body, f"{prefix}{node.name}.")


def test_everything_public_has_a_docstring():
    assert list_offenders(EVERY_MODULE, lambda module: list(undocumented(tree_of(module).body))) == {}


def test_the_code_names_no_subject():
    # Publishers' names of series and columns are data that come with the package.
    shipped = {PACKAGE / "records" / "imports" / "publishers.csv"}
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".png", ".woff2")]
    assert {".py", ".html", ".css", ".js", ".md"} <= {path.suffix for path in files}
    named = [p for p in files if p not in shipped and "russia" in p.read_text(encoding="utf-8").casefold()]
    assert [path.relative_to(REPOSITORY).as_posix() for path in named] == []


TAG = re.compile(r"</?([a-z][a-z0-9]*)(?=[\s>/])", re.IGNORECASE)
LABELS = {"b", "br", "extra", "span"}
"""What Plotly reads as markup in the labels of a chart."""

ESCAPERS = {"indicators.show.charts.scale", "indicators.show.charts.svg"}
"""Where text is escaped by hand: labels of charts, and the writer of SVG elements."""


def texts_of(module):
    """All texts in a module's code, docstrings aside."""
    tree = tree_of(module)
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.value


def test_html_is_written_in_templates_alone():
    def find(module):
        allowed = LABELS if module.startswith("indicators.show.charts.") or module == PICTURES else set()
        return {tag for text in texts_of(module) for tag in TAG.findall(text)} - allowed

    assert list_offenders(set(modules("show", "dashboard")) - BROWSERS_OWN, find) == {}


PICTURES = "indicators.show.files.pictures"
"""Draws a chart for print, with a label of several lines."""

BROWSERS_OWN = {"indicators.dashboard.streamlit_internals"}
"""Reads scripts in Streamlit's page, and writes none."""


def test_text_is_escaped_in_one_place_for_each_medium():
    def find(module):
        names = {name for name in imports(module) if name.startswith(("html.", "markupsafe.escape")) or name == "html"}
        return names | {called(node) for node in calls(module) if called(node) in ("escape_html", "xml_escape")}

    assert list_offenders(set(modules("show", "dashboard")) - ESCAPERS, find) == {}


def test_templates_trust_no_value():
    templates = sorted(PACKAGE.rglob("templates/*.html"))
    assert len(templates) > 15
    trusting = re.compile(r"\|\s*safe\b|autoescape|\|\s*forceescape\b")
    assert [str(path) for path in templates if trusting.search(path.read_text(encoding="utf-8"))] == []


MADE_ELSEWHERE = {
    "indicators.show.text.markup": 2,  # a template filled in, a file of this project
    "indicators.show.publication.pages": 1,  # Markdown whose raw HTML is off
    "indicators.show.files.bundle": 1,  # Plotly's chart
}
"""Where something other than a text of the code itself is said to be markup, and how often."""


def test_only_what_is_markup_is_called_so():
    def find(module):
        marked = [node for node in calls(module) if called(node) == "Markup"]
        return sum(not all(isinstance(argument, ast.Constant) for argument in node.args) for node in marked)

    assert list_offenders(EVERY_MODULE, find) == MADE_ELSEWHERE
