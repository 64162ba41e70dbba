"""Reading agreements. Whoever may see the placement may see its agreement; a guardian by the link in their mail."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Person
from portal.accounts.rules import mailbox
from portal.accounts.viewer import Viewer, token_digest
from portal.agreements import rules, wording
from portal.agreements.models import Agreement, Guardian, Party, Signature
from portal.agreements.rules import Standing
from portal.applications import queries as applications
from portal.applications.models import Application
from portal.clock import now
from portal.errors import Conflict, NotAllowed, NotFound
from portal.files.models import StoredFile
from portal.i18n import N_
from portal.openings.models import Benefit, Opening
from portal.placements import queries as placements
from portal.placements.models import Placement, PlacementStatus
from portal.waiting import Waiting

PAGE = 50
UNKNOWN = N_("This link is incomplete, or a newer mail has replaced it. Open the link in the newest mail.")


def visible_to(viewer: Viewer) -> SelectOfScalar[Placement]:
    """The placements with something to agree on: nobody sees an agreement who does not see its placement."""
    return placements.visible_to(viewer).where(col(Placement.answered_at).is_not(None))


def get_visible(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Standing:
    return standing(session, placements.get_visible(session, viewer, placement_id))


def lock_visible(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Standing:
    """Held until this transaction ends: whoever else confirms waits."""
    return standing(session, placements.lock_visible(session, viewer, placement_id))


def get_readable(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Standing:
    """Raises Conflict, which explains, where there is nothing to agree on."""
    found = get_visible(session, viewer, placement_id)
    if found.agreement is None and not rules.exists(found.placement.status):
        raise Conflict(rules.NOT_ACCEPTED, link=(f"/placements/{placement_id}", N_("Back to the placement")))
    return found


def standing(session: Session, placement: Placement) -> Standing:
    return standings(session, [placement])[0]


def standings(session: Session, found: Sequence[Placement]) -> list[Standing]:
    """Where the agreements of several placements stand, in a few queries."""
    ids = [placement.id for placement in found]
    agreements = {each.placement_id: each for each in session.exec(_agreements(ids))}
    asked = select(Guardian).where(col(Guardian.placement_id).in_(ids)).execution_options(populate_existing=True)
    guardians = {each.placement_id: each for each in session.exec(asked)}
    benefits = _benefits(session, {placement.opening_id for placement in found})
    return [
        Standing(each, agreements.get(each.id), guardians.get(each.id), _draft(each, benefits[each.opening_id]))
        for each in found
    ]


def _agreements(placement_ids: Sequence[uuid.UUID]) -> SelectOfScalar[Agreement]:
    wanted = select(Agreement).where(col(Agreement.placement_id).in_(placement_ids))
    return wanted.options(selectinload(Agreement.signatures)).execution_options(populate_existing=True)


def _benefits(session: Session, opening_ids: set[uuid.UUID]) -> Mapping[uuid.UUID, list[Benefit]]:
    found: dict[uuid.UUID, list[Benefit]] = defaultdict(list)
    rows = select(Benefit).where(col(Benefit.opening_id).in_(opening_ids)).order_by(col(Benefit.position))
    for benefit in session.exec(rows):
        found[benefit.opening_id].append(benefit)
    return found


def _draft(placement: Placement, benefits: Sequence[Benefit]) -> Mapping[str, object]:
    languages = rules.languages(placement)
    needs_guardian = rules.needs_guardian(placement.application, rules.home_of(placement), now())
    return wording.content(rules.facts(placement, benefits, languages), languages, needs_guardian=needs_guardian)


def by_token(session: Session, token: str, *, lock: bool = False) -> Standing:
    """Raises NotFound, which explains, for a link that is none of ours or was replaced."""
    wanted = select(Guardian.placement_id).where(Guardian.token_digest == token_digest(token))
    placement_id = session.exec(wanted).one_or_none()
    if placement_id is None:
        raise NotFound(UNKNOWN)
    query = select(Placement).where(Placement.id == placement_id)
    if lock:
        session.exec(query.with_for_update(of=Placement)).one()
        if session.exec(wanted).one_or_none() is None:  # replaced while this waited
            raise NotFound(UNKNOWN)
    whole = query.options(*placements.WHOLE).execution_options(populate_existing=True)
    return standing(session, session.exec(whole).one())


def is_known(session: Session, token: str) -> bool:
    return session.exec(select(Guardian.id).where(Guardian.token_digest == token_digest(token))).first() is not None


def mailbox_of(session: Session, person_id: uuid.UUID) -> str:
    email = session.get_one(Person, person_id).email
    return mailbox(email) if email else ""


def other_mailboxes(session: Session, standing: Standing) -> set[str]:
    """Of the intern, of who entered the application, and of who has confirmed: none of them is the guardian."""
    application = standing.placement.application
    ids = {application.applicant_id, application.entered_by, *(each.person_id for each in standing.signatures)}
    wanted = select(Person.email).where(col(Person.id).in_(ids - {None}), col(Person.email).is_not(None))
    return {mailbox(email) for email in session.exec(wanted) if email}


def get_scan(session: Session, viewer: Viewer, placement_id: uuid.UUID, party: Party) -> StoredFile:
    """The signed paper, for those who see the application whole; hosts do not."""
    found = get_visible(session, viewer, placement_id)
    if not applications.is_seen_whole(viewer, found.placement.application):
        raise NotAllowed
    get_readable(session, viewer, placement_id)
    wanted = select(Signature).join(Agreement).options(joinedload(Signature.scan))
    signature = session.exec(wanted.where(Agreement.placement_id == placement_id, Signature.party == party)).first()
    if signature is None or signature.scan is None:
        raise NotFound
    return signature.scan


def awaiting(viewer: Viewer) -> SelectOfScalar[Placement]:
    """The placements whose agreement waits for this viewer's word: `rules.confirmable`, in the database's words."""
    open_ones = visible_to(viewer).outerjoin(Agreement, col(Agreement.placement_id) == col(Placement.id))
    open_ones = open_ones.where(Placement.status == PlacementStatus.ACCEPTED, col(Agreement.refused_at).is_(None))
    own = col(Application.applicant_id) == viewer.person_id
    spoken_for = col(Placement.application_id).in_(applications.spoken_for_by(viewer))
    free = and_(~own, ~_signed(Signature.person_id == viewer.person_id))
    return open_ones.where(
        or_(
            and_(spoken_for, ~_signed(Signature.party == Party.INTERN)),
            and_(spoken_for, col(Agreement.needs_guardian).is_(True), ~_guardian_named()),
            and_(col(Opening.government_id).in_(viewer.governments), free, ~_signed(Signature.party == Party.HOST)),
            and_(col(Application.home_id).in_(viewer.governments), free, ~_signed(Signature.party == Party.HOME)),
        )
    )


def _signed(condition: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(col(Signature.agreement_id) == Agreement.id, condition)


def _guardian_named() -> sa.ColumnElement[bool]:
    named = sa.exists().where(col(Guardian.placement_id) == Placement.id)
    return or_(named, _signed(Signature.party == Party.GUARDIAN))


def refused(viewer: Viewer) -> SelectOfScalar[Placement]:
    """Those that a party has refused and the secretariat decides on."""
    found = visible_to(viewer).join(Agreement, col(Agreement.placement_id) == col(Placement.id))
    return found.where(Placement.status == PlacementStatus.ACCEPTED, col(Agreement.refused_at).is_not(None))


def waiting(
    session: Session, viewer: Viewer, *, after: uuid.UUID | None = None
) -> tuple[Sequence[Placement], uuid.UUID | None]:
    """A page of what waits for this viewer, the longest first: for the secretariat what was refused."""
    query = refused(viewer) if viewer.is_secretary else awaiting(viewer)
    if after is not None:
        last = select(col(Placement.answered_at), col(Placement.id)).where(Placement.id == after)
        query = query.where(sa.tuple_(col(Placement.answered_at), col(Placement.id)) > last.scalar_subquery())
    whole = query.options(joinedload(Placement.opening).joinedload(Opening.call), joinedload(Placement.application))
    found = session.exec(whole.order_by(col(Placement.answered_at), col(Placement.id)).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page."""
    if viewer.is_secretary:
        return [Waiting(_count(session, refused(viewer)), N_("Agreements that a party refused"), "/agreements")]
    return [Waiting(_count(session, awaiting(viewer)), N_("Agreements to confirm"), "/agreements")]


def _count(session: Session, query: SelectOfScalar[Placement]) -> int:
    return session.exec(select(sa.func.count()).select_from(query.subquery())).one()


def open_ones(session: Session, accepted_before: dt.datetime) -> list[Standing]:
    """The agreements that can still be confirmed, and could be for so long. Not locked."""
    query = select(Placement).where(
        Placement.status == PlacementStatus.ACCEPTED, col(Placement.answered_at) <= accepted_before
    )
    whole = query.options(*placements.WHOLE).order_by(col(Placement.id))
    return [each for each in standings(session, session.exec(whole).all()) if not each.is_refused]
