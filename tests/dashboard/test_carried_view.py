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
from tests.dashboard.looking import NAMES, PATIENCE, assert_sound, open_app, start_app, warnings_of
from tests.dashboard.looking import PAGES as SCRIPTS

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
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_link_carries_the_view_on_as_far_as_the_other_page_has_it(
    address: dict[str, str], values: Values, page: str, other: str
) -> None:
    address.clear()
    address.update(read_view(values.items(), DATA, page).values)
    link = links.note_view(DATA, page).to(other, {"base": "2023-01-31", "compare": "2024-01-31"})
    assert urlsplit(link).path == f"/{other}"
    found = read_view(parse_qsl(urlsplit(link).query), DATA, other)
    assert found.refusals == ()
    expected = meant(meant(address, DATA, page), DATA, other)
    assert dict(found.values) == expected | {"base": "2023-01-31", "compare": "2024-01-31"}


def test_what_a_link_says_itself_goes_before_what_it_carries(address: dict[str, str]) -> None:
    address.update({"dim": "cyber", "from": "2024-01-01"})
    assert links.note_view(DATA, "").to("dimension", {"dim": "energy"}) == "/dimension?dim=energy&from=2024-01-01"


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


SHARED = {"from": "2024-04-30", "to": "2024-09-30", "w_cyber": "3.0", "dim": "cyber"}
OPENED = {"events": {"event": "E0283"}, "dimension": {}, "compare": {"base": "2024-03-31", "compare": "2024-09-30"}}
"""What stands in a page's address beside the view, so that it shows all its links."""

OWN_PERIOD = (("events", "/dimension"), ("compare", "/events"))


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("values", [{}, VIEW | {"as_of": NEWEST}, SHARED | {"mean": "geometric"}])
@pytest.mark.parametrize("page", NAMES)
def test_every_link_on_every_page_carries_its_view(page: str, values: Values) -> None:
    found = links_of(open_app(page, **values, **OPENED.get(page, {})))
    assert found or page not in ("overview", "events", "dimension", "compare")
    for link in found:
        carried = dict(parse_qsl(urlsplit(link).query))
        # A link may lead to a topic; from an event to the chart around its day, from a change to its events.
        own = {name for name in carried if name not in TRAVELLING} | {"dim"}
        own |= {"from", "to"} if (page, urlsplit(link).path) in OWN_PERIOD else set()
        assert {n: v.removesuffix(".0") for n, v in carried.items() if n not in own} == {
            name: value.removesuffix(".0") for name, value in values.items() if name not in own
        }


@pytest.mark.usefixtures("read_only")
def test_a_shared_link_keeps_its_view_over_every_entry_of_the_navigation_from_every_page() -> None:
    app = start_app(NAMES[0], **SHARED).run()
    # Every page is reached from every other one once.
    for page in walk_all(NAMES)[1:]:
        go_to(app, page)
        assert warnings_of(app) == ""
        # Where the page has no control of it, the address has it.
        view = {
            name: str(app.session_state[name]) if name in app.session_state else "".join(app.query_params[name])
            for name in SHARED
        }
        assert view == SHARED, page


def walk_all(places: list[str]) -> list[str]:
    """A walk that goes from each place to each other one once (Hierholzer's way through a complete graph)."""
    ahead = {place: [other for other in places if other != place] for place in places}
    walk, open_ = [], [places[0]]
    while open_:
        if ahead[open_[-1]]:
            open_.append(ahead[open_[-1]].pop())
        else:
            walk.append(open_.pop())
    return walk[::-1]


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
