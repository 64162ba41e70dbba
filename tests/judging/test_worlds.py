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
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal import db
from portal.accounts.access import Permission
from portal.accounts.models import Person
from portal.clock import now
from portal.contests.models import Edition
from portal.deals.models import Deal, DealKind, DealStatus
from portal.essays.models import Authorship, Essay, SetAside, Source, Submission
from portal.essays.rules import digest
from portal.history.actions import record
from portal.judging import reading
from portal.judging.models import Appointment, Judge, Mark, Round
from portal.passages import actions as passages
from portal.registry.models import Government
from portal.screening.actions import copy_fairly
from portal.screening.models import FairCopy, Part, Redaction
from portal.standings.models import Occasion, Standing
from portal.trainings.models import Anchor
from tests import make
from tests.judging.addresses import every_address

As = Callable[..., TestClient]
# Random by intent: the reference of an error, the key of a form, one's own address for calendars. That address and
# a calendar say when they were made.
RANDOM = re.compile(
    rb"Reference: [0-9a-f]{8}|\"reference\":\"[0-9a-f]{8}\"|name=\"key\" value=\"[0-9a-f-]{36}\"|DTSTAMP:\w+"
    rb"|/calendar/[\w-]{43}\.ics|Secret address made\s*</dt>\s*<dd[^>]*>[^<]*"
)
ALL = {f"points_{n}": "7" for n in range(1, 6)}
WHY = {"reason": "A pupil of mine.", "key": "12345678-1234-4234-8234-123456789012"}
JSON = {"accept": "application/json"}
OFFER = "offer-to-judge-" + "x" * 28
HOMES = ("KR-49", "CN-HA", "MN-046")  # of the authors in the other world
AROUND = (("", ""), ("My name is ", ", I write."), ("", " writes of the river."))
LONGER = ("Bo", "Александра-Константиновна Рождественская", "Цэнгэлмаа " * 12)
CURIOUS = "&".join(f"{name}=1" for name in ("sort", "order", "q", "author", "filter", "expand", "fields", "debug"))


@dataclass
class World:
    """An edition with three essays before one judge: to read, begun, submitted; and another judge's marks.

    One is a finalist, which lies there a second time; and there are two essays to train on.
    """

    session: Session
    client: TestClient
    edition: Edition
    essays: list[Essay] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    finals: list[str] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    others: list[Appointment] = field(default_factory=list)
    screeners: list[Person] = field(default_factory=list)
    added: list[uuid.UUID] = field(default_factory=lambda: [uuid.uuid4() for _ in range(9)])
    permissions: list[Permission] = field(default_factory=list)
    elsewhere: Essay = field(init=False)  # of an earlier edition
    ids: dict[str, list[str]] = field(default_factory=dict)  # of rows that stand in both worlds


@pytest.fixture
def world(app: FastAPI, session: Session, as_: As) -> World:
    edition = make.edition(session)
    judge, other = (make.judge(session, edition, name=name) for name in ("The judge", "Secondcanary Judge"))
    made = World(session, as_(judge.person), edition, permissions=app.state.permissions)
    made.elsewhere = make.essay(session, text="Elsewhere. " * 90)
    _ = [make.government(session, code) for code in HOMES]
    made.screeners = [make.screener(session, edition) for _ in range(2)]
    for n in range(3):
        _add_essay(made, judge, other, n)
    _add_final(made, judge, other)
    _add_training(made, judge, other)
    _add_the_rest(made, judge, other)
    session.commit()
    return made


def _add_essay(world: World, judge: Judge, other: Judge, n: int) -> None:
    author = make.person(world.session, f"Canaryname{n}", email=f"canary{n}@canarymail.example")
    home = make.government(world.session, ("MN-1", "JP-32", "RU-PRI")[n])
    given = {"edition": world.edition, "author": author, "government": home, "code": f"FIRST{9 - n}1"}
    essay = make.essay(world.session, "in_judging", **given)
    own = make.appointment(world.session, essay, judge, alias=f"alias{n}")
    if n:
        make.marks(world.session, own, 5, 6, 7, 8, 9, locked=n == 2)
    elsewhere = make.appointment(world.session, essay, other)
    make.marks(world.session, elsewhere, *[n + 3] * 5)
    world.essays.append(essay)
    world.aliases.append(own.alias)
    world.others.append(elsewhere)
    _write(world, n, AROUND[n][0], f"Canaryname{n}", AROUND[n][1])


def _add_final(world: World, judge: Judge, other: Judge) -> None:
    """The judge reads the first essay in the final round too, the other judge's marks of it are in."""
    session, edition = world.session, world.edition
    edition.finalists, edition.final_due_at = 1, now() + dt.timedelta(days=60)
    own = make.appointment(session, world.essays[0], judge, alias="final0", round=Round.FINAL)
    elsewhere = make.appointment(session, world.essays[0], other, round=Round.FINAL)
    make.marks(session, elsewhere, 4, 5, 6, 7, 8)
    world.finals.append(own.alias)
    world.others.append(elsewhere)


def _add_training(world: World, judge: Judge, other: Judge) -> None:
    """Two essays to train on: one is submitted, one to read; the other judge has done both."""
    for n in (1, 2):
        anchor = make.anchor(world.session, world.edition, n)
        make.training(world.session, anchor, other, 4, 5, 6, 7, 8)
        if n == 1:
            make.training(world.session, anchor, judge, 5, 5, 5, 5, 5)
        world.anchors.append(anchor)


def _add_the_rest(world: World, judge: Judge, other: Judge) -> None:
    """One row of what comes with marks and after them, of which a judge learns nothing."""
    session, essay, edition = world.session, world.essays[1], world.edition
    where = {"edition_id": edition.id, "round": Round.FIRST}
    kept = {"occasion": Occasion.ROUND_END, "content": {"essay": essay.code}, "digest": "0" * 64}
    deal = {"kind": DealKind.ROUND, "status": DealStatus.READY, "seed": 1, "readings": 2}
    make.judge_offer(session, edition, token=OFFER)
    diploma = make.diploma(session, essay)
    author = make.person_of(session, essay)
    told = [make.message(session, person_id=judge.person_id, subject=f"To the judge {n}") for n in range(2)]
    told.append(make.message(session, person_id=author.id, address=author.email, subject="Canaryname1, admitted"))
    world.ids = {
        "anchor_id": [str(each.id) for each in world.anchors],
        "appeal_id": [str(make.appeal(session, essay).id)],
        "appointment_id": [str(world.others[1].id)],
        "deal_id": [str(make.saved(session, Deal(**where, **deal)).id)],
        "diploma_id": [str(diploma.id)],
        "diploma_number": [diploma.number],
        "judge_code": [other.code, judge.code],
        "language": ["ru", "en"],
        "message_id": [str(told[0].id), str(told[2].id)],
        "template": ["essays.received", "applications.submitted"],
        "standing_id": [str(make.saved(session, Standing(**where, **kept)).id)],
        "token": [OFFER, "x" * 43],
    }


def _requests(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Everything a judge can ask for, the wrong and the curious included."""
    known = {"if-none-match": '"x"', "if-modified-since": "Mon, 23 Nov 2020 00:00:00 GMT", "range": "bytes=0-99"}
    yield from _of_the_inbox(world)
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
        yield "POST", f"/judging/{alias}", {"data": {"points_2": "9"}, "headers": JSON}
        yield "POST", f"/judging/{alias}", {"data": {"private_note": "x" * 2001}, "headers": JSON}
        yield "POST", f"/judging/{alias}", {"data": {}, "headers": {"sec-fetch-site": "cross-site"}}
        yield "GET", f"/judging/{alias}", {}
        yield "GET", f"/judging/{alias}/conflict?{CURIOUS}", {"headers": known}
        yield "POST", f"/judging/{alias}/conflict", {"data": {}}
        yield "POST", f"/judging/{alias}/conflict", {"data": WHY, "headers": {"sec-fetch-site": "cross-site"}}
        yield "POST", f"/judging/{alias}/lock", {"data": {"points_2": "3"}}
        yield "POST", f"/judging/{alias}/lock", {"data": ALL}
        yield "POST", f"/judging/{alias}/lock", {"data": ALL}
        yield "GET", f"/judging/{alias}", {}
        yield "POST", f"/judging/{alias}/conflict", {"data": WHY}
        for wrong in (essay.id, uuid.UUID(int=1)):
            yield "GET", f"/judging/{wrong}", {}
            yield "POST", f"/judging/{wrong}/conflict", {"data": WHY}
            yield "GET", f"/essays/{wrong}", {}
            yield "POST", f"/essays/{wrong}/withdraw", {}
        yield "DELETE", f"/judging/{alias}", {}
    yield "GET", "/judging", {}
    yield from _of_the_final_round(world)
    yield from _of_training(world)
    yield from _of_conflicts_and_offers(world)
    for path in (
        "",
        "/essays",
        "/judges",
        "/order",
        "/order/judges",
        "/order/bias",
        "/order/kept",
        "/order/bundle.zip",
        "/edit",
        "/write",
    ):
        yield "GET", f"/contests/{world.edition.slug}{path}", {}
    yield "GET", "/contests", {}
    yield "GET", "/essays", {}


def _of_the_inbox(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Before the judge does anything: what they do is told them with its time."""
    mine, authors = world.ids["message_id"]
    for path in (
        "/inbox",
        f"/inbox?{CURIOUS}",
        "/inbox?kind=decision",
        f"/inbox?after={mine}",
        f"/inbox?after={authors}",
    ):
        yield "GET", path, {}
    for message in (mine, authors, uuid.UUID(int=1)):
        yield "GET", f"/inbox/{message}", {}
        yield "POST", f"/inbox/{message}/read", {}
        yield "POST", "/inbox/read", {"data": {"until": str(message)}}
        yield "GET", "/inbox", {}


def _of_the_final_round(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    pile = f"/judging?edition={world.edition.slug}&part=final"
    for alias in world.finals:
        yield "GET", pile, {}
        yield "GET", f"/judging/{alias}", {}
        yield "GET", f"/judging/{alias}?{CURIOUS}", {"headers": {"hx-request": "true"}}
        yield "GET", f"/judging/{alias}/conflict", {}
        yield "POST", f"/judging/{alias}", {"data": {"points_1": "3", "comment": "Clear."}}
        yield "POST", f"/judging/{alias}", {"data": {"points_2": "9"}, "headers": JSON}
        yield "POST", f"/judging/{alias}/lock", {"data": {"points_2": "11"}}
        yield "POST", f"/judging/{alias}/lock", {"data": ALL}
        yield "POST", f"/judging/{alias}/conflict", {"data": WHY}
        for path in (f"/judging/{alias}", pile, "/judging"):
            yield "GET", path, {}


def _of_training(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "GET", f"/judging/training?{CURIOUS}", {}
    for path in [*(f"/judging/training/{each.id}" for each in world.anchors), f"/judging/training/{uuid.UUID(int=1)}"]:
        yield "GET", path, {}
        yield "GET", f"{path}?{CURIOUS}", {"headers": {"hx-request": "true"}}
        yield "POST", path, {"data": {"points_1": "11"}}
        yield "POST", path, {"data": {"points_1": "4"}}
        yield "POST", f"{path}/lock", {"data": {"points_2": "4"}}
        yield "POST", f"{path}/lock", {"data": ALL}
        yield "GET", path, {}
    yield "GET", "/judging/training", {}


def _of_conflicts_and_offers(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Ties to the very governments that the authors of either world belong to, and an offer for somebody else."""
    declared = {"edition_id": str(world.edition.id), "reason": "Family."}
    yield "GET", "/judging/conflicts", {}
    for code in ("MN-1", *HOMES):
        government = make.government(world.session, code)
        for _ in range(2):
            yield "POST", "/judging/conflicts", {"data": {**declared, "government_id": str(government.id)}}
        for path in ("/judging/conflicts", "/judging", *(f"/judging/{alias}" for alias in world.aliases)):
            yield "GET", path, {}
    for token in (OFFER, "x" * 43):
        yield "GET", f"/judge-offers/{token}", {}
        yield "POST", f"/judge-offers/{token}/accept", {"data": {"languages": "en", "most": "9"}}
        yield "POST", f"/judge-offers/{token}/register", {"data": {"name": "Somebody"}}
        yield "POST", f"/judge-offers/{token}/decline", {"data": {}}


def _endings(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Conflicts declared from the text, whoever wrote it; then the judge leaves."""
    for alias in world.aliases:
        for _ in range(2):
            yield "POST", f"/judging/{alias}/conflict", {"data": WHY}
        for path in (f"/judging/{alias}", f"/judging/{alias}/conflict", "/judging"):
            yield "GET", path, {}
    yield "GET", "/judging/leave", {}
    yield "POST", "/judging/leave", {"data": {"reason": "Illness."}}
    leaving = {"reason": "Illness.", "edition_id": str(world.edition.id)}
    for _ in range(2):
        yield "POST", "/judging/leave", {"data": leaving}
    for path in ("/judging", f"/judging/{world.aliases[0]}", "/judging/leave", "/"):
        yield "GET", path, {}


def _addresses(world: World) -> Iterator[tuple[str, str]]:
    """Every route, with what stands in both worlds and with what is added in only one of them."""
    ids = {
        "slug": [world.edition.slug],
        "essay_id": [str(world.essays[1].id)],
        "other_id": [str(world.essays[0].id)],
        "alias": [world.aliases[0], world.finals[0]],
        "code": ["OTHER111", world.ids["judge_code"][0]],
        "programme": ["contest"],
        "round_id": [str(world.edition.id)],
        "part": ["themes"],
        "purpose": ["name"],
        **world.ids,
    }
    return every_address(world.permissions, ids, [str(each) for each in world.added[:3]])


def crawl(world: World) -> list[tuple[Any, ...]]:
    """Every answer, in a transaction that is undone: one day of a judge, then whatever address there is."""
    answers = []
    for requests in (list(_requests(world)), list(_endings(world)), *([(*each, {})] for each in _addresses(world))):
        savepoint = world.session.connection().begin_nested()
        answers += [_asked(world, *each) for each in requests]
        savepoint.rollback()
    world.session.expire_all()
    return answers


def _asked(world: World, method: str, path: str, options: dict[str, Any]) -> tuple[Any, ...]:
    answer = world.client.request(method, path, **options)
    for name in ("flash", "language"):
        world.client.cookies.delete(name) if name in world.client.cookies else None
    # The session's own cookie is renewed every now and then.
    headers = [each for each in answer.headers.multi_items() if not each[1].startswith("session=")]
    return method, path, answer.status_code, headers, RANDOM.sub(b"", answer.content)


def desk(world: World) -> list[tuple[Any, ...]]:
    pages = ["/judging", *(f"/judging/{alias}" for alias in (*world.aliases, *world.finals)), "/judging/training"]
    pages += [f"/judging/training/{each.id}" for each in world.anchors]
    return [_asked(world, "GET", path, {}) for path in pages]


def _write(world: World, n: int, before: str, name: str, after: str) -> None:
    """The essay says a name, in all its parts, which is hidden from its judges."""
    session, essay = world.session, world.essays[n]
    said = f"{before}{name}{after}"
    essay.title, essay.text, essay.notes = said, f"{said}\n{make.ENGLISH}", name
    essay.submitted_digest = digest(essay.title, essay.text)
    for part, begins in ((Part.TITLE, len(before)), (Part.TEXT, len(before)), (Part.NOTES, 0)):
        place = {"begins": begins, "ends": begins + len(name), "reason": "x" * 20 * n}
        session.add(Redaction(essay_id=essay.id, part=part, marked_by=world.screeners[n % 2].id, **place))
    session.flush()
    copy_fairly(session, essay)


def other_authors(world: World) -> None:
    """Every identity changed: names, addresses, schools, governments, ages, times, codes, the order of all these."""
    session = world.session
    for n, essay in enumerate(world.essays):
        own = make.authorship(session, essay)
        _another_person(session, session.get_one(Person, own.person_id), n)
        own.government_id = make.government(session, HOMES[n]).id
        own.native_name, own.roman_name, own.school = "山田太郎" * n, "Y" * (50 * n), "東山高校" * n
        own.born_on, own.number = dt.date(2009, 1, 9 - n), f"other-{n}"
        own.nationality, own.used_ai, own.ai_use = "JP", True, "A dictionary." * n
        _other_times(essay, n)
        record(session, "wrote", "authorship", own.id, by=own.person_id)
    _swap(session, world.essays[0], world.essays[1])
    session.commit()


def _another_person(session: Session, author: Person, n: int) -> None:
    author.name, author.email = "A much longer name than before" * (n + 1), f"somebody.else{n}@example.net"
    author.language, author.zone = ("ja", "ko", "ru")[n], ("Asia/Tokyo", "Asia/Seoul", "Asia/Vladivostok")[n]
    author.created_at = author.verified_at = now() - dt.timedelta(days=900 - 100 * n)
    make.saved(session, author)


def other_words(world: World) -> None:
    """Longer names stand where the same three blocks are, and at other places."""
    world.session.execute(sa.delete(Redaction))
    for n, (name, (before, after)) in enumerate(zip(LONGER, AROUND, strict=True)):
        _write(world, n, before, name, after)
    world.session.commit()


def other_ways(world: World) -> None:
    """They came from paper and from files, were sent twice, set aside, doubted, compared, agreed to, written about."""
    session, added = world.session, iter(world.added)
    for n, essay in enumerate(world.essays):
        own = make.authorship(session, essay)
        author = session.get_one(Person, own.person_id)
        file = make.stored_file(session, author, id=next(added), name=f"{author.name}.pdf", size=10**n)
        if n:
            desk = make.coordinator(session, session.get_one(Government, own.government_id))
            own.entered_by, own.entered_at = desk.id, now()
            own.scan_id, own.compared_at = file.id, now()
        essay.source = (Source.FILE, Source.PAPER, Source.PAPER)[n]
        make.manuscript(session, essay, id=next(added), file=file, text="Other words " * n)
        _sent(world, essay, n, next(added))
        _screened(world, essay, n)
        case = make.consented(session, author, world.edition, token=f"token-of-{n}", name=bool(n % 2))
        make.message(session, address=author.email, person_id=author.id, text=f"{case.id} {essay.code}")
        record(session, "uploaded a manuscript", "authorship", own.id, by=author.id)
        passages.compare(session, essay.id)
    make.shared_passages(session, world.essays[0], world.elsewhere)
    session.commit()


def _sent(world: World, essay: Essay, times: int, added: uuid.UUID) -> None:
    for number in range(1, times + 2):
        sent = {"title": f"Title {number}", "text": "Other. " * number, "digest": "1" * 64, "submitted_at": now()}
        world.session.add(Submission(essay_id=essay.id, number=number, **sent))
    world.session.add(SetAside(id=added, essay_id=essay.id, title="Set aside", text="Set aside " * 40))
    world.session.flush()


def _screened(world: World, essay: Essay, n: int) -> None:
    first, second = world.screeners[n % 2], world.screeners[(n + 1) % 2]
    make.ticked(world.session, essay, first)
    settled = {"settled_by": second.id, "settled_at": now(), "is_confirmed": False, "answer": "No." * n}
    make.proposed(world.session, essay, first, reason="Copied? " * n, **settled)
    record(world.session, "ticked", "essay", essay.id, by=first.id, items=["formal"])


def _other_times(essay: Essay, n: int) -> None:
    essay.created_at = essay.submitted_at = essay.saved_at = now() - dt.timedelta(days=30 + 9 * n)
    essay.screened_at = essay.returned_at = now() - dt.timedelta(days=3 * n)
    essay.version, essay.code, essay.reason, essay.submitted_digest = 40 - n, f"OTHER{n}11", "x" * 99 * n, "0" * 64
    essay.sitting, essay.sitting_version, essay.reason_code = uuid.uuid4(), 40 - n, "identity"


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


def everything(world: World) -> None:
    for difference in (other_authors, other_words, other_ways, other_marks):
        difference(world)


@pytest.mark.slow
def test_judges_cannot_tell_the_worlds_apart(world: World) -> None:
    """One crawl serves three questions: is a canary in it, a time or a tag, and is the other world's the same."""
    here = crawl(world)
    assert {200, 303, 403, 404, 405, 409, 422} <= {answer[2] for answer in here}
    _hold_no_canary(here, {needle for canary in _canaries(world) for needle in _encodings(canary)})
    _carry_no_time(here)
    everything(world)
    there = crawl(world)
    print(f"{len(here)} requests answered alike")
    assert len(here) == len(there) > 1300
    assert [one[:2] for one, other in zip(here, there, strict=True) if one != other] == []


def more_marks(world: World) -> None:
    """A third judge has submitted theirs, and the other one gave more."""
    third = make.judge(world.session, world.edition, name="Third judge")
    for essay in world.essays:
        make.marks(world.session, make.appointment(world.session, essay, third), 10, 9, 8, 7, 6)
    world.session.execute(sa.update(Mark).where(Mark.appointment_id.in_([a.id for a in world.others])).values(points=9))
    world.session.commit()


def before_locking(world: World, aliases: list[str]) -> list[tuple[Any, ...]]:
    """What a judge can ask of readings whose marks are not in, their list, their data and the pages around; undone."""
    asked = list(_requests(world))
    for alias in aliases:
        asked += [("GET", f"/judging/{alias}", {"headers": headers}) for headers in (JSON, {"hx-request": "true"})]
        asked += [("POST", f"/judging/{alias}", {"data": ALL, "headers": JSON})]
        asked += [
            ("GET", path, {}) for path in (f"/judging/{alias}", "/", "/judging", "/account/data", "/messages", "/inbox")
        ]
    mine = [each for each in asked if not each[1].endswith("/lock") and not _is_of_another(each[1], world, aliases)]
    savepoint = world.session.connection().begin_nested()
    answers = [_asked(world, *each) for each in mine]
    savepoint.rollback()
    world.session.expire_all()
    return answers


def _is_of_another(path: str, world: World, aliases: list[str]) -> bool:
    return any(alias in path for alias in world.aliases if alias not in aliases)


def _shows_marks(world: World) -> None:
    world.edition.shows_marks = True
    world.session.add(world.edition)
    world.session.commit()


@pytest.mark.parametrize("difference", [other_marks, more_marks])
def test_others_marks_make_no_difference_before_ones_own_are_in(
    world: World, difference: Callable[[World], None]
) -> None:
    """Though the edition shows them afterwards: to read, begun, and submitted but reopened."""
    _shows_marks(world)
    own = world.session.exec(select(Appointment).where(Appointment.alias == world.aliases[2])).one()
    own.locked_at = None
    world.session.add(own)
    world.session.commit()
    here = before_locking(world, world.aliases)
    difference(world)
    there = before_locking(world, world.aliases)
    print(f"{difference.__name__}: {len(here)} requests answered alike")
    assert len(here) == len(there) > 60
    assert [one[:2] for one, other in zip(here, there, strict=True) if one != other] == []


@pytest.mark.parametrize("difference", [other_marks, more_marks])
def test_others_marks_are_seen_once_ones_own_are_in(world: World, difference: Callable[[World], None]) -> None:
    """On the one reading that is submitted, if the edition says so, and nowhere else."""
    here = desk(world)
    difference(world)
    assert desk(world) == here
    _shows_marks(world)
    shown = desk(world)
    world.session.execute(sa.update(Mark).where(Mark.appointment_id.in_([a.id for a in world.others])).values(points=2))
    for other in world.others:
        other.locked_at = now()
    world.session.commit()
    changed = desk(world)
    differing = [one[1] for one, other in zip(shown, changed, strict=True) if one != other]
    assert differing == [f"/judging/{world.aliases[2]}"]


def test_the_crawl_would_notice_a_difference(world: World) -> None:
    """A world whose text differs in one letter is told apart: the comparison compares something."""
    here = desk(world)
    copy = select(FairCopy).where(FairCopy.essay_id == world.essays[0].id)
    world.session.exec(copy).one().text += "!"
    world.session.commit()
    assert desk(world) != here


@pytest.mark.parametrize("look", [Person.name, Essay.submitted_at, Essay.code, Authorship.born_on])
def test_a_sighted_query_by_author_would_be_noticed(world: World, monkeypatch: pytest.MonkeyPatch, look: Any) -> None:
    """Without the blind connection, an order by whatever belongs to the author differs between the worlds."""
    original = reading.visible_to
    monkeypatch.setattr(db, "blind", lambda *_: None)
    monkeypatch.setattr(db, "sighted", lambda *_: None)
    monkeypatch.setattr(reading, "visible_to", lambda viewer: _joined(original(viewer)).order_by(look))
    here = desk(world)
    assert here[0][2] == 200
    everything(world)
    assert desk(world) != here


def _joined(found: Any) -> Any:
    by_essay = col(Authorship.essay_id) == Essay.id
    return found.join(Authorship, by_essay).join(Person, col(Authorship.person_id) == Person.id)


def _encodings(word: str) -> set[bytes]:
    raw = word.encode()
    return {
        raw, raw.lower(), raw.hex().encode(), html.escape(word).encode(), urllib.parse.quote(word).encode(),
        base64.b64encode(raw).rstrip(b"="), base64.urlsafe_b64encode(raw).rstrip(b"="),
    }  # fmt: skip


def _canaries(world: World) -> set[str]:
    found = {"Secondcanary", "Person.", "canarymail"}
    for essay in world.essays:
        written = make.authorship(world.session, essay)
        author = world.session.get_one(Person, written.person_id)
        found |= {author.name, author.email, written.native_name, written.roman_name, written.school}
        found |= {essay.code, essay.id.hex, str(essay.id), str(author.id), written.number or "?"}
        assert essay.submitted_at is not None
        found |= {essay.submitted_at.isoformat()[:16], essay.submitted_digest or "?"}
    return found


def _hold_no_canary(answers: list[tuple[Any, ...]], needles: set[bytes]) -> None:
    for method, path, status, headers, body in answers:
        text = (body + repr(headers).encode()).replace(path.encode(), b"")
        assert [needle for needle in needles if needle in text] == [], (method, path, status)


def _carry_no_time(answers: list[tuple[Any, ...]]) -> None:
    for *_asked, headers, _body in answers:
        assert not {name for name, _value in headers} & {"etag", "last-modified", "date", "age", "expires"}


def test_an_author_learns_nothing_of_the_judges(world: World, as_: As) -> None:
    essay = world.essays[2]
    author = as_(world.session.get_one(Person, make.authorship(world.session, essay).person_id))
    telling = {"The judge", "Secondcanary", *(str(other.judge_id) for other in world.others), *world.aliases}
    for path in ("/essays", f"/essays/{essay.id}", f"/essays/{essay.id}/receipt", f"/contests/{world.edition.slug}"):
        answer = author.get(path)
        assert answer.status_code == 200
        assert not [word for word in telling if word in answer.text]
