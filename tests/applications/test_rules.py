import datetime as dt
import itertools
import uuid
from typing import Any

import pytest
from starlette.datastructures import FormData

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.applications import rules, versions
from portal.applications.forms import About, Consent, Education, Languages
from portal.applications.models import (
    Answer,
    Application,
    Choice,
    Document,
    Enrolment,
    Letter,
    SpokenLanguage,
    Status,
)
from portal.applications.rules import Step
from portal.applications.words import (
    COLOURS,
    DOCUMENT_COLOURS,
    DOCUMENT_STATES,
    PARTS,
    REQUIRED_CONSENTS,
    STATUSES,
    DocumentState,
    Part,
)
from portal.calls.models import Call, CallStatus, Purpose, Question, QuestionKind, RequestedDocument
from portal.files.models import Kind, StoredFile
from portal.openings.models import Opening, OpeningStatus
from portal.registry.models import Country, Government
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


def _government(code: str = "MN-1") -> Government:
    return Government(id=HOME, code=code, country=Country(code[:2]), names={"en": "Home"})


def _opening(government_id: uuid.UUID = HOST, status: OpeningStatus = OpeningStatus.PUBLISHED) -> Opening:
    return Opening(government_id=government_id, status=status, title="Guide", starts_on=dt.date(2027, 9, 1))


def _requested(purpose: Purpose = Purpose.CV, **fields: Any) -> RequestedDocument:
    return RequestedDocument(call_id=uuid.uuid4(), position=1, purpose=purpose, **fields)


CV = _requested()


def _document(sha256: str, requested: RequestedDocument = CV) -> Document:
    file = StoredFile(owner_id=ME, key="k", name="n", kind=Kind.PDF, size=1, sha256=sha256)
    return Document(requested_id=requested.id, requested=requested, file=file)


def _application(status: Status = Status.DRAFT, **fields: Any) -> Application:
    """Complete, of 2005, with one language and one choice."""
    sent = None if status is Status.DRAFT else NOW
    given: dict[str, Any] = {
        "call": _call(), "applicant_id": ME, "home_id": HOME, "status": status, "submitted_at": sent,
        "native_name": "Туул", "roman_name": "Tuul", "given_name": "Туул", "roman_given_name": "Tuul",
        "born_on": dt.date(2005, 3, 2), "phone": "+976 1", "is_resident": True, "nationality": "MN",
        "home": _government(), "education": "U", "enrolment": Enrolment.ENROLLED,
        "graduates_on": dt.date(2028, 6, 30), "took_part_before": False, "has_kin_at_host": False,
        "motivation": "M", "consents": sorted(REQUIRED_CONSENTS), "consented_at": NOW,
        "requested_documents": [CV], "documents": [_document("a")],
        "languages": [SpokenLanguage(language="en", level="B2")], "choices": [Choice(rank=1, opening=_opening())],
    }  # fmt: skip
    return Application(**{**given, **fields})


def _digest(application: Application) -> str:
    return rules.sha256(versions.content(application))


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
    legal = step in LEGAL[status] or (step is Step.STOP and Step.WITHDRAW in LEGAL[status])
    assert (reason is None) == legal, reason
    assert reason is None or str(reason).endswith(".")


def test_to_stop_is_nobodys_button() -> None:
    application = _application(Status.SUBMITTED)
    secretary = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))
    assert not any(rules.may(who, Step.STOP, application) for who in (_viewer(ME), _viewer(None, HOME), secretary))
    assert rules.may(VISITOR, Step.STOP, application), "by whom it is decided, the consents say"


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.STOP])
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
    Part.HOME: {"home_id": None, "home": None},
    Part.EDUCATION: {"education": ""},
    Part.LANGUAGES: {"languages": []},
    Part.MOTIVATION: {"motivation": ""},
    Part.DOCUMENTS: {"documents": []},
    Part.OPENINGS: {"choices": []},
    Part.QUESTIONS: {"questions": [Question(kind=QuestionKind.SHORT)]},
    Part.CONSENT: {"consented_at": None, "consents": []},
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
    opening = _opening()
    chosen = [Choice(rank=1, opening=opening, opening_id=opening.id)]
    whole = _digest(_application(choices=chosen))
    again = [Choice(rank=1, opening=opening, opening_id=opening.id)]
    asked = Question(kind=QuestionKind.SHORT, texts={"en": "Why?"})
    assert _digest(_application(choices=again)) == whole
    answered: dict[str, Any] = {"questions": [asked], "answers": [Answer(question_id=asked.id, value="Yes")]}
    emptied = {**EMPTY, Part.QUESTIONS: answered}
    others = {part: _digest(_application(**{"choices": list(again), **empty})) for part, empty in emptied.items()}
    assert whole not in others.values()
    assert len(set(others.values())) == len(others)


def test_another_file_makes_another_digest() -> None:
    assert _digest(_application(documents=[_document("b")], choices=[])) != _digest(_application(choices=[]))


@pytest.mark.parametrize(
    ("fields", "state"),
    [({}, DocumentState.MISSING), ({"is_required": False}, DocumentState.OPTIONAL)],
)
def test_what_was_not_given_is_missing_or_optional(fields: dict[str, Any], state: DocumentState) -> None:
    application = _application(requested_documents=[_requested(**fields)], documents=[])
    assert [each.state for each in rules.wanted(application)] == [state]
    assert (Part.DOCUMENTS in rules.unfinished(application)) is (state is DocumentState.MISSING)


def test_a_letter_counts_once_it_was_asked_for() -> None:
    requested = _requested(Purpose.LETTER)
    application = _application(requested_documents=[requested], documents=[])
    assert rules.unfinished(application) == [Part.DOCUMENTS]
    application.letters.append(Letter(requested_id=requested.id, requested=requested))
    assert rules.unfinished(application) == []
    assert rules.wanted(application)[0].state is DocumentState.GIVEN


def test_a_call_may_ask_for_no_documents() -> None:
    assert rules.unfinished(_application(requested_documents=[], documents=[])) == []


def test_a_host_is_shown_only_what_the_call_shows() -> None:
    shown, hidden = _requested(shown_to_hosts=True), _requested(Purpose.RESIDENCE)
    application = _application(Status.NOMINATED, home=Government(names={"en": "Home"}))
    application.documents = [_document("a", shown), _document("b", hidden)]
    assert [document.requested_id for document in rules.candidate(application, {HOST}).documents] == [shown.id]


def test_a_form_is_stale_when_its_part_changed_to_something_else() -> None:
    application = _application()
    opened = rules.version(rules.values(application, Part.ABOUT))
    typed = {"given_name": "New", "roman_given_name": "Tuul", "born_on": "2005-03-02", "phone": "+976 1"}
    fresh, stale = (check(About, FormData({**typed, "version": v})).data for v in (opened, "0" * 16))
    assert not rules.is_stale(application, Part.ABOUT, fresh)
    assert rules.is_stale(application, Part.ABOUT, stale)
    same = check(About, FormData({**typed, "given_name": "Туул", "version": "0" * 16})).data
    assert not rules.is_stale(application, Part.ABOUT, same), "it says what is saved already"


def test_numbers_are_easy_to_read_aloud() -> None:
    numbers = {rules.new_number(2027) for _ in range(200)}
    assert len(numbers) > 190
    assert all(number.startswith("P27-") and not set(number[4:]) & set("01OILUV") for number in numbers)
    assert {len(number) for number in numbers} == {9}


def test_a_host_sees_a_candidate_without_age_and_address() -> None:
    other = Choice(rank=2, opening=_opening(uuid.uuid4()))
    application = _application(Status.NOMINATED, merit=2)
    application.choices.append(other)
    candidate = rules.candidate(application, {HOST})
    assert [choice.rank for choice in candidate.choices] == [1], "other governments' openings are not theirs to know"
    assert not {"born_on", "phone", "email", "gender", "photo", "applicant", "applicant_id"} & set(candidate._fields)
    assert dt.date(2005, 3, 2) not in candidate
    assert "+976 1" not in candidate


@pytest.mark.parametrize(
    ("name", "is_right"),
    [
        ("Bat-Erdene", True), ("José Ñandú", True), ("O'Neill", True), ("Oʻzbek", True), ("D’Arcy-Lê", True),
        ("Туул", False), ("김민수", False), ("123", False), ("-", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["roman_family_name", "roman_given_name"])
def test_the_romanised_name_is_in_latin_letters(field: str, name: str, is_right: bool) -> None:
    assert (field not in check(About, FormData({field: name})).errors) is is_right


@pytest.mark.parametrize(
    ("enrolment", "graduates_on", "sentence"),
    [
        ("enrolled", "2999-01-01", "Enter a year between"),
        ("enrolled", "2090-01-01", None),
        ("enrolled", "2001-01-01", "This day is over"),
        ("graduated", "2001-01-01", None),
        ("graduated", "2090-01-01", "still to come"),
        ("neither", "2090-01-01", "Leave this empty"),
        ("neither", "", None),
        ("", "2001-01-01", None),
    ],
)
def test_a_graduation_fits_the_studies(enrolment: str, graduates_on: str, sentence: str | None) -> None:
    found = check(Education, FormData({"enrolment": enrolment, "graduates_on": graduates_on})).errors
    assert set(found) == ({"graduates_on"} if sentence else set())
    assert sentence is None or sentence in found["graduates_on"]


def test_consents_are_kept_in_their_order_and_only_known_ones() -> None:
    sent = check(Consent, FormData([("consents", "true"), ("consents", "use")]))
    assert sent.data is not None
    assert sent.data.consents == ["use", "true"]
    assert "consents" in check(Consent, FormData({"consents": "soul"})).errors


@pytest.mark.parametrize("missing", [*sorted(REQUIRED_CONSENTS), None])
def test_every_required_consent_is_needed(missing: str | None) -> None:
    assert rules.agrees(REQUIRED_CONSENTS - {missing}) is (missing is None)


@pytest.mark.parametrize("question", ["took_part_before", "has_kin_at_host"])
def test_a_declaration_is_asked_only_where_the_call_does(question: str) -> None:
    silent = _call(first_time_only=False, no_kin_at_host=False)
    assert Part.CONSENT in rules.unfinished(_application(**{question: None}))
    assert rules.unfinished(_application(call=silent, **{question: None})) == []


def test_what_stands_in_a_form_before_anybody_chose_is_no_beginning() -> None:
    empty = Application(call=_call(), applicant_id=ME)
    assert not any(rules.is_begun(empty, part) for part in Part)
    assert rules.is_begun(Application(call=_call(), applicant_id=ME, is_resident=False), Part.HOME)


def test_the_office_that_entered_it_from_paper_acts_for_the_applicant() -> None:
    clerk = uuid.uuid4()
    application = _application(Status.SUBMITTED, entered_by=clerk)
    for step in (Step.SAVE, Step.SUBMIT, Step.WITHDRAW):
        assert rules.may(_viewer(clerk, HOME), step, application)
        assert not rules.may(_viewer(clerk), step, application), "their office has ended"
        assert not rules.may(_viewer(clerk, HOST), step, application)
        assert rules.may(_viewer(None, HOME), step, application), "a successor goes on"
        assert rules.may(_viewer(ME), step, application)
        assert not rules.may(_viewer(clerk, HOME), step, _application(Status.SUBMITTED))
    assert rules.may(_viewer(clerk, HOME), Step.NOMINATE, application)


def test_a_correction_is_due_when_the_home_government_said() -> None:
    due = NOW + dt.timedelta(days=3)
    application = _application(Status.RETURNED, returned_at=NOW, correction_due_at=due)
    assert rules.correction_due(application) == due
    assert rules.why_not(Step.SUBMIT, application, due) is None
    assert rules.why_not(Step.SUBMIT, application, due + dt.timedelta(seconds=1)) is rules.CORRECTED_LATE


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
    assert set(PARTS) == set(Part) == set(rules.COMPLETE) == set(rules.VALUES) == set(rules.WANTING)
    assert set(DOCUMENT_STATES) == set(DOCUMENT_COLOURS) == set(DocumentState)
    assert set(rules.ACCEPTED) == set(Purpose) - {Purpose.LETTER}
