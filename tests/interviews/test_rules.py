"""When times can be offered, taken and changed. No database."""

import datetime as dt
import uuid
from typing import Any

import pytest

from portal.applications.models import Application, Status
from portal.calls.models import Call, CallStatus
from portal.interviews import rules
from portal.interviews.models import Slot
from portal.interviews.rules import Span
from portal.openings.models import Opening, OpeningStatus

AT = dt.datetime(2027, 3, 10, 9, 0, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
HERE, ELSEWHERE, ME, OTHER = (uuid.UUID(int=number) for number in range(1, 5))


def call(**fields: Any) -> Call:
    given = {
        "slug": "call", "titles": {}, "texts": {}, "status": CallStatus.PUBLISHED, "opens_at": AT - 30 * DAY,
        "openings_due_at": AT - 20 * DAY, "applications_due_at": AT - 10 * DAY, "corrections_due_at": AT - 8 * DAY,
        "nominations_due_at": AT - 5 * DAY, "rankings_due_at": AT + 10 * DAY, "reference_on": AT.date(),
        "created_by": ME,
    }  # fmt: skip
    return Call(**{**given, **fields})


def slot(starts_at: dt.datetime, **fields: Any) -> Slot:
    given = {"opening_id": HERE, "minutes": 30, "place": "Room 7", "made_by": OTHER}
    return Slot(starts_at=starts_at, **{**given, **fields})


def candidate(status: Status = Status.NOMINATED, **dates: Any) -> Application:
    made = Application(id=ME, call_id=ME, applicant_id=ME, status=status)
    made.call = call(**dates)
    return made


@pytest.mark.parametrize(
    ("at", "is_time"),
    [
        (AT - 31 * DAY, False), (AT - 30 * DAY, True), (AT - 9 * DAY, True), (AT, True), (AT + 10 * DAY, True),
        (AT + 10 * DAY + dt.timedelta(seconds=1), False),
    ],
)  # fmt: skip
def test_from_the_first_possible_nomination_until_rankings_are_due(at: dt.datetime, is_time: bool) -> None:
    assert rules.is_time_for(call(), at) is is_time


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.CLOSED, CallStatus.ARCHIVED])
def test_only_while_the_call_is_published(status: CallStatus) -> None:
    assert not rules.is_time_for(call(status=status), AT)


def test_only_for_a_published_opening() -> None:
    for status, reason in ((OpeningStatus.DRAFT, rules.NOT_PUBLISHED), (OpeningStatus.PUBLISHED, None)):
        opening = Opening(status=status)
        opening.call = call()
        assert rules.why_no_offer(opening, AT) == reason


def test_several_in_a_row_with_a_pause_between() -> None:
    assert rules.row(AT, minutes=30, count=3, pause=15) == [AT, AT + 0.75 * HOUR, AT + 1.5 * HOUR]


DUE = AT + 10 * DAY


@pytest.mark.parametrize(
    ("starts_at", "standing", "reason"),
    [
        (AT + DAY, [], None),
        (AT, [], rules.PAST),
        (AT - DAY, [], rules.PAST),
        (DUE - HOUR, [], None),
        (DUE - HOUR / 2, [], rules.TOO_LATE),
        (AT + DAY, [AT + DAY], rules.OVERLAPS),
        (AT + DAY, [AT + DAY + HOUR / 2], rules.OVERLAPS),
        (AT + DAY, [AT + DAY + HOUR, AT + DAY - HOUR], None),
    ],
)
def test_what_is_wrong_with_times(starts_at: dt.datetime, standing: list[dt.datetime], reason: Any) -> None:
    wanted = [Span(starts_at, starts_at + HOUR)]
    others = [Span(each, each + HOUR) for each in standing]
    assert rules.objection(wanted, others, due_at=DUE, at=AT) == reason


@pytest.mark.parametrize(
    ("wanted", "own", "reason"),
    [
        (slot(AT + DAY), [], None),
        (slot(AT + DAY, application_id=OTHER), [], rules.TAKEN),
        (slot(AT + DAY, application_id=ME), [], None),
        (slot(AT), [], rules.GONE),
        (slot(AT + 3 * DAY), [slot(AT + DAY)], None),
        (slot(AT + 3 * DAY), [slot(AT + DAY - HOUR)], rules.FIXED),
        (slot(AT + 3 * DAY), [slot(AT + 3 * DAY, opening_id=ELSEWHERE)], rules.OTHER_THEN),
        (slot(AT + 3 * DAY), [slot(AT + 3 * DAY + HOUR, opening_id=ELSEWHERE)], None),
        (slot(AT + 3 * DAY), [slot(AT + HOUR, opening_id=ELSEWHERE)], None),
    ],
)
def test_what_keeps_a_candidate_from_a_time(wanted: Slot, own: list[Slot], reason: Any) -> None:
    assert rules.why_not_picked(wanted, own, candidate(), AT) == reason


def test_a_time_can_be_given_back_until_24_hours_before() -> None:
    mine = slot(AT + DAY, application_id=ME)
    assert rules.why_not_given_back(mine, candidate(), AT) is None
    assert rules.why_not_given_back(mine, candidate(), AT + dt.timedelta(seconds=1)) == rules.FIXED
    assert rules.why_not_given_back(slot(AT + DAY), candidate(), AT) == rules.NOT_TAKEN
    assert rules.why_not_given_back(slot(AT + DAY, application_id=OTHER), candidate(), AT) == rules.NOT_TAKEN


def test_only_a_taken_time_that_lies_ahead_is_cancelled() -> None:
    assert rules.why_not_cancelled(slot(AT + HOUR), AT) == rules.IS_FREE
    assert rules.why_not_cancelled(slot(AT + HOUR, application_id=ME), AT) is None
    assert rules.why_not_cancelled(slot(AT, application_id=ME), AT) == rules.OVER
    assert rules.why_not_cancelled(slot(AT + HOUR, application_id=ME, ended_at=AT), AT) == rules.ENDED


def test_only_a_free_time_is_removed() -> None:
    assert rules.why_not_removed(slot(AT)) is None
    assert rules.why_not_removed(slot(AT, application_id=ME)) == rules.IS_TAKEN
    assert rules.why_not_removed(slot(AT, application_id=ME, ended_at=AT)) == rules.ENDED


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.NOMINATED])
def test_only_the_nominated_choose(status: Status) -> None:
    assert rules.why_no_choice(candidate(status), AT) == rules.NOT_NOMINATED
    assert rules.why_no_choice(candidate(), AT) is None
    assert rules.why_no_choice(candidate(), AT + 11 * DAY) == rules.NOT_NOW
