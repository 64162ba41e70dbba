import datetime as dt
import itertools
import uuid
from typing import Any

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.applications.models import Application, Choice, Status
from portal.calls.models import Call
from portal.openings.models import Opening, OpeningStatus
from portal.placements import actions, rules, words
from portal.placements.models import HOLDING, Origin, Placement, PlacementStatus, Reason
from portal.placements.rules import Step
from portal.placements.words import COLOURS, STATUSES
from portal.registry.models import Country, Government

NOW = dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC)
HOST, ME = uuid.uuid4(), uuid.uuid4()
LEGAL = {
    PlacementStatus.PROPOSED: {Step.APPROVE, Step.REFUSE, Step.CANCEL},
    PlacementStatus.OFFERED: {Step.ACCEPT, Step.DECLINE},
    PlacementStatus.ACCEPTED: {Step.RELEASE, Step.AGREE},
    PlacementStatus.AGREED: {Step.RELEASE, Step.START},
    PlacementStatus.ACTIVE: {Step.COMPLETE, Step.END_EARLY},
    PlacementStatus.COMPLETED: {Step.CERTIFY},
    PlacementStatus.CERTIFIED: {Step.REVOKE},
}


def _placement(status: PlacementStatus = PlacementStatus.PROPOSED, **fields: Any) -> Placement:
    opening, application = Opening(government_id=HOST), Application(applicant_id=ME)
    given = {"status": status, "expires_at": NOW + dt.timedelta(days=1), "opening": opening, "application": application}
    given |= {"origin": Origin.MANUAL, "origin_reason": "Agreed before."}
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
    placement, secretary = _placement(), Held(Role.SECRETARY)
    by_host, by_me = step in rules.BY_HOST, step in rules.BY_APPLICANT | {Step.RELEASE}
    assert rules.may(_coordinator(), step, placement) is by_host
    assert rules.may(Viewer(ME), step, placement) is by_me
    assert rules.may(_coordinator(ME), step, placement) is by_me, "nobody decides on their own"
    assert rules.may(Viewer(ME, held=frozenset({secretary})), step, placement) is by_me
    by_secretary = step in {Step.CANCEL, Step.RELEASE}
    assert rules.may(Viewer(uuid.uuid4(), held=frozenset({secretary})), step, placement) is by_secretary
    for nobody in (VISITOR, _coordinator(of=uuid.uuid4()), Viewer(uuid.uuid4(), held=frozenset({Held(Role.AUDITOR)}))):
        assert not rules.may(nobody, step, placement)


def test_what_the_match_proposed_the_secretariat_cannot_take_back() -> None:
    assert rules.why_not(Step.CANCEL, _placement(origin=Origin.MATCH), NOW) is rules.BY_THE_MATCH


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


MN, KR = (Government(country=Country(code)) for code in ("MN", "KR"))
PUBLISHED = OpeningStatus.PUBLISHED


@pytest.mark.parametrize(
    ("opening_status", "status", "is_ranked", "call", "reason"),
    [
        (PUBLISHED, Status.NOMINATED, True, {}, None),
        (OpeningStatus.CLOSED, Status.NOMINATED, True, {}, rules.NOT_PUBLISHED),
        (PUBLISHED, Status.WITHDRAWN, True, {}, rules.NOT_NOMINATED),
        (PUBLISHED, Status.NOMINATED, False, {}, rules.NOT_RANKED),
        (PUBLISHED, Status.NOMINATED, True, {"blocked_pairs": [["MN", "KR"]]}, rules.BLOCKED),
        (PUBLISHED, Status.NOMINATED, True, {"blocked_pairs": [["KR", "MN"]]}, rules.BLOCKED),
        (PUBLISHED, Status.NOMINATED, True, {"blocked_pairs": [["KR", "KR"], ["MN", "MN"]]}, None),
    ],
)
def test_whom_the_secretariat_can_propose(
    opening_status: OpeningStatus, status: Status, is_ranked: bool, call: dict[str, Any], reason: str | None
) -> None:
    given = {"own_government_is_host": False, "blocked_pairs": [], **call}
    opening = Opening(status=opening_status, government_id=HOST, government=KR, call=Call(**given))
    chosen = Choice(rank=1, opening_id=opening.id if is_ranked else uuid.uuid4())
    application = Application(status=status, home_id=uuid.uuid4(), home=MN, choices=[chosen])
    assert rules.why_no_proposal(opening, application) is reason


@pytest.mark.parametrize("is_host", [True, False])
def test_nobody_is_placed_at_home_unless_the_call_says_so(is_host: bool) -> None:
    call = Call(own_government_is_host=is_host, blocked_pairs=[])
    opening = Opening(status=PUBLISHED, government_id=HOST, government=KR, call=call)
    chosen = Choice(rank=1, opening_id=opening.id)
    application = Application(status=Status.NOMINATED, home_id=HOST, home=KR, choices=[chosen])
    assert rules.why_no_proposal(opening, application) is (None if is_host else rules.OWN_HOST)


def test_what_holds_a_place_gives_it_back_until_the_stay_begins() -> None:
    """A stay that ended early has used its place."""
    begun = {
        PlacementStatus.ACTIVE, PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY, PlacementStatus.CERTIFIED,
    }  # fmt: skip
    assert set(HOLDING) - begun == rules.BEFORE_THE_STAY
    assert set(STATUSES) == set(COLOURS) == set(PlacementStatus) == set(words.NEXT) == set(words.NEXT_FOR_CANDIDATE)
    assert set(words.REASONS) == set(Reason) and set(words.ORIGINS) == set(Origin)
    assert set(words.DEEDS) == {deed for deeds in actions.DEEDS.values() for deed in deeds} | {"placement proposed"}


def test_half_way_is_between_the_offer_and_its_end() -> None:
    offer = _placement(PlacementStatus.OFFERED, approved_at=NOW, expires_at=NOW + dt.timedelta(days=7))
    assert rules.half_way(offer) == NOW + dt.timedelta(hours=84)
