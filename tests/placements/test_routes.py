import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.accounts.viewer import viewer_of
from portal.applications.models import Application, Choice, Kinship, Status
from portal.calls.models import Call
from portal.clock import now
from portal.history.queries import deeds
from portal.mail.models import Message
from portal.openings.models import Opening, OpeningStatus
from portal.placements import actions, hosted, queries
from portal.placements.models import Origin, Placement, PlacementStatus, Reason
from portal.placements.words import REASONS
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
WHY = "Both governments agreed on it before the match."
REASON = {"code": "other", "reason": "The candidate cannot come in summer."}


def _candidate(
    session: Session, cast: Cast, opening: Opening, person: Person | None = None, **more: Any
) -> Application:
    given = {"applicant": person or make.person(session), "home": cast.home, "choices": [opening], **more}
    made = make.application(session, Status.NOMINATED, **given)
    session.commit()
    return made


def _placed(session: Session, cast: Cast, state: PlacementStatus, **fields: Any) -> Placement:
    opening = make.opening(session, make.call(session), cast.host)
    made = make.placement(
        session, state, application=_candidate(session, cast, opening, cast.applicant), opening=opening, **fields
    )
    session.commit()
    return made


def _state(session: Session, placement: Placement) -> PlacementStatus:
    session.expire_all()
    return session.get_one(Placement, placement.id).status


def _propose(client: TestClient, opening: Opening, application: Application, key: str = "") -> Any:
    data = {"application_id": str(application.id), "key": key or str(uuid.uuid4()), "reason": WHY}
    return client.post(f"/openings/{opening.id}/propose", data=data)


def test_the_walk_from_the_candidates_to_the_answer(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session, answer_days=5), cast.host)
    application = _candidate(session, cast, opening, cast.applicant)
    secretary, host, applicant = as_(cast.secretary), as_(cast.host_coordinator), as_(cast.applicant)
    candidates = f"/openings/{opening.id}/candidates"
    assert application.native_name in host.get(candidates).text
    form = f"/openings/{opening.id}/propose?application_id={application.id}"
    assert form in secretary.get(candidates).text and form not in host.get(candidates).text
    assert "outside the match" in secretary.get(form).text
    path = _propose(secretary, opening, application).headers["location"]
    assert applicant.get(path).status_code == 404, "a proposal is not told before it is approved"
    told = session.exec(select(Message)).one()
    assert (told.template, told.address) == ("placements/proposed", cast.host_coordinator.email)
    for official in (secretary, host):
        assert WHY in official.get(path).text and "outside the match" in official.get(path).text
    assert "has 5 days to answer" in host.get(path).text
    assert host.post(f"{path}/approve").status_code == 303
    offer = session.exec(select(Message).where(Message.template == "placements/offered")).one()
    assert offer.address == cast.applicant.email and offer.subject.startswith("Offer of a place, please answer")
    made = session.exec(select(Placement)).one()
    session.refresh(made)
    assert made.expires_at - made.approved_at == dt.timedelta(days=5)
    page = applicant.get(path).text
    for said in (
        "This is an offer",
        "Answer by:",
        "Seoul",
        "Declining leaves the pool of this call",
        "Accept the place",
    ):
        assert said in page
    assert WHY not in page
    assert applicant.post(f"{path}/accept").status_code == 303
    assert _state(session, made) is PlacementStatus.ACCEPTED
    assert f"{path}/agreement" in applicant.get(path).text
    assert [entry.deed for entry in deeds(session, "placement", made.id)] == [
        "placement accepted", "placement offered", "placement approved", "placement proposed",
    ]  # fmt: skip
    told = session.exec(select(Message.address).where(Message.template == "placements/accepted")).all()
    assert told == [cast.host_coordinator.email]
    for person in (cast.applicant, cast.host_coordinator, cast.home_coordinator, cast.secretary, cast.auditor):
        assert as_(person).get(path).status_code == 200
        assert path in as_(person).get("/placements").text


@pytest.mark.parametrize(
    ("state", "step", "data", "after"),
    [
        ("proposed", "refuse", {"code": "language"}, "refused"),
        ("proposed", "cancel", {}, "cancelled"),
        ("offered", "decline", {"code": "family"}, "declined"),
        ("offered", "decline", REASON, "declined"),
        ("accepted", "release", {"code": "visa"}, "cancelled"),
        ("agreed", "release", REASON, "cancelled"),
    ],
)
def test_a_freed_place_can_be_proposed_anew(
    session: Session, cast: Cast, as_: As, state: str, step: str, data: dict[str, str], after: str
) -> None:
    made = _placed(session, cast, PlacementStatus(state), **OUTSIDE)
    opening = session.get_one(Opening, made.opening_id)
    opening.capacity = 1
    second = _candidate(session, cast, opening)
    secretary, host = as_(cast.secretary), as_(cast.host_coordinator)
    assert _propose(secretary, opening, second).status_code == 409
    actor = {"refuse": host, "cancel": secretary}.get(step) or as_(cast.applicant)
    if step != "cancel":
        assert actor.get(f"/placements/{made.id}/{step}").status_code == 200
    assert actor.post(f"/placements/{made.id}/{step}", data=data).status_code == 303
    assert _state(session, made) is PlacementStatus(after)
    assert host.get(f"/placements/{made.id}").status_code == 200
    assert _propose(secretary, opening, second).status_code == 303
    assert session.exec(select(Placement.seat).where(Placement.application_id == second.id)).one() == 1


OUTSIDE = {"origin": Origin.MANUAL, "origin_reason": WHY}
HOST_STEPS, OWN_STEPS = ["approve", "refuse"], ["accept", "decline"]


@pytest.mark.parametrize("step", HOST_STEPS)
def test_only_the_host_decides(session: Session, cast: Cast, as_: As, client: TestClient, step: str) -> None:
    made = _placed(session, cast, PlacementStatus.PROPOSED)
    path = f"/placements/{made.id}/{step}"
    assert client.post(path, data=REASON).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.other_coordinator, 404), (cast.home_coordinator, 404), (cast.applicant, 404),
        (cast.secretary, 403), (cast.auditor, 403),
    ):  # fmt: skip
        assert as_(person).post(path, data=REASON).status_code == status, person.name
    crossing = as_(cast.host_coordinator).post(path, data=REASON, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert _state(session, made) is PlacementStatus.PROPOSED


def test_only_a_secretary_takes_a_proposal_of_its_own_back(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    made = _placed(session, cast, PlacementStatus.PROPOSED)
    path = f"/placements/{made.id}/cancel"
    assert client.post(path).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.applicant, 404), (cast.host_coordinator, 403), (cast.auditor, 403),
        (cast.secretary, 409),
    ):  # fmt: skip
        assert as_(person).post(path).status_code == status, person.name
    made.origin, made.origin_reason = Origin.MANUAL, WHY
    session.commit()
    assert as_(cast.secretary).post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert as_(cast.secretary).post(path).status_code == 303
    assert as_(cast.secretary).post(path).status_code == 409
    assert _state(session, made) is PlacementStatus.CANCELLED
    assert "placements/cancelled" in session.exec(select(Message.template)).all()


def test_an_accepted_place_is_given_back_by_the_intern_or_the_secretariat(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    made = _placed(session, cast, PlacementStatus.OFFERED)
    path = f"/placements/{made.id}"
    assert as_(cast.applicant).post(f"{path}/accept").status_code == 303
    assert client.post(f"{path}/release", data=REASON).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.host_coordinator, 403), (cast.home_coordinator, 403), (cast.auditor, 403),
    ):  # fmt: skip
        assert as_(person).post(f"{path}/release", data=REASON).status_code == status, person.name
    crossing = as_(cast.applicant).post(f"{path}/release", data=REASON, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    not_theirs = as_(cast.applicant).post(f"{path}/release", data={"code": "host_withdrew", "reason": "<b>why"})
    assert (not_theirs.status_code, "&lt;b&gt;why" in not_theirs.text) == (422, True)
    assert _state(session, made) is PlacementStatus.ACCEPTED
    assert as_(cast.secretary).post(f"{path}/release", data={"code": "host_withdrew"}).status_code == 303
    assert _state(session, made) is PlacementStatus.CANCELLED
    assert session.get_one(Placement, made.id).reason_code is Reason.HOST_WITHDREW
    assert session.get_one(Application, made.application_id).placed_at is None
    told = session.exec(select(Message.address).where(Message.template == "placements/released")).all()
    assert {cast.applicant.email, cast.host_coordinator.email, cast.home_coordinator.email} <= set(told)
    assert as_(cast.secretary).post(f"{path}/release", data=REASON).status_code == 409
    assert as_(cast.applicant).get(path).status_code == 200


@pytest.mark.parametrize("state", ["proposed", "offered", "active", "completed", "declined"])
def test_only_what_was_accepted_and_has_not_begun_is_given_back(
    session: Session, cast: Cast, as_: As, state: str
) -> None:
    made = _placed(session, cast, PlacementStatus(state))
    secretary = as_(cast.secretary)
    assert secretary.get(f"/placements/{made.id}/release").status_code == 409
    assert secretary.post(f"/placements/{made.id}/release", data=REASON).status_code == 409
    assert _state(session, made) is PlacementStatus(state)


@pytest.mark.parametrize("state", ["active", "completed", "certified"])
def test_nobody_withdraws_an_application_whose_stay_has_begun(
    session: Session, cast: Cast, as_: As, state: str
) -> None:
    made = _placed(session, cast, PlacementStatus(state))
    client, path = as_(cast.applicant), f"/applications/{made.application_id}/withdraw"
    assert client.get(path).status_code == client.post(path).status_code == 409
    assert _state(session, made) is PlacementStatus(state)


@pytest.mark.parametrize("step", OWN_STEPS)
def test_only_the_candidate_answers(session: Session, cast: Cast, as_: As, client: TestClient, step: str) -> None:
    made = _placed(session, cast, PlacementStatus.OFFERED)
    path = f"/placements/{made.id}/{step}"
    assert client.post(path).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.other_coordinator, 404), (cast.home_coordinator, 403),
        (cast.host_coordinator, 403), (cast.secretary, 403), (cast.auditor, 403),
    ):  # fmt: skip
        assert as_(person).post(path).status_code == status, person.name
    crossing = as_(cast.applicant).post(path, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert _state(session, made) is PlacementStatus.OFFERED


def test_only_a_secretary_proposes(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    application = _candidate(session, cast, opening, cast.applicant)
    form = f"/openings/{opening.id}/propose?application_id={application.id}"
    assert _propose(client, opening, application).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.other_coordinator, 404), (cast.home_coordinator, 404), (cast.applicant, 404),
        (cast.host_coordinator, 403), (cast.auditor, 403),
    ):  # fmt: skip
        assert _propose(as_(person), opening, application).status_code == status, person.name
        assert as_(person).get(form).status_code == status, person.name
        page = as_(person).get(f"/openings/{opening.id}/candidates").status_code
        assert page == (200 if status == 403 else 404), person.name
    secretary = as_(cast.secretary)
    data = {"application_id": str(application.id), "reason": WHY}
    crossing = secretary.post(f"/openings/{opening.id}/propose", data=data, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert session.exec(select(Placement)).all() == []


def test_a_proposal_needs_a_reason_and_keeps_what_was_typed(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    application = _candidate(session, cast, opening, cast.applicant)
    secretary, path, key = as_(cast.secretary), f"/openings/{opening.id}/propose", str(uuid.uuid4())
    answer = secretary.post(path, data={"application_id": str(application.id), "reason": "<b>short", "key": key})
    assert (answer.status_code, "&lt;b&gt;short" in answer.text, key in answer.text) == (422, True, True)
    assert "at least 10 characters" in answer.text
    for nobody, status in (("", 409), ("x", 409), (str(uuid.uuid4()), 404)):
        assert secretary.post(path, data={"application_id": nobody, "reason": WHY}).status_code == status
    assert secretary.get(path).status_code == 409
    assert session.exec(select(Placement)).all() == []


def test_nobody_places_themselves(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    own = _candidate(session, cast, opening, cast.secretary)
    assert _propose(as_(cast.secretary), opening, own).status_code == 403
    application = _candidate(session, cast, opening, cast.host_coordinator)
    made = make.placement(session, application=application, opening=opening)
    session.commit()
    assert as_(cast.host_coordinator).post(f"/placements/{made.id}/approve").status_code == 403


@pytest.mark.parametrize(
    ("fields", "home", "status"),
    [
        ({"blocked_pairs": [["KR", "MN"]]}, "MN-1", 409),
        ({"blocked_pairs": [["MN", "KR"]]}, "MN-1", 409),
        ({"blocked_pairs": [["JP", "KR"]]}, "MN-1", 303),
        ({}, "KR-47", 409),
        ({"own_government_is_host": True}, "KR-47", 303),
    ],
)
def test_whom_the_call_places_nowhere_there(
    session: Session, cast: Cast, as_: As, fields: dict[str, Any], home: str, status: int
) -> None:
    opening = make.opening(session, make.call(session, **fields), cast.host)
    application = _candidate(session, cast, opening, home=make.government(session, home))
    secretary = as_(cast.secretary)
    shown = secretary.get(f"/openings/{opening.id}/propose?application_id={application.id}").status_code
    assert shown == (200 if status == 303 else 409)
    assert _propose(secretary, opening, application).status_code == status


@pytest.mark.parametrize("step", HOST_STEPS)
@pytest.mark.parametrize("state", [state for state in PlacementStatus if state is not PlacementStatus.PROPOSED])
def test_hosts_decide_only_on_proposals(
    session: Session, cast: Cast, as_: As, step: str, state: PlacementStatus
) -> None:
    made = _placed(session, cast, state)
    assert as_(cast.host_coordinator).post(f"/placements/{made.id}/{step}", data=REASON).status_code == 409
    assert _state(session, made) is state


@pytest.mark.parametrize("step", OWN_STEPS)
@pytest.mark.parametrize("state", ["accepted", "declined", "lapsed"])
def test_candidates_answer_only_offers(session: Session, cast: Cast, as_: As, step: str, state: str) -> None:
    made = _placed(session, cast, PlacementStatus(state))
    assert as_(cast.applicant).post(f"/placements/{made.id}/{step}").status_code == 409


@pytest.mark.parametrize("state", ["proposed", "refused", "cancelled"])
def test_a_candidate_sees_no_proposal_and_no_refusal(session: Session, cast: Cast, as_: As, state: str) -> None:
    made = _placed(session, cast, PlacementStatus(state))
    client = as_(cast.applicant)
    assert client.get(f"/placements/{made.id}").status_code == 404
    assert client.post(f"/placements/{made.id}/accept").status_code == 404
    assert str(made.id) not in client.get("/placements").text
    assert as_(cast.home_coordinator).get(f"/placements/{made.id}").status_code == 404


def test_an_expired_offer_cannot_be_accepted_before_the_job_has_noted_it(session: Session, cast: Cast, as_: As) -> None:
    made = _placed(session, cast, PlacementStatus.OFFERED, expires_at=now() - dt.timedelta(seconds=1))
    client = as_(cast.applicant)
    assert "Lapsed" in client.get(f"/placements/{made.id}").text
    answer = client.post(f"/placements/{made.id}/accept")
    assert answer.status_code == 409
    assert "has lapsed" in answer.text
    assert actions.lapse_expired(session) == 1
    assert actions.lapse_expired(session) == 0
    session.commit()
    assert _state(session, made) is PlacementStatus.LAPSED
    entry = deeds(session, "placement", made.id)[0]
    assert (entry.deed, entry.actor_id) == ("placement lapsed", None)


def test_open_offers_do_not_lapse(session: Session, cast: Cast) -> None:
    made = _placed(session, cast, PlacementStatus.OFFERED)
    assert actions.lapse_expired(session) == 0
    assert _state(session, made) is PlacementStatus.OFFERED


def test_an_expired_offers_place_is_free_at_once(session: Session, cast: Cast, as_: As) -> None:
    made = _placed(session, cast, PlacementStatus.OFFERED, expires_at=now() - dt.timedelta(seconds=1))
    opening = session.get_one(Opening, made.opening_id)
    opening.capacity = 1
    second = _candidate(session, cast, opening)
    assert _propose(as_(cast.secretary), opening, second).status_code == 303
    assert _state(session, made) is PlacementStatus.LAPSED


@pytest.mark.parametrize("state", ["proposed", "offered", "accepted"])
def test_who_holds_a_place_cannot_be_given_another(session: Session, cast: Cast, as_: As, state: str) -> None:
    call = make.call(session)
    here, there = make.opening(session, call, cast.host), make.opening(session, call, cast.elsewhere)
    application = _candidate(session, cast, here, choices=[here, there])
    make.placement(session, state, application=application, opening=there)
    session.commit()
    host = as_(cast.secretary)
    assert "Considered for another place" in host.get(f"/openings/{here.id}/candidates").text
    assert _propose(host, here, application).status_code == 409


def test_a_second_press_makes_no_second_proposal(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    application = _candidate(session, cast, opening)
    secretary, key = as_(cast.secretary), str(uuid.uuid4())
    first, second = (_propose(secretary, opening, application, key) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert len(session.exec(select(Placement)).all()) == 1


def test_what_cannot_be_proposed(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    opening, other = make.opening(session, call, cast.host), make.opening(session, call, cast.host)
    closed = make.opening(session, call, cast.host, status=OpeningStatus.CLOSED)
    host = as_(cast.secretary)
    assert _propose(host, opening, _candidate(session, cast, other)).status_code == 409, "did not choose it"
    assert _propose(host, closed, _candidate(session, cast, closed)).status_code == 409
    unnominated = make.application(session, Status.SUBMITTED, choices=[opening])
    session.commit()
    assert _propose(host, opening, unnominated).status_code == 409


def test_withdrawing_gives_the_place_back(session: Session, cast: Cast, as_: As) -> None:
    made = _placed(session, cast, PlacementStatus.ACCEPTED)
    client, path = as_(cast.applicant), f"/applications/{made.application_id}"
    assert client.get(f"{path}/withdraw").status_code == 200
    assert client.post(f"{path}/withdraw").status_code == 303
    assert _state(session, made) is PlacementStatus.CANCELLED
    application = session.get_one(Application, made.application_id)
    assert (application.status, application.merit) == (Status.WITHDRAWN, None)
    assert client.post(f"{path}/withdraw").status_code == 409
    assert client.get(f"{path}/withdraw").status_code == 409
    assert as_(cast.host_coordinator).get(f"/placements/{made.id}").status_code == 200


def test_the_application_knows_when_a_place_was_accepted_and_forgets_it_when_it_falls_away(
    session: Session, cast: Cast, as_: As
) -> None:
    made = _placed(session, cast, PlacementStatus.OFFERED)
    client = as_(cast.applicant)
    assert client.post(f"/placements/{made.id}/accept").status_code == 303
    session.expire_all()
    answered = session.get_one(Placement, made.id).answered_at
    assert session.get_one(Application, made.application_id).placed_at == answered is not None
    assert client.post(f"/applications/{made.application_id}/withdraw").status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.application_id).placed_at is None


def test_a_host_coordinator_who_is_kin_sees_no_placement(session: Session, cast: Cast, as_: As) -> None:
    made = _placed(session, cast, PlacementStatus.PROPOSED)
    client = as_(cast.host_coordinator)
    assert client.get(f"/placements/{made.id}").status_code == 200
    make.saved(session, Kinship(application_id=made.application_id, person_id=cast.host_coordinator.id))
    session.commit()
    assert client.get(f"/placements/{made.id}").status_code == 404
    assert client.post(f"/placements/{made.id}/approve").status_code == 404


@pytest.mark.parametrize("state", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.NOMINATED])
def test_applicants_withdraw_from_any_open_state(session: Session, cast: Cast, as_: As, state: Status) -> None:
    made = make.application(session, state, applicant=cast.applicant)
    session.commit()
    client = as_(cast.applicant)
    assert f"/applications/{made.id}/withdraw" in client.get(f"/applications/{made.id}").text
    assert client.post(f"/applications/{made.id}/withdraw").status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.WITHDRAWN
    assert client.get(f"/applications/{made.id}").status_code == 200


def test_hosts_read_nothing_they_should_not(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    elsewhere = make.opening(session, opening.call, cast.elsewhere, title="Another government's opening")
    secret = {"born_on": dt.date(2004, 5, 17), "phone": "+976 5550 1234"}
    application = _candidate(session, cast, opening, cast.applicant, choices=[elsewhere, opening], **secret)
    made = make.placement(session, application=application, opening=opening)
    session.commit()
    host = as_(cast.host_coordinator)
    for path in (f"/openings/{opening.id}/candidates", f"/placements/{made.id}", f"/applications/{application.id}"):
        page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", host.get(path).text)  # an identifier may hold any digits
        assert application.motivation in page, path
        assert "Choice" not in page, "which rank they gave it"
        for hidden in ("2004", "5550", cast.applicant.email, elsewhere.title, application.number):
            assert str(hidden) not in page, (path, hidden)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"code": "family"}, 422),
        ({"code": "other"}, 422),
        ({"code": "other", "reason": "<b>no"}, 422),
        ({"code": "skills"}, 303),
        ({"code": "skills", "reason": "<b>no"}, 303),
        (REASON, 303),
    ],
)
def test_a_refusal_needs_a_reason_of_a_host(
    session: Session, cast: Cast, as_: As, data: dict[str, str], status: int
) -> None:
    made = _placed(session, cast, PlacementStatus.PROPOSED)
    host = as_(cast.host_coordinator)
    answer = host.post(f"/placements/{made.id}/refuse", data=data)
    assert answer.status_code == status
    assert "<b>no" not in answer.text
    assert status == 303 or data.get("reason", "").replace("<b>", "&lt;b&gt;") in answer.text
    if status == 303:
        page = host.get(f"/placements/{made.id}").text
        assert str(REASONS[Reason(data["code"])]) in page and "<b>no" not in page


@pytest.mark.parametrize(("data", "status"), [({}, 422), ({"code": "skills"}, 422), ({"code": "money"}, 303)])
def test_declining_needs_a_reason_of_a_candidate(
    session: Session, cast: Cast, as_: As, data: dict[str, str], status: int
) -> None:
    made = _placed(session, cast, PlacementStatus.OFFERED)
    assert as_(cast.applicant).post(f"/placements/{made.id}/decline", data=data).status_code == status


def test_officials_narrow_their_list(session: Session, cast: Cast, as_: As) -> None:
    over = _placed(session, cast, PlacementStatus.OFFERED, expires_at=now() - dt.timedelta(seconds=1))
    still = _placed(session, cast, PlacementStatus.OFFERED)
    elsewhere = make.placement(session, opening=make.opening(session, make.call(session), cast.elsewhere))
    slug = session.get_one(Call, session.get_one(Opening, still.opening_id).call_id).slug
    over, still, elsewhere = (str(each.id) for each in (over, still, elsewhere))
    session.commit()
    secretary = as_(cast.secretary)
    for query, wanted in (
        ("", {over, still, elsewhere}),
        ("?status=offered", {still}),
        ("?status=lapsed", {over}),
        (f"?call={slug}", {still}),
        ("?status=proposed", {elsewhere}),
        ("?status=none-such", {over, still, elsewhere}),
        (f"?status=accepted&call={slug}", set()),
        ("?call=%00", {over, still, elsewhere}),
    ):
        page = secretary.get(f"/placements{query}").text
        assert {each for each in (over, still, elsewhere) if each in page} == wanted, query
    for person, wanted in (
        (cast.host_coordinator, {over, still}), (cast.home_coordinator, {over, still}),
        (cast.other_coordinator, {elsewhere}), (cast.auditor, {over, still, elsewhere}), (cast.stranger, set()),
    ):  # fmt: skip
        page = as_(person).get("/placements").text
        assert {each for each in (over, still, elsewhere) if each in page} == wanted, person.name


def test_lists_run_as_many_queries_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    call, counts = make.call(session), []
    opening = make.opening(session, call, cast.host, capacity=9)
    host, applicant = as_(cast.host_coordinator), as_(cast.applicant)
    for more in (1, 2):
        for _ in range(more):
            make.placement(session, application=_candidate(session, cast, opening), opening=opening)
            make.opening(session, call, cast.host)
            at = make.opening(session, make.call(session), cast.elsewhere)
            make.placement(session, "offered", application=_candidate(session, cast, at, cast.applicant), opening=at)
        session.commit()
        for client, path in (
            (host, f"/openings/{opening.id}/candidates"),
            (host, "/placements"),
            (applicant, "/placements"),
            (host, "/placements/openings"),
        ):
            with counting.queries(database) as found:
                assert client.get(path).status_code == 200
            counts.append(len(found))
    assert counts[:4] == counts[4:]


def test_lists_have_pages(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    call, viewer = make.call(session), viewer_of(session, cast.host_coordinator)
    openings = {make.opening(session, call, cast.host).id for _ in range(5)}
    opening = session.get_one(Opening, next(iter(openings)))
    wanted = {_candidate(session, cast, opening).id for _ in range(5)}
    placed = {make.placement(session, opening=opening).id for _ in range(5)}
    wanted |= {each.application_id for each in session.exec(select(Placement))}
    for listed, expected in (
        (lambda after: queries.listed(session, viewer, after=after), placed),
        (lambda after: hosted.offerings(session, viewer, after=after), openings),
        (lambda after: hosted.candidates(session, viewer, opening, after=after), wanted),
    ):
        seen, after = [], None
        while True:
            rows, after = listed(after)
            seen += [_id_of(row) for row in rows]
            if after is None:
                break
        assert (set(seen), len(seen)) == (expected, len(expected))


def _id_of(row: Any) -> uuid.UUID:
    if isinstance(row, Placement):
        return row.id
    return row.opening.id if isinstance(row, hosted.Offering) else row.candidate.application_id


def test_what_waits_for_whom(session: Session, cast: Cast) -> None:
    _placed(session, cast, PlacementStatus.PROPOSED)
    _placed(session, cast, PlacementStatus.OFFERED)
    _placed(session, cast, PlacementStatus.OFFERED, expires_at=now() - dt.timedelta(days=1))
    waiting = {
        person.name: {str(each.text): each.count for each in queries.waiting_for(session, viewer_of(session, person))}
        for person in (cast.applicant, cast.host_coordinator, cast.other_coordinator)
    }
    assert waiting == {
        "Applicant": {"Offers to answer": 1},
        "Host coordinator": {"Proposals to approve or refuse": 1},
        "Other coordinator": {},
    }


def test_a_place_whose_offer_is_over_is_seen_to_be_free_before_the_job_has_noted_it(
    session: Session, cast: Cast, as_: As
) -> None:
    placement = _placed(session, cast, PlacementStatus.OFFERED, expires_at=now() - dt.timedelta(seconds=1))
    opening, secretary = session.get_one(Opening, placement.opening_id), as_(cast.secretary)
    other = make.opening(session, session.get_one(Call, opening.call_id), cast.elsewhere)
    session.add(Choice(application_id=placement.application_id, opening_id=other.id, rank=2))
    session.commit()
    propose = f"/propose?application_id={placement.application_id}"
    for browser in (secretary, as_(cast.host_coordinator)):
        assert f"0 of {opening.capacity}" in browser.get("/placements/openings").text
        assert f"Places taken: 0 of {opening.capacity}" in browser.get(f"/openings/{opening.id}/candidates").text
    for each in (opening, other):
        page = secretary.get(f"/openings/{each.id}/candidates").text
        assert propose in page and "Considered for another place" not in page


def test_who_withdraws_after_an_offer_is_over_gives_nothing_back(session: Session, cast: Cast, as_: As) -> None:
    placement = _placed(session, cast, PlacementStatus.OFFERED, expires_at=now() - dt.timedelta(seconds=1))
    assert as_(cast.applicant).post(f"/applications/{placement.application_id}/withdraw").status_code == 303
    assert _state(session, placement) is PlacementStatus.LAPSED


def test_the_candidates_of_an_opening_lead_to_what_is_done_with_them(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.ranked_call(session), cast.host)
    session.commit()
    open_lists = as_(cast.host_coordinator).get(f"/openings/{opening.id}/candidates").text
    here = f'href="/openings/{opening.id}'
    assert [part in open_lists for part in (f"{here}/ranking", f"{here}/interviews", f"{here}/result")] == [1, 1, 0]
    make.over(session, opening.call)
    session.commit()
    closed_lists = as_(cast.secretary).get(f"/openings/{opening.id}/candidates").text
    assert f"{here}/result" in closed_lists and "See the host" in closed_lists


def test_who_holds_a_place_finds_it_from_the_application(session: Session, cast: Cast, as_: As) -> None:
    application = make.application(session, Status.NOMINATED, applicant=cast.applicant)
    session.commit()
    applicant, page = as_(cast.applicant), f"/applications/{application.id}"
    waiting = applicant.get(page).text
    assert "The match decides on a place" in waiting and 'href="/placements"' in waiting
    session.get_one(Application, application.id).placed_at = now()
    session.commit()
    placed = applicant.get(page).text
    assert "You accepted a place." in placed and "The match decides on a place" not in placed
