"""Who does not sit with the jury, what is refused at a wrong moment, and two at once."""

from functools import partial

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.history.models import Entry
from portal.judging import hindrances
from portal.judging.models import Round
from portal.juries import rules
from portal.juries.models import Meeting, Outcome, Verdict
from portal.standings.models import Occasion, Standing
from tests import make
from tests.conftest import signed_in
from tests.counting import queries_of
from tests.juries.room import ELSEWHERE, WHY, As, Room
from tests.people import Cast
from tests.racing import at_once

STEPS = (
    "open", "minutes", "close", "confirm", "reopen", "verdicts", "accept", "withheld", "withheld/confirm",
    "withheld/take-back",
)  # fmt: skip


def _paths(room: Room) -> list[str]:
    return [*(f"{room.path}/{step}" for step in STEPS), f"{room.path}/verdicts/{room.made.codes[0]}/confirm"]


def test_who_does_not_sit_with_the_jury(room: Room, session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    room.opened()
    edition = room.made.edition
    judging = make.secretary(session, "Judging secretary")
    make.grant(session, judging, Role.JUDGE, edition_id=edition.id)
    author = make.secretary(session, "Writing secretary")
    own = make.authorship(session, room.made.essays[0])
    own.person_id = author.id
    guardian = make.secretary(session, "Guardian")
    make.named_guardian(session, make.case(session, cast.stranger, edition), "t", email=guardian.email)
    screener = make.screener(session, edition)
    session.commit()
    pages = [room.path, f"{room.path}/group", f"{room.path}/decide?code={room.made.codes[0]}"]
    for person, status in ((judging, 404), (author, 403), (guardian, 403), (screener, 403), (cast.stranger, 404),
                           (cast.home_coordinator, 404), (room.made.judges[0].person, 404)):  # fmt: skip
        browser = as_(person)
        for path in pages:
            assert browser.get(path).status_code in {status, 403}
        for path in _paths(room):
            assert browser.post(path, data=room.group).status_code in {403, 404}, path
    assert as_(judging).get(room.path).status_code == 404 and as_(screener).get(room.path).status_code == 403
    for path in _paths(room):
        assert client.post(path).status_code == 401
        assert room.one.post(path, headers=ELSEWHERE).status_code == 403
        assert as_(cast.auditor).post(path, data=room.group).status_code == 403
    assert all(as_(cast.auditor).get(path).status_code == 200 for path in (room.path, pages[2]))
    assert session.exec(select(Verdict)).all() == []


def test_before_the_meeting_is_open_nothing_is_decided(room: Room) -> None:
    for path in _paths(room)[1:]:
        assert room.one.post(path, data={**room.group, "reason": WHY}).status_code in {409, 422}, path
    assert room.one.get(f"{room.path}/decide?code={room.made.codes[0]}").status_code == 409
    room.opened()
    assert room.one.get(f"{room.path}/decide").status_code == 409
    assert room.one.get(f"{room.path}/decide?code=NOBODY").status_code == 404
    assert room.one.get(f"{room.path}/group?category=x").status_code == 404
    assert room.post("verdicts", choices=["NOBODY not_awarded"]).status_code == 404
    assert room.post("verdicts", choices=[f"{room.made.codes[0]} bogus"]).status_code == 422
    assert room.post("verdicts").status_code == 409


def test_a_jury_does_not_meet_while_readings_are_missing(session: Session, as_: As) -> None:
    made = make.judged_edition(session, judging_due_at=make.now() + 5 * make.dt.timedelta(days=1))
    last = session.exec(select(make.Appointment)).first()
    assert last is not None
    last.locked_at = None
    room = Room(session, as_, made)
    early = room.post("open")
    assert early.status_code == 409 and "readings are still missing" in early.text
    last.locked_at = make.now()
    session.commit()
    assert room.post("open").status_code == 303
    assert session.exec(select(Meeting)).one().opened_by == room.people[0].id


def test_the_jury_of_an_edition_with_a_final_round(session: Session, as_: As) -> None:
    made = make.judged_edition(session, round_=Round.FINAL)
    room = Room(session, as_, made)
    untaken = room.post("open")
    assert untaken.status_code == 409 and "finalists have not been taken" in untaken.text
    make.saved(session, Standing(edition_id=made.edition.id, round=Round.FIRST, occasion=Occasion.ROUND_END, content={},
                                 digest="0" * 64))  # fmt: skip
    session.commit()
    room.opened()
    assert room.post("accept", **room.group).status_code == 303
    assert room.post("close").status_code == 303


def test_the_pages_ask_no_more_for_more_essays(session: Session, app: FastAPI, as_: As) -> None:
    counts = []
    for points in (make.CLEAR[:3], make.CLEAR):
        room = Room(session, as_, make.judged_edition(session, points)).opened()
        room.post("accept", **room.group)
        where = f"{room.path}/group?category={room.group['category_id']}&in=en"
        pages = (room.path, where, f"{room.path}/decide?code={room.made.codes[0]}")
        counts.append([queries_of(app.state.database, partial(room.one.get, page)) for page in pages])
    assert counts[0] == counts[1]


def test_once_the_jury_has_met_marks_are_not_opened_again(room: Room, session: Session) -> None:
    assert hindrances.first(session, room.made.edition) is None
    room.opened()
    why_not = hindrances.first(session, room.made.edition)
    assert why_not and "stand still" in why_not


def test_of_two_second_persons_one_confirms(real_app: FastAPI) -> None:
    database = real_app.state.database
    with database.session(writes=True) as session:
        made = make.judged_edition(session)
        first = make.secretary(session, "First")
        others = [make.secretary(session, f"Other {n}") for n in range(3)]
        make.saved(session, Meeting(edition_id=made.edition.id, opened_by=first.id))
        verdict = make.saved(session, Verdict(
            essay_id=made.essays[0].id, edition_id=made.edition.id, outcome=Outcome.NOT_AWARDED, departs=True,
            reason=WHY, decided_by=first.id,
        ))  # fmt: skip
        session.commit()
        path, seen = f"/contests/{made.edition.slug}/jury/verdicts/{made.codes[0]}/confirm", rules.mark(verdict)
        browsers = [signed_in(real_app, session, person) for person in others]
    answers = at_once([partial(each.post, path, data={"seen": seen}) for each in browsers])
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    with database.session(writes=False) as session:
        confirmed = [entry.actor_id for entry in session.exec(select(Entry)) if entry.deed == "jury confirmed"]
        assert confirmed == [session.exec(select(Verdict)).one().confirmed_by]


def test_of_two_who_decide_at_once_one_is_told(real_app: FastAPI) -> None:
    database = real_app.state.database
    with database.session(writes=True) as session:
        made = make.judged_edition(session)
        people = [make.secretary(session, f"Secretary {n}") for n in range(2)]
        make.saved(session, Meeting(edition_id=made.edition.id, opened_by=people[0].id))
        session.commit()
        browsers = [signed_in(real_app, session, person) for person in people]
        path, code = f"/contests/{made.edition.slug}/jury/verdicts", made.codes[5]
    posts = [
        partial(each.post, path, data={"choices": [f"{code} {what}"], "seen": [f"{code} "]})
        for each, what in zip(browsers, ("commended", "not_awarded"), strict=True)
    ]
    assert sorted(answer.status_code for answer in at_once(posts)) == [303, 409]
