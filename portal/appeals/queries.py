"""Reading appeals: one's own, and those of an edition."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Grant, Role
from portal.accounts.viewer import Viewer
from portal.appeals import rules
from portal.appeals.models import Appeal
from portal.contests.models import Edition
from portal.deals.models import Deal
from portal.errors import NotFound
from portal.essays.models import Essay
from portal.i18n import N_
from portal.judging.models import Appointment, Judge
from portal.juries.models import Meeting, Verdict, Withheld
from portal.results.models import Publication
from portal.screening.models import Disqualification
from portal.standings.models import Standing
from portal.waiting import Waiting

PAGE = 50


def of_essay(session: Session, essay_id: uuid.UUID) -> Appeal | None:
    """Whoever asks has found the essay among their own before."""
    return session.exec(select(Appeal).where(Appeal.essay_id == essay_id)).one_or_none()


def visible_to(viewer: Viewer, edition: Edition) -> SelectOfScalar[Appeal]:
    """Every appeal of the edition, with its essay, for staff who do not judge there."""
    if not rules.may_read(viewer, edition):
        raise NotFound
    return select(Appeal).where(Appeal.edition_id == edition.id).options(joinedload(Appeal.essay))


def page_of(
    session: Session, viewer: Viewer, edition: Edition, after: uuid.UUID | None = None
) -> tuple[Sequence[Appeal], uuid.UUID | None]:
    """A page of appeals, the first that came first, and where the next page begins."""
    order = col(Appeal.sent_at), col(Appeal.id)
    query = visible_to(viewer, edition)
    if after is not None:
        last = select(*order).where(Appeal.id == after, Appeal.edition_id == edition.id)
        query = query.where(sa.tuple_(*order) > last.scalar_subquery())
    found = session.exec(query.order_by(*order).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def get_visible(session: Session, viewer: Viewer, edition: Edition, appeal_id: uuid.UUID) -> Appeal:
    return _one(session, visible_to(viewer, edition).where(Appeal.id == appeal_id))


def lock_visible(session: Session, viewer: Viewer, edition: Edition, appeal_id: uuid.UUID) -> Appeal:
    return _one(session, visible_to(viewer, edition).where(Appeal.id == appeal_id).with_for_update(of=Appeal))


def _one(session: Session, found: SelectOfScalar[Appeal]) -> Appeal:
    appeal = session.exec(found).one_or_none()
    if appeal is None:
        raise NotFound
    return appeal


def involved(session: Session, edition: Edition, essay: Essay) -> set[uuid.UUID | None]:
    """Everybody who had a part in this result: judges and screeners of the edition, who appointed and dealt, who
    decided or confirmed anything, who published."""
    here = edition.id
    dealt = select(Appointment.appointed_by, Appointment.comment_hidden_by).where(Appointment.essay_id == essay.id)
    asked = (
        select(Judge.person_id, Judge.invited_by, Judge.excluded_by).where(Judge.edition_id == here),
        select(Deal.ordered_by, Deal.dealt_by).where(Deal.edition_id == here),
        select(Standing.taken_by).where(Standing.edition_id == here),
        select(Meeting.opened_by, Meeting.closed_by, Meeting.confirmed_by).where(Meeting.edition_id == here),
        select(Verdict.decided_by, Verdict.confirmed_by).where(Verdict.edition_id == here),
        select(Withheld.decided_by, Withheld.confirmed_by).where(Withheld.edition_id == here),
        select(Publication.ordered_by, Publication.confirmed_by).where(Publication.edition_id == here),
        dealt,
        select(Disqualification.proposed_by, Disqualification.settled_by).where(Disqualification.essay_id == essay.id),
        _screeners(edition),
    )
    rows = (row for query in asked for row in session.execute(query.distinct()))
    return {person_id for row in rows for person_id in row if person_id} | {essay.screened_by}


def _screeners(edition: Edition) -> sa.Select[uuid.UUID]:
    return sa.select(col(Grant.person_id)).where(col(Grant.role) == Role.SCREENER, col(Grant.edition_id) == edition.id)


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """Appeals to decide, by edition, for secretaries who do not judge there."""
    if not viewer.is_secretary:
        return []
    open_ = sa.select(col(Edition.slug), func.count()).join(Appeal, col(Appeal.edition_id) == Edition.id)
    open_ = open_.where(col(Appeal.decided_at).is_(None), col(Edition.id).not_in(viewer.judged))
    rows = session.execute(open_.group_by(col(Edition.slug)).order_by(col(Edition.slug)))
    return [Waiting(count, N_("Appeals to decide"), f"/contests/{slug}/appeals") for slug, count in rows]
