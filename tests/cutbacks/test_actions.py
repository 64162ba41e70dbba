"""Who is told when the secretariat takes places away, and what it can never take."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.accounts.viewer import viewer_of
from portal.applications.models import Application
from portal.clock import now
from portal.cutbacks import actions, queries, rules
from portal.errors import Conflict, NotAllowed
from portal.history import queries as history
from portal.mail.models import Message
from portal.openings.models import Opening, OpeningStatus
from portal.placements import rules as placement_rules
from portal.placements.actions import CONTINUE
from portal.placements.models import Placement, Reason
from tests import make
from tests.people import Cast

REASON = "The office moves to another town this autumn."


def a_ranked_opening(session: Session, cast: Cast, **fields: Any) -> Opening:
    """Ranked by a draft, by a nominated applicant who holds a place, and by one who withdrew."""
    opening = make.opening(session, make.call(session), cast.host, **{"capacity": 3, **fields})
    opening.first_ranked_at = now()
    nominated = make.application(session, "nominated", applicant=cast.applicant, home=cast.home, choices=[opening])
    make.application(session, "draft", applicant=cast.other_applicant, choices=[opening])
    make.application(session, "withdrawn", applicant=cast.stranger, choices=[opening])
    make.placement(session, "accepted", application=nominated, opening=opening, proposed_by=cast.host_coordinator.id)
    session.commit()
    return opening


def a_settled_opening(session: Session, cast: Cast) -> Opening:
    """The same, after both sides' lists are locked; everybody who is to be told is there."""
    opening = a_ranked_opening(session, cast, capacity=9)
    past = now() - dt.timedelta(days=1)
    opening.call.nominations_due_at = opening.call.corrections_due_at = opening.call.rankings_due_at = past
    opening.call.applications_due_at = opening.call.openings_due_at = past - dt.timedelta(days=1)
    opening.call.opens_at = past - dt.timedelta(days=30)
    _everybody = cast.host_coordinator, cast.home_coordinator, cast.secretary
    session.commit()
    return opening


def told(session: Session) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for message in session.exec(select(Message).order_by(Message.template)):
        found.setdefault(message.template, []).append(message.address)
    return found


@pytest.mark.parametrize(
    ("capacity", "wanted", "held", "fits"),
    [(3, 2, 2, True), (3, 1, 2, False), (3, 3, 0, False), (3, 4, 0, False), (3, 1, 1, True), (50, 1, 0, True)],
)
def test_what_may_stay(capacity: int, wanted: int, held: int, fits: bool) -> None:
    assert (rules.objection(capacity, wanted, held=held) is None) == fits


def test_everybody_concerned_is_told_that_places_are_fewer(session: Session, cast: Cast) -> None:
    opening, by = a_ranked_opening(session, cast), viewer_of(session, cast.secretary)
    assert queries.concerned_by(session, opening) == (2, 1)
    actions.leave_places(session, opening, 1, reason=REASON, by=by)
    session.commit()
    assert (opening.capacity, opening.status, opening.secretariat_reason) == (1, "published", REASON)
    messages = told(session)
    ranked = {cast.applicant.email, cast.other_applicant.email}
    assert set(messages.pop("cutbacks/fewer_places_applicant")) == ranked
    assert cast.host_coordinator.email in messages.pop("cutbacks/fewer_places_host")
    assert messages == {}
    [deed] = history.deeds(session, "opening", opening.id)
    assert (deed.deed, deed.actor_id) == ("places taken by the secretariat", cast.secretary.id)
    assert deed.details["before"] == {"capacity": 3} and deed.details["after"] == {"capacity": 1}
    assert (deed.details["ranked"], deed.details["held"]) == (2, 1)
    assert "office" not in str(deed.details)


def test_everybody_concerned_is_told_that_it_is_closed(session: Session, cast: Cast) -> None:
    opening, by = a_ranked_opening(session, cast), viewer_of(session, cast.secretary)
    actions.close(session, opening, reason=REASON, by=by)
    session.commit()
    assert (opening.status, opening.secretariat_reason) == (OpeningStatus.CLOSED, REASON)
    assert set(told(session)) == {"cutbacks/closed_applicant", "cutbacks/closed_host"}
    [deed] = history.deeds(session, "opening", opening.id)
    assert (deed.deed, deed.details["ranked"], deed.details["held"]) == ("closed by the secretariat", 2, 1)
    with pytest.raises(Conflict):
        actions.close(session, opening, reason=REASON, by=by)


def test_a_withdrawn_opening_gives_its_places_back_until_the_stay_begins(session: Session, cast: Cast) -> None:
    opening, by = a_settled_opening(session, cast), viewer_of(session, cast.host_coordinator)
    states = ("proposed", "offered", "agreed", "active", "declined")
    made = {state: _one_more(session, cast, opening, state) for state in states}
    over = _one_more(session, cast, opening, "offered", expires_at=now() - dt.timedelta(minutes=1))
    accepted = session.exec(select(Placement).where(Placement.status == "accepted")).one()
    session.commit()
    actions.release(session, opening, reason=REASON, by=by)
    session.commit()
    session.expire_all()
    fallen = [accepted, made["proposed"], made["offered"], made["agreed"]]
    assert {(each.status, each.reason_code) for each in fallen} == {("cancelled", Reason.HOST_WITHDREW)}
    assert (made["active"].status, made["declined"].status, over.status) == ("active", "declined", "lapsed")
    assert session.get_one(Application, accepted.application_id).placed_at is None
    assert (opening.status, opening.secretariat_reason) == (OpeningStatus.CLOSED, REASON)
    messages = told(session)
    held = {_applicant(session, each) for each in fallen}
    assert set(messages["cutbacks/withdrawn_holder"]) == held
    assert held.isdisjoint(messages["cutbacks/withdrawn_applicant"])
    assert cast.other_applicant.email in messages["cutbacks/withdrawn_applicant"]
    assert {cast.host_coordinator.email, cast.secretary.email} <= set(messages["cutbacks/withdrawn_official"])
    assert cast.home_coordinator.email in messages["cutbacks/withdrawn_home"]
    [deed] = history.deeds(session, "opening", opening.id)
    assert (deed.deed, deed.actor_id) == ("withdrawn by the host", cast.host_coordinator.id)


def test_each_place_that_falls_away_goes_to_the_job_that_passes_it_on(session: Session, cast: Cast) -> None:
    opening = a_settled_opening(session, cast)
    before = queued(session, CONTINUE)
    actions.release(session, opening, reason=REASON, by=viewer_of(session, cast.secretary))
    assert queued(session, CONTINUE) == before + 1


def test_a_host_withdraws_only_once_the_lists_are_locked(session: Session, cast: Cast) -> None:
    opening, by = a_ranked_opening(session, cast), viewer_of(session, cast.host_coordinator)
    with pytest.raises(Conflict, match="only the secretariat can withdraw"):
        actions.release(session, opening, reason=REASON, by=by)
    actions.release(session, opening, reason=REASON, by=viewer_of(session, cast.secretary))
    assert opening.status is OpeningStatus.CLOSED


def _one_more(session: Session, cast: Cast, opening: Opening, state: str, **fields: Any) -> Placement:
    application = make.application(session, "nominated", home=cast.home, choices=[opening])
    return make.placement(session, state, opening=opening, application=application, **fields)


def _applicant(session: Session, placement: Placement) -> str | None:
    application = session.get_one(Application, placement.application_id)
    return session.get_one(Person, application.applicant_id).email


def queued(session: Session, job: str) -> int:
    schema = "" if session.connection().dialect.name == "sqlite" else "dbos."
    found = session.connection().execute(sa.text(f"SELECT inputs FROM {schema}workflow_input"))
    return sum(job in inputs for (inputs,) in found)


def test_places_that_are_held_are_never_taken(session: Session, cast: Cast) -> None:
    opening, by = a_ranked_opening(session, cast), viewer_of(session, cast.secretary)
    second = make.application(session, "nominated", choices=[opening])
    make.placement(session, opening=opening, application=second)
    with pytest.raises(Conflict, match="2 of these places are held"):
        actions.leave_places(session, opening, 1, reason=REASON, by=by)
    assert (opening.capacity, told(session)) == (3, {})
    actions.leave_places(session, opening, 2, reason=REASON, by=by)
    assert opening.capacity == 2


def test_an_offer_whose_time_is_over_holds_no_place(session: Session, cast: Cast) -> None:
    opening, by = a_ranked_opening(session, cast), viewer_of(session, cast.secretary)
    late = make.application(session, "nominated", choices=[opening])
    make.placement(session, "offered", opening=opening, application=late, expires_at=now() - dt.timedelta(minutes=1))
    actions.leave_places(session, opening, 1, reason=REASON, by=by)
    assert opening.capacity == 1


def test_seats_with_higher_numbers_than_places_still_fill_it() -> None:
    assert placement_rules.free_seat({2, 3}, 2) is None
    assert placement_rules.free_seat({3}, 2) == 1


def test_only_a_secretary_takes_places_away(session: Session, cast: Cast) -> None:
    opening = a_ranked_opening(session, cast)
    for person in (cast.host_coordinator, cast.auditor, cast.stranger):
        viewer = viewer_of(session, person)
        with pytest.raises(NotAllowed):
            actions.leave_places(session, opening, 1, reason=REASON, by=viewer)
        with pytest.raises(NotAllowed):
            actions.close(session, opening, reason=REASON, by=viewer)
    assert (opening.capacity, opening.status, told(session)) == (3, "published", {})


@pytest.mark.parametrize("status", [OpeningStatus.DRAFT, OpeningStatus.CLOSED])
def test_only_published_openings_are_cut_back(session: Session, cast: Cast, status: OpeningStatus) -> None:
    opening = make.opening(session, make.call(session), cast.host, status=status)
    with pytest.raises(Conflict):
        actions.leave_places(session, opening, 1, reason=REASON, by=viewer_of(session, cast.secretary))


def test_a_message_names_the_opening_and_no_reason(session: Session, cast: Cast) -> None:
    opening = a_ranked_opening(session, cast, title="Guide for visitors")
    actions.leave_places(session, opening, 2, reason=REASON, by=viewer_of(session, cast.secretary))
    for message in session.exec(select(Message)):
        assert "Guide for visitors" in message.subject and "Places now: 2." in message.text
        assert REASON not in message.text
