"""Each parameter occurs wherever its entry in the registry says so, and nowhere else."""

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
from streamlit.testing.v1 import AppTest

from indicators.commands.readings import series
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, load_dataset
from indicators.show.files.bundle import describe_view
from indicators.show.http.openapi import describe_routes
from indicators.show.http.resources import RESOURCES
from indicators.show.links.kinds import Scope
from indicators.show.links.parameters import PAGES, PARAMETERS, Parameter, View, build_link, read_view
from tests.dashboard.looking import open_app, words_of
from tests.test_documentation import write_parameter_table

EACH = pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)

# What shows that a parameter without a control of its own, or with one of another name, is on a page.
OWN_MEANS = {
    "claim": lambda app: any(button.label == "Readings and draws" for button in app.button),
    "levers": lambda app: any(str(toggle.key).startswith("lever_") for toggle in app.toggle),
    "assume": lambda app: any(submit.label == "Apply" for submit in app.button),
    "page": lambda app: "newest first" in words_of(app),
    "event": lambda app: any(button.label == "Close this event" for button in app.button),
    "digest": lambda app: any("0123456789ab" in notice.value for notice in app.info),
}
OPENED = {"digest": "0123456789ab", "event": "E0001"}


@pytest.fixture(scope="module")
def dataset(pytestconfig: pytest.Config) -> Dataset:
    """The shipped data."""
    loaded = load_dataset(pytestconfig.rootpath / "data")
    assert loaded.dataset is not None
    return loaded.dataset


@pytest.fixture(scope="module")
def pages(tiny: Path) -> dict[str, AppTest]:
    """Every page of the app, opened once with a cited digest and an event, and with the popovers of the Outlook open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TENSION_DATA", str(tiny))
        opened = {page: open_app(page or "overview", **OPENED) for page in PAGES}
        outlook = opened["outlook"]
        outlook.session_state["why-hot-line"] = True
        outlook.run()
        return opened


def test_a_name_stands_in_the_registry_once() -> None:
    assert len({parameter.name for parameter in PARAMETERS}) == len(PARAMETERS)


@EACH
def test_its_control_is_on_the_pages_that_its_entry_names(parameter: Parameter, pages: dict[str, AppTest]) -> None:
    def shown(app: AppTest) -> bool:
        if parameter.name in OWN_MEANS:
            return bool(OWN_MEANS[parameter.name](app))
        return (f"{parameter.name}cyber" if parameter.spread else parameter.name) in app.session_state

    assert [page for page, app in pages.items() if shown(app)] == [p for p in PAGES if p in parameter.pages]


@EACH
def test_its_control_is_called_and_explained_as_its_entry_says(parameter: Parameter, pages: dict[str, AppTest]) -> None:
    for page in parameter.pages if parameter.label else ():
        key = f"{parameter.name}cyber" if parameter.spread else parameter.name
        (control,) = [element for element in controls_of(pages[page]) if element.key == key]
        title = "Cyber activity" if parameter.spread else ""
        assert control.label == parameter.label_on(page).format(title=title)
        assert (control.help or "") == parameter.hint


def controls_of(app: AppTest) -> list[Any]:
    """What a reader can set on a page."""
    kinds = ("text_input", "date_input", "number_input", "selectbox", "toggle", "button_group")
    return [element for kind in kinds for element in app.get(kind)]


@EACH
def test_its_routes_take_and_describe_it_and_no_others_do(parameter: Parameter, dataset: Dataset) -> None:
    document = describe_routes(dataset)
    names = set(parameter.names(dataset))
    for path, item in document["paths"].items():
        described = {entry["name"]: entry for entry in item["get"].get("parameters", [])}
        assert (names <= set(described)) == (path.lstrip("/") in parameter.api)
        assert bool(names & set(described)) == (path.lstrip("/") in parameter.api)
    for resource in RESOURCES:
        page = resource.path.lstrip("/")
        view = read_view([(name, "?") for name in names], dataset, page)
        known = [refusal.reason != "is not a parameter here" for refusal in view.refusals]
        assert known == [page in parameter.api] * len(names)


@EACH
def test_a_page_s_address_takes_it_if_some_page_has_it(parameter: Parameter, dataset: Dataset) -> None:
    for page in PAGES:
        view = read_view([(name, "?") for name in parameter.names(dataset)], dataset, page)
        unknown = [refusal.reason == "is not a parameter here" for refusal in view.refusals]
        assert unknown == [not parameter.pages] * len(parameter.names(dataset))


@EACH
def test_a_link_leaves_its_default_out(parameter: Parameter, dataset: Dataset) -> None:
    for page in parameter.pages:
        default = parameter.default_in(Scope(dataset, page), {})
        if default:
            assert parameter.kind.refuse(default, Scope(dataset, page)) == ""
            assert build_link("", page, {parameter.name: default}, dataset) == f"/{page}"


@EACH
def test_the_readme_lists_it_if_a_page_has_it(parameter: Parameter) -> None:
    listed = re.findall(r"^\| `(\w+)", write_parameter_table(), flags=re.MULTILINE)
    assert (parameter.name in listed) == bool(parameter.pages)


@EACH
def test_a_command_has_its_option_with_its_help_and_its_words(parameter: Parameter) -> None:
    options = {name: option for option in series.params for name in option.opts}
    assert bool(parameter.option) == (parameter.option in options)
    if parameter.option:
        option = options[parameter.option]
        assert isinstance(option, click.Option)
        words = parameter.help.removeprefix("true: ") if option.is_flag else parameter.help
        assert (option.help or "").lower().startswith(words.lower())
        if isinstance(option.type, click.Choice):
            assert list(option.type.choices) == parameter.kind.options(Scope())


def test_no_command_has_a_view_s_option_that_is_not_in_the_registry() -> None:
    own = {"--format", "--data", "--help"}
    options = {name for option in series.params for name in option.opts}
    assert options - own == {parameter.option for parameter in PARAMETERS if parameter.option}


@EACH
def test_a_bundle_of_evidence_tells_it_if_its_entry_says_so(parameter: Parameter, dataset: Dataset) -> None:
    told = describe_view(Panel(dataset), View(), "2.0", "")
    assert json.dumps(told)
    frame = {"link", "digest", "draws", "seed", "method", "software"}
    assert set(told) - frame == {p.evidence for p in PARAMETERS if p.evidence}
    if parameter.evidence and not parameter.spread:
        assert told[parameter.evidence] == parameter.kind.typed(View().get(parameter.name))
