"""A judge walks the whole portal: every link, every route with every identifier there is, right and wrong requests.

Nowhere does the author's name, address, government or school come back, nor the moment of submission, in whatever
encoding; no word that was hidden; and no byte of what was uploaded.
"""

import base64
import hashlib
import os
import re
import urllib.parse
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.responses import Response as Page
from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html as markup
from markupsafe import Markup
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.essays.models import Source
from portal.judging.routes import desk
from portal.mail.models import Message
from portal.registry.models import Government
from tests import canaries
from tests.judging import scene as scenes
from tests.judging.addresses import every_address
from tests.judging.scene import Scene

pytestmark = pytest.mark.slow
As = Callable[[Person], TestClient]

HEADERS: tuple[dict[str, str], ...] = (
    {"accept": "application/json"},
    {"hx-request": "true"},
    {"if-none-match": '"x"', "range": "bytes=0-99"},
    {"if-modified-since": "Mon, 23 Nov 2020 00:00:00 GMT", "accept-language": "mn"},
)
# Pages of the registry name every government, whoever wrote.
REGISTRY = ("/governments", "/api/", "/organisation", "/committees", "/sources")
NAMES_OF_ALL = 20  # so does any other page that names so many
# What the portal makes itself; whatever was uploaded is none of it.
KINDS = {"text", "application/json", "application/manifest+json", "image/svg+xml", "image/png", "image/x-icon", "font"}
REFERENCE = re.compile(rb"Reference: [0-9a-f]{8}|name=\"key\" value=\"[0-9a-f-]{36}\"")


@dataclass
class Walk:
    """What a judge has seen, and what must not have been there."""

    client: TestClient
    wanted: dict[str, set[bytes]]
    others: list[list[bytes]]  # of each other government, its names
    paths: set[str] = field(default_factory=set)
    leaks: list[tuple[str, str, str]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    known: set[bytes] = field(default_factory=set)

    @cached_property
    def all_wanted(self) -> set[bytes]:
        return {trace for traces in self.wanted.values() for trace in traces}

    @property
    def asked(self) -> int:
        return self.statuses.total()

    def ask(self, method: str, path: str, **named: Any) -> Response:
        self.client.cookies.delete("flash") if "flash" in self.client.cookies else None
        answer = self.client.request(method, path, **named)
        self.statuses[answer.status_code] += 1
        self.paths.add(path)
        self._look(path, f"{method} {path}", answer)
        return answer

    def _look(self, path: str, asked: str, answer: Response) -> None:
        """What the judge typed into the address comes back in links, and tells nothing new."""
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items())
        kind = answer.headers.get("content-type", "text/none").partition(";")[0]
        if not {kind, kind.partition("/")[0]} & KINDS or hashlib.sha256(answer.content).digest() == UPLOADED:
            self.leaks.append((asked, "file", kind))
        said = f"{head}\n\n".encode() + answer.content
        said = REFERENCE.sub(b"", said.replace(path.encode(), b"") if len(path) > 12 else said)
        if said not in self.known:  # as most pages of errors are
            self.known.add(said)
            self._search(path, asked, said)

    def _search(self, path: str, asked: str, said: bytes) -> None:
        found = set(canaries.found_in(said, self.all_wanted))
        named = sum(any(name in said for name in names) for names in self.others)
        if path.startswith(REGISTRY) or named >= NAMES_OF_ALL:
            found -= self.wanted["government"]
        for name, traces in self.wanted.items():
            self.leaks += [(asked, name, repr(trace)) for trace in sorted(found & traces)]


UPLOADED = hashlib.sha256(scenes.FILE).digest()


# The whole walk takes a minute or two: an essay that was typed on one engine, one from paper on the other.
SOURCE = Source.PAPER if "TEST_DATABASE_URL" in os.environ else Source.TYPED


@pytest.fixture(params=[SOURCE])
def scene(app: FastAPI, session: Session, tmp_path: Path, request: pytest.FixtureRequest) -> Scene:
    return scenes.make_scene(session, app.state.storage, tmp_path, request.param)


typed = pytest.mark.parametrize("scene", [Source.TYPED], indirect=True)


@pytest.fixture
def walk(session: Session, scene: Scene, as_: As) -> Walk:
    governments = session.exec(select(Government)).all()
    home = next(each for each in governments if each.id == scene.own.government_id)
    others = [[name.encode() for name in each.names.values()] for each in governments if each.id != home.id]
    return Walk(as_(scene.judge), {**_wanted(scene), "government": _names(home)}, others)


def _names(home: Government) -> set[bytes]:
    said = [*home.names.values(), home.native_name, home.code, str(home.id), home.id.hex]
    return {trace for text in said if len(text) >= 4 for trace in canaries.traces(text)}


def _wanted(scene: Scene) -> dict[str, set[bytes]]:
    said = scenes.secrets(scene)
    wanted = {name: {trace for text in texts for trace in canaries.traces(text)} for name, texts in said.items()}
    return {**wanted, "rows": scenes.numbers(scene)}


# The walk


def follow_links(walk: Walk) -> None:
    """From the first page, wherever links, forms, files and scripts lead."""
    queue, known = (
        deque(["/", "/judging", "/messages", "/inbox", "/account", "/account/data", "/robots.txt", "/sitemap.xml"]),
        set(),
    )
    while queue:
        path = queue.popleft()
        if path in known or not path.startswith("/") or path.startswith("/sign-out"):
            continue
        known.add(path)
        answer = walk.ask("GET", path)
        if answer.headers.get("content-type", "").startswith("text/html") and answer.content:
            queue.extend(_leading_on(answer, path))
        if "location" in answer.headers:
            queue.append(answer.headers["location"])


def _leading_on(answer: Response, path: str) -> list[str]:
    tree = markup.fromstring(answer.text)
    tree.make_links_absolute(f"http://127.0.0.1:8000{path}")
    found = [link for element, _name, link, _at in tree.iterlinks() if element.tag in {"a", "link", "img", "script"}]
    parts = [urlsplit(link) for link in found if link.startswith("http://127.0.0.1:8000/")]
    return [each.path + (f"?{each.query}" if each.query else "") for each in parts if "lang=" not in each.query]


def try_out(scene: Scene, walk: Walk, method: str, path: str) -> None:
    """What is shown is asked for in other ways too; nothing that is done stays done."""
    savepoint = scene.session.connection().begin_nested()
    answer = walk.ask(method, path, **({} if method == "GET" else {"data": {"x": "1"}}))
    if method == "GET" and answer.status_code == 200:
        for headers in HEADERS:
            walk.ask("GET", path, headers=headers)
        walk.ask("HEAD", path)
    if method == "POST" and answer.status_code != 404:
        walk.ask("POST", path, data={"x": "1"}, headers={"sec-fetch-site": "cross-site"})
    savepoint.rollback()


def ask_wrongly(app: FastAPI, scene: Scene, walk: Walk) -> None:
    """Methods that nothing has, and addresses at which files could lie."""
    ids = scenes.ids_of(scene)
    for n, (_method, path) in enumerate(every_address(app.state.permissions, ids, ["1"])):
        walk.ask(("PUT", "DELETE", "PATCH", "OPTIONS")[n % 4], path)
    for name in scenes.guesses(scene):
        for place in ("/static/", "/uploads/", "/files/", "/api/v1/essays/", "/judging?after="):
            walk.ask("GET", f"{place}{name}")


def mark_and_err(scene: Scene, walk: Walk) -> None:
    here = f"/judging/{scene.appointment.alias}"
    for data in ({"points_1": "11"}, {"points_1": "3", "comment": "Clear."}, {}, {"comment": "x" * 6000}):
        walk.ask("POST", here, data=data)
        walk.ask("GET", here)
    points = {f"points_{n}": "7" for n in range(1, 6)}
    for _ in range(2):
        walk.ask("POST", f"{here}/lock", data=points)
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        walk.ask(method, here)
    for data in ({}, {"reason": "x" * 400}, {"reason": "A pupil of mine."}):
        walk.ask("POST", f"{here}/conflict", data=data)
    walk.ask("GET", f"{here}/conflict")
    for data in ({}, {"reason": "Illness.", "edition_id": str(scene.essay.id)}):
        walk.ask("POST", "/judging/leave", data=data)
    walk.ask("GET", "/judging/leave")


def test_nothing_that_a_judge_can_reach_tells_who_wrote_it(app: FastAPI, scene: Scene, walk: Walk) -> None:
    follow_links(walk)
    assert {f"/judging/{alias}" for alias in scenes.ids_of(scene)["alias"][:2]} <= walk.paths  # of either round
    assert f"/judging/training/{scenes.ids_of(scene)['anchor_id'][0]}" in walk.paths
    for method, path in every_address(app.state.permissions, scenes.ids_of(scene), scenes.guesses(scene)):
        try_out(scene, walk, method, path)
    ask_wrongly(app, scene, walk)
    mark_and_err(scene, walk)
    print(f"{scene.essay.source}: {walk.asked} requests, {dict(walk.statuses)}")
    assert {200, 303, 403, 404, 405, 409, 422} <= set(walk.statuses)
    assert walk.asked > 3000
    assert walk.leaks == []


def test_the_judge_reads_blocks_where_words_are_hidden(scene: Scene, walk: Walk) -> None:
    shown = walk.ask("GET", f"/judging/{scene.appointment.alias}").text
    assert "The river and ▇▇▇<" in shown
    assert "I am ▇▇▇." in shown
    assert "▇▇▇, page 7" in shown


def test_no_message_to_a_judge_tells_anything(scene: Scene, walk: Walk) -> None:
    told = scene.session.exec(select(Message).where(Message.address == scene.judge.email)).all()
    assert [message.template for message in told] == ["judging/appointed"]
    for message in told:
        said = f"{message.subject} {message.text}".encode()
        assert [name for name, traces in walk.wanted.items() if canaries.found_in(said, traces)] == []


# That it would notice


@typed
def test_the_walk_would_notice(scene: Scene, walk: Walk, as_: As) -> None:
    """The author's own pages are full of it."""
    author = scene.session.get_one(Person, scene.own.person_id)
    walk.client = as_(author)
    for path in ("", "/receipt", "/about", "/statements", "/set-aside", "/submissions", "/file", "/file/original"):
        walk.ask("GET", f"/essays/{scene.essay.id}{path}")
    walk.ask("GET", "/account")
    walk.ask("GET", "/account/data")
    noticed = {name for _asked, name, _found in walk.leaks}
    assert noticed >= {"names", "address", "school", "guardian", "identifiers", "time", "hidden", "other texts", "file"}


def _language(telling: str) -> Callable[[str], Markup]:
    """A name of a language with something else in it."""
    return lambda _code: Markup("Mongolian") + Markup(telling)


def _school_in_an_attribute(patch: pytest.MonkeyPatch) -> None:
    coded = base64.b64encode(f"from={scenes.SCHOOL}".encode()).decode()
    patch.setattr(desk, "language", _language(f'<i data-of="{coded}"></i>'))


def _moment_in_a_comment(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(desk, "language", _language(f"<!-- {scenes.SENT_AT.isoformat()} -->"))


def _file_name_in_a_header(patch: pytest.MonkeyPatch) -> None:
    page = desk.page

    def telling(*given: Any, **values: Any) -> Page:
        answer = page(*given, **values)
        answer.headers["content-disposition"] = f"inline; filename*=UTF-8''{urllib.parse.quote(scenes.FILE_NAME)}"
        return answer

    patch.setattr(desk, "page", telling)


def _title_as_it_was(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(desk, "language", _language(f"<i>{scenes.HIDDEN[scenes.Part.TITLE].upper()}</i>"))


LEAKS = {
    "school": _school_in_an_attribute,
    "time": _moment_in_a_comment,
    "file": _file_name_in_a_header,
    "hidden": _title_as_it_was,
}


@typed
@pytest.mark.parametrize("what", LEAKS)
def test_a_page_that_tells_is_noticed(scene: Scene, walk: Walk, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    LEAKS[what](monkeypatch)
    walk.ask("GET", "/judging")
    walk.ask("GET", f"/judging/{scene.appointment.alias}")
    assert what in {name for _asked, name, _found in walk.leaks}
