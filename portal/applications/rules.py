"""What may happen to an application, who may do it, until when, and what is still missing. Pure."""

import datetime as dt
import enum
import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Choice, Letter, SpokenLanguage, Status
from portal.applications.words import Part
from portal.calls import rules as calls
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
    (Status.NOMINATED, Step.WITHDRAW): Status.WITHDRAWN,
}
BY_APPLICANT = {Step.SAVE, Step.SUBMIT, Step.WITHDRAW}
WRONG_STATE: dict[Step, Lazy] = {
    Step.SAVE: N_("This application can no longer be changed. You find what you sent on its page."),
    Step.SUBMIT: N_("This application was already submitted. Nothing was sent a second time; see its receipt."),
    Step.WITHDRAW: N_("This application is closed already, so there is nothing to withdraw."),
    Step.RETURN: N_("Only a submitted application can be returned. Reload the page to see where it stands."),
    Step.NOMINATE: N_("Only a submitted application can be nominated. Reload the page to see where it stands."),
    Step.REFUSE: N_("Only a submitted application can be refused. Reload the page to see where it stands."),
}
LATE = N_("The deadline for applications has passed, so this cannot be submitted. Your draft is kept.")
CORRECTED_LATE = N_("The time for your correction has passed. Ask the coordinator of your home government what to do.")
NOT_NOW = N_("The call does not take nominations at the moment. Look at its dates, or ask the secretariat.")
FIXED_HOME = N_("Your home government has your application already, so you cannot change it here.")
UNKNOWN_HOME = N_("Choose your government from the list.")
NOT_OFFERED = N_("This opening cannot be chosen. Choose one from the list.")
RETURNED_BEFORE = N_("It was returned once already. Nominate it, or refuse it and give your reason.")


def may(viewer: Viewer, step: Step, application: Application) -> bool:
    """Applicants act on their own application, home coordinators on those of others."""
    if step in BY_APPLICANT:
        return acts_for(viewer, application)
    own = viewer.person_id == application.applicant_id
    return not own and application.home_id is not None and viewer.coordinates(application.home_id)


def acts_for(viewer: Viewer, application: Application) -> bool:
    """The applicant, and whoever entered the application from paper for them."""
    return viewer.person_id == application.applicant_id or entered(viewer, application)


def entered(viewer: Viewer, application: Application) -> bool:
    """From paper, and they still coordinate the home government."""
    if application.entered_by is None or application.home_id is None:
        return False
    return application.entered_by == viewer.person_id and viewer.coordinates(application.home_id)


def is_from_paper(application: Application) -> bool:
    return application.entered_by is not None


def lacks_scans(application: Application) -> bool:
    """What came on paper is submitted with the scans of the signed form and of the consent."""
    return is_from_paper(application) and None in {application.form_scan_id, application.consent_scan_id}


def why_not(step: Step, application: Application, at: dt.datetime) -> Lazy | None:
    """Why this step cannot be taken at this moment; None if it can."""
    if (application.status, step) not in STEPS:
        return WRONG_STATE[step]
    if step is Step.SUBMIT:
        return _why_no_submission(application, at)
    if step in BY_APPLICANT:
        return None
    if not calls.accepts_nominations(application.call, at):
        return NOT_NOW
    return RETURNED_BEFORE if step is Step.RETURN and application.returned_at else None


def can(viewer: Viewer, step: Step, application: Application, at: dt.datetime) -> bool:
    """Whether the page shows this step's button."""
    return may(viewer, step, application) and why_not(step, application, at) is None


def possible(viewer: Viewer, application: Application, at: dt.datetime) -> set[Step]:
    return {step for step in Step if can(viewer, step, application, at)}


def after(status: Status, step: Step) -> Status:
    return STEPS[status, step]


def _why_no_submission(application: Application, at: dt.datetime) -> Lazy | None:
    if application.status is Status.RETURNED:
        return None if at <= correction_due(application) else CORRECTED_LATE
    return None if calls.accepts_applications(application.call, at) else LATE


def correction_due(application: Application) -> dt.datetime:
    """A returned application has the call's own deadline or seven days, whichever is later."""
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
    Part.ABOUT: lambda a: bool(a.native_name and a.roman_name and a.born_on and a.phone),
    Part.HOME: lambda a: a.home_id is not None,
    Part.EDUCATION: lambda a: bool(a.education),
    Part.LANGUAGES: lambda a: bool(a.languages),
    Part.MOTIVATION: lambda a: bool(a.motivation),
    Part.DOCUMENTS: lambda a: a.cv is not None,
    Part.OPENINGS: lambda a: bool(a.choices) and all(can_be_chosen(a, choice) for choice in a.choices),
    Part.CONSENT: lambda a: a.consented_at is not None,
}


def unfinished(application: Application) -> list[Part]:
    """The parts that must be completed before submission, in the order of the task list."""
    return [part for part in Part if not COMPLETE[part](application)]


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
    parts = {part.value: {name: _plain(value) for name, value in values(application, part).items()} for part in Part}
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
    letters: Sequence[Letter]
    is_from_paper: bool


def candidate(application: Application, hosts: Collection[uuid.UUID]) -> Candidate:
    """For the coordinators of these governments, who also learn nothing of other governments' openings."""
    assert application.home is not None, "it was submitted"
    theirs = [choice for choice in application.choices if choice.opening.government_id in hosts]
    letters = [letter for letter in application.letters if letter.received_at and letter.requested.shown_to_hosts]
    return Candidate(
        application.id, application.native_name, application.roman_name, application.home, application.merit,
        application.education, application.languages, application.motivation, theirs, letters,
        is_from_paper(application),
    )  # fmt: skip


def new_number(year: int) -> str:
    """A receipt's number, such as P27-7F3K2."""
    return f"P{year % 100:02}-" + "".join(secrets.choice(ALPHABET) for _ in range(5))
