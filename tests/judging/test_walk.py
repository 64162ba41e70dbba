"""A judge walks the whole portal: every link, every route with every identifier there is, right and wrong requests.

Nowhere does the author's name, address, government or school come back, nor the moment of submission, in whatever
encoding; and no byte of what was uploaded.
"""

import datetime as dt
import hashlib
import itertools
import re
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html as markup
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.consents.models import Case, ConsentGuardian
from portal.contests.models import Edition
from portal.essays.models import Authorship, Essay
from portal.files.storage import new_key
from portal.judging.models import Appointment
from portal.mail.models import Message
from portal.registry.models import Government
from tests import canaries, make

pytestmark = pytest.mark.slow
As = Callable[[Person], TestClient]

NATIVE, ROMAN, ACCOUNT = "Цэнгэлмаа Юндэнбат", "Yundenbat Tsengelmaa", "Tsengee the account"
ADDRESS = "tsengelmaa.writes@canarymail.example"
SCHOOL = "Canary Lyceum of the Eastern Steppe"
GUARDIAN, GUARDIANS_ADDRESS = "Юндэн Canaryparent", "yunden.parent@canarymail.example"
SENT_AT = dt.datetime(2026, 3, 17, 4, 37, 21, 654321, tzinfo=dt.UTC)
FILE = b"%PDF-1.7 canary manuscript bytes of Tsengelmaa"
HEADERS: tuple[dict[str, str], ...] = (
    {"accept": "application/json"},
    {"hx-request": "true"},
    {"if-none-match": '"x"', "range": "bytes=0-99"},
    {"if-modified-since": "Mon, 23 Nov 2020 00:00:00 GMT", "accept-language": "mn"},
)
# Pages of the registry name every government, whoever wrote.
REGISTRY = ("/governments", "/api/", "/organisation", "/committees", "/sources")
NAMES_OF_ALL = 20  # so does any other page that names so many


@dataclass
class Walk:
    """What a judge has seen, and what must not have been there."""

    client: TestClient
    wanted: dict[str, set[bytes]]
    home: set[bytes]
    others: list[bytes]
    paths: set[str] = field(default_factory=set)
    leaks: list[tuple[str, str, str]] = field(default_factory=list)
    asked: int = 0

    def ask(self, method: str, path: str, **named: Any) -> Response:
        self.client.cookies.delete("flash") if "flash" in self.client.cookies else None
        answer = self.client.request(method, path, **named)
        self.asked += 1
        self.paths.add(path)
        self._look(path, f"{method} {path}", answer)
        return answer

    def _look(self, path: str, asked: str, answer: Response) -> None:
        """What the judge typed into the address comes back in links, and tells nothing new."""
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items())
        said = f"{head}\n\n".encode() + answer.content
        said = said.replace(path.encode(), b"") if len(path) > 12 else said
        for name, traces in self.wanted.items():
            self.leaks += [(asked, name, repr(found)) for found in canaries.found_in(said, traces)]
        if not path.startswith(REGISTRY) and sum(other in said for other in self.others) < NAMES_OF_ALL:
            self.leaks += [(asked, "government", repr(found)) for found in canaries.found_in(said, self.home)]


@dataclass
class Scene:
    session: Session
    edition: Edition
    essay: Essay
    own: Authorship
    appointment: Appointment
    judge: Person


@pytest.fixture
def scene(app: FastAPI, session: Session, tmp_path: Path) -> Scene:
    """An author of whom everything is known, and a judge who reads the essay in Mongolian."""
    edition = make.edition(session)
    author = make.person(session, ACCOUNT, email=ADDRESS, language="mn")
    essay = make.essay(session, "in_judging", edition=edition, author=author, language="mn", submitted_at=SENT_AT)
    own = make.authorship(session, essay)
    own.native_name, own.roman_name, own.school = NATIVE, ROMAN, SCHOOL
    own.government_id = _home(session).id
    essay.screened_at = essay.saved_at = essay.created_at = SENT_AT
    _upload(app, session, essay, tmp_path / "manuscript")
    make.consent_guardian(session, make.consent_case(session, author, edition), name=GUARDIAN, email=GUARDIANS_ADDRESS)
    judge = make.judge(session, edition, languages=("mn", "en"), name="The judge")
    appointment = make.appointment(session, essay, judge)
    make.marks(session, make.appointment(session, essay, make.judge(session, edition)), 5, 6, 7, 8, 9)
    session.commit()
    return Scene(session, edition, essay, own, appointment, judge.person)


def _name_guardian(session: Session, case: Case) -> None:
    asked = session.exec(select(ConsentGuardian).where(ConsentGuardian.case_id == case.id)).one()
    asked.name, asked.email = GUARDIAN, GUARDIANS_ADDRESS
    make.saved(session, asked)


def _upload(app: FastAPI, session: Session, essay: Essay, source: Path) -> None:
    """The bytes lie in storage, where a download would find them."""
    source.write_bytes(FILE)
    key = new_key()
    app.state.storage.put(source, key)
    name = "Tsengelmaa Yundenbat, Canary Lyceum.pdf"
    author = session.get_one(Person, make.authorship(session, essay).person_id)
    file = make.stored_file(session, author, name=name, key=key, sha256=hashlib.sha256(FILE).hexdigest())
    make.manuscript(session, essay, file=file)


def _home(session: Session) -> Government:
    """A government of its own, so that its name stands nowhere else."""
    home = make.government(session, "MN-061")
    names = {
        "en": "Canaryland Aimag",
        "zh-Hans": "金丝雀省",
        "mn": "Канари аймаг",
        "ja": "カナリア県",
        "ko": "카나리아도",
    }
    home.names, home.native_name = names, "Канари аймаг"
    return make.saved(session, home)  # type: ignore[no-any-return]


@pytest.fixture
def walk(session: Session, scene: Scene, as_: As) -> Walk:
    governments = session.exec(select(Government)).all()
    home = next(each for each in governments if each.id == scene.own.government_id)
    others = [each.names["en"].encode() for each in governments if each.id != home.id]
    return Walk(as_(scene.judge), _wanted(scene), _names(home), others)


def _names(home: Government) -> set[bytes]:
    said = [*home.names.values(), home.native_name, home.code, str(home.id), home.id.hex]
    return {trace for text in said if len(text) >= 4 for trace in canaries.traces(text)}


def _wanted(scene: Scene) -> dict[str, set[bytes]]:
    own, essay = scene.own, scene.essay
    said = {
        "names": [NATIVE, ROMAN, ACCOUNT, *NATIVE.split(), *ROMAN.split()],
        "address": [ADDRESS, ADDRESS.partition("@")[0]],
        "school": [SCHOOL, "Canary Lyceum"],
        "guardian": [GUARDIAN, GUARDIANS_ADDRESS],
        "identifiers": [str(each) for each in (own.id, own.person_id, essay.id, own.number, essay.code)]
        + [each.hex for each in (own.id, own.person_id, essay.id)],
        "time": list(_moments(SENT_AT)),
        "file": [hashlib.sha256(FILE).hexdigest(), "canary manuscript bytes"],
    }
    return {name: {trace for text in texts for trace in canaries.traces(text)} for name, texts in said.items()}


def _moments(at: dt.datetime) -> Iterator[str]:
    """The instant as programmes write it, in UTC and in every zone of the region."""
    yield from (str(int(at.timestamp())), str(int(at.timestamp() * 1000)))
    for hours in range(13):
        local = at.astimezone(dt.timezone(dt.timedelta(hours=hours)))
        yield from (local.isoformat()[:16], f"{local:%Y-%m-%d %H:%M}", f"{local:%d %b %Y %H:%M}", f"{local:%H:%M:%S}")
    yield from (
        "17 March 2026",
        "2026年3月17日",
        "17 Mar 2026",
        "2026-03-17",
        "20260317",
        "17 марта 2026",
        "2026. 3. 17",
    )


# The walk


def follow_links(walk: Walk) -> None:
    """From the first page, wherever links, forms and files lead."""
    queue, known = deque(["/", "/judging", "/messages", "/account", "/robots.txt", "/sitemap.xml"]), set()
    while queue:
        path = queue.popleft()
        if path in known or not path.startswith("/") or path.startswith(("/static/", "/sign-out")):
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


def ids_of(scene: Scene) -> dict[str, list[str]]:
    """For each name in an address what a curious judge would try."""
    essay, own, edition, appointment = scene.essay, scene.own, scene.edition, scene.appointment
    nobody = str(uuid.UUID(int=1))
    return {
        "slug": [edition.slug],
        "essay_id": [str(essay.id), str(own.id)],
        "other_id": [str(essay.id)],
        "code": [str(essay.code), "KR-47"],
        "alias": [appointment.alias, str(essay.code)],
        "person_id": [str(own.person_id)],
        "token": [appointment.alias, "x" * 43],
        "number": [str(own.number), "1"],
        "programme": ["contest"],
        "round_id": [str(edition.id)],
        "": [str(essay.id), nobody],
    }


def every_address(app: FastAPI, scene: Scene) -> Iterator[tuple[str, str]]:
    ids = ids_of(scene)
    for permission in app.state.permissions:
        names = re.findall(r"{(\w+)(?::\w+)?}", permission.path)
        for values in itertools.product(*(ids.get(name, ids[""]) for name in names)):
            path = re.sub(r"{\w+(?::\w+)?}", lambda _m, v=iter(values): next(v), permission.path)  # type: ignore[misc]
            yield permission.method, path


def try_out(scene: Scene, walk: Walk, method: str, path: str) -> None:
    """What is shown is asked for in other ways too."""
    savepoint = scene.session.connection().begin_nested()
    answer = walk.ask(method, path, **({} if method == "GET" else {"data": {"x": "1"}}))
    if method == "GET" and answer.status_code == 200:
        for headers in HEADERS:
            walk.ask("GET", path, headers=headers)
        walk.ask("HEAD", path)
    savepoint.rollback()


def test_nothing_that_a_judge_can_reach_tells_who_wrote_it(app: FastAPI, scene: Scene, walk: Walk) -> None:
    follow_links(walk)
    assert f"/judging/{scene.appointment.alias}" in walk.paths
    for method, path in every_address(app, scene):
        if path.startswith("/sign-out"):
            continue
        try_out(scene, walk, method, path)
    assert walk.asked > 700
    assert walk.leaks == []


def test_marking_and_its_mistakes_tell_nothing(scene: Scene, walk: Walk) -> None:
    here = f"/judging/{scene.appointment.alias}"
    for data in ({"points_1": "11"}, {"points_1": "3", "comment": "Clear."}, {}, {"comment": "x" * 6000}):
        walk.ask("POST", here, data=data)
        walk.ask("GET", here)
    points = {f"points_{n}": "7" for n in range(1, 6)}
    for _ in range(2):
        walk.ask("POST", f"{here}/lock", data=points)
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        walk.ask(method, here)
    assert walk.leaks == []


def test_no_message_to_a_judge_tells_anything(scene: Scene, walk: Walk) -> None:
    for message in scene.session.exec(select(Message).where(Message.address == scene.judge.email)):
        said = f"{message.id} {message.subject} {message.text}".encode()
        assert [name for name, traces in walk.wanted.items() if canaries.found_in(said, traces)] == []


def test_the_walk_would_notice(scene: Scene, walk: Walk, as_: As) -> None:
    """The author's own pages are full of it."""
    author = scene.session.get_one(Person, scene.own.person_id)
    walk.client = as_(author)
    walk.ask("GET", f"/essays/{scene.essay.id}")
    walk.ask("GET", "/account")
    assert {name for _asked, name, _found in walk.leaks} >= {"names", "address", "identifiers", "time"}
