"""The addresses for programs on the running app: beside its pages, on the same data, and in nobody's way."""

import json
import urllib.error
import urllib.request
from http.client import HTTPMessage

import pytest

from tests.running_app import Server


def fetch(address: str, method: str = "GET", **headers: str) -> tuple[int, HTTPMessage, bytes]:
    """Status, headers and bytes of one answer; header names have an underscore for each hyphen."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with opener.open(urllib.request.Request(address, method=method, headers=named), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/series.csv", "text/csv"),
        ("/api/series.json", "application/json"),
        ("/api/scores.csv", "text/csv"),
        ("/api/events.csv", "text/csv"),
        ("/api/claims.json", "application/json"),
        ("/api/openapi.json", "application/json"),
        ("/feed.xml", "application/atom+xml"),
        ("/healthz", "application/json"),
    ],
)
def test_every_address_answers_on_the_running_app(server: Server, path: str, kind: str) -> None:
    status, headers, body = fetch(server.url + path)
    assert status == 200
    assert headers["content-type"].startswith(kind)
    assert headers["access-control-allow-origin"] == "*"
    assert len(body) > 50
    status, headers, body = fetch(server.url + path, "HEAD")
    assert (status, body) == (200, b"")


def test_the_running_app_keeps_to_tags_compression_and_refusals(server: Server) -> None:
    address = f"{server.url}/api/series.csv?level=indicator"
    _, headers, plain = fetch(address)
    assert fetch(address, If_None_Match=headers["etag"])[0] == 304
    _, packed, body = fetch(address, Accept_Encoding="gzip")
    assert packed.get_all("content-encoding") == ["gzip"]
    assert len(body) < len(plain) / 2
    status, _, body = fetch(f"{server.url}/api/series.csv?dim=space&x=1")
    assert (status, [problem["parameter"] for problem in json.loads(body)["problems"]]) == (400, ["dim", "x"])
    assert fetch(address, "POST")[0] == 405
    assert fetch(address, "OPTIONS", Origin="https://example.org")[0] == 204
    assert fetch(f"{server.url}/api/nothing")[0] == 404


def test_the_pages_are_where_they_were(server: Server) -> None:
    for path in ("/", "/dimension", "/_stcore/health"):
        status, headers, _ = fetch(server.url + path)
        assert status == 200
        assert "access-control-allow-origin" not in headers or headers["access-control-allow-origin"] != "*"
