"""The secretary's page for taking places away."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.openings.models import Opening, OpeningStatus
from tests import make
from tests.cutbacks.test_actions import REASON, a_ranked_opening, a_settled_opening, told
from tests.people import Cast

As = Callable[..., TestClient]
FEWER = {"what": "fewer", "capacity": "2", "reason": REASON}
CLOSE = {"what": "close", "reason": REASON}


def state(session: Session, opening: Opening) -> tuple[int, str]:
    session.refresh(opening)
    return opening.capacity, opening.status


def test_a_secretary_sees_whom_it_concerns_before_confirming(session: Session, cast: Cast, as_: As) -> None:
    opening, secretary = a_ranked_opening(session, cast), as_(cast.secretary)
    path = f"/openings/{opening.id}/cutback"
    assert path in secretary.get(f"/openings/{opening.slug}").text
    shown = secretary.get(path).text
    assert "<dt>Applicants who ranked it, drafts included</dt><dd>2</dd>" in shown
    assert "<dt>Places held</dt><dd>1</dd>" in shown
    answer = secretary.post(path, data=FEWER)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/openings/{opening.slug}")
    assert state(session, opening) == (2, "published")
    assert REASON in secretary.get(f"/openings/{opening.slug}").text
    assert secretary.post(path, data={**CLOSE, "capacity": "9"}).status_code == 303
    assert state(session, opening) == (2, "closed")
    assert len(told(session)) == 4


def test_what_is_wrong_is_said_and_what_was_typed_stays(session: Session, cast: Cast, as_: As) -> None:
    opening, secretary = a_ranked_opening(session, cast), as_(cast.secretary)
    make.placement(session, opening=opening, application=make.application(session, "nominated", choices=[opening]))
    session.commit()
    for wrong, sentence in (
        ({"capacity": "1"}, "2 of these places are held"),
        ({"capacity": "3"}, "The opening has 3 places"),
        ({"capacity": ""}, "Enter how many places stay"),
        ({"capacity": "0"}, "at least 1"),
        ({"what": "burn"}, "Choose one from the list"),
    ):
        answer = secretary.post(f"/openings/{opening.id}/cutback", data={**FEWER, "reason": f"{REASON} <b>", **wrong})
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert f"{REASON} &lt;b&gt;" in answer.text
    short = secretary.post(f"/openings/{opening.id}/cutback", data={**CLOSE, "reason": "Because"})
    assert (short.status_code, "at least 10 characters" in short.text) == (422, True)
    assert state(session, opening) == (3, "published")


def test_who_may_not_take_places_away(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    opening = a_ranked_opening(session, cast)
    hidden = make.opening(session, opening.call, cast.host, status=OpeningStatus.DRAFT)
    session.commit()
    path = f"/openings/{opening.id}/cutback"
    assert client.post(path, data=CLOSE).status_code == 401
    for person in (cast.stranger, cast.other_coordinator, cast.auditor, cast.applicant):
        assert as_(person).get(path).status_code == as_(person).post(path, data=CLOSE).status_code == 403
    assert as_(cast.stranger).post(f"/openings/{hidden.id}/cutback", data=CLOSE).status_code == 404
    assert as_(cast.secretary).post(f"/openings/{hidden.id}/cutback", data=CLOSE).status_code == 409
    crossing = as_(cast.secretary).post(path, data=CLOSE, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert state(session, opening) == (3, "published") and told(session) == {}


def test_a_closed_opening_is_not_closed_twice(session: Session, cast: Cast, as_: As) -> None:
    opening, secretary = a_ranked_opening(session, cast), as_(cast.secretary)
    path = f"/openings/{opening.id}/cutback"
    assert secretary.post(path, data=CLOSE).status_code == 303
    assert secretary.get(path).status_code == secretary.post(path, data=CLOSE).status_code == 409
    assert len(told(session)["cutbacks/closed_applicant"]) == 2


def test_a_host_withdraws_the_opening_as_a_whole(session: Session, cast: Cast, as_: As) -> None:
    opening, host = a_settled_opening(session, cast), as_(cast.host_coordinator)
    path, data = f"/openings/{opening.id}/cutback", {"what": "release", "reason": f"{REASON} <b>"}
    assert path in host.get(f"/openings/{opening.slug}").text
    assert path not in as_(cast.other_coordinator).get(f"/openings/{opening.slug}").text
    page = host.get(path).text
    assert 'value="release"' in page and 'value="fewer"' not in page
    for what in ("fewer", "close"):
        refused = host.post(path, data={**data, "what": what, "capacity": "2"})
        assert (refused.status_code, "Choose one from the list" in refused.text) == (422, True)
    short = host.post(path, data={**data, "reason": "<b>"})
    assert (short.status_code, "&lt;b&gt;" in short.text) == (422, True)
    assert host.post(path, data=data, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert as_(cast.other_coordinator).post(path, data=data).status_code == 403
    assert host.post(path, data=data).status_code == 303
    assert state(session, opening) == (9, "closed")
    assert "The reason:" in host.get(f"/openings/{opening.slug}").text
    assert host.post(path, data=data).status_code == 409


def test_before_the_lists_are_locked_a_host_is_sent_to_the_secretariat(session: Session, cast: Cast, as_: As) -> None:
    opening, host = a_ranked_opening(session, cast), as_(cast.host_coordinator)
    path = f"/openings/{opening.id}/cutback"
    assert path not in host.get(f"/openings/{opening.slug}").text
    assert host.get(path).status_code == host.post(path, data=CLOSE).status_code == 409
    assert state(session, opening) == (3, "published") and told(session) == {}
