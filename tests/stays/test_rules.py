import datetime as dt
import uuid
from typing import Any

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.applications.models import Application
from portal.checkins.models import Side
from portal.openings.models import Opening
from portal.placements.models import Placement, PlacementStatus
from portal.registry.models import Government
from portal.stays import rules, words
from portal.stays.models import Duty, Evaluation, Extension, Stay, Visa
from portal.stays.rules import Deed, Facts

START, END = dt.date(2027, 3, 1), dt.date(2027, 5, 31)
HOST, HOME, INTERN = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
NOBODY = Viewer(uuid.uuid4())
PEOPLE = {
    "intern": Viewer(INTERN),
    "host": Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, HOST)})),
    "home": Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, HOME)})),
    "secretary": Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)})),
    "auditor": Viewer(uuid.uuid4(), held=frozenset({Held(Role.AUDITOR)})),
    "stranger": NOBODY,
}
MAY = {
    Deed.PREPARE: {"intern"},
    Deed.RELEASE: {"intern", "host", "home"},
    Deed.WAIVE: {"secretary"},
    Deed.START: {"host"},
    Deed.EXTEND: {"intern", "host"},
    Deed.ANSWER: {"intern", "host"},
    Deed.END_EARLY: {"intern", "host", "home", "secretary"},
    Deed.EVALUATE: {"host"},
    Deed.COMPLETE: {"host", "secretary"},
}


def a_placement(state: str = "active", **fields: Any) -> Placement:
    made = Placement(status=PlacementStatus(state), starts_on=START, ends_on=END, **fields)
    made.application = Application(applicant_id=INTERN, home_id=HOME, entered_by=None)
    made.opening = Opening(government_id=HOST, government=Government(zone="Asia/Seoul"))
    return made


def known(extension: Extension | None = None, *, evaluated: bool = False, **stay: Any) -> Facts:
    return Facts(Stay(**stay), extension, Evaluation(marks=[3] * 5) if evaluated else None)


READY = {"visa": Visa.GRANTED, "insurance_id": uuid.uuid4()}


@pytest.mark.parametrize("deed", Deed)
def test_who_may(deed: Deed) -> None:
    assert {name for name, viewer in PEOPLE.items() if rules.may(viewer, deed, a_placement())} == MAY[deed]


@pytest.mark.parametrize("deed", Deed)
def test_nobody_is_official_in_their_own_case(deed: Deed) -> None:
    held = frozenset({Held(Role.COORDINATOR, HOST), Held(Role.COORDINATOR, HOME), Held(Role.SECRETARY)})
    assert rules.may(Viewer(INTERN, held=held), deed, a_placement()) == ("intern" in MAY[deed])


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("status", PlacementStatus)
def test_nothing_in_a_wrong_state(deed: Deed, status: PlacementStatus) -> None:
    if status in rules.STATES[deed]:
        return
    reason = rules.why_not(PEOPLE["host"], deed, a_placement(status), known(), END)
    assert reason is rules.WRONG_STATE[deed]


@pytest.mark.parametrize(
    ("stay", "day", "reason"),
    [
        (READY, START, None),
        (READY, START + dt.timedelta(days=3), None),
        (READY, START - dt.timedelta(days=1), rules.BEFORE_THE_DAY),
        ({"visa": Visa.GRANTED}, START, rules.NO_INSURANCE),
        (READY | {"visa": Visa.NOT_NEEDED}, START, None),
        (READY | {"visa": Visa.APPLIED}, START, rules.NO_VISA),
        (READY | {"visa": Visa.NOT_YET}, START, rules.NO_VISA),
        (READY | {"visa": Visa.REFUSED}, START, rules.NO_VISA),
        (READY | {"visa": None}, START, rules.NO_VISA),
        ({"waived_at": dt.datetime(2027, 2, 1, tzinfo=dt.UTC)}, START, None),
        ({"waived_at": dt.datetime(2027, 2, 1, tzinfo=dt.UTC)}, START - dt.timedelta(days=1), rules.BEFORE_THE_DAY),
    ],
)
def test_what_a_start_needs(stay: dict[str, Any], day: dt.date, reason: object) -> None:
    assert rules.why_not(PEOPLE["host"], Deed.START, a_placement("agreed"), known(**stay), day) is reason


def test_a_first_day_lies_between_the_agreed_one_and_today() -> None:
    placement, today = a_placement("agreed"), START + dt.timedelta(days=5)
    days = [rules.wrong_first_day(placement, START + dt.timedelta(days=each), today) for each in (-1, 0, 5, 6)]
    assert days == [rules.FIRST_DAY, None, None, rules.FIRST_DAY]
    assert rules.wrong_first_day(placement, END, END) is rules.FIRST_DAY


def test_only_a_refused_visa_gives_the_place_back_here() -> None:
    placement = a_placement("agreed")
    assert rules.why_not(PEOPLE["home"], Deed.RELEASE, placement, known(visa=Visa.REFUSED), START) is None
    assert rules.why_not(PEOPLE["home"], Deed.RELEASE, placement, known(visa=Visa.APPLIED), START) is rules.NOT_REFUSED


def test_a_stay_lasts_six_months_at_most() -> None:
    placement = a_placement()
    assert rules.latest_end(placement) == dt.date(2027, 9, 1)
    assert rules.wrong_extension(placement, END) is rules.LATER_DAY
    assert rules.wrong_extension(placement, dt.date(2027, 9, 1)) is None
    assert rules.wrong_extension(placement, dt.date(2027, 9, 2)) is rules.TOO_LONG


def test_the_other_side_answers() -> None:
    placement, open_one = a_placement(), Extension(side=Side.INTERN)

    def reason(who: str, deed: Deed, extension: Extension | None, day: dt.date = START) -> object:
        return rules.why_not(PEOPLE[who], deed, placement, known(extension), day)

    assert reason("host", Deed.ANSWER, open_one) is None
    assert reason("intern", Deed.ANSWER, open_one) is rules.OWN_QUESTION
    assert reason("host", Deed.ANSWER, None) is rules.NOT_ASKED
    assert reason("host", Deed.EXTEND, open_one) is rules.ASKED
    assert reason("host", Deed.EXTEND, None, END) is None
    assert reason("host", Deed.EXTEND, None, END + dt.timedelta(days=1)) is rules.IS_OVER
    assert reason("host", Deed.ANSWER, open_one, END + dt.timedelta(days=1)) is rules.IS_OVER


def test_an_early_end_lies_within_the_stay() -> None:
    placement = a_placement()
    days = [START - dt.timedelta(days=1), START, END - dt.timedelta(days=1), END]
    assert [rules.wrong_early_end(placement, day, END) is None for day in days] == [False, True, True, False]
    tomorrow = START + dt.timedelta(days=4)
    assert rules.wrong_early_end(placement, tomorrow, START + dt.timedelta(days=3)) is not None, "it has not come yet"


def test_evaluated_in_the_last_week_or_later() -> None:
    host, week_before = PEOPLE["host"], END - dt.timedelta(days=7)
    early = week_before - dt.timedelta(days=1)
    assert rules.why_not(host, Deed.EVALUATE, a_placement(), known(), early) is rules.TOO_EARLY_TO_EVALUATE
    assert rules.why_not(host, Deed.EVALUATE, a_placement(), known(evaluated=True), week_before) is None
    ended = a_placement("ended_early")
    assert rules.why_not(host, Deed.EVALUATE, ended, known(), early) is None
    assert rules.why_not(host, Deed.EVALUATE, ended, known(evaluated=True), END) is rules.EVALUATED_ALREADY


def test_completed_from_the_last_day_on_with_an_evaluation() -> None:
    host, placement = PEOPLE["host"], a_placement()
    before = END - dt.timedelta(days=1)
    assert rules.why_not(host, Deed.COMPLETE, placement, known(evaluated=True), before) is rules.NOT_THE_LAST_DAY
    assert rules.why_not(host, Deed.COMPLETE, placement, known(), END) is rules.NO_EVALUATION
    assert rules.why_not(host, Deed.COMPLETE, placement, known(evaluated=True), END) is None


def test_the_intern_reads_the_evaluation_afterwards() -> None:
    during = {name for name, viewer in PEOPLE.items() if rules.may_read_evaluation(viewer, a_placement())}
    assert during == {"host", "secretary", "auditor"}
    assert rules.may_read_evaluation(PEOPLE["intern"], a_placement("completed"))


def dues(placement: Placement, facts: Facts, today: dt.date, *given: tuple[int, Side]) -> dict[Duty, int]:
    return {each.duty: each.days for each in rules.reminders(placement, facts, given, today)}


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (-29, {}), (-28, {Duty.DEPARTURE: -28}), (-20, {Duty.DEPARTURE: -28}), (-14, {Duty.DEPARTURE: -14}),
        (-1, {Duty.DEPARTURE: -3}), (0, {Duty.DEPARTURE: -3, Duty.START: 0}),
        (40, {Duty.DEPARTURE: -3, Duty.START: 3}),
    ],
)  # fmt: skip
def test_before_departure_only_the_newest_is_due(days: int, found: dict[Duty, int]) -> None:
    assert dues(a_placement("agreed"), known(), START + dt.timedelta(days=days)) == found


def test_who_has_prepared_everything_is_left_alone() -> None:
    ready = known(**READY, arrives_on=START)
    assert dues(a_placement("agreed"), ready, START - dt.timedelta(days=3)) == {}


@pytest.mark.parametrize(("late", "stage"), [(-3, -3), (0, -3), (1, 1), (6, 1), (7, 7), (8, 8), (15, 8)])
def test_check_ins_are_reminded_of_and_then_told(late: int, stage: int) -> None:
    first = dt.date(2027, 3, 7)
    found = rules.reminders(a_placement(), known(), [(0, Side.HOST)], first + dt.timedelta(days=late))
    of_first = [each for each in found if each.number == 0]
    assert [(each.side, each.days, each.to_secretariat) for each in of_first] == [(Side.INTERN, stage, stage == 8)]


def test_the_end() -> None:
    given = [(number, side) for number in range(4) for side in Side]
    placement = a_placement()
    assert dues(placement, known(), END - dt.timedelta(days=7), *given) == {Duty.EVALUATION: -7}
    after = END + dt.timedelta(days=7)
    assert dues(placement, known(evaluated=True), after, *given) == {Duty.COMPLETION: 7}
    told = rules.reminders(placement, known(evaluated=True), given, after)
    assert [each.to_secretariat for each in told] == [True]
    assert dues(a_placement("completed"), known(), after) == {}


def test_every_reminder_has_its_words() -> None:
    told = {(Duty.DEPARTURE, Side.INTERN), *((Duty.CHECK_IN, side) for side in Side),
            *((Duty.EXTENSION, side) for side in Side),
            *((duty, Side.HOST) for duty in (Duty.START, Duty.EVALUATION, Duty.COMPLETION))}  # fmt: skip
    assert set(words.REMINDERS) == told
    last = {duty for duty, stages in rules.STAGES.items() if any(to_secretariat for _days, to_secretariat in stages)}
    assert {duty for duty, _side in words.LATE} == last
