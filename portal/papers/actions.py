"""Entering an application for somebody who applies on paper."""

from sqlmodel import Session

from portal.accounts import actions as accounts
from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications.models import Application
from portal.applications.rules import Step
from portal.calls import rules as calls
from portal.calls.models import Call
from portal.clock import now
from portal.errors import Conflict
from portal.files import actions as files
from portal.files.rules import Checked
from portal.history.actions import record
from portal.papers.forms import Newcomer
from portal.papers.words import Scan
from portal.registry.models import Government


def enter(session: Session, call: Call, home: Government, typed: Newcomer, *, by: Viewer) -> Application:
    """A person who cannot sign in, and their draft. Never for somebody who has an account: that one is theirs alone."""
    if not calls.accepts_applications(call, now()):
        raise Conflict(applications.NOT_OPEN)
    person = accounts.open_without_account(
        session, name=typed.name, email=typed.email, language=typed.language, zone=home.zone, by=by.id
    )
    application = Application(call_id=call.id, applicant_id=person.id, home_id=home.id, entered_by=by.id)
    session.add(application)
    session.flush()
    details = {"call": call.slug, "home": home.code}
    record(session, "application entered from paper", "application", application.id, by=by.id, **details)
    return application


def keep_scans(
    session: Session, application: Application, scans: dict[Scan, Checked], *, by: Viewer,
    guardian_name: str | None = None,
) -> None:  # fmt: skip
    """A scan replaces the earlier one; what does not come stays as it was."""
    applications.take_step(session, application, Step.SAVE, by=by)
    application.guardian_name = application.guardian_name if guardian_name is None else guardian_name
    for scan, checked in scans.items():
        stored = files.keep(session, checked, owner_id=application.applicant_id)
        setattr(application, f"{scan}_scan_id", stored.id)
    session.add(application)
