"""A reader's own view as a card: unchanging while its rows are, and open about what has changed since."""

import datetime as dt
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.applications import Starlette

from indicators.measures.narrative.dates import check_readings
from indicators.records.storage.store import open_store
from indicators.show.files.card import POLICY, NoCardError, embed_view, pin_card
from indicators.show.http.resources import ask as question
from indicators.show.http.routes import build_routes
from tests.folders import MILITARY, write_sound_folder
from tests.show.asking import Answer, ask

TODAY = dt.date(2026, 11, 25)
OWN = {"w_military": "2", "from": "2024-04-01"}


class Site:
    """The routes on a folder that may change under them."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.store = open_store(str(data), data.parent, check_readings)
        self.app = Starlette(routes=build_routes(lambda: self.store, lambda: TODAY, site=lambda: "https://p.example"))

    def embed(self, id: str = "index", **values: str) -> str:
        """The code that Share offers for a view."""
        dataset = self.store.look().dataset
        assert dataset is not None
        asked = question(dataset, "cards/", list(pin_card(values, dataset, id).items()), TODAY, "")
        return str(embed_view("https://app.example", asked.panel, asked.view))

    def link(self, id: str = "index", **values: str) -> str:
        """The address of a card below the app's."""
        found = re.search('src="https://app.example([^"]+)"', self.embed(id, **values))
        assert found
        return found[1].replace("&amp;", "&")

    def open(self, address: str) -> Answer:
        return ask(self.app, address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(write_sound_folder(tmp_path_factory.mktemp("card") / "data"))


def newer(answer: Answer) -> list[str]:
    """What a card says has changed since it was made."""
    assert answer.status == 200
    return re.findall('<span class="newer">(.*?)</span>', answer.text)


def table(answer: Answer) -> str:
    found = re.search("<table>.*?</table>", answer.text, re.DOTALL)
    assert found
    return found[0]


def test_the_code_takes_three_lines_and_its_address_names_view_day_and_digest(site: Site) -> None:
    code = site.embed(coder="all", apart="true", **OWN)
    assert len(code.strip().splitlines()) == 3
    assert "width:100%" in code
    address = urlsplit(site.link(**OWN))
    assert re.fullmatch("/cards/[0-9a-f]{16}.html", address.path)
    assert {name for name, _ in parse_qsl(address.query)} == {"as_of", "digest", "from", "w_military"}


@pytest.mark.parametrize("id", ["index", "cyber"])
def test_a_card_stands_alone_says_whose_weights_it_has_and_runs_no_script(site: Site, id: str) -> None:
    answer = site.open(site.link(id, **OWN))
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<script" not in answer.text
    assert "Not the published figures:" in answer.text
    assert "Military posture 2" in answer.text
    assert answer.text.count("<svg") == 2
    assert "default-src" in POLICY
    assert "frame-ancestors" not in answer.text
    assert newer(answer) == []
    assert "as recorded up to 6 Jul 2024, digest" in answer.text
    assert "figures: as recorded" not in answer.text  # the day of its data is no setting of a reader's own


def test_the_way_back_leads_to_the_same_view(site: Site) -> None:
    address = site.link("cyber", **OWN)
    page = site.open(address)
    way = re.search(r'href="\.\./(\?[^"]+)"', page.text)
    assert way
    assert way[1].replace("&amp;", "&") == f"?{urlsplit(address).query}"


def test_newer_rows_leave_a_card_as_it_was_and_it_says_that_they_exist(tmp_path: Path) -> None:
    site = Site(write_sound_folder(tmp_path / "data"))
    addresses = [site.link(), site.link("military", **OWN)]
    before = [site.open(address) for address in addresses]
    row = (
        "2024-09-30,mil_posture,8,7,9,Both brigades are back and a third one came.,E0009,c1,2024-10-02T09:00:00Z,1.0\n"
    )
    (site.data / "scores" / "military.csv").write_text(MILITARY + row)
    for address, old in zip(addresses, before, strict=True):
        now = site.open(address)
        assert table(now) == table(old)
        assert now.headers["etag"] != old.headers["etag"]
        told = " ".join(newer(now))
        assert "Newer data exist: 1 row" in told
        assert "not the readings that were cited" not in told
        assert "https://p.example/versions.html#" in now.text
    assert site.link() not in addresses


def test_a_row_that_was_changed_in_place_is_not_passed_off_as_what_was_cited(tmp_path: Path) -> None:
    site = Site(write_sound_folder(tmp_path / "data"))
    address = site.link()
    (site.data / "scores" / "military.csv").write_text(MILITARY.replace("mil_signals,4,3,5", "mil_signals,4.5,3,5"))
    assert newer(site.open(address))[0].startswith("These are not the readings that were cited")


def test_a_seal_made_up_gets_no_card_passed_off_as_cited(site: Site) -> None:
    address = re.sub("/cards/[0-9a-f]+", "/cards/0123456789abcdef", site.link())
    assert newer(site.open(address))[0].startswith("These are not the readings that were cited")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ('/cards/0123456789abcde".html?as_of=2024-12-31&digest=0123456789ab', 404),
        ("/cards/0123456789abcdef.html", 404),
        ("/cards/0123456789abcdef.html?as_of=2024-12-31", 404),
        ("/cards/0123456789abcdef.html?as_of=2000-12-31&digest=0123456789ab", 404),
        ("/cards/0123456789abcdef.html?as_of=2024-12-31&digest=0123456789ab&from=2025-01-01", 404),
        ("/cards/0123456789abcdef.html?as_of=2024-12-31&digest=0123456789ab&w_military=0&w_cyber=0", 400),
        ("/cards/0123456789abcdef.html?as_of=2024-12-31&digest=0123456789ab&level=index", 400),
        ("/cards/", 404),
        ("/cards/x/y", 404),
    ],
)
def test_what_cannot_be_a_card_is_refused_in_the_one_shape(site: Site, address: str, status: int) -> None:
    answer = site.open(address)
    assert (answer.status, answer.json["status"]) == (status, status)


def test_a_view_without_a_day_makes_no_card(site: Site) -> None:
    dataset = site.store.look().dataset
    assert dataset is not None
    asked = question(dataset, "cards/", [], TODAY, "")
    with pytest.raises(NoCardError):
        embed_view("https://app.example", asked.panel, asked.view)
