import datetime as dt
import itertools
import uuid
from typing import Any

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.applications.models import Application, Choice, Status
from portal.openings.models import Opening, OpeningStatus
from portal.placements import rules
from portal.placements.models import HOLDING, Placement, PlacementStatus
from portal.placements.rules import Step
from portal.placements.words import COLOURS, STATUSES

NOW = dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC)
HOST, ME = uuid.uuid4(), uuid.uuid4()
LEGAL = {
    PlacementStatus.PROPOSED: {Step.APPROVE, Step.REFUSE, Step.CANCEL, Step.RELEASE},
    PlacementStatus.OFFERED: {Step.ACCEPT, Step.DECLINE, Step.RELEASE},
    PlacementStatus.ACCEPTED: {Step.RELEASE},
}


def _placement(status: PlacementStatus = PlacementStatus.PROPOSED, **fields: Any) -> Placement:
    opening, application = Opening(government_id=HOST), Application(applicant_id=ME)
    given = {"status": status, "expires_at": NOW + dt.timedelta(days=1), "opening": opening, "application": application}
    return Placement(**{**given, **fields})


def _coordinator(person_id: uuid.UUID | None = None, of: uuid.UUID = HOST) -> Viewer:
    return Viewer(person_id or uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, of)}))


@pytest.mark.parametrize(("status", "step"), list(itertools.product(PlacementStatus, Step)))
def test_each_state_allows_its_steps_and_no_other(status: PlacementStatus, step: Step) -> None:
    reason = rules.why_not(step, _placement(status), NOW)
    assert (reason is None) == (step in LEGAL.get(status, set())), reason
    assert reason is None or str(reason).endswith(".")


@pytest.mark.parametrize("step", Step)
def test_hosts_decide_and_candidates_answer(step: Step) -> None:
    placement = _placement()
    by_host, by_me = step in rules.BY_HOST, step in rules.BY_APPLICANT
    assert rules.may(_coordinator(), step, placement) is by_host
    assert rules.may(Viewer(ME), step, placement) is by_me
    assert rules.may(_coordinator(ME), step, placement) is by_me, "nobody decides on their own"
    for nobody in (
        VISITOR,
        _coordinator(of=uuid.uuid4()),
        Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)})),
    ):
        assert not rules.may(nobody, step, placement)


def test_the_instant_decides_when_an_offer_lapses() -> None:
    offer = _placement(PlacementStatus.OFFERED, expires_at=NOW)
    before = NOW - dt.timedelta(microseconds=1)
    assert rules.status_at(offer, before) is PlacementStatus.OFFERED
    assert rules.status_at(offer, NOW) is PlacementStatus.LAPSED
    for step in (Step.ACCEPT, Step.DECLINE):
        assert rules.why_not(step, offer, before) is None
        assert rules.why_not(step, offer, NOW) is rules.EXPIRED
    assert rules.why_not(Step.LAPSE, offer, before) is rules.NOT_YET
    assert rules.why_not(Step.LAPSE, offer, NOW) is None
    accepted = _placement(PlacementStatus.ACCEPTED, expires_at=NOW)
    assert rules.status_at(accepted, NOW) is PlacementStatus.ACCEPTED


@pytest.mark.parametrize(
    ("taken", "capacity", "seat"),
    [(set(), 2, 1), ({1}, 2, 2), ({2}, 2, 1), ({1, 2}, 2, None), ({1, 3}, 3, 2), ({1, 2, 3}, 2, None)],
)
def test_the_lowest_free_seat_is_given(taken: set[int], capacity: int, seat: int | None) -> None:
    assert rules.free_seat(taken, capacity) == seat


@pytest.mark.parametrize(
    ("opening_status", "status", "is_ranked", "reason"),
    [
        (OpeningStatus.PUBLISHED, Status.NOMINATED, True, None),
        (OpeningStatus.CLOSED, Status.NOMINATED, True, rules.NOT_PUBLISHED),
        (OpeningStatus.PUBLISHED, Status.WITHDRAWN, True, rules.NOT_NOMINATED),
        (OpeningStatus.PUBLISHED, Status.NOMINATED, False, rules.NOT_RANKED),
    ],
)
def test_whom_a_host_can_propose(
    opening_status: OpeningStatus, status: Status, is_ranked: bool, reason: str | None
) -> None:
    opening = Opening(status=opening_status)
    chosen = opening.id if is_ranked else uuid.uuid4()
    application = Application(status=status, choices=[Choice(rank=1, opening_id=chosen)])
    assert rules.why_no_proposal(opening, application) is reason


def test_states_that_hold_a_place_can_give_it_back() -> None:
    assert {status for status, step in rules.STEPS if step is Step.RELEASE} == set(HOLDING)
    assert set(STATUSES) == set(COLOURS) == set(PlacementStatus)
