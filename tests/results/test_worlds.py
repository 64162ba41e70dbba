"""Two worlds that differ only in who the judges are say the same to every author and to everybody, byte for byte."""

import datetime as dt
import re
import secrets
import uuid
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.clock import now
from portal.db import Database
from portal.essays.models import EssayStatus
from portal.jobs.registry import Services
from portal.judging.models import Appointment, Judge, Mark, Round
from portal.judging.models import judge_code as new_code
from portal.juries.models import Outcome
from portal.mail.models import Message
from portal.results import jobs
from portal.settings import Settings
from portal.standings.models import Occasion, Standing
from tests import make
from tests.results.stage import Stage

As = Callable[..., TestClient]
RANDOM = re.compile(rb"(?<=[: \x9a])[0-9a-f]{8}(?=[.<\n])|name=\"key\" value=\"[0-9a-f-]{36}\"")
POINTS = ((9, 8, 7, 6, 5), (5, 6, 7, 8, 9), (7, 7, 7, 7, 7), (7, 7, 7, 7, 7))
COMMENTS = ("A strong ending.", "The second part drags.", "", "Clear and warm.")
Answer = tuple[str, int, tuple[tuple[str, str], ...], bytes]


class World(Stage):
    """Three essays, each read by four judges in the first round and by two of them in the final one."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.judges = [make.judge(session, self.edition, name=f"Canaryjudge {n}") for n in range(4)]
        outcomes = ((Outcome.AWARDED, 1), (Outcome.COMMENDED, 2), (Outcome.NOT_AWARDED, 3))
        for outcome, place in outcomes:
            self._read(self.essay(outcome, place=place, agreed={}))
        order = [{"entry": each.code, "adjusted": 70.25 - n} for n, each in enumerate(self.essays)]
        kept = {"groups": [{"merged_order": True, "order": order, "judges": [{"judge": "CANARY"}]}]}
        given = {"round": Round.FINAL, "occasion": Occasion.JURY, "content": kept, "digest": "0" * 64}
        make.saved(session, Standing(edition_id=self.edition.id, **given))
        self.publication = self.publish()
        session.commit()

    def _read(self, essay: object) -> None:
        for n, judge in enumerate(self.judges):
            for round_ in (Round.FIRST, Round.FINAL)[: 1 + (n < 2)]:
                given = {"round": round_, "comment": COMMENTS[n], "private_note": f"Canarynote {n}"}
                made = make.appointment(self.session, essay, judge, **given)  # type: ignore[arg-type]
                make.marks(self.session, made, *POINTS[n])

    def addresses(self) -> Iterator[str]:
        here = f"/contests/{self.edition.slug}"
        yield from ("/", "/essays", "/contests", here, f"{here}/results", f"{here}/results?after=x", f"{here}/judges")
        for essay in self.essays:
            yield from (f"/essays/{essay.id}", f"/essays/{essay.id}/result", f"/essays/{essay.id}/submissions")
            yield from (f"{here}/results/{essay.code}", f"{here}/essays/{essay.code}", f"/essays/{essay.id}/receipt")


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def _crawl(app: FastAPI, world: World, as_: As) -> list[Answer]:
    """Everything that an author, and a visitor, can ask for."""
    readers = [as_(world.author(essay)) for essay in world.essays]
    readers.append(as_(make.person(world.session, "Reader")))
    found = []
    for reader in readers:
        for path in world.addresses():
            for headers in ({}, {"accept-language": "zh"}, {"if-none-match": '"x"', "range": "bytes=0-9"}):
                found.append(_ask(reader, path, headers))
    return found


def _ask(reader: TestClient, path: str, headers: dict[str, str]) -> Answer:
    answer = reader.get(path, headers=headers)
    told = tuple(sorted((name, value) for name, value in answer.headers.items() if name != "set-cookie"))
    return path, answer.status_code, told, RANDOM.sub(b"", answer.content)


def other_people(world: World) -> None:
    """Others judge, from elsewhere, longer called, in another order, under other codes and identifiers."""
    session = world.session
    for n, judge in enumerate(reversed(world.judges)):
        judge.person_id = make.person(session, "A longer name than before " * (n + 1)).id
        judge.code, judge.languages = new_code(), ["en", "mn", "ja"][: n + 1]
        judge.government_id = make.government(session, ("JP-32", "MN-1", "KR-49", "CN-HA")[n]).id
        judge.invited_at = judge.answered_at = now() - dt.timedelta(days=90 * n)
        judge.least, judge.most = n, 400 + n
    session.flush()


def other_rows(world: World) -> None:
    """The same marks lie in rows that were made anew, in another order and at other times, by judges who changed."""
    session = world.session
    kept = session.exec(select(Appointment).order_by(col(Appointment.alias))).all()
    turn = {judge.id: world.judges[(n + 1) % 4].id for n, judge in enumerate(world.judges)}
    marks = {each.id: session.exec(select(Mark).where(Mark.appointment_id == each.id)).all() for each in kept}
    anew = [(each.model_dump(), [mark.model_dump() for mark in marks[each.id]]) for each in kept]
    for each in (*(mark for of_one in marks.values() for mark in of_one), *kept):
        session.delete(each)
        session.flush()
    for n, (appointment, given) in enumerate(reversed(anew)):
        _made_anew(session, appointment, given, turn, n)
    session.flush()


def _made_anew(
    session: Session, old: dict[str, object], marks: list[dict[str, object]], turn: dict[object, object], n: int
) -> None:
    at = now() - dt.timedelta(days=n, minutes=7 * n)
    changed = {
        "id": uuid.uuid4(), "judge_id": turn[old["judge_id"]], "alias": secrets.token_hex(6), "locked_at": at,
        "opened_at": at - dt.timedelta(hours=n), "appointed_at": at - dt.timedelta(days=9),
        "private_note": "Othernote " * n,
    }  # fmt: skip
    made = make.saved(session, Appointment(**{**old, **changed}))
    for mark in reversed(marks):
        session.add(Mark(**{**mark, "id": uuid.uuid4(), "appointment_id": made.id}))
    session.flush()


def judges_who_do_not_count(world: World) -> None:
    """One more was taken out, one declared a conflict, one never submitted; each with words."""
    session = world.session
    ends = (
        {"locked_at": now(), "comment": "Taken out."},
        {"ended_at": now(), "end_reason": "conflict", "comment": "Ended."},
        {"comment": "Open."},
    )  # fmt: skip
    for n, given in enumerate(ends):
        judge = make.judge(session, world.edition, name="Late")
        if n == 0:
            judge.excluded_at, judge.excluded_by = now(), world.secretary.id
        for essay_id in [essay.id for essay in world.essays]:
            made = Appointment(
                essay_id=essay_id, judge_id=judge.id, alias=secrets.token_hex(6), appointed_by=world.secretary.id,
                **given,
            )  # fmt: skip
            make.saved(session, made)


DIFFERENCES = (other_people, other_rows, judges_who_do_not_count)


@pytest.mark.slow
@pytest.mark.parametrize("is_told", [False, True])
def test_authors_cannot_tell_the_worlds_apart(
    app: FastAPI, world: World, as_: As, settings: Settings, database: Database, is_told: bool
) -> None:
    services = Services(settings, database)
    if is_told:
        jobs.publish_results(services, str(world.publication.id))
    here, mails = _crawl(app, world, as_), _mails(world)
    _as_it_was(world)
    for difference in DIFFERENCES:
        difference(world)
    world.session.commit()
    if is_told:
        jobs.publish_results(services, str(world.publication.id))
    there = _crawl(app, world, as_)
    assert {200, 404} <= {answer[1] for answer in here}
    print(f"{len(here)} requests answered alike")
    assert len(here) == len(there) > 250
    assert [one[0] for one, other in zip(here, there, strict=True) if one != other] == []
    assert mails == _mails(world)
    assert len(mails) == (3 if is_told else 0)


def _as_it_was(world: World) -> None:
    """Before anybody was told."""
    session = world.session
    session.expire_all()
    session.execute(sa.delete(Message))
    session.execute(sa.delete(Standing).where(col(Standing.occasion) == Occasion.PUBLISHED))
    for essay in world.essays:
        essay.status = EssayStatus.IN_JUDGING
    world.publication.done_at = None
    session.flush()


def _mails(world: World) -> list[tuple[str, str, str]]:
    found = world.session.exec(select(Message).where(col(Message.template).startswith("results/")))
    return sorted((mail.address, mail.subject, mail.text) for mail in found)


def test_the_crawl_would_notice_another_mark(world: World, as_: As) -> None:
    essay = world.essays[0]
    reader = as_(world.author(essay))
    here = _ask(reader, f"/essays/{essay.id}/result", {})
    assert here[1] == 200
    assert b"70.25" in here[3]
    mark = world.session.exec(select(Mark).join(Appointment).where(Appointment.essay_id == essay.id)).first()
    assert mark is not None
    mark.points = 1
    world.session.commit()
    assert _ask(reader, f"/essays/{essay.id}/result", {}) != here


def test_no_canary_reaches_an_author(app: FastAPI, world: World, as_: As) -> None:
    codes = {each.code for each in world.session.exec(select(Judge))}
    found = {b"Canary", b"CANARY", *(code.encode() for code in codes)}
    for path, _status, headers, body in _crawl(app, world, as_):
        said = body + repr(headers).encode()
        assert not [each for each in found if each in said], path
        assert not {name for name, _value in headers} & {"etag", "last-modified", "date", "age", "expires"}
