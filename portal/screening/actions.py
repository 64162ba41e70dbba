"""Screening: admitting, returning once, disqualifying."""

from sqlmodel import Session, select

from portal.accounts.models import Grant, Role
from portal.accounts.viewer import Viewer
from portal.clock import now, today
from portal.contests.models import Edition
from portal.contests.queries import has_ever_been
from portal.errors import Conflict, NotAllowed
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.models import Essay
from portal.essays.rules import Step
from portal.history.actions import record
from portal.i18n import N_
from portal.screening.models import FairCopy

JUDGES_HERE = N_("You judge this edition, so you cannot also know who wrote what.")


def take_on_screening(session: Session, edition: Edition, *, by: Viewer) -> None:
    """A secretary chooses to know who wrote what, and so not to judge. It cannot be undone for this edition."""
    if not by.is_secretary:
        raise NotAllowed
    if has_ever_been(session, by.id, Role.JUDGE, edition.id):
        raise Conflict(JUDGES_HERE)
    if by.screens(edition.id):
        return
    session.add(Grant(person_id=by.id, role=Role.SCREENER, edition_id=edition.id, begins_on=today(), granted_by=by.id))
    record(session, "took screening on", "edition", edition.id, by=by.id, slug=edition.slug)


def screen_essay(session: Session, essay: Essay, step: Step, *, by: Viewer, reason: str | None = None) -> None:
    """Admits, returns once or disqualifies; the author is told."""
    own = essay_queries.author_of(session, essay)
    if step is Step.ADMIT:
        essay.code = essay.code or essays.random_code(8)
        copy_fairly(session, essay)
    essays.take_step(session, essay, step, by=by, author=own)
    essay.screened_at, essay.screened_by, essay.reason = now(), by.id, reason
    if step is Step.RETURN:
        essay.returned_at = now()
    essays.tell(session, own, TOLD[step], essay)


def copy_fairly(session: Session, essay: Essay) -> None:
    """Makes what judges read, anew if it was there."""
    copy = session.exec(select(FairCopy).where(FairCopy.essay_id == essay.id)).one_or_none()
    copy = copy or FairCopy(essay_id=essay.id, title="", text="")
    copy.title, copy.text, copy.notes = essay.title, essay.text, essay.notes
    session.add(copy)
    session.flush()


TOLD = {
    Step.ADMIT: "essays/admitted",
    Step.RETURN: "essays/returned",
    Step.DISQUALIFY: "essays/disqualified",
}
