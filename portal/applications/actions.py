"""Applying and correcting. `take_step` alone sets a status, for the nominations too."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from portal.accounts.models import Person
from portal.accounts.queries import coordinators, recipient
from portal.accounts.viewer import VISITOR, Viewer
from portal.applications import eligibility, names, queries, rules, versions
from portal.applications.models import Answer, Application, Choice, Document, Outcome, SpokenLanguage, Version
from portal.applications.rules import Step
from portal.applications.words import Part
from portal.calls import actions as call_actions
from portal.calls import rules as calls
from portal.calls.models import Call, Question
from portal.clock import now
from portal.consents import actions as consents
from portal.consents import queries as consent_queries
from portal.consents.models import Programme, Purpose
from portal.errors import Conflict, NotAllowed
from portal.files import actions as files
from portal.files.models import StoredFile
from portal.history.actions import record
from portal.i18n import N_
from portal.jobs.queue import enqueue
from portal.mail.actions import send
from portal.mail.rules import Recipient
from portal.openings import actions as openings
from portal.openings.models import Opening

NOT_OPEN = N_("This call does not take applications at the moment. Look at its dates on the page of the call.")
UNFINISHED = N_("Something is still missing. Check your answers and complete the parts that are listed there.")
UNSCANNED = N_("Upload the scans of the signed form and of the signed consent first. Then submit.")
NO_GUARDIAN = N_(
    "You are not of age, so a parent or guardian is asked. Name them on the page of the guardian's consent first. "
    "Then submit."
)
UNNAMED = N_("The applicant is not of age. Enter who signed the consent as parent or guardian beside the scans first.")
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
    reason = rules.why_not(step, application, at, in_place=rules.is_in_place(by, application))
    if reason is not None:
        raise Conflict(reason)
    return at


def take_step(session: Session, application: Application, step: Step, *, by: Viewer, **details: Any) -> dt.datetime:
    """Moves the application on, if that is allowed, and puts it into the history."""
    at = ensure(step, application, by=by)
    application.status = rules.after(application.status, step)
    if step is not Step.SAVE:
        details |= _on_behalf(application, step, by)
        record(session, DEEDS[step], "application", application.id, by=by.person_id, **details)
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
    Step.TAKE_BACK: "decision taken back",
    Step.STOP: "application stopped without consent",
}


def save(session: Session, application: Application, part: Part, data: Any, *, by: Viewer) -> None:
    """Writes one part, complete or not."""
    take_step(session, application, Step.SAVE, by=by)
    WRITERS.get(part, _write_fields)(session, application, data)


def _write_fields(_session: Session, application: Application, data: Any) -> None:
    for name, value in data.model_dump(exclude={"version"}).items():
        setattr(application, name, value)


def _write_names(session: Session, application: Application, data: Any) -> None:
    _write_fields(session, application, data)
    application.native_name, application.roman_name = names.composed(application)
    application.search_text = names.search_text(application)


def _write_languages(session: Session, application: Application, data: Any) -> None:
    session.execute(sa.delete(SpokenLanguage).where(col(SpokenLanguage.application_id) == application.id))
    rows = [SpokenLanguage(application_id=application.id, language=name, level=level) for name, level in data.rows()]
    session.add_all(rows)


def _write_consent(session: Session, application: Application, data: Any) -> None:
    _write_fields(session, application, data)
    application.consented_at = (application.consented_at or now()) if rules.agrees(data.consents) else None


WRITERS: dict[Part, Callable[[Session, Application, Any], None]] = {
    Part.ABOUT: _write_names,
    Part.LANGUAGES: _write_languages,
    Part.CONSENT: _write_consent,
}


def give_document(
    session: Session, application: Application, requested_id: uuid.UUID, stored: StoredFile, *, by: Viewer
) -> None:
    """A first file, or another one in its place."""
    at = take_step(session, application, Step.SAVE, by=by)
    found = queries.get_requested(application, requested_id).document
    if found is None:
        session.add(Document(application_id=application.id, requested_id=requested_id, file_id=stored.id))
        return
    replaced, found.file, found.uploaded_at = found.file, stored, at
    _let_go(session, application, replaced)


def remove_document(session: Session, application: Application, document: Document, *, by: Viewer) -> None:
    take_step(session, application, Step.SAVE, by=by)
    session.delete(document)
    _let_go(session, application, document.file)


def _let_go(session: Session, application: Application, stored: StoredFile) -> None:
    """A file that was never submitted is nobody's any more; one that was belongs to what was submitted."""
    session.flush()
    if application.submitted_at is None:
        files.forget(session, stored)


def submit(session: Session, application: Application, *, by: Viewer) -> None:
    """Keeps what is submitted as a version, gives the receipt's number, and sends the receipt."""
    ensure(Step.SUBMIT, application, by=by)
    _refuse_unready(session, application)
    submitted_at = take_step(session, application, Step.SUBMIT, by=by)
    application.submitted_at = submitted_at
    application.number = application.number or _free_number(session, application.call)
    application.search_text = names.search_text(application)
    application.submitted_digest = _keep_version(session, application, submitted_at).digest
    _enter_guardians_yes(session, application, by=by)
    key = f"namesakes:{application.id}:{submitted_at.isoformat()}"
    enqueue(session, "find_namesakes", str(application.id), key=key)
    tell(session, application, "applications/submitted")


def _enter_guardians_yes(session: Session, application: Application, *, by: Viewer) -> None:
    """The consent that a minor's guardian signed on paper. Once for each scan: a withdrawal is not undone by it."""
    scan_id, name = application.consent_scan_id, application.guardian_name
    if scan_id is None or not rules.asks_guardians_name(application, now()):
        return
    case = consents.open_case(session, application.applicant_id, Programme.INTERNSHIP, application.call_id)
    if not consent_queries.was_entered(session, case, scan_id, name):
        consents.enter_from_paper(
            session, case, {Purpose.TAKE_PART: True}, guardian_name=name, language=application.applicant.language,
            scan_id=scan_id, by=by.id,
        )  # fmt: skip


def _keep_version(session: Session, application: Application, at: dt.datetime) -> Version:
    content = versions.content(application)
    made = Version(
        application_id=application.id, number=len(queries.versions(session, application)) + 1,
        submitted_at=at, digest=rules.sha256(content), content=content,
    )  # fmt: skip
    session.add(made)
    return made


def _refuse_unready(session: Session, application: Application) -> None:
    if rules.unfinished(application):
        raise Conflict(UNFINISHED)
    if rules.lacks_scans(application):
        raise Conflict(UNSCANNED)
    if rules.lacks_guardian(application, queries.standing(session, application)):
        raise Conflict(UNNAMED if rules.is_from_paper(application) else NO_GUARDIAN)
    if not eligibility.is_eligible(queries.findings(session, application)):
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


def stop(session: Session, application: Application) -> None:
    """Because the consent to taking part was refused or withdrawn. Whoever decided it, this is no deed of theirs."""
    take_step(session, application, Step.STOP, by=VISITOR)
    application.merit = None


def mark_placed(application: Application, at: dt.datetime | None) -> None:
    """When a place was accepted; None when it fell away again. Later calls may ask for people who had none."""
    application.placed_at = at


def mark_outcome(application: Application, outcome: Outcome | None) -> None:
    """What the published match means for this application; None: its call's match is not published."""
    application.outcome = outcome


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


# Openings in the order of the applicant's wish


def put_in_order(session: Session, application: Application, ids: Sequence[uuid.UUID], *, by: Viewer) -> None:
    """The chosen openings as `ids` has them; those that it leaves out are taken off the list."""
    take_step(session, application, Step.SAVE, by=by)
    _rank(session, application, ids)


def choose(session: Session, application: Application, opening: Opening, *, by: Viewer) -> None:
    """Puts an opening at the end of the list; one that stands there already stays where it is."""
    take_step(session, application, Step.SAVE, by=by)
    chosen = [choice.opening_id for choice in application.choices]
    if opening.id in chosen:
        return
    if len(chosen) >= application.call.ranked_openings:
        raise Conflict(rules.ALL_CHOSEN)
    _rank(session, application, [*chosen, opening.id])


def reorder(session: Session, application: Application, ids: Sequence[uuid.UUID]) -> None:
    """The same openings in another order, after the nomination; who may and until when, the rankings say."""
    assert sorted(ids) == sorted(choice.opening_id for choice in application.choices), "the same openings"
    _rank(session, application, ids)


def _rank(session: Session, application: Application, ids: Sequence[uuid.UUID]) -> None:
    session.execute(sa.delete(Choice).where(col(Choice.application_id) == application.id))
    session.add_all(Choice(application_id=application.id, rank=rank, opening_id=id_) for rank, id_ in enumerate(ids, 1))
    openings.mark_ranked(session, ids)
    session.flush()
    session.expire(application, ["choices"])


# The call's own questions


def answer(session: Session, application: Application, values: Mapping[uuid.UUID, Any], *, by: Viewer) -> None:
    """Writes the answers to some questions, by their ids; None takes an answer back."""
    take_step(session, application, Step.SAVE, by=by)
    kept = {answer.question_id: answer for answer in application.answers}
    for question_id, value in values.items():
        if value is None and question_id in kept:
            session.delete(kept[question_id])
        elif value is not None:
            found = kept.get(question_id) or Answer(application_id=application.id, question_id=question_id)
            found.value = value
            session.add(found)
    call_actions.mark_answered(session, [question_id for question_id, value in values.items() if value is not None])


def answer_with_file(
    session: Session, application: Application, question: Question, stored: StoredFile, *, by: Viewer
) -> None:
    """A first file, or another one in its place."""
    take_step(session, application, Step.SAVE, by=by)
    found = queries.get_file_question(application, question.id).answer
    if found is None:
        session.add(Answer(application_id=application.id, question_id=question.id, file_id=stored.id))
    else:
        replaced, found.file = found.file, stored
        _let_answer_go(session, application, replaced)
    call_actions.mark_answered(session, [question.id])


def take_answer_back(session: Session, application: Application, found: Answer, *, by: Viewer) -> None:
    take_step(session, application, Step.SAVE, by=by)
    session.delete(found)
    _let_answer_go(session, application, found.file)


def _let_answer_go(session: Session, application: Application, stored: StoredFile | None) -> None:
    """A file that was never submitted is nobody's any more; one that was belongs to what was submitted."""
    session.flush()
    if stored is not None and application.submitted_at is None:
        files.forget(session, stored)
