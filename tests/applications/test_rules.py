import datetime as dt
import itertools
import uuid
from typing import Any

import pytest
from starlette.datastructures import FormData

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.applications import eligibility, rules
from portal.applications.eligibility import Verdict
from portal.applications.forms import About, Languages
from portal.applications.models import Application, Choice, SpokenLanguage, Status
from portal.applications.rules import Step
from portal.applications.words import COLOURS, PARTS, STATUSES, Part
from portal.calls.models import Call, CallStatus, Question, QuestionKind
from portal.files.models import Kind, StoredFile
from portal.openings.models import Opening, OpeningStatus
from portal.registry.models import Government
from portal.web.forms import check

NOW = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
HOME, HOST, ME = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def _call(**fields: Any) -> Call:
    given: dict[str, Any] = {
        "slug": "spring", "titles": {"en": "Spring"}, "texts": {"en": "Text"}, "status": CallStatus.PUBLISHED,
        "opens_at": NOW - dt.timedelta(days=1), "applications_due_at": NOW + dt.timedelta(days=30),
        "corrections_due_at": NOW + dt.timedelta(days=40), "nominations_due_at": NOW + dt.timedelta(days=40),
        "rankings_due_at": NOW + dt.timedelta(days=54), "reference_on": dt.date(2027, 3, 1), "created_by": ME,
    }  # fmt: skip
    return Call(**{**given, **fields})


def _opening(government_id: uuid.UUID = HOST, status: OpeningStatus = OpeningStatus.PUBLISHED) -> Opening:
    return Opening(government_id=government_id, status=status)


def _file(sha256: str) -> StoredFile:
    return StoredFile(owner_id=ME, key="k", name="n", kind=Kind.PDF, size=1, sha256=sha256)


def _application(status: Status = Status.DRAFT, **fields: Any) -> Application:
    """Complete, of 2005, with one language and one choice."""
    sent = None if status is Status.DRAFT else NOW
    given: dict[str, Any] = {
        "call": _call(), "applicant_id": ME, "home_id": HOME, "status": status, "submitted_at": sent,
        "native_name": "Туул", "roman_name": "Tuul", "born_on": dt.date(2005, 3, 2), "phone": "+976 1",
        "education": "U", "motivation": "M", "consented_at": NOW, "cv": _file("a"),
        "languages": [SpokenLanguage(language="en", level="B2")], "choices": [Choice(rank=1, opening=_opening())],
    }  # fmt: skip
    return Application(**{**given, **fields})


def _viewer(person_id: uuid.UUID | None = None, *coordinates: uuid.UUID) -> Viewer:
    held = frozenset(Held(Role.COORDINATOR, each) for each in coordinates)
    return Viewer(person_id or uuid.uuid4(), held=held)


LEGAL = {
    Status.DRAFT: {Step.SAVE, Step.SUBMIT, Step.WITHDRAW},
    Status.SUBMITTED: {Step.WITHDRAW, Step.RETURN, Step.NOMINATE, Step.REFUSE},
    Status.RETURNED: {Step.SAVE, Step.SUBMIT, Step.WITHDRAW},
    Status.NOMINATED: {Step.WITHDRAW, Step.TAKE_BACK},
    Status.NOT_NOMINATED: {Step.TAKE_BACK},
    Status.WITHDRAWN: set(),
}


@pytest.mark.parametrize(("status", "step"), list(itertools.product(Status, Step)))
def test_each_state_allows_its_steps_and_no_other(status: Status, step: Step) -> None:
    application = _application(status, returned_at=NOW if status is Status.RETURNED else None)
    reason = rules.why_not(step, application, NOW)
    assert (reason is None) == (step in LEGAL[status]), reason
    assert reason is None or str(reason).endswith(".")


@pytest.mark.parametrize("step", Step)
def test_applicants_act_on_their_own_and_home_coordinators_on_others(step: Step) -> None:
    application = _application(Status.SUBMITTED)
    by_applicant = step in {Step.SAVE, Step.SUBMIT, Step.WITHDRAW}
    assert rules.may(_viewer(ME), step, application) is by_applicant
    assert rules.may(_viewer(None, HOME), step, application) is not by_applicant
    assert not rules.may(_viewer(None, HOST), step, application)
    secretary = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))
    assert rules.may(secretary, step, application) is not by_applicant
    assert rules.is_in_place(secretary, application)
    assert not rules.is_in_place(_viewer(None, HOME), application)
    assert not rules.may(VISITOR, step, application)
    assert rules.may(_viewer(ME, HOME), step, application) is by_applicant, "nobody decides on their own"


def test_the_deadlines_own_instant_is_in_time() -> None:
    application = _application()
    due = application.call.applications_due_at
    assert rules.why_not(Step.SUBMIT, application, due) is None
    assert rules.why_not(Step.SUBMIT, application, due + dt.timedelta(microseconds=1)) is rules.LATE
    assert rules.why_not(Step.SAVE, application, due + dt.timedelta(days=99)) is None


@pytest.mark.parametrize(("days_before_due", "days_to_correct"), [(20, 20), (7, 7), (1, 7), (-3, 7)])
def test_a_correction_has_the_calls_deadline_or_seven_days(days_before_due: int, days_to_correct: int) -> None:
    call = _call()
    returned_at = call.applications_due_at - dt.timedelta(days=days_before_due)
    application = _application(Status.RETURNED, call=call, returned_at=returned_at)
    last = returned_at + dt.timedelta(days=days_to_correct)
    assert rules.correction_due(application) == last
    assert rules.why_not(Step.SUBMIT, application, last) is None
    assert rules.why_not(Step.SUBMIT, application, last + dt.timedelta(seconds=1)) is rules.CORRECTED_LATE


def test_an_application_is_returned_only_once() -> None:
    application = _application(Status.SUBMITTED, returned_at=NOW - dt.timedelta(days=2))
    assert rules.why_not(Step.RETURN, application, NOW) is rules.RETURNED_BEFORE
    assert rules.why_not(Step.NOMINATE, application, NOW) is None


@pytest.mark.parametrize("step", [Step.RETURN, Step.NOMINATE, Step.REFUSE])
def test_home_governments_decide_until_nominations_are_due(step: Step) -> None:
    application = _application(Status.SUBMITTED)
    due = application.call.nominations_due_at
    before_last = dt.timedelta(seconds=1) if step is Step.RETURN else dt.timedelta()  # a correction takes time
    assert rules.why_not(step, application, due - before_last) is None
    assert rules.why_not(step, application, due + dt.timedelta(seconds=1)) is rules.NOT_NOW
    last = application.call.rankings_due_at
    in_place = [rules.why_not(step, application, at, in_place=True) for at in (last, last + dt.timedelta(seconds=1))]
    assert in_place == ([rules.NO_TIME_TO_CORRECT, rules.NOT_NOW] if step is Step.RETURN else [None, rules.NOT_NOW])


def test_what_was_returned_is_refused_only_after_its_time() -> None:
    due = NOW + dt.timedelta(days=3)
    application = _application(Status.RETURNED, returned_at=NOW, correction_due_at=due)
    assert rules.why_not(Step.REFUSE, application, due) is rules.STILL_CORRECTING
    assert rules.why_not(Step.REFUSE, application, due + dt.timedelta(seconds=1)) is None


def test_a_decision_is_not_taken_back_once_a_place_is_accepted_or_the_correction_never_came() -> None:
    placed = _application(Status.NOMINATED, placed_at=NOW)
    assert rules.why_not(Step.TAKE_BACK, placed, NOW) is rules.PLACED
    times = {"submitted_at": NOW - dt.timedelta(days=2), "returned_at": NOW - dt.timedelta(days=1)}
    assert rules.why_not(Step.TAKE_BACK, _application(Status.NOT_NOMINATED, **times), NOW) is rules.NEVER_CORRECTED


EMPTY: dict[Part, dict[str, Any]] = {
    Part.ABOUT: {"phone": ""},
    Part.HOME: {"home_id": None},
    Part.EDUCATION: {"education": ""},
    Part.LANGUAGES: {"languages": []},
    Part.MOTIVATION: {"motivation": ""},
    Part.DOCUMENTS: {"cv": None},
    Part.OPENINGS: {"choices": []},
    Part.QUESTIONS: {"questions": [Question(kind=QuestionKind.SHORT)]},
    Part.CONSENT: {"consented_at": None},
}


@pytest.mark.parametrize("part", Part)
def test_each_part_is_asked_for(part: Part) -> None:
    assert rules.unfinished(_application()) == []
    assert rules.unfinished(_application(**EMPTY[part])) == [part]


@pytest.mark.parametrize(
    ("opening", "own_too", "can"),
    [
        (_opening(), False, True),
        (_opening(HOME), False, False),
        (_opening(HOME), True, True),
        (_opening(HOST, OpeningStatus.CLOSED), True, False),
    ],
)
def test_a_choice_must_still_be_on_offer_and_abroad(opening: Opening, own_too: bool, can: bool) -> None:
    choice = Choice(rank=1, opening=opening)
    application = _application(call=_call(own_government_is_host=own_too), choices=[choice])
    assert rules.can_be_chosen(application, choice) is can
    assert (Part.OPENINGS in rules.unfinished(application)) is not can


def test_the_digest_covers_every_part() -> None:
    whole = rules.digest(_application())
    assert rules.digest(_application()) == whole
    others = {part: rules.digest(_application(**empty)) for part, empty in EMPTY.items()}
    assert whole not in others.values()
    assert len(set(others.values())) == len(others)


def test_another_cv_makes_another_digest() -> None:
    assert rules.digest(_application(cv=_file("b"))) != rules.digest(_application())


def test_a_form_is_stale_when_its_part_changed_to_something_else() -> None:
    application = _application()
    opened = rules.version(rules.values(application, Part.ABOUT))
    typed = {"native_name": "New", "roman_name": "Tuul", "born_on": "2005-03-02", "phone": "+976 1"}
    fresh, stale = (check(About, FormData({**typed, "version": v})).data for v in (opened, "0" * 16))
    assert not rules.is_stale(application, Part.ABOUT, fresh)
    assert rules.is_stale(application, Part.ABOUT, stale)
    same = check(About, FormData({**typed, "native_name": "Туул", "version": "0" * 16})).data
    assert not rules.is_stale(application, Part.ABOUT, same), "it says what is saved already"


def test_numbers_are_easy_to_read_aloud() -> None:
    numbers = {rules.new_number(2027) for _ in range(200)}
    assert len(numbers) > 190
    assert all(number.startswith("P27-") and not set(number[4:]) & set("01OILUV") for number in numbers)
    assert {len(number) for number in numbers} == {9}


@pytest.mark.parametrize(
    ("born_on", "verdict"),
    [
        (dt.date(2009, 3, 1), Verdict.PASSES),  # 18 on the very day
        (dt.date(2009, 3, 2), Verdict.FAILS),
        (dt.date(1997, 3, 2), Verdict.PASSES),  # 29 until tomorrow
        (dt.date(1997, 3, 1), Verdict.FAILS),
        (None, Verdict.NEEDS_PROOF),
    ],
)
def test_age_counts_at_the_reference_date(born_on: dt.date | None, verdict: Verdict) -> None:
    found = eligibility.findings(_application(born_on=born_on))
    assert found[0].verdict is verdict
    assert "1 March 2027" in found[0].sentence or "March 1, 2027" in found[0].sentence
    assert eligibility.is_eligible(found) is (verdict is not Verdict.FAILS)


@pytest.mark.parametrize(
    ("level", "verdict"),
    [("A1", Verdict.FAILS), ("B1", Verdict.FAILS), ("B2", Verdict.PASSES), ("native", Verdict.PASSES)],
)
def test_one_language_at_b2_is_needed(level: str, verdict: Verdict) -> None:
    application = _application(languages=[SpokenLanguage(language="en", level=level)])
    assert eligibility.findings(application)[1].verdict is verdict


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (dt.date(2004, 2, 29), dt.date(2026, 2, 28), 21),
        (dt.date(2004, 2, 29), dt.date(2026, 3, 1), 22),
        (dt.date(2004, 2, 29), dt.date(2028, 2, 29), 24),
    ],
)
def test_birthdays_on_a_leap_day(born_on: dt.date, on: dt.date, age: int) -> None:
    assert eligibility.age_on(born_on, on) == age


def test_a_host_sees_a_candidate_without_age_and_address() -> None:
    other = Choice(rank=2, opening=_opening(uuid.uuid4()))
    application = _application(Status.NOMINATED, home=Government(names={"en": "Home"}), merit=2)
    application.choices.append(other)
    candidate = rules.candidate(application, {HOST})
    assert [choice.rank for choice in candidate.choices] == [1], "other governments' openings are not theirs to know"
    assert not {"born_on", "phone", "email", "gender", "photo", "applicant", "applicant_id"} & set(candidate._fields)
    assert dt.date(2005, 3, 2) not in candidate
    assert "+976 1" not in candidate


@pytest.mark.parametrize(
    ("name", "is_right"),
    [("Bat-Erdene Tuul", True), ("José Ñandú", True), ("Туул", False), ("김민수", False), ("123", False)],
)
def test_the_romanised_name_is_in_latin_letters(name: str, is_right: bool) -> None:
    assert ("roman_name" not in check(About, FormData({"roman_name": name})).errors) is is_right


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"language_1": "en", "level_1": "B2"}, None),
        ({"language_1": "en"}, "level_1"),
        ({"level_1": "B2"}, "level_1"),
        ({"language_1": "en", "level_1": "B2", "language_2": "en", "level_2": "C1"}, "language_2"),
        ({"language_1": "tlh", "level_1": "B2"}, "language_1"),
        ({"language_1": "en", "level_1": "D9"}, "level_1"),
    ],
)
def test_languages_come_with_a_level_and_once(fields: dict[str, str], wrong: str | None) -> None:
    assert list(check(Languages, FormData(fields)).errors) == ([wrong] if wrong else [])


@pytest.mark.parametrize(
    ("field", "value"),
    [("born_on", "2999-01-01"), ("born_on", "1850-01-01"), ("born_on", "soon"), ("phone", "call me"), ("phone", "+-")],
)
def test_what_cannot_be_is_refused(field: str, value: str) -> None:
    assert list(check(About, FormData({field: value})).errors) == [field]


def test_everything_has_a_name() -> None:
    assert set(STATUSES) == set(COLOURS) == set(Status)
    assert set(PARTS) == set(Part) == set(rules.COMPLETE) == set(rules.VALUES)
