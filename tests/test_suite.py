"""The suite itself: each test holds something, of its own or by a helper that does."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = sorted(TESTS.rglob("*.py"))
FUNCTIONS = [
    (file, node)
    for file in FILES
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    if isinstance(node, ast.FunctionDef)
]

ASSERTING = ("assert_", "raises", "to_be_", "to_have_")  # of NumPy and pandas, of pytest, of Playwright


def called(function: ast.FunctionDef) -> set[str]:
    """The last names of all that a function calls."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {ast.unparse(call.func).rpartition(".")[2] for call in calls}


def asserts(function: ast.FunctionDef, helpers: set[str]) -> bool:
    """Whether a function can fail by what it finds: an assert of more than a constant, or a call that asserts."""
    if any(isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant) for node in ast.walk(function)):
        return True
    return any(name.startswith(ASSERTING) or name in helpers for name in called(function))


def find_helpers() -> set[str]:
    """The names of functions that assert, or call one that does."""
    helpers: set[str] = set()
    while found := {
        f.name for _, f in FUNCTIONS if f.name not in helpers and "__" not in f.name and asserts(f, helpers)
    }:
        helpers |= found
    return helpers


HELPERS = find_helpers()


def test_each_test_asserts_something() -> None:
    tests = [(file, function) for file, function in FUNCTIONS if function.name.startswith("test_")]
    empty = [f"{file.relative_to(TESTS)}:{f.name}" for file, f in tests if not asserts(f, HELPERS)]
    assert len(tests) > 1_000
    assert empty == []


@pytest.mark.parametrize("body", ["read(text)", "assert True", "print('assert')", "for x in y:\n        x.run()"])
def test_a_test_without_an_assertion_is_found(body: str) -> None:
    function = ast.parse(f"def test_it():\n    {body}\n").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert not asserts(function, {"open_app"})
