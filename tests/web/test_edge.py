"""What every answer carries and every request meets, whatever the page."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse, Response

from portal.accounts.access import Relation, allow
from portal.app import create_app
from portal.db import Database
from portal.errors import ConfigurationError
from portal.settings import Settings
from portal.web.links import within
from tests.conftest import ORIGIN, browser

ORIGINS_OF_OTHERS = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site", "origin": ORIGIN},
]


def test_every_answer_has_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/nothing-here", "/static/portal.css", "/static/nothing", "/static/build/package.json"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_pages_are_not_kept_by_caches_and_static_files_are(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-store, private"
    assert "immutable" in client.get("/static/portal.css?v=1").headers["cache-control"]


def test_sources_of_the_style_sheet_are_not_served(client: TestClient) -> None:
    assert client.get("/static/build/package.json").status_code == 404


def test_no_page_carries_inline_script_or_style(client: TestClient) -> None:
    page = client.get("/").text
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("headers", ORIGINS_OF_OTHERS)
def test_a_change_that_another_site_asks_for_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/sign-in", headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": ORIGIN}])
def test_a_change_from_here_is_not(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/nothing-here", headers=headers).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a@127.0.0.1", "x/admin?", ""])
def test_only_the_configured_host_is_answered(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 404
    assert "evil" not in answer.text


def test_an_unknown_page_is_explained_with_a_reference(client: TestClient) -> None:
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert "Reference:" in answer.text


def test_a_wrong_method_is_explained(client: TestClient) -> None:
    answer = client.delete("/")
    assert answer.status_code == 405
    assert "cannot be done here" in answer.text


def test_the_language_follows_address_then_cookie_then_browser(app: FastAPI, client: TestClient) -> None:
    chinese = browser(app, **{"accept-language": "zh-CN,zh;q=0.9,en;q=0.1"})
    assert '<html lang="zh-Hans"' in chinese.get("/").text
    assert '<html lang="en"' in chinese.get("/?lang=en").text
    assert '<html lang="en"' in chinese.get("/").text, "the cookie remembers what the address asked for"
    assert '<html lang="en"' in client.get("/?lang=xx").text


def test_a_body_over_the_limit_is_refused_declared_or_not(client: TestClient) -> None:
    too_much = b"x" * 12_000_000
    assert client.post("/sign-in", content=too_much).status_code == 413
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/sign-in", content=iter([b"email=", too_much]), headers=form)
    assert answer.status_code == 413
    assert "too large" in answer.text


@pytest.fixture
def trouble(settings: Settings, database: Database) -> Iterator[FastAPI]:
    """The portal with one page that fails, and one that reads nothing it should not."""
    app = create_app(settings, database)
    router = APIRouter()

    @router.get("/trouble")
    @allow(Relation.VISITOR)
    def trouble() -> Response:
        raise RuntimeError("secret-canary")

    app.include_router(router)
    yield app


def test_a_failure_shows_a_reference_and_nothing_else(
    trouble: FastAPI, session: object, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = browser(trouble).get("/trouble")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret-canary" not in answer.text
    assert "Traceback" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_route_that_declares_nobody_keeps_the_portal_from_starting(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = APIRouter()

    @router.get("/undeclared")
    def undeclared(request: Request) -> Response:
        return PlainTextResponse("")

    monkeypatch.setattr("portal.app.ROUTERS", (router,))
    with pytest.raises(ConfigurationError, match="/undeclared declares nobody"):
        create_app(settings, database)


@pytest.mark.parametrize(
    "payload",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\/evil.example", "javascript:alert(1)",
        "http:evil.example", "/\t/evil.example", "///evil.example", "evil.example", "", " /calls", "/calls\r\nX: y",
        "https:/evil.example", "//evil.example/%2f..", "/é",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_portal(payload: str) -> None:
    assert within(payload) == "/"


@pytest.mark.parametrize("path", ["/", "/calls", "/calls/x?after=1&lang=en", "/essays/1#text"])
def test_addresses_within_stay(path: str) -> None:
    assert within(path) == path


def test_answers_are_compressed_for_who_asks(client: TestClient) -> None:
    plain, compressed = client.get("/governments"), client.get("/governments", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert compressed.headers["content-encoding"] == "gzip"
    assert int(compressed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert "Accept-Encoding" in compressed.headers["vary"]


def test_an_address_with_nul_leads_nowhere(client: TestClient) -> None:
    assert client.get("/calls/a%00b").status_code == 404
