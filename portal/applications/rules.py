"""What may happen to an application, who may do it, until when, and what is still missing. Pure."""

import datetime as dt
import enum
import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from portal.accounts.viewer import Viewer
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
from portal.applications.words import REQUIRED_CONSENTS, DocumentState, Part, Word
from portal.calls import rules as calls
from portal.calls.models import Call, CallStatus, Purpose, Question, QuestionKind, RequestedDocument
from portal.consents.models import Purpose as ConsentPurpose
from portal.consents.rules import Standing, Ward, is_minor
from portal.files.models import Kind
from portal.files.rules import FORMATS
from portal.i18n import N_, Lazy
from portal.openings.models import OpeningStatus
from portal.registry.models import Government

RANKS = range(1, 6)
CORRECTION = dt.timedelta(days=7)
# No 0 and O, no 1, I and L, no U and V: a number is read aloud and copied by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"


class Step(enum.StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    NOMINATE = "nominate"
    REFUSE = "refuse"
    TAKE_BACK = "take-back"
    STOP = "stop"  # the consent to taking part was refused or withdrawn


STEPS: dict[tuple[Status, Step], Status] = {
    (Status.DRAFT, Step.SAVE): Status.DRAFT,
    (Status.DRAFT, Step.SUBMIT): Status.SUBMITTED,
    (Status.DRAFT, Step.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Step.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Step.RETURN): Status.RETURNED,
    (Status.SUBMITTED, Step.NOMINATE): Status.NOMINATED,
    (Status.SUBMITTED, Step.REFUSE): Status.NOT_NOMINATED,
    (Status.RETURNED, Step.SAVE): Status.RETURNED,
    (Status.RETURNED, Step.SUBMIT): Status.SUBMITTED,
    (Status.RETURNED, Step.WITHDRAW): Status.WITHDRAWN,
    (Status.RETURNED, Step.REFUSE): Status.NOT_NOMINATED,
    (Status.NOMINATED, Step.WITHDRAW): Status.WITHDRAWN,
    (Status.NOMINATED, Step.TAKE_BACK): Status.SUBMITTED,
    (Status.NOT_NOMINATED, Step.TAKE_BACK): Status.SUBMITTED,
    (Status.DRAFT, Step.STOP): Status.WITHDRAWN,
    (Status.SUBMITTED, Step.STOP): Status.WITHDRAWN,
    (Status.RETURNED, Step.STOP): Status.WITHDRAWN,
    (Status.NOMINATED, Step.STOP): Status.WITHDRAWN,
}
BY_APPLICANT = {Step.SAVE, Step.SUBMIT, Step.WITHDRAW}
WRONG_STATE: dict[Step, Lazy] = {
    Step.SAVE: N_("This application can no longer be changed. You find what you sent on its page."),
    Step.SUBMIT: N_("This application was already submitted. Nothing was sent a second time; see its receipt."),
    Step.WITHDRAW: N_("This application is closed already, so there is nothing to withdraw."),
    Step.RETURN: N_("Only a submitted application can be returned. Reload the page to see where it stands."),
    Step.NOMINATE: N_("Only a submitted application can be nominated. Reload the page to see where it stands."),
    Step.REFUSE: N_("Only a submitted application can be refused. Reload the page to see where it stands."),
    Step.TAKE_BACK: N_("Only a decision can be taken back. Reload the page to see where the application stands."),
    Step.STOP: N_("This application is closed already, so there is nothing to withdraw."),
}
LATE = N_("The deadline for applications has passed, so this cannot be submitted. Your draft is kept.")
CORRECTED_LATE = N_("The time for your correction has passed. Ask the coordinator of your home government what to do.")
NOT_NOW = N_("The call does not take nominations at the moment. Look at its dates, or ask the secretariat.")
NO_TIME_TO_CORRECT = N_("Corrections to this call are no longer taken. Nominate it, or refuse it and give your reason.")
STILL_CORRECTING = N_("The applicant can still correct it. Wait until that time is over; its page says until when.")
NEVER_CORRECTED = N_("It was refused because it was not corrected in time, so there is nothing to go back to.")
PLACED = N_("This person has accepted a place, so the nomination stands. Ask the secretariat if it must be undone.")
FIXED_HOME = N_("Your home government has your application already, so you cannot change it here.")
UNKNOWN_HOME = N_("Choose your government from the list.")
NOT_ADMITTED = N_("This call is not open to this government. Choose your government from the list.")
NOT_OFFERED = N_("This opening cannot be chosen. Choose one from the list.")
ALL_CHOSEN = N_("Your list is full. Remove an opening from it first, then add this one.")
GUARDIAN_FIRST = N_("This person is not of age, so nothing of theirs is published before a parent or guardian agrees.")
RETURNED_BEFORE = N_("It was returned once already. Nominate it, or refuse it and give your reason.")


def may(viewer: Viewer, step: Step, application: Application) -> bool:
    """Applicants act on their own application, home coordinators on those of others. Stopping is nobody's button: it
    follows from a decision that somebody, often without an account, took elsewhere."""
    if step is Step.STOP:
        return not viewer.is_signed_in
    if step in BY_APPLICANT:
        return acts_for(viewer, application)
    own = viewer.person_id == application.applicant_id
    return not own and application.home_id is not None and _decides_for(viewer, application.home_id)


def acts_for(viewer: Viewer, application: Application) -> bool:
    """The applicant; for one that was entered from paper the office that entered it, whoever sits there now."""
    return viewer.person_id == application.applicant_id or entered(viewer, application)


def entered(viewer: Viewer, application: Application) -> bool:
    """From paper, by the home government that this viewer coordinates: the work moves to a successor."""
    if application.entered_by is None or application.home_id is None:
        return False
    return viewer.coordinates(application.home_id)


def is_from_paper(application: Application) -> bool:
    return application.entered_by is not None


def lacks_scans(application: Application) -> bool:
    """What came on paper is submitted with the scans of the signed form and of the consent."""
    return is_from_paper(application) and None in {application.form_scan_id, application.consent_scan_id}


# A minor's guardian


def ward_of(application: Application) -> Ward:
    """Whose consent counts: asked of whoever lives under this home government and has this nationality."""
    home = application.home
    residence, zone = (home.country.value, home.zone) if home else ("", application.call.zone)
    return Ward(application.born_on, residence, application.nationality, zone, application.call.consent_ages)


def guardians_word(standing: Standing) -> Word | None:
    """Where the guardian's consent stands; None for somebody who consents alone."""
    if not standing.needs_guardian:
        return None
    if standing.is_decided(ConsentPurpose.TAKE_PART):
        return Word.GIVEN if standing.may_take_part else Word.REFUSED
    return Word.NOT_ASKED if standing.guardian is None else Word.ASKED


def is_held_back(standing: Standing) -> bool:
    """Nothing of a minor's is decided, matched or published before a guardian has agreed."""
    return standing.needs_guardian and not standing.may_take_part


def lacks_guardian(application: Application, standing: Standing) -> bool:
    """Before submission a minor's guardian has been asked; on paper they have signed, and their name is entered."""
    if not standing.needs_guardian:
        return False
    if is_from_paper(application):
        return not application.guardian_name
    return standing.guardian is None and not standing.may_take_part


def asks_guardians_name(application: Application, at: dt.datetime) -> bool:
    return is_from_paper(application) and is_minor(ward_of(application), at)


def _decides_for(viewer: Viewer, home_id: uuid.UUID) -> bool:
    """The secretariat may act in the home government's place; when, the nominations say."""
    return viewer.coordinates(home_id) or viewer.is_secretary


def is_in_place(viewer: Viewer, application: Application) -> bool:
    """Whether this viewer would decide in the home government's place."""
    return application.home_id is not None and not viewer.coordinates(application.home_id)


def why_not(step: Step, application: Application, at: dt.datetime, *, in_place: bool = False) -> Lazy | None:
    """Why this step cannot be taken at this moment; None if it can."""
    if (application.status, step) not in STEPS:
        return WRONG_STATE[step]
    if step is Step.SUBMIT:
        return _why_no_submission(application, at)
    if step in BY_APPLICANT or step is Step.STOP:
        return None
    if not takes_decisions(application.call, at, in_place=in_place):
        return NOT_NOW
    return WHY_NO_DECISION[step](application, at)


def takes_decisions(call: Call, at: dt.datetime, *, in_place: bool) -> bool:
    """Home governments decide until nominations are due, who acts in their place until rankings are."""
    if not in_place:
        return calls.accepts_nominations(call, at)
    return call.status is CallStatus.PUBLISHED and call.opens_at <= at <= call.rankings_due_at


def _why_no_return(application: Application, at: dt.datetime) -> Lazy | None:
    if application.returned_at:
        return RETURNED_BEFORE
    return NO_TIME_TO_CORRECT if at >= application.call.corrections_due_at else None


def _why_no_refusal(application: Application, at: dt.datetime) -> Lazy | None:
    """What was returned can be refused once the time for its correction has passed in vain."""
    waits = application.status is Status.RETURNED and at <= correction_due(application)
    return STILL_CORRECTING if waits else None


def _why_not_back(application: Application, _at: dt.datetime) -> Lazy | None:
    if application.placed_at:
        return PLACED
    returned, submitted = application.returned_at, application.submitted_at
    return NEVER_CORRECTED if returned and submitted and submitted < returned else None


WHY_NO_DECISION: dict[Step, Callable[[Application, dt.datetime], Lazy | None]] = {
    Step.RETURN: _why_no_return,
    Step.NOMINATE: lambda application, at: None,
    Step.REFUSE: _why_no_refusal,
    Step.TAKE_BACK: _why_not_back,
}


def can(viewer: Viewer, step: Step, application: Application, at: dt.datetime) -> bool:
    """Whether the page shows this step's button."""
    in_place = is_in_place(viewer, application)
    return may(viewer, step, application) and why_not(step, application, at, in_place=in_place) is None


def possible(viewer: Viewer, application: Application, at: dt.datetime) -> set[Step]:
    return {step for step in Step if can(viewer, step, application, at)}


def after(status: Status, step: Step) -> Status:
    return STEPS[status, step]


def _why_no_submission(application: Application, at: dt.datetime) -> Lazy | None:
    if application.status is Status.RETURNED:
        return None if at <= correction_due(application) else CORRECTED_LATE
    return None if calls.accepts_applications(application.call, at) else LATE


def correction_due(application: Application) -> dt.datetime:
    """What the home government set; else the call's own deadline or seven days, whichever is later."""
    if application.correction_due_at is not None:
        return application.correction_due_at
    assert application.returned_at is not None, "it was not returned"
    return max(application.call.applications_due_at, application.returned_at + CORRECTION)


def is_seen_by_home(application: Application) -> bool:
    return application.submitted_at is not None


def home_is_settled(application: Application) -> bool:
    """After the first submission the home government has it, and from paper it came there: it wanders to no other."""
    return application.submitted_at is not None or is_from_paper(application)


def can_be_chosen(application: Application, choice: Choice) -> bool:
    """The opening is still offered, and lies with another government unless the call says otherwise."""
    opening = choice.opening
    foreign = application.call.own_government_is_host or opening.government_id != application.home_id
    return opening.status is OpeningStatus.PUBLISHED and foreign


COMPLETE: dict[Part, Callable[[Application], bool]] = {
    Part.ABOUT: lambda a: bool(a.given_name and a.roman_given_name and a.born_on and a.phone),
    Part.HOME: lambda a: a.home_id is not None and a.is_resident is not None and bool(a.nationality),
    Part.EDUCATION: lambda a: bool(a.education) and _has_studies(a),
    Part.LANGUAGES: lambda a: bool(a.languages),
    Part.MOTIVATION: lambda a: bool(a.motivation),
    Part.DOCUMENTS: lambda a: all(each.state is not DocumentState.MISSING for each in wanted(a)),
    Part.OPENINGS: lambda a: bool(a.choices) and all(can_be_chosen(a, choice) for choice in a.choices),
    Part.QUESTIONS: lambda a: all(each.is_settled for each in asked(a)),
    Part.CONSENT: lambda a: a.consented_at is not None and has_declared(a),
}
# What to do about a part that is not complete.
WANTING: dict[Part, Lazy] = {
    Part.ABOUT: N_("Enter your names in your own script and in Latin letters, your date of birth and your number."),
    Part.HOME: N_("Choose your home government and your nationality, and say whether you live in its region."),
    Part.EDUCATION: N_("Enter your school or university, whether you are enrolled, and when you graduate."),
    Part.LANGUAGES: N_("Name at least one language and how well you speak it."),
    Part.MOTIVATION: N_("Write why you want to take part."),
    Part.DOCUMENTS: N_("Add the documents that the call asks for."),
    Part.OPENINGS: N_("Choose at least one opening; one that is no longer offered must be replaced."),
    Part.QUESTIONS: N_("Answer the questions that the call asks."),
    Part.CONSENT: N_("Answer the questions about yourself, and agree to what is needed for this call."),
}


def _has_studies(application: Application) -> bool:
    """A date of graduation is asked of those who graduate at all."""
    dated = application.graduates_on is not None or application.enrolment is Enrolment.NEITHER
    return application.enrolment is not None and dated


def has_declared(application: Application) -> bool:
    """The two questions whose answers only the applicant knows, if the call asks them."""
    first_time = application.took_part_before is not None or not application.call.first_time_only
    return first_time and (application.has_kin_at_host is not None or not application.call.no_kin_at_host)


def agrees(consents: Collection[str]) -> bool:
    return set(consents) >= REQUIRED_CONSENTS


def parts_of(application: Application) -> list[Part]:
    """The parts that this application has: a call without questions of its own has no such part."""
    return [part for part in Part if part is not Part.QUESTIONS or application.questions]


def unfinished(application: Application) -> list[Part]:
    """The parts that must be completed before submission, in the order of the task list."""
    return [part for part in parts_of(application) if not COMPLETE[part](application)]


def is_begun(application: Application, part: Part) -> bool:
    return any(value not in EMPTY for name, value in values(application, part).items() if name not in PRESET)


EMPTY: tuple[object, ...] = (None, "", [])
PRESET = frozenset({"name_order"})  # stands in a draft before anybody chose it
NAMES = ("family_name", "given_name", "patronymic", "roman_family_name", "roman_given_name", "name_order")
DECLARED = ("took_part_before", "has_kin_at_host")

VALUES: dict[Part, Callable[[Application], dict[str, Any]]] = {
    Part.ABOUT: lambda a: _fields(a, *NAMES, "born_on", "phone"),
    Part.HOME: lambda a: _fields(a, "home_id", "is_resident", "nationality"),
    Part.EDUCATION: lambda a: _fields(a, "education", "enrolment", "graduates_on"),
    Part.LANGUAGES: lambda a: _numbered(a.languages, "language", "level"),
    Part.MOTIVATION: lambda a: {"motivation": a.motivation},
    Part.DOCUMENTS: lambda a: {f"document_{each.requested_id}": each.file.sha256 for each in a.documents},
    Part.OPENINGS: lambda a: {f"choice_{choice.rank}": choice.opening_id for choice in a.choices},
    Part.QUESTIONS: lambda a: {question_field(each.question): each.typed for each in asked(a)},
    Part.CONSENT: lambda a: {**_fields(a, *DECLARED), "consents": list(a.consents)},
}


def values(application: Application, part: Part) -> dict[str, Any]:
    """What stands in a part, by the names of its form's fields."""
    return VALUES[part](application)


def _fields(application: Application, *names: str) -> dict[str, Any]:
    return {name: getattr(application, name) for name in names}


def _numbered(rows: Sequence[object], *names: str) -> dict[str, Any]:
    return {f"{name}_{number}": getattr(row, name) for number, row in enumerate(rows, 1) for name in names}


def version(content: Mapping[str, Any]) -> str:
    """Names a part's content: a form that was made from another content is stale."""
    filled = {name: str(value) for name, value in content.items() if value not in EMPTY}
    return sha256(filled)[:16]


def is_stale(application: Application, part: Part, data: Any) -> bool:
    """The part was changed since this form was opened, to something else than the form now says."""
    now_there = version(values(application, part))
    return now_there not in (data.version, version(data.model_dump(exclude={"version"})))


def sha256(content: object) -> str:
    """In hex, of canonical JSON in UTF-8."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


# What may be given for each purpose; a letter comes from a referee. Texts that people write are no photographs.
WRITTEN = (Kind.PDF, Kind.DOCX, Kind.HWPX)
PHOTOGRAPHED = (*WRITTEN, Kind.PNG, Kind.JPEG)
ACCEPTED: dict[Purpose, tuple[Kind, ...]] = {
    Purpose.CV: WRITTEN,
    Purpose.TRANSCRIPT: WRITTEN,
    Purpose.ENROLMENT: PHOTOGRAPHED,
    Purpose.LANGUAGE: PHOTOGRAPHED,
    Purpose.RESIDENCE: PHOTOGRAPHED,
    Purpose.OTHER: PHOTOGRAPHED,
}


class Wanted(NamedTuple):
    """A document that the call asks for, and what there is of it."""

    requested: RequestedDocument
    document: Document | None
    letter: Letter | None

    @property
    def state(self) -> DocumentState:
        """A letter counts from the moment it was asked for: the rest is the referee's."""
        if self.document is not None or self.letter is not None:
            return DocumentState.GIVEN
        return DocumentState.MISSING if self.requested.is_required else DocumentState.OPTIONAL


def wanted(application: Application) -> list[Wanted]:
    """In the order of the call, the letters of referees among them."""
    given = {document.requested_id: document for document in application.documents}
    asked = {letter.requested_id: letter for letter in application.letters}
    return [Wanted(each, given.get(each.id), asked.get(each.id)) for each in application.requested_documents]


class Candidate(NamedTuple):
    """All that a host sees of a nominated applicant: no age, gender, picture or way to reach them."""

    application_id: uuid.UUID
    native_name: str
    roman_name: str
    home: Government
    merit: int | None
    education: str
    languages: Sequence[SpokenLanguage]
    motivation: str
    choices: Sequence[Choice]
    is_from_paper: bool
    documents: Sequence[Document]
    answers: Sequence["Asked"]
    letters: Sequence[Letter]


def candidate(application: Application, hosts: Collection[uuid.UUID]) -> Candidate:
    """For the coordinators of these governments, who learn nothing of other governments' openings.

    Nor of the order in which the applicant wishes for theirs: they come by title.
    """
    assert application.home is not None, "it was submitted"
    chosen = [choice for choice in application.choices if choice.opening.government_id in hosts]
    theirs = sorted(chosen, key=lambda choice: (choice.opening.title, str(choice.opening_id)))
    letters = [letter for letter in application.letters if letter.received_at and letter.requested.shown_to_hosts]
    shown = [document for document in application.documents if document.requested.shown_to_hosts]
    return Candidate(
        application.id, application.native_name, application.roman_name, application.home, application.merit,
        application.education, application.languages, application.motivation, theirs,
        is_from_paper(application), shown, shown_to_hosts(application), letters,
    )  # fmt: skip


def new_number(year: int) -> str:
    """A receipt's number, such as P27-7F3K2."""
    return f"P{year % 100:02}-" + "".join(secrets.choice(ALPHABET) for _ in range(5))


# The call's own questions

ANSWER_KINDS: tuple[Kind, ...] = tuple(kind for kind in FORMATS if kind is not Kind.TEXT)


class Asked(NamedTuple):
    """A question of the call, and what the applicant answered."""

    question: Question
    answer: Answer | None

    @property
    def is_settled(self) -> bool:
        return self.answer is not None or not self.question.is_required

    @property
    def typed(self) -> Any:
        """The answer as its form's field holds it; a file is named by its hash."""
        if self.answer is None:
            return None
        if self.answer.file is not None:
            return self.answer.file.sha256
        return TYPED.get(self.question.kind, _as_it_is)(self.answer.value)

    @property
    def day(self) -> dt.date:
        assert self.answer is not None, "it was answered"
        return dt.date.fromisoformat(self.answer.value)


def _as_it_is(value: Any) -> Any:
    return value


# No answer is ever the number 0 or the truth value False, which would look like none.
TYPED: dict[QuestionKind, Callable[[Any], Any]] = {
    QuestionKind.NUMBER: lambda value: plain_number(Decimal(str(value))),
    QuestionKind.YES_NO: lambda value: "yes" if value else "no",
}


def asked(application: Application) -> list[Asked]:
    """In the order of the call."""
    answers = {answer.question_id: answer for answer in application.answers}
    return [Asked(question, answers.get(question.id)) for question in application.questions]


def written_version(application: Application) -> str:
    """Of the answers that one form holds; a file is given on its own and makes no form stale."""
    answers = [each for each in asked(application) if each.question.kind is not QuestionKind.FILE]
    return version({question_field(each.question): each.typed for each in answers})


def answers_are_stale(application: Application, data: Any) -> bool:
    return written_version(application) not in (data.version, version(data.model_dump(exclude={"version"})))


def shown_to_hosts(application: Application) -> list[Asked]:
    return [each for each in asked(application) if each.question.shown_to_hosts and each.answer is not None]


def question_field(question: Question) -> str:
    return f"question_{question.id.hex}"


def plain_number(number: Decimal) -> str:
    """Without exponent and without zeros at the end: 3.5, 1200."""
    return format(number.normalize() + 0, "f")
