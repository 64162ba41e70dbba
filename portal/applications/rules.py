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
from portal.applications.models import Answer, Application, Choice, SpokenLanguage, Status
from portal.applications.words import Part
from portal.calls import rules as calls
from portal.calls.models import Call, CallStatus, Question, QuestionKind
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
NOT_OFFERED = N_("This opening cannot be chosen. Choose one from the list.")
ALL_CHOSEN = N_("Your list is full. Remove an opening from it first, then add this one.")
RETURNED_BEFORE = N_("It was returned once already. Nominate it, or refuse it and give your reason.")


def may(viewer: Viewer, step: Step, application: Application) -> bool:
    """Applicants act on their own application, home coordinators on those of others."""
    own = viewer.person_id == application.applicant_id
    if step in BY_APPLICANT:
        return own
    return not own and application.home_id is not None and _decides_for(viewer, application.home_id)


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
    if step in BY_APPLICANT:
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
    """After the first submission the home government has it; it cannot wander to another one."""
    return application.submitted_at is not None


def can_be_chosen(application: Application, choice: Choice) -> bool:
    """The opening is still offered, and lies with another government unless the call says otherwise."""
    opening = choice.opening
    foreign = application.call.own_government_is_host or opening.government_id != application.home_id
    return opening.status is OpeningStatus.PUBLISHED and foreign


COMPLETE: dict[Part, Callable[[Application], bool]] = {
    Part.ABOUT: lambda a: bool(a.native_name and a.roman_name and a.born_on and a.phone),
    Part.HOME: lambda a: a.home_id is not None,
    Part.EDUCATION: lambda a: bool(a.education),
    Part.LANGUAGES: lambda a: bool(a.languages),
    Part.MOTIVATION: lambda a: bool(a.motivation),
    Part.DOCUMENTS: lambda a: a.cv is not None,
    Part.OPENINGS: lambda a: bool(a.choices) and all(can_be_chosen(a, choice) for choice in a.choices),
    Part.QUESTIONS: lambda a: all(each.is_settled for each in asked(a)),
    Part.CONSENT: lambda a: a.consented_at is not None,
}


def parts_of(application: Application) -> list[Part]:
    """The parts that this application has: a call without questions of its own has no such part."""
    return [part for part in Part if part is not Part.QUESTIONS or application.questions]


def unfinished(application: Application) -> list[Part]:
    """The parts that must be completed before submission, in the order of the task list."""
    return [part for part in parts_of(application) if not COMPLETE[part](application)]


def is_begun(application: Application, part: Part) -> bool:
    return any(value not in (None, "", False) for value in values(application, part).values())


VALUES: dict[Part, Callable[[Application], dict[str, Any]]] = {
    Part.ABOUT: lambda a: {name: getattr(a, name) for name in ("native_name", "roman_name", "born_on", "phone")},
    Part.HOME: lambda a: {"home_id": a.home_id},
    Part.EDUCATION: lambda a: {"education": a.education},
    Part.LANGUAGES: lambda a: _numbered(a.languages, "language", "level"),
    Part.MOTIVATION: lambda a: {"motivation": a.motivation},
    Part.DOCUMENTS: lambda a: {"cv": a.cv and a.cv.sha256},
    Part.OPENINGS: lambda a: {f"choice_{choice.rank}": choice.opening_id for choice in a.choices},
    Part.QUESTIONS: lambda a: {question_field(each.question): each.typed for each in asked(a)},
    Part.CONSENT: lambda a: {"consent": a.consented_at is not None},
}


def values(application: Application, part: Part) -> dict[str, Any]:
    """What stands in a part, by the names of its form's fields."""
    return VALUES[part](application)


def _numbered(rows: Sequence[object], *names: str) -> dict[str, Any]:
    return {f"{name}_{number}": getattr(row, name) for number, row in enumerate(rows, 1) for name in names}


def version(content: Mapping[str, Any]) -> str:
    """Names a part's content: a form that was made from another content is stale."""
    filled = {name: str(value) for name, value in content.items() if value not in (None, "", False)}
    return _sha256(filled)[:16]


def is_stale(application: Application, part: Part, data: Any) -> bool:
    """The part was changed since this form was opened, to something else than the form now says."""
    now_there = version(values(application, part))
    return now_there not in (data.version, version(data.model_dump(exclude={"version"})))


def digest(application: Application) -> str:
    """SHA-256 (hex) of all that is submitted, the CV by its own hash, as canonical JSON in UTF-8."""
    parts = {
        part.value: {name: _plain(value) for name, value in values(application, part).items()}
        for part in parts_of(application)
    }
    return _sha256({"call": str(application.call_id), "applicant": str(application.applicant_id), **parts})


def _sha256(content: object) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool) else str(value)


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
    answers: Sequence["Asked"]


def candidate(application: Application, hosts: Collection[uuid.UUID]) -> Candidate:
    """For the coordinators of these governments, who also learn nothing of other governments' openings."""
    assert application.home is not None, "it was submitted"
    theirs = [choice for choice in application.choices if choice.opening.government_id in hosts]
    return Candidate(
        application.id, application.native_name, application.roman_name, application.home, application.merit,
        application.education, application.languages, application.motivation, theirs, shown_to_hosts(application),
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
