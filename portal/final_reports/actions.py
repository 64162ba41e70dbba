"""Writing, sending, deciding on and publishing final reports. `take_step` alone sets a status.

Whoever changes a report holds its placement (`placements.queries.lock_visible`).
"""

import datetime as dt
from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import queries as application_queries
from portal.clock import now
from portal.consents import queries as consents
from portal.consents.models import Programme, Purpose
from portal.errors import Conflict, NotAllowed
from portal.files import actions as files
from portal.files.rules import Checked
from portal.final_reports import rules
from portal.final_reports.forms import Publication, Report
from portal.final_reports.models import FinalReport, NameShown
from portal.final_reports.rules import Step
from portal.history.actions import record
from portal.mail.actions import send
from portal.placements.models import Placement

DEEDS: dict[Step, str] = {
    Step.SUBMIT: "final report submitted",
    Step.CONSENT: "consent to publication changed",
    Step.RETURN: "final report returned",
    Step.ACCEPT: "final report accepted",
    Step.PUBLISH: "final report published",
    Step.TAKE_DOWN: "final report taken down",
}


def ensure(step: Step, placement: Placement, report: FinalReport | None, *, by: Viewer) -> dt.datetime:
    """This person may take this step, now."""
    if not rules.may(by, step, placement):
        raise NotAllowed
    at = now()
    reason = rules.why_not(step, placement, report, at)
    if reason is not None:
        raise Conflict(reason)
    return at


def found(step: Step, placement: Placement, report: FinalReport | None, *, by: Viewer) -> FinalReport:
    """The report on which this person may take this step, now."""
    ensure(step, placement, report, by=by)
    assert report is not None, "every step but saving is refused without one"
    return report


def take_step(
    session: Session, placement: Placement, report: FinalReport, step: Step, *, by: Viewer, **details: Any
) -> dt.datetime:
    at = ensure(step, placement, report, by=by)
    report.status = rules.after(report.status, step)
    session.add(report)
    if step is not Step.SAVE:
        if step in rules.BY_INTERN and by.person_id != placement.application.applicant_id:
            details["on_behalf"] = True
        record(session, DEEDS[step], "placement", placement.id, by=by.id, report=str(report.id), **details)
    return at


def save(
    session: Session, placement: Placement, report: FinalReport | None, typed: Report, *, by: Viewer
) -> FinalReport:
    """Whatever was typed, long enough or not."""
    ensure(Step.SAVE, placement, report, by=by)
    kept = report or FinalReport(placement_id=placement.id, file=None)
    take_step(session, placement, kept, Step.SAVE, by=by)
    for name, value in typed.content().items():
        setattr(kept, name, value)
    _stay_within_consent(session, placement, kept)
    session.flush()
    return kept


def give_file(session: Session, placement: Placement, report: FinalReport, checked: Checked, *, by: Viewer) -> None:
    """A first file, or another one in its place."""
    take_step(session, placement, report, Step.SAVE, by=by)
    replaced, report.file = report.file, files.keep(session, checked, owner_id=placement.application.applicant_id)
    session.flush()
    if replaced is not None:
        files.forget(session, replaced)


def remove_file(session: Session, placement: Placement, report: FinalReport, *, by: Viewer) -> None:
    take_step(session, placement, report, Step.SAVE, by=by)
    removed, report.file = report.file, None
    session.flush()
    if removed is not None:
        files.forget(session, removed)


def submit(session: Session, placement: Placement, report: FinalReport, *, by: Viewer) -> None:
    """One that lacks nothing (`rules.lacking`)."""
    at = ensure(Step.SUBMIT, placement, report, by=by)
    report.submitted_at = report.submitted_at or at
    take_step(session, placement, report, Step.SUBMIT, by=by)
    _tell(session, placement, "final_reports/submitted")


def send_back(session: Session, placement: Placement, report: FinalReport, *, by: Viewer, reason: str) -> None:
    report.returned_at, report.reason = ensure(Step.RETURN, placement, report, by=by), reason
    take_step(session, placement, report, Step.RETURN, by=by)
    _tell(session, placement, "final_reports/returned")


def accept(session: Session, placement: Placement, report: FinalReport, *, by: Viewer) -> None:
    report.accepted_at, report.accepted_by = ensure(Step.ACCEPT, placement, report, by=by), by.id
    take_step(session, placement, report, Step.ACCEPT, by=by)
    _tell(session, placement, "final_reports/accepted")


def consent(session: Session, placement: Placement, report: FinalReport, wish: Publication, *, by: Viewer) -> None:
    """At any time; withdrawn, the report leaves the public page with this transaction."""
    at = take_step(session, placement, report, Step.CONSENT, by=by, may_publish=wish.publication != "no")
    if not wish.consent()["may_publish"] and rules.is_public(report):
        report.taken_down_at = at
    for name, value in wish.consent().items():
        setattr(report, name, value)
    _stay_within_consent(session, placement, report)


def _stay_within_consent(session: Session, placement: Placement, report: FinalReport) -> None:
    """What a guardian, or the intern, refused with `consents` is not opened again from here."""
    application = placement.application
    refused = consents.refused(session, application.applicant_id, Programme.INTERNSHIP, application.call_id)
    report.may_publish = report.may_publish and Purpose.TEXT not in refused
    report.name_shown = NameShown.UNNAMED if Purpose.NAME in refused else report.name_shown


def heed_refusal(session: Session, placement: Placement, report: FinalReport, *, text: bool, name: bool) -> None:
    """The consent to publishing the text, or the name, was refused or withdrawn, with `consents`: gone at once.

    Whoever decided it, this is no deed of theirs.
    """
    if text and rules.is_public(report):
        report.taken_down_at = now()
    report.may_publish = report.may_publish and not text
    report.name_shown = NameShown.UNNAMED if text or name else report.name_shown
    session.add(report)
    record(session, DEEDS[Step.CONSENT], "placement", placement.id, by=None, report=str(report.id), refused=True)


def publish(session: Session, placement: Placement, report: FinalReport, *, by: Viewer) -> None:
    ensure(Step.PUBLISH, placement, report, by=by)
    why_not = application_queries.why_not_public(session, placement.application)
    if why_not is not None:
        raise Conflict(why_not)
    at = take_step(session, placement, report, Step.PUBLISH, by=by)
    report.published_at, report.taken_down_at = at, None


def take_down(session: Session, placement: Placement, report: FinalReport, *, by: Viewer) -> None:
    report.taken_down_at = take_step(session, placement, report, Step.TAKE_DOWN, by=by)


def _tell(session: Session, placement: Placement, template: str) -> None:
    to = applications.addressee(session, placement.application)
    send(session, template, to=to, opening=placement.opening, due_on=rules.due_on(placement))
