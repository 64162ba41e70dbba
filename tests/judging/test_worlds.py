"""Two worlds that differ only in who the authors are look the same to a judge, byte for byte."""

import base64
import datetime as dt
import html
import re
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.clock import now
from portal.contests.models import Edition
from portal.essays.models import Authorship, Essay
from portal.history.actions import record
from portal.judging.models import Appointment, Judge, Mark
from portal.screening.models import FairCopy
from tests import make

As = Callable[..., TestClient]
# Random by intent: the reference of an error page, and the key of a form.
RANDOM = re.compile(rb"Reference: [0-9a-f]{8}|name=\"key\" value=\"[0-9a-f-]{36}\"")
ALL = {f"points_{n}": "7" for n in range(1, 6)}
CURIOUS = "&".join(f"{name}=1" for name in ("sort", "order", "q", "author", "filter", "expand", "fields", "debug"))


@dataclass
class World:
    """An edition with three essays before one judge: to read, begun, submitted; and another judge's marks."""

    session: Session
    client: TestClient
    edition: Edition
    essays: list[Essay] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    others: list[Appointment] = field(default_factory=list)


@pytest.fixture
def world(session: Session, as_: As) -> World:
    edition = make.edition(session)
    judge, other = make.judge(session, edition, name="The judge"), make.judge(session, edition, name="Other judge")
    made = World(session, as_(judge.person), edition)
    for n in range(3):
        _add_essay(made, judge, other, n)
    session.commit()
    return made


def _add_essay(world: World, judge: Judge, other: Judge, n: int) -> None:
    author = make.person(world.session, f"Canaryname{n}", email=f"canary{n}@canarymail.example")
    home = make.government(world.session, ("MN-1", "JP-32", "RU-PRI")[n])
    essay = make.essay(world.session, "in_judging", edition=world.edition, author=author, government=home)
    own = make.appointment(world.session, essay, judge, alias=f"alias{n}")
    if n:
        make.marks(world.session, own, 5, 6, 7, 8, 9, locked=n == 2)
    elsewhere = make.appointment(world.session, essay, other)
    make.marks(world.session, elsewhere, *[n + 3] * 5)
    world.essays.append(essay)
    world.aliases.append(own.alias)
    world.others.append(elsewhere)


def _requests(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Everything a judge can ask for, the wrong and the curious included."""
    known = {"if-none-match": '"x"', "if-modified-since": "Mon, 23 Nov 2020 00:00:00 GMT", "range": "bytes=0-99"}
    for path in ["/judging", f"/judging?{CURIOUS}", "/judging?after=alias0", "/judging?after=zzz", "/judging?lang=ru"]:
        yield "GET", path, {}
        yield "GET", path, {"headers": known}
        yield "HEAD", path, {}
    for essay, alias in zip(world.essays, world.aliases, strict=True):
        yield "GET", f"/judging/{alias}", {}
        yield "GET", f"/judging/{alias}?{CURIOUS}", {"headers": known}
        yield "GET", f"/judging/{alias}", {"headers": {"hx-request": "true"}}
        yield "POST", f"/judging/{alias}", {"data": {"points_1": "11", "comment": "<b>"}}
        yield "POST", f"/judging/{alias}/lock", {"data": {"points_2": "0"}}
        yield "POST", f"/judging/{alias}", {"data": {"points_1": "3", "comment": "Clear."}}
        yield "POST", f"/judging/{alias}", {"data": {}, "headers": {"sec-fetch-site": "cross-site"}}
        yield "GET", f"/judging/{alias}", {}
        yield "POST", f"/judging/{alias}/lock", {"data": {"points_2": "3"}}
        yield "POST", f"/judging/{alias}/lock", {"data": ALL}
        yield "POST", f"/judging/{alias}/lock", {"data": ALL}
        yield "GET", f"/judging/{alias}", {}
        for wrong in (essay.id, uuid.UUID(int=1)):
            yield "GET", f"/judging/{wrong}", {}
            yield "GET", f"/essays/{wrong}", {}
            yield "POST", f"/essays/{wrong}/withdraw", {}
        yield "DELETE", f"/judging/{alias}", {}
    yield "GET", "/judging", {}
    for path in ("", "/essays", "/judges", "/ranking", "/edit", "/write"):
        yield "GET", f"/contests/{world.edition.slug}{path}", {}
    yield "GET", "/contests", {}
    yield "GET", "/essays", {}


def crawl(world: World) -> list[tuple[Any, ...]]:
    """Every answer, in a transaction that is undone."""
    savepoint = world.session.connection().begin_nested()
    answers = []
    for method, path, options in _requests(world):
        answer = world.client.request(method, path, **options)
        headers = sorted(answer.headers.multi_items())
        answers.append((method, path, answer.status_code, headers, RANDOM.sub(b"", answer.content)))
        for name in ("flash", "language"):
            world.client.cookies.delete(name) if name in world.client.cookies else None
    savepoint.rollback()
    world.session.expire_all()
    return answers


def other_authors(world: World) -> None:
    """Every identity changed: names, addresses, schools, governments, ages, times, codes, the order of all these."""
    session = world.session
    for n, essay in enumerate(world.essays):
        written = session.exec(select(Authorship).where(Authorship.essay_id == essay.id)).one()
        author = session.get_one(Person, written.person_id)
        author.name, author.email = "A much longer name than before" * (n + 1), f"somebody.else{n}@example.net"
        author.created_at = author.verified_at = now() - dt.timedelta(days=900 - 100 * n)
        written.government_id = make.government(session, ("KR-49", "CN-37", "MN-046")[n]).id
        written.native_name, written.roman_name, written.school = "山田太郎" * n, "Y" * (50 * n), "東山高校" * n
        written.born_on, written.number = dt.date(2009, 1, 1 + n), f"other-{n}"
        written.nationality, written.used_ai, written.ai_use = "JP", True, "A dictionary." * n
        essay.text, essay.title = f"山田太郎 of 東山高校 {n}" * (n + 1), "My name" * n  # what is hidden from judges
        _other_times(essay, n)
        record(session, "wrote", "authorship", written.id, by=author.id)
    _swap(session, world.essays[0], world.essays[1])
    session.commit()


def _other_times(essay: Essay, n: int) -> None:
    essay.created_at = essay.submitted_at = now() - dt.timedelta(days=30 - 9 * n)
    essay.screened_at = essay.returned_at = now() - dt.timedelta(days=3 * n)
    essay.version, essay.code, essay.reason, essay.submitted_digest = 40 - n, f"CODE{n}", "x" * 99 * n, "0" * 64


def _swap(session: Session, one: Essay, other: Essay) -> None:
    """Each has written what the other had."""
    written = [session.exec(select(Authorship).where(Authorship.essay_id == essay.id)).one() for essay in (one, other)]
    people = [each.person_id for each in written]
    for each, person_id in zip(written, (make.person(session).id, *people[:1]), strict=True):
        each.person_id = person_id
        session.flush()
    written[0].person_id = people[1]
    session.flush()


def other_marks(world: World) -> None:
    """The other judge gave everything else, and has submitted nothing."""
    world.session.execute(sa.update(Mark).where(Mark.appointment_id.in_([a.id for a in world.others])).values(points=1))
    for appointment in world.others:
        appointment.locked_at, appointment.comment = None, "I know this writer."
    world.session.commit()


@pytest.mark.parametrize("difference", [other_authors, other_marks])
def test_judges_cannot_tell_the_worlds_apart(world: World, difference: Callable[[World], None]) -> None:
    here = crawl(world)
    assert {200, 303, 403, 404, 405, 409, 422} <= {answer[2] for answer in here}
    difference(world)
    there = crawl(world)
    assert len(here) == len(there) > 70
    for one, other in zip(here, there, strict=True):
        assert one == other


def test_the_crawl_would_notice_a_difference(world: World) -> None:
    """A world whose text differs in one letter is told apart: the comparison compares something."""
    here = crawl(world)
    copy = select(FairCopy).where(FairCopy.essay_id == world.essays[0].id)
    world.session.exec(copy).one().text += "!"
    world.session.commit()
    assert crawl(world) != here


def _encodings(word: str) -> set[bytes]:
    raw = word.encode()
    return {
        raw, raw.lower(), raw.hex().encode(), html.escape(word).encode(), urllib.parse.quote(word).encode(),
        base64.b64encode(raw).rstrip(b"="), base64.urlsafe_b64encode(raw).rstrip(b"="),
    }  # fmt: skip


def _canaries(world: World) -> set[str]:
    found = {"Other judge", "Person.", "canarymail"}
    for essay in world.essays:
        written = make.authorship(world.session, essay)
        author = world.session.get_one(Person, written.person_id)
        found |= {author.name, author.email, written.native_name, written.roman_name, written.school}
        found |= {essay.code, essay.id.hex, str(essay.id), str(author.id), written.number or "?"}
        assert essay.submitted_at is not None
        found |= {essay.submitted_at.isoformat()[:16], essay.submitted_digest or "?"}
    return found


def test_no_canary_reaches_a_judge(world: World) -> None:
    needles = {needle for canary in _canaries(world) for needle in _encodings(canary)}
    for method, path, status, headers, body in crawl(world):
        text = body + repr(headers).encode()
        asked = path.encode()
        for needle in needles:
            assert needle not in text.replace(asked, b""), (method, path, status, needle)


def test_answers_carry_no_time_and_no_tag(world: World) -> None:
    for *_asked, headers, _body in crawl(world):
        assert not {name for name, _value in headers} & {"etag", "last-modified", "date", "age", "expires"}


def test_an_author_learns_nothing_of_the_judges(world: World, as_: As) -> None:
    essay = world.essays[2]
    author = as_(world.session.get_one(Person, make.authorship(world.session, essay).person_id))
    telling = {"The judge", "Other judge", *(str(other.judge_id) for other in world.others), *world.aliases}
    for path in ("/essays", f"/essays/{essay.id}", f"/essays/{essay.id}/receipt", f"/contests/{world.edition.slug}"):
        answer = author.get(path)
        assert answer.status_code == 200
        assert not [word for word in telling if word in answer.text]
