import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.calls.models import Call, CallStatus
from portal.clock import now
from portal.db import Database
from portal.forms import to_local
from portal.history import queries as history
from tests import counting, make
from tests.calls.test_forms import RIGHT
from tests.people import Cast

As = Callable[..., TestClient]
STEPS = ("publish", "close", "archive")


def soon(**changes: str) -> dict[str, str]:
    """A form of a call that is open from yesterday on."""
    times = {"opens_at": -1, "applications_due_at": 30, "nominations_due_at": 40}
    local = {name: to_local(now() + dt.timedelta(days=days), "Asia/Seoul") for name, days in times.items()}
    return {**RIGHT, **local, **changes}


def the_call(session: Session, slug: str) -> Call:
    session.expire_all()
    return session.exec(select(Call).where(Call.slug == slug)).one()


def test_a_secretary_opens_a_call(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    secretary = as_(cast.secretary)
    assert 'name="key"' in secretary.get("/calls/new").text
    made = secretary.post("/calls/new", data=soon(title_en="Spring walk", title_zh="春"))
    assert (made.status_code, made.headers["location"]) == (303, "/calls/spring-walk")
    assert client.get("/calls/spring-walk").status_code == 404
    assert "Publish the call" in secretary.get("/calls/spring-walk").text

    assert secretary.post("/calls/spring-walk/publish").status_code == 303
    assert the_call(session, "spring-walk").status is CallStatus.PUBLISHED
    shown = client.get("/calls/spring-walk").text
    assert "You can apply until:" in shown and "in Seoul (UTC+9)" in shown
    assert "/sign-in?next=/calls/spring-walk/apply" in shown
    assert 'href="/calls/spring-walk/apply"' in as_(cast.applicant).get("/calls/spring-walk").text
    assert "Spring walk" in client.get("/calls").text

    assert secretary.post("/calls/spring-walk/close").status_code == 303
    assert "/apply" not in client.get("/calls/spring-walk").text
    assert secretary.post("/calls/spring-walk/archive").status_code == 303
    deeds = [deed.deed for deed in history.deeds(session, "call", the_call(session, "spring-walk").id)]
    assert deeds == ["archived", "closed", "published", "created"]


def test_a_form_sent_twice_makes_one_call(session: Session, cast: Cast, as_: As) -> None:
    secretary, form = as_(cast.secretary), soon(key=str(uuid.uuid4()), slug="once")
    answers = [secretary.post("/calls/new", data=form) for _ in range(2)]
    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, "/calls/once")] * 2
    assert len(session.exec(select(Call).where(col(Call.slug).startswith("once"))).all()) == 1


def test_what_was_typed_is_shown_again_and_escaped(cast: Cast, as_: As) -> None:
    key = str(uuid.uuid4())
    form = soon(title_en="<b>Call</b>", text_ko="<script>", age_to="17", key=key)
    answer = as_(cast.secretary).post("/calls/new", data=form)
    assert answer.status_code == 422
    assert "Enter an age that is not below the youngest." in answer.text
    assert "&lt;b&gt;Call&lt;/b&gt;" in answer.text and "&lt;script&gt;" in answer.text
    assert "<b>Call" not in answer.text and "<script>" not in answer.text
    assert key in answer.text


def test_an_address_is_given_once(session: Session, cast: Cast, as_: As) -> None:
    taken, own = make.call(session), make.call(session, status=CallStatus.DRAFT)
    secretary = as_(cast.secretary)
    for path in ("/calls/new", f"/calls/{own.slug}/edit"):
        answer = secretary.post(path, data=soon(slug=taken.slug))
        assert answer.status_code == 422
        assert "Another call has this address." in answer.text


def test_a_draft_moves_to_its_new_address(session: Session, cast: Cast, as_: As) -> None:
    draft = make.call(session, status=CallStatus.DRAFT)
    secretary = as_(cast.secretary)
    shown = secretary.get(f"/calls/{draft.slug}/edit").text
    assert draft.title("zh-Hans") in shown and to_local(draft.opens_at, draft.zone) in shown
    answer = secretary.post(f"/calls/{draft.slug}/edit", data=soon(slug="moved"))
    assert answer.headers["location"] == "/calls/moved"
    assert the_call(session, "moved").id == draft.id


def test_a_published_deadline_changes_and_the_address_stays(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    secretary = as_(cast.secretary)
    assert "This call is published." in secretary.get(f"/calls/{call.slug}/edit").text
    answer = secretary.post(f"/calls/{call.slug}/edit", data=soon(slug="moved", nominations_due_at="2060-01-01T18:00"))
    assert answer.headers["location"] == f"/calls/{call.slug}"
    changed = the_call(session, call.slug)
    assert changed.nominations_due_at == dt.datetime(2060, 1, 1, 9, tzinfo=dt.UTC)
    [deed] = history.deeds(session, "call", call.id)
    assert deed.details["after"]["nominations_due_at"].startswith("2060-01-01")


def test_an_incomplete_draft_says_what_it_wants(session: Session, cast: Cast, as_: As) -> None:
    draft = make.call(session, status=CallStatus.DRAFT, texts={"en": ""})
    secretary = as_(cast.secretary)
    shown = secretary.get(f"/calls/{draft.slug}").text
    assert "Write the text in English first." in shown and "Publish the call" not in shown
    answer = secretary.post(f"/calls/{draft.slug}/publish")
    assert (answer.status_code, "Write the text in English first." in answer.text) == (409, True)


@pytest.mark.parametrize("path", ["/calls/new", "/calls/{}/edit", *(f"/calls/{{}}/{step}" for step in STEPS)])
def test_who_may_not_change_a_call(session: Session, cast: Cast, as_: As, client: TestClient, path: str) -> None:
    call, draft = make.call(session), make.call(session, status=CallStatus.DRAFT)
    session.commit()
    here, hidden = path.format(call.slug), path.format(draft.slug)
    assert client.post(here, data=soon()).status_code == 401
    for person in (cast.stranger, cast.host_coordinator, cast.auditor):
        assert as_(person).post(here, data=soon()).status_code == 403
    assert as_(cast.stranger).post(hidden, data=soon()).status_code == (404 if "{}" in path else 403)
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert as_(cast.secretary).post(here, data=soon(), headers=elsewhere).status_code == 403
    assert the_call(session, call.slug).status is CallStatus.PUBLISHED
    assert len(session.exec(select(Call)).all()) == 2


@pytest.mark.parametrize("step", STEPS)
def test_steps_at_the_wrong_moment(session: Session, cast: Cast, as_: As, step: str) -> None:
    call = make.call(session, status=CallStatus.ARCHIVED)
    assert as_(cast.secretary).post(f"/calls/{call.slug}/{step}").status_code == 409
    assert the_call(session, call.slug).status is CallStatus.ARCHIVED


def test_a_closed_call_has_no_editor(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, status=CallStatus.CLOSED)
    secretary = as_(cast.secretary)
    assert secretary.get(f"/calls/{call.slug}/edit").status_code == 409
    assert secretary.post(f"/calls/{call.slug}/edit", data=soon()).status_code == 409
    assert as_(cast.stranger).get(f"/calls/{call.slug}/edit").status_code == 403


def test_an_unknown_step_or_call_is_not_found(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    secretary = as_(cast.secretary)
    assert secretary.post(f"/calls/{call.slug}/burn").status_code == 404
    assert secretary.post("/calls/nowhere/close").status_code == 404
    assert secretary.get("/calls/nowhere").status_code == 404


def test_the_list_shows_drafts_to_the_secretariat_only(session: Session, cast: Cast, as_: As) -> None:
    draft = make.call(session, status=CallStatus.DRAFT)
    assert draft.title("en") in as_(cast.secretary).get("/calls").text
    assert draft.title("en") in as_(cast.auditor).get("/calls").text
    strangers = as_(cast.stranger).get("/calls").text
    assert draft.title("en") not in strangers and "No call is open" in strangers


def test_the_readers_own_clock_is_shown_beside_the_calls(session: Session, as_: As) -> None:
    call = make.call(session, applications_due_at=dt.datetime(2060, 3, 31, 9, tzinfo=dt.UTC),
                     nominations_due_at=dt.datetime(2060, 4, 30, 9, tzinfo=dt.UTC))  # fmt: skip
    reader = as_(make.person(session, zone="Asia/Ulaanbaatar"))
    for path in ("/calls", f"/calls/{call.slug}"):
        assert "18:00 in Seoul (UTC+9) — 17:00 in Ulaanbaatar" in reader.get(path).text


def test_the_list_asks_as_often_for_three_as_for_one(session: Session, database: Database, cast: Cast, as_: As) -> None:
    secretary, asked = as_(cast.secretary), []
    for more in (1, 2):
        for _ in range(more):
            make.call(session)
            make.call(session, status=CallStatus.DRAFT)
        session.commit()
        with counting.queries(database) as seen:
            assert secretary.get("/calls").status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] > 0
