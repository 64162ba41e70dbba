import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.calls.models import CallStatus
from portal.clock import now
from portal.db import Database
from portal.history import queries as history
from portal.openings import queries
from portal.openings.models import Opening, OpeningStatus
from tests import counting, make
from tests.openings.test_rules import RIGHT
from tests.people import Cast

As = Callable[..., TestClient]


def fresh(session: Session, opening_id: uuid.UUID) -> Opening:
    session.expire_all()
    return session.exec(select(Opening).where(Opening.id == opening_id)).one()


def test_a_host_offers_an_opening(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    call, host = make.call(session), as_(cast.host_coordinator)
    assert f"/calls/{call.slug}/openings/new" in host.get(f"/calls/{call.slug}").text
    form = host.get(f"/calls/{call.slug}/openings/new").text
    assert 'name="key"' in form and 'name="government"' not in form
    made = host.post(f"/calls/{call.slug}/openings/new", data=RIGHT)
    here = made.headers["location"]
    assert (made.status_code, here.startswith("/openings/")) == (303, True)

    assert client.get(here).status_code == 404
    assert "Guide" not in client.get("/openings").text
    assert "Guide" in host.get("/openings/mine").text
    assert "Publish the opening" in host.get(here).text
    assert host.post(f"{here}/publish").status_code == 303

    shown = client.get(here).text
    assert "Show visitors round." in shown and "Publish the opening" not in shown and "/edit" not in shown
    assert "Guide" in client.get("/openings").text
    assert "Guide" in client.get(f"/calls/{call.slug}").text
    assert "Guide" in as_(cast.stranger).get(f"/openings?call={call.slug}&country=KR&government=&language=ko").text
    assert "Guide" not in client.get("/openings?country=JP").text

    assert host.post(f"{here}/close").status_code == 303
    assert "Guide" not in client.get("/openings").text
    opening = fresh(session, uuid.UUID(here.removeprefix("/openings/")))
    assert (opening.government_id, opening.created_by) == (cast.host.id, cast.host_coordinator.id)
    assert [deed.deed for deed in history.deeds(session, "opening", opening.id)] == ["closed", "published", "created"]


def test_a_form_sent_twice_makes_one_opening(session: Session, cast: Cast, as_: As) -> None:
    call, host = make.call(session), as_(cast.host_coordinator)
    form = {**RIGHT, "key": str(uuid.uuid4())}
    answers = [host.post(f"/calls/{call.slug}/openings/new", data=form) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(session.exec(select(Opening)).all()) == 1


def test_who_coordinates_several_governments_says_which(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    make.grant(session, cast.host_coordinator, Role.COORDINATOR, government_id=cast.elsewhere.id)
    host, path = as_(cast.host_coordinator), f"/calls/{call.slug}/openings/new"
    assert 'name="government"' in host.get(path).text
    for wrong in ({}, {"government": str(cast.home.id)}):
        answer = host.post(path, data={**RIGHT, **wrong})
        assert (answer.status_code, "Choose one of the governments" in answer.text) == (422, True)
    assert host.post(path, data={**RIGHT, "government": str(cast.elsewhere.id)}).status_code == 303
    assert session.exec(select(Opening)).one().government_id == cast.elsewhere.id


def test_a_government_sent_by_who_coordinates_one_counts_for_nothing(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    sent = {**RIGHT, "government": str(cast.elsewhere.id)}
    as_(cast.host_coordinator).post(f"/calls/{call.slug}/openings/new", data=sent)
    assert session.exec(select(Opening)).one().government_id == cast.host.id


def test_what_was_typed_is_shown_again_and_escaped(session: Session, cast: Cast, as_: As) -> None:
    call, host = make.call(session), as_(cast.host_coordinator)
    sent = {**RIGHT, "title": "<b>x</b>", "tasks": "<script>", "ends_on": "2027-06-30"}
    answer = host.post(f"/calls/{call.slug}/openings/new", data=sent)
    assert answer.status_code == 422
    assert "Enter a day after the first day." in answer.text
    assert "&lt;b&gt;x&lt;/b&gt;" in answer.text and "<b>x" not in answer.text and "<script>" not in answer.text
    assert session.exec(select(Opening)).all() == []


@pytest.mark.parametrize("status", [CallStatus.CLOSED, CallStatus.ARCHIVED])
def test_a_call_that_is_over_takes_no_openings(session: Session, cast: Cast, as_: As, status: CallStatus) -> None:
    call, host = make.call(session, status=status), as_(cast.host_coordinator)
    assert host.get(f"/calls/{call.slug}/openings/new").status_code == 409
    assert host.post(f"/calls/{call.slug}/openings/new", data=RIGHT).status_code == 409


def test_nor_does_one_whose_applications_are_closed(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, applications_due_at=now() - dt.timedelta(milliseconds=1))
    draft = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    host = as_(cast.host_coordinator)
    assert host.post(f"/calls/{call.slug}/openings/new", data=RIGHT).status_code == 409
    assert host.post(f"/openings/{draft.id}/publish").status_code == 409
    assert fresh(session, draft.id).status is OpeningStatus.DRAFT


def test_a_draft_call_is_unknown_to_hosts(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, status=CallStatus.DRAFT)
    assert as_(cast.host_coordinator).post(f"/calls/{call.slug}/openings/new", data=RIGHT).status_code == 404


def test_who_may_not_offer_an_opening(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    path = f"/calls/{make.call(session).slug}/openings/new"
    session.commit()
    assert client.post(path, data=RIGHT).status_code == 401
    for person in (cast.stranger, cast.secretary):
        assert as_(person).get(path).status_code == 403
        assert as_(person).post(path, data=RIGHT).status_code == 403
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert as_(cast.host_coordinator).post(path, data=RIGHT, headers=elsewhere).status_code == 403
    assert session.exec(select(Opening)).all() == []


@pytest.mark.parametrize("deed", ["edit", "publish", "close"])
def test_who_may_not_change_an_opening(session: Session, cast: Cast, as_: As, client: TestClient, deed: str) -> None:
    call = make.call(session)
    seen = make.opening(session, call, cast.host)
    hidden = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    session.commit()
    assert client.post(f"/openings/{seen.id}/{deed}", data=RIGHT).status_code == 401
    for person in (cast.stranger, cast.other_coordinator):
        assert as_(person).post(f"/openings/{seen.id}/{deed}", data=RIGHT).status_code == 403
        assert as_(person).post(f"/openings/{hidden.id}/{deed}", data=RIGHT).status_code == 404
    assert as_(cast.secretary).post(f"/openings/{seen.id}/{deed}", data=RIGHT).status_code == 403
    elsewhere, host = {"sec-fetch-site": "cross-site"}, as_(cast.host_coordinator)
    assert host.post(f"/openings/{seen.id}/{deed}", data=RIGHT, headers=elsewhere).status_code == 403
    unchanged = fresh(session, seen.id)
    assert (unchanged.status, unchanged.title) == ("published", seen.title)


@pytest.mark.parametrize("deed", ["edit", "publish", "close"])
def test_a_closed_opening_stays_as_it_is(session: Session, cast: Cast, as_: As, deed: str) -> None:
    opening = make.opening(session, make.call(session), cast.host, status=OpeningStatus.CLOSED)
    host = as_(cast.host_coordinator)
    assert host.post(f"/openings/{opening.id}/{deed}", data=RIGHT).status_code == 409
    assert host.get(f"/openings/{opening.id}/edit").status_code == 409
    assert fresh(session, opening.id).title != RIGHT["title"]


def test_an_unknown_step_is_not_found(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    assert as_(cast.host_coordinator).post(f"/openings/{opening.id}/burn").status_code == 404


def test_places_of_a_draft_change_freely_and_published_ones_only_rise(session: Session, cast: Cast, as_: As) -> None:
    call, host = make.call(session), as_(cast.host_coordinator)
    draft = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT, capacity=5)
    session.commit()
    path = f"/openings/{draft.id}"
    assert "once it is published, you can only raise it" in host.get(f"{path}/edit").text
    assert host.post(f"{path}/edit", data={**RIGHT, "capacity": "3"}).status_code == 303
    host.post(f"{path}/publish")
    assert "the number can only be raised" in host.get(f"{path}/edit").text
    answer = host.post(f"{path}/edit", data={**RIGHT, "capacity": "2", "title": "Changed"})
    assert (answer.status_code, "Enter at least 3." in answer.text) == (422, True)
    assert (fresh(session, draft.id).capacity, fresh(session, draft.id).title) == (3, "Guide")
    assert host.post(f"{path}/edit", data={**RIGHT, "capacity": "4"}).status_code == 303
    assert fresh(session, draft.id).capacity == 4


def test_own_openings_are_for_coordinators(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    call = make.call(session)
    own = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    other = make.opening(session, call, cast.elsewhere)
    shown = as_(cast.host_coordinator).get("/openings/mine").text
    assert own.title in shown and other.title not in shown
    assert as_(cast.stranger).get("/openings/mine").status_code == 403
    assert client.get("/openings/mine").headers["location"] == "/sign-in?next=%2Fopenings%2Fmine"
    assert "has no openings yet" in as_(cast.home_coordinator).get("/openings/mine").text


def test_a_wrong_filter_is_a_wrong_address(client: TestClient) -> None:
    assert client.get("/openings?country=XX").status_code == 404
    assert client.get("/openings?after=here").status_code == 404
    assert client.get("/openings?country=&call=&after=").status_code == 200


def test_the_filter_stays_from_page_to_page(
    session: Session, cast: Cast, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 1)
    call = make.call(session)
    made = [make.opening(session, call, cast.host, starts_on=dt.date(2027, 1, day)) for day in (1, 2)]
    session.commit()
    first = client.get("/openings?country=KR").text
    assert made[0].title in first and made[1].title not in first
    assert "country=KR" in first and f"after={made[0].id}" in first
    second = client.get(f"/openings?country=KR&after={made[0].id}").text
    assert made[1].title in second and made[0].title not in second


@pytest.mark.parametrize("path", ["/openings", "/openings/mine", "/calls/the-call"])
def test_lists_ask_as_often_for_three_as_for_one(
    session: Session, database: Database, cast: Cast, as_: As, path: str
) -> None:
    call, host, asked = make.call(session, slug="the-call"), as_(cast.host_coordinator), []
    make.grant(session, cast.host_coordinator, Role.COORDINATOR, government_id=cast.elsewhere.id)
    for governments in ([cast.host], [cast.host, cast.elsewhere]):
        titles = [make.opening(session, call, government).title for government in governments]
        session.commit()
        with counting.queries(database) as seen:
            shown = host.get(path).text
        assert all(title in shown for title in titles)
        asked.append(len(seen))
    assert asked[0] == asked[1] > 0
