"""The data over HTTP: what each address answers, how it refuses, and that its description is true."""

import csv
import datetime as dt
import gzip
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlencode

import pytest
import schemathesis
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from starlette.applications import Starlette

from indicators import __version__
from indicators.__main__ import main
from indicators.measures.narrative.dates import check_readings
from indicators.records.storage.store import Store, open_store
from indicators.show.http import routes as api
from indicators.show.http.resources import RESOURCES
from indicators.show.http.routes import build_routes
from tests.folders import FILES, write_folder, write_sound_folder
from tests.show.asking import Answer, ask

TODAY = dt.date(2026, 11, 25)
PATHS = [resource.path for resource in RESOURCES]
DATA_PATHS = [path for path in PATHS if path.startswith("/api/")]


def serve(data: Path, site: str = "") -> Starlette:
    """The routes on a folder, on a fixed day."""
    store = open_store(str(data), data.parent, check_readings)
    return Starlette(routes=build_routes(lambda: store, lambda: TODAY, lambda: 2e9, lambda: site))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sound_folder(tmp_path_factory.mktemp("api") / "data")


@pytest.fixture(scope="module")
def app(folder: Path) -> Starlette:
    """The routes on the tiny folder."""
    return serve(folder)


def rows(answer: Answer) -> list[dict[str, str]]:
    """The rows of a CSV answer."""
    return list(csv.DictReader(io.StringIO(answer.text)))


def problems(answer: Answer) -> list[tuple[str, str]]:
    """Which parameters with which values an answer refused."""
    assert answer.status == 400
    assert set(answer.json) == {"status", "error", "problems"}
    assert all(set(p) == {"parameter", "value", "reason"} and p["reason"] for p in answer.json["problems"])
    return [(p["parameter"], p["value"]) for p in answer.json["problems"]]


# What the addresses say


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ({}, []),
        ({"level": "dimension", "freq": "week", "interval": "95"}, []),
        ({"level": "indicator", "coder": "c1", "from": "2024-04-01", "to": "2024-08-31"}, []),
        ({"as_of": "2024-07-03", "mean": "geometric", "w_cyber": "3"}, ["--weight", "cyber=3"]),
    ],
)
def test_readings_are_those_of_the_command_line(
    app: Starlette, folder: Path, query: dict[str, str], options: list[str]
) -> None:
    named = {name: value for name, value in query.items() if not name.startswith("w_")}
    spelled = [part for name, value in named.items() for part in (f"--{name.replace('_', '-')}", value)]
    printed = CliRunner().invoke(main, ["series", "--data", str(folder), *spelled, *options])
    assert printed.exit_code == 0
    answer = ask(app, f"/api/series.csv?{urlencode(query)}")
    assert (answer.status, answer.text) == (200, printed.stdout)
    assert len(rows(answer)) >= 1


def test_the_index_is_the_mean_of_the_dimensions_worked_by_hand(app: Starlette) -> None:
    # June 2024: posture (5 + 5) / 2, signals 4; espionage (6 + 4.5) / 2, sabotage 7, c2's withdrawn.
    military, cyber = (5 + 4) / 2, (5.25 + 7) / 2
    found = rows(ask(app, "/api/series.csv?from=2024-06-01&to=2024-06-30"))
    assert [row["date"] for row in found] == ["2024-06-30"]
    assert float(found[0]["score"]) == pytest.approx((military + cyber) / 2, abs=1e-9)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", {"index"}),
        ("dim=index", {"index"}),
        ("dim=cyber", {"cyber"}),
        ("level=dimension", {"military", "cyber"}),
        ("indicator=mil_signals", {"mil_signals"}),
        ("level=indicator&dim=cyber", {"cyb_espionage", "cyb_sabotage"}),
        ("level=indicator", {"mil_posture", "mil_signals", "cyb_espionage", "cyb_sabotage"}),
    ],
)
def test_level_dimension_and_indicator_choose_the_readings(app: Starlette, query: str, ids: set[str]) -> None:
    assert {row["id"] for row in rows(ask(app, f"/api/series.csv?{query}"))} == ids


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("level=index&dim=cyber", {"dim"}),
        ("level=dimension&dim=index", {"dim"}),
        ("level=dimension&indicator=mil_signals", {"indicator"}),
        ("dim=cyber&indicator=mil_signals", {"indicator"}),
        ("w_military=0&w_cyber=0", {"w_military", "w_cyber"}),
        ("from=2024-06-30&to=2024-06-01", {"to"}),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(app: Starlette, query: str, refused: set[str]) -> None:
    assert {name for name, _ in problems(ask(app, f"/api/series.csv?{query}"))} == refused


def test_readings_as_json_are_those_of_the_csv_with_their_citation(app: Starlette) -> None:
    query = "level=indicator&w_cyber=2&coder=all"
    content = ask(app, f"/api/series.json?{query}").json
    listed = rows(ask(app, f"/api/series.csv?{query}"))
    assert [{k: str(v) for k, v in r.items()} for r in content["readings"]] == listed
    assert content["view"] == {"level": "indicator", "w_cyber": "2"}  # the defaults left out
    assert content["digest"][:8] in content["citation"]


def test_a_view_without_readings_is_no_error_and_says_why(app: Starlette) -> None:
    query = "from=2024-04-01&as_of=2024-01-01"
    assert ask(app, f"/api/series.csv?{query}").text == "date,id,score,low,high,fresh,state\n"
    content = ask(app, f"/api/series.json?{query}").json
    assert content["readings"] == []
    assert "2024-01-01" in content["note"]


def test_scores_are_the_rows_of_the_folder(app: Starlette) -> None:
    answer = ask(app, "/api/scores.csv")
    written = [line for name in ("cyber", "military") for line in FILES[f"scores/{name}.csv"].splitlines()[1:]]
    assert len(rows(answer)) == len(written)
    canonical = {line.replace(",2024-07-05,", ",2024-07-05T00:00:00Z,") for line in written}
    assert set(answer.text.splitlines()[1:]) == canonical


def test_scores_follow_vintage_coder_dimension_and_period(app: Starlette) -> None:
    assert len(rows(ask(app, "/api/scores.csv?as_of=2024-07-04&dim=cyber"))) == 5
    assert {row["coder"] for row in rows(ask(app, "/api/scores.csv?coder=c2"))} == {"c2"}
    assert {row["date"] for row in rows(ask(app, "/api/scores.csv?from=2024-04-01"))} == {"2024-06-30"}
    assert {row["indicator"] for row in rows(ask(app, "/api/scores.csv?indicator=mil_signals"))} == {"mil_signals"}
    assert len(rows(ask(app, "/api/scores.csv?dim=index"))) == 13


def test_events_come_in_order_with_their_grades(app: Starlette) -> None:
    found = rows(ask(app, "/api/events.csv?dim=military&to=2024-05-31"))
    assert [row["event"] for row in found] == ["E0001", "E0002", "E0005", "E0006"]
    assert [row["reliability"] + row["credibility"] for row in found] == ["A1", "B2", "A2", "A1"]


def test_claims_come_with_verdict_probability_and_word(app: Starlette) -> None:
    claims = {claim["claim"]: claim for claim in ask(app, "/api/claims.json").json["claims"]}
    # Never below 4: the lowest draw of the index is far above.
    tense = claims["stays-tense"]
    assert (tense["verdict"], tense["probability"], tense["holds"], tense["end"]) == (
        "supported",
        1,
        True,
        "2024-06-30",
    )
    assert tense["word"]
    assert claims["record-high"]["threshold"] is None
    assert claims["networks-worse"]["subject"] == "cyber;military"


def test_the_feed_is_atom_and_leads_to_pages_of_the_app_or_of_the_publication(app: Starlette, folder: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"

    def links(answer: Answer) -> set[str]:
        return {link.get("href", "") for link in ET.fromstring(answer.text).iterfind(f".//{atom}link")}

    answer = ask(app, "/feed.xml")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert links(answer)
    assert all(re.match(r"dimension\?|narrative\?|\.$", link) for link in links(answer))
    published = links(ask(serve(folder, site="https://example.org/t/"), "/feed.xml"))
    assert all(link.startswith("https://example.org/t/") for link in published)


def test_spreadsheets_find_no_formula_in_any_table(root: Path) -> None:
    app = serve(root / "data")
    for path in ("/api/series.csv?level=indicator", "/api/scores.csv", "/api/events.csv"):
        for row in csv.reader(io.StringIO(ask(app, path).text)):
            for cell in row:
                assert not re.match(r"[=+@\t\r]", cell), cell
                assert not cell.startswith("-") or float(cell) < 0


# How they refuse


def test_every_refused_parameter_is_named_at_once(app: Starlette) -> None:
    query = "dim=space&from=31/12/2024&freq=year&colour=red&interval=80&coder=c9&coder=c1"
    assert problems(ask(app, f"/api/series.csv?{query}")) == [
        ("dim", "space"),
        ("from", "31/12/2024"),
        ("freq", "year"),
        ("colour", "red"),
        ("coder", "c9"),
    ]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/api/events.csv?coder=c1", "coder"),
        ("/api/scores.csv?mean=geometric", "mean"),
        ("/api/claims.json?level=index", "level"),
        ("/feed.xml?dim=cyber", "dim"),
        ("/api/series.csv?claim=stays-tense", "claim"),
        ("/api/series.csv?to=2026-11-26", "to"),
        ("/api/series.csv?w_space=1", "w_space"),
    ],
)
def test_what_an_address_does_not_take_is_refused_and_not_ignored(app: Starlette, address: str, name: str) -> None:
    assert [parameter for parameter, _ in problems(ask(app, address))] == [name]


@given(st.lists(st.tuples(st.sampled_from(["dim", "from", "w_cyber", "x", "as_of"]), st.text(max_size=8)), max_size=5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_parameters_break_an_answer(app: Starlette, parameters: list[tuple[str, str]]) -> None:
    answer = ask(app, f"/api/events.csv?{urlencode(parameters, errors='replace')}")
    assert answer.status in (200, 400)
    assert answer.status == 200 or 1 <= len(answer.json["problems"]) <= len(parameters)


def test_a_long_value_is_repeated_in_part_only(app: Starlette) -> None:
    ((_, value),) = problems(ask(app, "/api/series.csv?dim=" + "x" * 5000))
    assert len(value) <= 200


def test_markup_in_a_value_stays_text(app: Starlette) -> None:
    answer = ask(app, "/api/series.csv?dim=%3Cscript%3E")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert problems(answer) == [("dim", "<script>")]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("path", [*PATHS, "/healthz"])
def test_nothing_can_be_written(app: Starlette, path: str, method: str) -> None:
    answer = ask(app, path, method)
    assert (answer.status, answer.json["status"], answer.json["problems"]) == (405, 405, [])
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_an_unknown_address_is_answered_in_the_same_shape(app: Starlette) -> None:
    answer = ask(app, "/api/secrets.csv")
    assert (answer.status, set(answer.json)) == (404, {"status", "error", "problems"})


def test_without_good_data_every_table_says_so(tmp_path: Path) -> None:
    app = serve(
        write_folder(tmp_path / "data", **{"scores/cyber.csv": FILES["scores/cyber.csv"].replace(",6,", ",66,")})
    )
    for path in PATHS:
        answer = ask(app, path)
        assert (answer.status, answer.json["status"]) == (503, 503)
        assert answer.headers["cache-control"] == "no-store"
    health = ask(app, "/healthz")
    assert (health.status, health.json["data"], health.json["digest"]) == (503, "none", None)
    assert health.json["problems"] >= 1
    assert ask(app, "/api/openapi.json").status == 200


def test_a_fault_of_the_program_is_told_without_its_details(folder: Path) -> None:
    def broken() -> Store:
        raise OSError("/secret/place")

    answer = ask(Starlette(routes=build_routes(broken, lambda: TODAY)), "/api/series.csv")
    assert (answer.status, answer.json["problems"]) == (500, [])
    assert "secret" not in answer.text


# How they are kept and read from elsewhere


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_a_reader_has_is_not_sent_again(app: Starlette, path: str) -> None:
    first = ask(app, path)
    tag = first.headers["etag"]
    again = ask(app, path, If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["access-control-allow-origin"] == "*"
    assert ask(app, path, If_None_Match='"other"').body == first.body
    assert ask(app, path, If_None_Match=tag.removeprefix("W/")).status == 304
    assert ask(app, path, If_None_Match="*").status == 304


def test_the_tag_changes_with_the_parameters_and_only_where_they_say_something_else(app: Starlette) -> None:
    def tag(address: str) -> str:
        return ask(app, address).headers["etag"]

    plain = tag("/api/series.csv")
    assert tag("/api/series.csv?coder=all&freq=quarter&interval=80&w_cyber=1") == plain
    others = {
        tag(f"/api/series.csv?{q}") for q in ("coder=c1", "freq=week", "interval=50", "w_cyber=2", "as-of=2024-07-03")
    }
    assert len(others | {plain, tag("/api/series.json")}) == 7
    assert tag("/api/series.csv?freq=week&coder=c1") == tag("/api/series.csv?coder=c1&freq=week")


def test_new_data_are_answered_at_once_with_another_tag(tmp_path: Path) -> None:
    folder = write_sound_folder(tmp_path / "data")
    app = serve(folder)
    before = ask(app, "/api/series.csv")
    file = folder / "scores/cyber.csv"
    text = file.read_text()
    row = "2024-06-30,cyb_espionage,10,9,10,Four agencies name one service and it is worse.,E0007,c2,2024-07-07,1.0\n"
    file.write_text(text + row)
    os.utime(file, ns=(10**18, 10**18))
    after = ask(app, "/api/series.csv", If_None_Match=before.headers["etag"])
    assert after.status == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert float(rows(after)[-1]["score"]) > float(rows(before)[-1]["score"])
    file.write_text(text + row.replace(",10,9,", ",11,9,"))
    health = ask(app, "/healthz")
    assert (health.status, health.json["data"]) == (200, "last good version")
    assert ask(app, "/api/series.csv").body == after.body


def test_health_names_the_data_and_the_age_of_the_newest_change(tmp_path: Path) -> None:
    folder = write_sound_folder(tmp_path / "data")
    for file in folder.rglob("*.*"):
        os.utime(file, (2e9 - 500, 2e9 - 500))
    os.utime(folder / "events.csv", (2e9 - 90, 2e9 - 90))
    health = ask(serve(folder), "/healthz")
    digest = health.json["digest"]
    assert health.json == {
        "data": "good",
        "digest": digest,
        "problems": 0,
        "seconds_since_change": 90,
        "seconds_since_remote": None,
        "remote": "none",
        "waiting": 0,
        "version": __version__,
    }
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert health.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [*DATA_PATHS, "/api/openapi.json"])
def test_large_answers_are_compressed_for_those_who_accept_it(app: Starlette, path: str) -> None:
    plain, packed = ask(app, path), ask(app, path, Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    if len(plain.body) >= 500:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body
    assert "accept-encoding" in packed.headers["vary"].lower()


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/api/openapi.json"])
def test_any_page_may_read_and_learn_what_it_may(app: Starlette, path: str) -> None:
    asked = ask(app, path, "OPTIONS", Origin="https://example.org", Access_Control_Request_Method="GET")
    assert (asked.status, asked.body) == (204, b"")
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    answer, head = ask(app, path), ask(app, path, "HEAD")
    for one in (asked, answer, head):
        assert one.headers["access-control-allow-origin"] == "*"
        assert one.headers["x-content-type-options"] == "nosniff"
    assert (head.status, head.body) == (answer.status, b"")
    assert head.headers["content-length"] == str(len(answer.body))


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/api/openapi.json"])
def test_the_head_of_a_compressed_answer_tells_the_length_of_what_would_come(app: Starlette, path: str) -> None:
    answer, head = (ask(app, path, method, Accept_Encoding="gzip") for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (answer.status, b"")
    assert head.headers["content-length"] == answer.headers["content-length"] == str(len(answer.body))
    assert head.headers.get("content-encoding") == answer.headers.get("content-encoding")


@pytest.mark.parametrize(
    "hung_on",
    [
        "utm_source=feed&utm_medium=x&utm_campaign=y&utm_id=z",
        "fbclid=IwAR0",
        "gclid=x",
        "_=1764480000",
        "msclkid=x&dclid=y&mc_cid=z&mc_eid=a",
        "_=1&_=2",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_what_others_hang_on_an_address_changes_nothing(app: Starlette, path: str, hung_on: str) -> None:
    plain, hung = ask(app, path), ask(app, f"{path}?{hung_on}")
    assert (hung.status, hung.body, hung.headers["etag"]) == (200, plain.body, plain.headers["etag"])


@pytest.mark.parametrize("name", ["utm", "utm_", "UTM_source", "xfbclid", "__", "gclid2"])
def test_what_only_looks_like_it_is_refused(app: Starlette, name: str) -> None:
    assert problems(ask(app, f"/api/series.csv?{name}=1")) == [(name, "1")]


def test_an_answer_to_thousands_of_refused_parameters_is_short_and_tells_their_number(app: Starlette) -> None:
    query = "&".join(["a=1"] * 2000)
    answer = ask(app, f"/api/series.csv?{query}")
    assert len(problems(answer)) == 20
    assert "20 of 2000" in answer.json["error"]
    assert len(answer.body) < 5000


def test_the_name_of_a_refused_parameter_is_repeated_in_part_only(app: Starlette) -> None:
    ((name, _),) = problems(ask(app, "/api/series.csv?" + "n" * 5000 + "=1"))
    assert len(name) <= 200


@pytest.mark.parametrize("change", ["edited", "added", "removed", "renamed", "template"])
def test_another_version_of_the_code_has_another_hash_whatever_changed(tmp_path: Path, change: str) -> None:
    package = tmp_path / "indicators"
    (package / "show").mkdir(parents=True)
    (package / "show" / "exports.py").write_text("ROUNDED = 12\n")
    (package / "show" / "page.html").write_text("<p>")
    (package / "__pycache__").mkdir()
    before = api.hash_sources(package)
    (package / "__pycache__" / "exports.pyc").write_bytes(b"made while it runs")
    assert api.hash_sources(package) == before
    if change == "edited":
        (package / "show" / "exports.py").write_text("ROUNDED = 13\n")
    elif change == "added":
        (package / "new.py").write_text("")
    elif change == "removed":
        (package / "show" / "exports.py").unlink()
    elif change == "renamed":
        (package / "show" / "exports.py").rename(package / "show" / "exported.py")
    else:
        (package / "show" / "page.html").write_text("<p >")
    assert api.hash_sources(package) != before


def test_the_tag_changes_when_the_code_does_though_data_and_version_stay(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tag(code: str) -> str:
        (tmp_path / "code.py").write_text(code)
        monkeypatch.setattr(api, "SOURCES", tmp_path)
        return ask(serve(folder), "/api/series.csv").headers["etag"]

    assert tag("a = 1") == tag("a = 1")
    assert tag("a = 1") != tag("a = 2")


def test_health_of_a_server_for_members_names_no_data(folder: Path) -> None:
    store = open_store(str(folder), folder.parent, check_readings)
    health = ask(Starlette(routes=api.build_health(lambda: store, lambda: 2e9, with_digest=False)), "/healthz")
    assert health.status == 200
    assert health.json["data"] == "good"
    assert "digest" not in health.json


# The description


def test_the_description_names_every_address_and_parameter(app: Starlette) -> None:
    document = ask(app, "/api/openapi.json").json
    assert set(document["paths"]) == {*PATHS, "/healthz", "/api/openapi.json"}
    series = {p["name"] for p in document["paths"]["/api/series.csv"]["get"]["parameters"]}
    assert {"level", "dim", "from", "w_military", "w_cyber", "If-None-Match"} <= series
    assert json.dumps(document)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_a_generator_of_requests_finds_no_answer_beside_the_description(app: Starlette, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    # Days outside the data, and parameters that do not go together, are well-formed and still refused.
    spared = [schemathesis.checks.positive_data_acceptance]
    asked = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        def hold(case: schemathesis.Case) -> None:
            case.call_and_validate(excluded_checks=spared)
            asked.add(case.path)

        if mode is GenerationMode.POSITIVE or operation.query:
            hold()
    assert asked >= set(DATA_PATHS)
