"""The project's own errors have one base, and nobody catches one by a name that Python gives to others."""

import importlib
import pkgutil

import indicators
from indicators.records.errors import IndicatorsError


def own_errors() -> list[type[BaseException]]:
    """Every class of exceptions that a module of the package defines."""
    found = []
    for module in pkgutil.walk_packages(indicators.__path__, "indicators."):
        # Pages are scripts, which draw when they are imported.
        # Pages and programs; the reader of workbooks runs alone and imports nothing of the project.
        if ".pages" in module.name or module.name.endswith(("__main__", "imports.sheets")):
            continue
        room = importlib.import_module(module.name)
        found += [
            thing
            for thing in vars(room).values()
            if isinstance(thing, type) and issubclass(thing, BaseException) and thing.__module__ == module.name
        ]
    return found


def test_every_own_error_has_the_one_base_says_what_it_is_and_is_no_built_in_one() -> None:
    found = own_errors()
    assert len(found) > 5
    assert [e.__name__ for e in found if not issubclass(e, IndicatorsError)] == []
    assert [e.__name__ for e in found if issubclass(e, (OSError, ValueError, LookupError, RuntimeError))] == []
    assert [e.__name__ for e in found if not e.__name__.endswith("Error") or not e.__doc__] == []


def test_the_page_of_the_base_names_every_own_error() -> None:
    page = importlib.import_module(IndicatorsError.__module__).__doc__ or ""
    assert [e.__name__ for e in own_errors() if e is not IndicatorsError and f"``{e.__name__}``" not in page] == []
