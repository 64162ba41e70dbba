"""What a home government does with an application: return it once, nominate it in its order of merit, or refuse it."""

from sqlmodel import Session, select

from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import rules
from portal.applications.models import Application
from portal.applications.rules import Step
from portal.errors import Conflict
from portal.i18n import N_
from portal.nominations import queries
from portal.registry.models import Government

PLACE_TAKEN = N_("Your government gave this place in its order to another application. Choose a free place.")
BEYOND_QUOTA = N_("Your government may nominate fewer people in this call. Choose a free place within its quota.")


def return_once(session: Session, application: Application, *, by: Viewer, reason: str) -> None:
    application.returned_at = applications.take_step(session, application, Step.RETURN, by=by)
    application.reason = reason
    applications.tell(session, application, "nominations/returned", due=rules.correction_due(application))


def nominate(session: Session, application: Application, *, by: Viewer, merit: int) -> None:
    applications.ensure(Step.NOMINATE, application, by=by)
    _refuse_taken_place(session, application, merit)
    decided_at = applications.take_step(session, application, Step.NOMINATE, by=by, merit=merit)
    application.merit, application.decided_at, application.decided_by = merit, decided_at, by.id
    applications.tell(session, application, "nominations/nominated")


def _refuse_taken_place(session: Session, application: Application, merit: int) -> None:
    """The government is locked: two coordinators cannot give one place, nor exceed the quota between them."""
    home = select(Government).where(Government.id == application.home_id)
    session.exec(home.with_for_update(key_share=True)).one()
    if merit > application.call.nomination_quota:
        raise Conflict(BEYOND_QUOTA)
    if merit not in queries.free_merits(session, application):
        raise Conflict(PLACE_TAKEN)


def refuse(session: Session, application: Application, *, by: Viewer, reason: str) -> None:
    application.decided_at = applications.take_step(session, application, Step.REFUSE, by=by)
    application.decided_by, application.reason = by.id, reason
    applications.tell(session, application, "nominations/refused")
