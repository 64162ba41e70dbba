"""Reading essays that a coordinator enters from paper."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Role
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.consents import queries as consents
from portal.consents.models import Programme, Purpose
from portal.consents.rules import Standing
from portal.contests.models import Edition
from portal.contests.queries import has_ever_been
from portal.errors import Conflict, NotAllowed, NotFound
from portal.essays import queries as essays
from portal.essays import rules as essay_rules
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.files.models import StoredFile
from portal.i18n import N_, Lazy
from portal.paper_essays import rules
from portal.registry import queries as registry
from portal.registry.models import Government
from portal.waiting import Waiting

PAGE = 50
TO_FINISH = (EssayStatus.DRAFT, EssayStatus.RETURNED)


def visible_to(viewer: Viewer) -> SelectOfScalar[Authorship]:
    """Those that the governments entered which the viewer coordinates, but of no edition that the viewer judges."""
    return select(Authorship).where(essays.entered_by(viewer))


def entered(
    session: Session, viewer: Viewer, *, after: uuid.UUID | None = None
) -> tuple[Sequence[Authorship], uuid.UUID | None]:
    """A page of them, the latest first, and the cursor of the next."""
    whole = visible_to(viewer).options(*essays.whole(), joinedload(Authorship.person))
    order = col(Authorship.entered_at), col(Authorship.id)
    if after is not None:
        last = select(*order).where(Authorship.essay_id == after).subquery()
        whole = whole.where(sa.tuple_(*order) < select(*last.c).scalar_subquery())
    found = session.exec(whole.order_by(*(column.desc() for column in order)).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].essay_id if len(found) > PAGE else None


def standings(session: Session, found: Sequence[Authorship]) -> dict[uuid.UUID, Standing]:
    """The consents of their authors, by authorship; in three queries, of however many editions."""
    places = {own.id: (own.edition_id, own.person_id) for own in found}
    wards = {places[own.id]: essay_rules.ward_of(own) for own in found}
    stand = consents.standings_of_rounds(session, wards, Programme.CONTEST)
    return {own_id: stand[place] for own_id, place in places.items()}


def homes(session: Session, viewer: Viewer) -> Sequence[Government]:
    """The viewer's governments."""
    if not viewer.governments:
        raise NotAllowed
    found = select(Government).where(col(Government.id).in_(viewer.governments))
    return registry.listed(session, found)


def why_not_entered(session: Session, viewer: Viewer, edition: Edition) -> Lazy | None:
    has_judged = has_ever_been(session, viewer.id, Role.JUDGE, edition.id)
    return rules.why_not_entered(edition, now(), has_judged=has_judged)


def get_entered(session: Session, viewer: Viewer, essay_id: uuid.UUID, *, lock: bool = False) -> Authorship:
    """For who enters it. The author has signed the paper, and changes nothing here."""
    own = (essays.lock_own if lock else essays.get_own)(session, viewer, essay_id)
    if own.entered_by is None:
        raise Conflict(rules.NOT_PAPER)
    if not essay_rules.entered(viewer, own):
        raise NotAllowed
    return own


class Kept(NamedTuple):
    """A signed consent as it was entered: its answers and its scan."""

    answers: dict[Purpose, bool]
    guardian_name: str
    scan_id: uuid.UUID | None


def signed(standing: Standing) -> Kept:
    """What stands there now; nothing if nothing was entered yet."""
    given = standing.current
    name = standing.guardian.name if standing.guardian else ""
    return Kept({purpose: each.is_given for purpose, each in given.items()}, name, standing.scan_id)


def scan_of(session: Session, viewer: Viewer, essay_id: uuid.UUID) -> StoredFile:
    """The essay on paper."""
    return _file(session, get_entered(session, viewer, essay_id).scan_id)


def consent_scan_of(session: Session, viewer: Viewer, essay_id: uuid.UUID) -> StoredFile:
    own = get_entered(session, viewer, essay_id)
    return _file(session, essays.consents_of(session, own).scan_id)


def _file(session: Session, file_id: uuid.UUID | None) -> StoredFile:
    found = session.get(StoredFile, file_id) if file_id else None
    if found is None:
        raise NotFound
    return found


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page: entered, and not sent yet."""
    if not viewer.governments:
        return []
    to_finish = visible_to(viewer).join(Essay).where(col(Essay.status).in_(TO_FINISH))
    count = session.exec(select(sa.func.count()).select_from(to_finish.subquery())).one()
    return [Waiting(count, N_("Essays from paper to go on with"), "/contests/paper")]
