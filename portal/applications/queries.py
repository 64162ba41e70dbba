"""Reading applications. `visible_to` serves the lists and the pages alike."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, and_, col, exists, false, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import rules
from portal.applications.models import Application, Choice, Letter, Namesake, Status
from portal.applications.words import Part
from portal.errors import NotAllowed, NotFound
from portal.files.models import StoredFile
from portal.i18n import N_, Lazy
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.registry.models import Government, Membership
from portal.waiting import Waiting

PAGE = 50
WHOLE = (
    joinedload(Application.call),
    joinedload(Application.applicant),
    joinedload(Application.home),
    joinedload(Application.cv),
    selectinload(Application.languages),
    selectinload(Application.letters).joinedload(Letter.requested),
    # The call too: reading an opening anew empties what is not asked for, and others may hold the same one.
    selectinload(Application.choices)
    .joinedload(Choice.opening)
    .options(joinedload(Opening.government), joinedload(Opening.call)),
)


def visible_to(viewer: Viewer) -> SelectOfScalar[Application]:
    """Their own, or one that they entered from paper; their government's once submitted; as host, the nominated
    who ranked an opening of theirs."""
    return select(Application).where(_seen_whole(viewer) | _seen_as_host(viewer))


def seen_whole_by(viewer: Viewer) -> SelectOfScalar[Application]:
    """Of the visible ones those that are seen with everything in them, not only as a host sees candidates."""
    return select(Application).where(_seen_whole(viewer))


def _seen_whole(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.is_secretary or viewer.is_auditor:
        return true()
    if not viewer.is_signed_in:
        return false()
    handled = col(Application.submitted_at).is_not(None) | (col(Application.entered_by) == viewer.person_id)
    of_theirs = and_(col(Application.home_id).in_(viewer.governments), handled)
    return or_(col(Application.applicant_id) == viewer.person_id, of_theirs)


def _seen_as_host(viewer: Viewer) -> sa.ColumnElement[bool]:
    if not viewer.governments:
        return false()
    ranked = exists().where(
        col(Choice.application_id) == Application.id,
        col(Choice.opening_id) == Opening.id,
        col(Opening.government_id).in_(viewer.governments),
    )
    return and_(col(Application.status) == Status.NOMINATED, ranked)


def get_visible(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """With everything that its pages show. Read anew, so that after a lock nothing is from before it."""
    query = visible_to(viewer).where(Application.id == application_id).options(*WHOLE)
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_visible(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """The same, held until this transaction ends: whoever else takes a step on it waits."""
    session.exec(visible_to(viewer).where(Application.id == application_id).with_for_update(of=Application)).first()
    return get_visible(session, viewer, application_id)


def get_own(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """For the pages that only the applicant fills in, or who entered it from paper for them."""
    found = get_visible(session, viewer, application_id)
    if not rules.acts_for(viewer, found):
        raise NotAllowed
    return found


def is_seen_whole(viewer: Viewer, application: Application) -> bool:
    staff = viewer.is_secretary or viewer.is_auditor
    home = application.home_id in viewer.governments and rules.is_seen_by_home(application)
    return staff or home or rules.acts_for(viewer, application)


def started(session: Session, person_id: uuid.UUID, call_id: uuid.UUID) -> Application | None:
    query = select(Application).where(Application.applicant_id == person_id, Application.call_id == call_id)
    return session.exec(query).one_or_none()


class Page(NamedTuple):
    """Some rows, and the cursor of the next page if there is one."""

    rows: Sequence[Application]
    after: uuid.UUID | None


def own(session: Session, viewer: Viewer, *, after: uuid.UUID | None = None) -> Page:
    query = select(Application).where(Application.applicant_id == viewer.id).options(joinedload(Application.call))
    return paged(session, query, col(Application.created_at), after)


def paged(session: Session, query: SelectOfScalar[Application], time: Any, after: uuid.UUID | None) -> Page:
    """Newest first, by a key: a page stays right while rows are added before it."""
    key = sa.tuple_(time, col(Application.id))
    if after is not None:
        last = select(time, col(Application.id)).where(Application.id == after).subquery()
        query = query.where(key < select(*last.c).scalar_subquery())
    rows = session.exec(query.order_by(time.desc(), col(Application.id).desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def governments(session: Session) -> dict[str, list[Government]]:
    """Whom an applicant can name as home, by country."""
    query = select(Government).where(Government.status != Membership.FORMER).order_by(col(Government.position))
    found: dict[str, list[Government]] = {}
    for government in session.exec(query):
        found.setdefault(government.country, []).append(government)
    return found


def choosable(session: Session, application: Application) -> list[Opening]:
    """The call's published openings, without those of the applicant's own government unless the call allows them."""
    published = openings.published_in(session, application.call_id)
    own_too = application.call.own_government_is_host
    return [opening for opening in published if own_too or opening.government_id != application.home_id]


def objections(session: Session, application: Application, part: Part, data: Any) -> Mapping[str, Lazy]:
    """What only the database can find wrong with a part, by field."""
    if part is Part.HOME:
        return _wrong_home(session, application, data.home_id)
    if part is Part.OPENINGS:
        return _wrong_choices(session, application, data.chosen())
    return {}


def _wrong_home(session: Session, application: Application, home_id: uuid.UUID | None) -> dict[str, Lazy]:
    if rules.home_is_settled(application) and home_id != application.home_id:
        return {"home_id": rules.FIXED_HOME}
    known = home_id is None or session.get(Government, home_id) is not None
    return {} if known else {"home_id": rules.UNKNOWN_HOME}


def _wrong_choices(session: Session, application: Application, chosen: Mapping[int, uuid.UUID]) -> dict[str, Lazy]:
    offered = {opening.id for opening in choosable(session, application)}
    limit = application.call.ranked_openings
    return {f"choice_{rank}": rules.NOT_OFFERED for rank, id_ in chosen.items() if id_ not in offered or rank > limit}


def cv_of(application: Application) -> StoredFile:
    if application.cv is None:
        raise NotFound
    return application.cv


def open_pairs_of(session: Session, viewer: Viewer, application: Application) -> int:
    """With how many others it waits to be compared, since they may be the same person's. The secretariat's alone."""
    if not (viewer.is_secretary or viewer.is_auditor):
        return 0
    in_pair = (col(Namesake.application_id) == application.id) | (col(Namesake.other_id) == application.id)
    query = select(sa.func.count()).select_from(Namesake).where(in_pair, col(Namesake.settled_at).is_(None))
    return session.exec(query).one()


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page: applications to decide on, and one's own to go on with."""
    to_decide = _count(
        session,
        col(Application.status) == Status.SUBMITTED,
        col(Application.home_id).in_(viewer.governments),
        col(Application.applicant_id) != viewer.person_id,
    )
    to_finish = _count(
        session,
        col(Application.status).in_([Status.DRAFT, Status.RETURNED]),
        col(Application.applicant_id) == viewer.person_id,
    )
    found = [
        Waiting(to_decide, N_("Applications to decide on"), "/nominations?status=submitted"),
        Waiting(to_finish, N_("Applications to go on with"), "/applications"),
    ]
    return [waiting for waiting in found if waiting.count]


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    return session.exec(select(sa.func.count()).select_from(Application).where(*conditions)).one()
