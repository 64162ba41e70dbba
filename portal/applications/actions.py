"""Applying and correcting. `take_step` alone sets a status, for the nominations too."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from portal.accounts.models import Person
from portal.accounts.queries import coordinators, recipient
from portal.accounts.viewer import Viewer
from portal.applications import eligibility, queries, rules
from portal.applications.models import Application, Choice, SpokenLanguage
from portal.applications.rules import Step
from portal.applications.words import Part
from portal.calls import rules as calls
from portal.calls.models import Call
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.files.models import StoredFile
from portal.history.actions import record
from portal.i18n import N_
from portal.jobs.queue import enqueue
from portal.mail.actions import send
from portal.mail.rules import Recipient
from portal.openings import actions as openings

NOT_OPEN = N_("This call does not take applications at the moment. Look at its dates on the page of the call.")
UNFINISHED = N_("Something is still missing. Check your answers and complete the parts that are listed there.")
UNSCANNED = N_("Upload the scans of the signed form and of the signed consent first. Then submit.")
INELIGIBLE = N_("You do not meet a condition of this call. Check your answers to see which, and correct what is wrong.")


def start(session: Session, viewer: Viewer, call: Call) -> Application:
    """A draft; a second start leads to the first one's. The lock on the person makes two starts one."""
    session.exec(select(Person).where(Person.id == viewer.id).with_for_update(key_share=True)).one()
    found = queries.started(session, viewer.id, call.id)
    if found is not None:
        return found
    if not calls.accepts_applications(call, now()):
        raise Conflict(NOT_OPEN)
    application = Application(call_id=call.id, applicant_id=viewer.id)
    session.add(application)
    session.flush()
    record(session, "application started", "application", application.id, by=viewer.id, call=call.slug)
    return application


def ensure(step: Step, application: Application, *, by: Viewer) -> dt.datetime:
    """This person may take this step, now."""
    if not rules.may(by, step, application):
        raise NotAllowed
    at = now()
    reason = rules.why_not(step, application, at)
    if reason is not None:
        raise Conflict(reason)
    return at


def take_step(session: Session, application: Application, step: Step, *, by: Viewer, **details: Any) -> dt.datetime:
    """Moves the application on, if that is allowed, and puts it into the history."""
    at = ensure(step, application, by=by)
    application.status = rules.after(application.status, step)
    if step is not Step.SAVE:
        details |= _on_behalf(application, step, by)
        record(session, DEEDS[step], "application", application.id, by=by.id, **details)
    return at


def _on_behalf(application: Application, step: Step, by: Viewer) -> dict[str, bool]:
    is_for_another = step in rules.BY_APPLICANT and by.person_id != application.applicant_id
    return {"on_behalf": True} if is_for_another else {}


DEEDS: dict[Step, str] = {
    Step.SUBMIT: "application submitted",
    Step.WITHDRAW: "application withdrawn",
    Step.RETURN: "application returned",
    Step.NOMINATE: "application nominated",
    Step.REFUSE: "application not nominated",
}


def save(session: Session, application: Application, part: Part, data: Any, *, by: Viewer) -> None:
    """Writes one part, complete or not."""
    take_step(session, application, Step.SAVE, by=by)
    WRITERS.get(part, _write_fields)(session, application, data)


def _write_fields(_session: Session, application: Application, data: Any) -> None:
    for name, value in data.model_dump(exclude={"version"}).items():
        setattr(application, name, value)


def _write_languages(session: Session, application: Application, data: Any) -> None:
    session.execute(sa.delete(SpokenLanguage).where(col(SpokenLanguage.application_id) == application.id))
    rows = [SpokenLanguage(application_id=application.id, language=name, level=level) for name, level in data.rows()]
    session.add_all(rows)


def _write_choices(session: Session, application: Application, data: Any) -> None:
    session.execute(sa.delete(Choice).where(col(Choice.application_id) == application.id))
    chosen = [opening_id for _rank, opening_id in sorted(data.chosen().items())]
    session.add_all(
        Choice(application_id=application.id, rank=rank, opening_id=id_) for rank, id_ in enumerate(chosen, 1)
    )
    openings.mark_ranked(session, chosen)


def _write_consent(_session: Session, application: Application, data: Any) -> None:
    application.consented_at = (application.consented_at or now()) if data.consent else None


WRITERS: dict[Part, Callable[[Session, Application, Any], None]] = {
    Part.LANGUAGES: _write_languages,
    Part.OPENINGS: _write_choices,
    Part.CONSENT: _write_consent,
}


def keep_cv(session: Session, application: Application, stored: StoredFile, *, by: Viewer) -> None:
    take_step(session, application, Step.SAVE, by=by)
    application.cv_id = stored.id


def submit(session: Session, application: Application, *, by: Viewer) -> None:
    """Fixes what is submitted by its digest, gives the receipt's number, and sends the receipt."""
    ensure(Step.SUBMIT, application, by=by)
    _refuse_unready(application)
    application.submitted_at = take_step(session, application, Step.SUBMIT, by=by)
    application.number = application.number or _free_number(session, application.call)
    application.submitted_digest = rules.digest(application)
    key = f"namesakes:{application.id}:{application.submitted_at.isoformat()}"
    enqueue(session, "find_namesakes", str(application.id), key=key)
    tell(session, application, "applications/submitted")


def _refuse_unready(application: Application) -> None:
    if rules.unfinished(application):
        raise Conflict(UNFINISHED)
    if rules.lacks_scans(application):
        raise Conflict(UNSCANNED)
    if not eligibility.is_eligible(eligibility.findings(application)):
        raise Conflict(INELIGIBLE)


def _free_number(session: Session, call: Call) -> str:
    while True:
        number = rules.new_number(call.reference_on.year)
        if session.exec(select(Application.id).where(Application.number == number)).first() is None:
            return number


def withdraw(session: Session, application: Application, *, by: Viewer) -> None:
    take_step(session, application, Step.WITHDRAW, by=by)
    application.merit = None
    tell(session, application, "applications/withdrawn")


def tell(session: Session, application: Application, template: str, **values: Any) -> None:
    to = addressee(session, application)
    send(session, template, to=to, application=application, call=application.call, **values)


def addressee(session: Session, application: Application) -> Recipient:
    """The applicant; for one without an address a coordinator, who is told to whom to pass it on."""
    if application.applicant.email:
        return recipient(application.applicant)
    return replace(recipient(_helper(session, application)), passes_on_to=application.applicant.name)


def _helper(session: Session, application: Application) -> Person:
    """Who entered the application from paper, or a colleague once they have left the office."""
    assert application.entered_by is not None, "only on paper one applies without an address"
    office = coordinators(session, application.home_id) if application.home_id else []
    entered_by = session.get_one(Person, application.entered_by)
    return entered_by if entered_by in office or not office else office[0]
