"""The reader's view goes along with every link of the app, and from page to page."""

import ast
import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from indicators.dashboard import links
from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import Dataset, load_dataset
from indicators.show.links.kinds import Day, Scope, Weight
from indicators.show.links.parameters import PAGES, PARAMETERS, list_defaults, read_view
from tests.dashboard.looking import PAGES as SCRIPTS
from tests.dashboard.looking import PATIENCE, assert_sound, open_app, start_app, warnings_of

DASHBOARD = Path(links.__file__).parent
DATA = load_dataset(Path(__file__).parents[2] / "data", check_readings).dataset
assert DATA is not None

Values = dict[str, str]


def values_of(name: str) -> st.SearchStrategy[str]:
    """Values that a parameter may have on the shipped data."""
    parameter = next(p for p in PARAMETERS if name in p.names(DATA))
    if isinstance(parameter.kind, Day):
        return st.dates(dt.date(2022, 6, 1), dt.date(2025, 6, 1)).map(str)
    if isinstance(parameter.kind, Weight):
        return st.sampled_from(["0", "0.5", "2", "10"])
    return st.sampled_from(parameter.kind.options(Scope(DATA)) or ["0123456789ab"])


TRAVELLING = [name for p in PARAMETERS if p.travels for name in p.names(DATA)]
VIEWS = st.fixed_dictionaries({}, optional={name: values_of(name) for name in TRAVELLING})


def meant(values: Mapping[str, str], dataset: Dataset, page: str) -> Values:
    """What of a view goes along to another page: valid there, and said otherwise than the page itself would."""
    view = read_view(values.items(), dataset, page)
    return {name: value for name, value in view.values.items() if value != list_defaults(page, {}, dataset).get(name)}


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An address without a browser, and a session without controls."""
    given: dict[str, str] = {}
    monkeypatch.setattr(links.st, "query_params", given)
    monkeypatch.setattr(links.st, "session_state", {})
    return given


@given(VIEWS, st.sampled_from(PAGES), st.sampled_from(PAGES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_link_carries_the_view_on_as_far_as_the_other_page_has_it(
    address: dict[str, str], values: Values, page: str, other: str
) -> None:
    address.clear()
    address.update(read_view(values.items(), DATA, page).values)
    link = links.link_to(DATA, page, other, {"base": "2023-01-31", "compare": "2024-01-31"})
    assert urlsplit(link).path == f"/{other}"
    found = read_view(parse_qsl(urlsplit(link).query), DATA, other)
    assert found.refusals == ()
    expected = meant(meant(address, DATA, page), DATA, other)
    assert dict(found.values) == expected | {"base": "2023-01-31", "compare": "2024-01-31"}


def test_what_a_link_says_itself_goes_before_what_it_carries(address: dict[str, str]) -> None:
    address.update({"dim": "cyber", "from": "2024-01-01"})
    assert links.link_to(DATA, "", "dimension", {"dim": "energy"}) == "/dimension?dim=energy&from=2024-01-01"


def test_only_the_links_of_this_module_and_of_share_are_built() -> None:
    def calls(path: Path) -> bool:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        return any(isinstance(n, ast.Call) and getattr(n.func, "id", "") == "build_link" for n in ast.walk(tree))

    builders = {path.name for path in DASHBOARD.rglob("*.py") if calls(path)}
    assert builders == {"links.py", "share.py"}


VIEW = {
    "from": "2024-04-30",
    "coder": "c1",
    "as_of": "2024-07-04",
    "w_cyber": "3.0",
    "interval": "50",
    "freq": "month",
}


def links_of(app: AppTest) -> list[str]:
    """Addresses within the app to which a page leads."""
    found = re.findall(r'href="(/[^"]*)"', "\n".join(element.proto.body for element in app.get("html")))
    return [link.replace("&amp;", "&") for link in found]


NEWEST = f"{DATA.assessments['recorded'].max():%Y-%m-%d}"


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("values", [{}, VIEW | {"as_of": NEWEST}, {"mean": "geometric", "to": "2024-09-30"}])
def test_every_link_on_the_overview_carries_its_view(values: Values) -> None:
    found = links_of(open_app("overview", **values))
    assert {urlsplit(link).path for link in found} == {"/dimension", "/events", "/compare", "/narrative"}
    for link in found:
        carried = dict(parse_qsl(urlsplit(link).query))
        taken = read_view(values.items(), DATA, urlsplit(link).path.strip("/")).values
        own = {name for name in carried if name not in TRAVELLING and not name.startswith("w_")} | {"dim"}
        assert {n: v.removesuffix(".0") for n, v in carried.items() if n not in own} == {
            name: value.removesuffix(".0") for name, value in values.items() if name in taken
        }


def go_to(app: AppTest, page: str) -> AppTest:
    """Follow the navigation to a page; Streamlit takes out of the address what controls of this page were bound to."""
    app.switch_page(str(SCRIPTS / f"{page}.py")).run(timeout=PATIENCE)
    assert_sound(app)
    return app


@pytest.mark.usefixtures("read_only")
def test_the_view_goes_along_from_page_to_page_through_one_without_a_period() -> None:
    app = start_app("overview", **VIEW).run()
    for page in ("narrative", "compare", "dimension"):
        go_to(app, page)
        assert warnings_of(app) == ""
        for name in ("coder", "interval", "freq"):
            assert app.session_state[name] == VIEW[name]
        assert str(app.session_state["as_of"]) == VIEW["as_of"]
        assert app.session_state["w_cyber"] == 3
    assert str(app.session_state["from"]) == VIEW["from"]


@pytest.mark.usefixtures("read_only")
def test_what_a_reader_takes_back_does_not_come_again() -> None:
    app = start_app("overview", coder="c1", interval="50").run()
    go_to(app, "compare")
    app.query_params.pop("coder")
    app.session_state["coder"] = "all"
    app.run()
    go_to(app, "overview")
    assert app.session_state["coder"] == "all"
    assert app.session_state["interval"] == "50"


@pytest.mark.usefixtures("read_only")
def test_a_page_of_the_browser_s_history_comes_back_as_it_was() -> None:
    app = start_app("overview", coder="c1").run()
    app.query_params.clear()
    go_to(app, "compare")
    assert app.session_state["coder"] == "all"
