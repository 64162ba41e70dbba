"""Reading invitations."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Invitation, Role
from portal.accounts.viewer import Viewer, token_digest
from portal.clock import now, today
from portal.errors import Conflict, NotFound
from portal.i18n import N_
from portal.invitations import rules
from portal.registry.models import Government

PAGE = 50
ACCEPTED = N_("This invitation was accepted already. Sign in to see your roles.")
REVOKED = N_("This invitation was taken back. Ask the secretariat if you think this is wrong.")
EXPIRED = N_("This invitation is older than seven days. Ask who invited you to send it again.")


def visible_to(viewer: Viewer) -> SelectOfScalar[Invitation]:
    """The secretariat and the auditors see all, coordinators those to their successors; the invited have the link."""
    seen = select(Invitation).options(joinedload(Invitation.government))
    if viewer.is_secretary or viewer.is_auditor:
        return seen
    return seen.where(Invitation.invited_by == viewer.person_id, col(Invitation.relieves_id).is_not(None))


def invitations(session: Session, viewer: Viewer, after: uuid.UUID | None = None) -> list[Invitation]:
    """A page of invitations, newest first, and one more if there is a next page."""
    wanted = visible_to(viewer).order_by(col(Invitation.invited_at).desc(), col(Invitation.id).desc())
    last = session.get(Invitation, after) if after else None
    if last is not None:
        wanted = wanted.where(sa.tuple_(col(Invitation.invited_at), col(Invitation.id)) < (last.invited_at, last.id))
    return list(session.exec(wanted.limit(PAGE + 1)))


def lock_visible(session: Session, viewer: Viewer, invitation_id: uuid.UUID) -> Invitation:
    wanted = visible_to(viewer).where(Invitation.id == invitation_id).with_for_update(of=Invitation)
    found = session.exec(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def by_token(session: Session, token: str, *, lock: bool = False) -> Invitation:
    """The open invitation of a link. Raises NotFound for no link of ours, Conflict, which explains, for a dead one."""
    wanted = select(Invitation).where(Invitation.token_digest == token_digest(token))
    wanted = wanted.options(joinedload(Invitation.government))
    found = session.exec(wanted.with_for_update(of=Invitation) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound(N_("This link is incomplete, or a newer mail has replaced it. Open the newest one."))
    if not rules.is_open(found, now()):
        raise Conflict(_why_closed(found))
    return found


def _why_closed(invitation: Invitation) -> object:
    if invitation.accepted_at is not None:
        return ACCEPTED
    return REVOKED if invitation.revoked_at is not None else EXPIRED


def number_open(session: Session, person_id: uuid.UUID) -> int:
    """How many open invitations this person has sent."""
    waiting = (col(Invitation.accepted_at).is_(None), col(Invitation.revoked_at).is_(None))
    wanted = select(func.count()).select_from(Invitation).where(Invitation.invited_by == person_id, *waiting)
    return session.exec(wanted.where(col(Invitation.expires_at) > now())).one()


def is_invited(session: Session, email: str | None, role: Role, edition_id: uuid.UUID) -> bool:
    """Whether an open invitation offers this address such a role of an edition."""
    wanted = _offers(role, edition_id).where(Invitation.email == email)
    return bool(email) and session.exec(wanted.limit(1)).first() is not None


def editions_offered(session: Session, email: str | None, role: Role) -> set[uuid.UUID]:
    """The editions in which an open invitation offers this address such a role."""
    offered = select(Invitation.edition_id).where(Invitation.role == role, Invitation.email == email, *_open())
    return {edition_id for edition_id in session.exec(offered) if edition_id} if email else set()


def invited(session: Session, role: Role, edition_id: uuid.UUID) -> set[str]:
    """The addresses to which an open invitation offers such a role."""
    return set(session.exec(_offers(role, edition_id)))


def _offers(role: Role, edition_id: uuid.UUID) -> SelectOfScalar[str]:
    return select(Invitation.email).where(Invitation.role == role, Invitation.edition_id == edition_id, *_open())


def _open() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Invitation.accepted_at).is_(None), col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > now(),
    )  # fmt: skip


def own_grants(session: Session, viewer: Viewer) -> list[Grant]:
    """The roles that the viewer can hand over today."""
    wanted = select(Grant).where(Grant.person_id == viewer.person_id, Grant.role == Role.COORDINATOR)
    in_office = wanted.where(accounts.in_force(today())).options(joinedload(Grant.government))
    return list(session.exec(in_office.order_by(col(Grant.begins_on), col(Grant.id))))


def lock_own_grant(session: Session, viewer: Viewer, grant_id: uuid.UUID) -> Grant:
    wanted = select(Grant).where(Grant.id == grant_id, Grant.person_id == viewer.person_id)
    found = session.exec(wanted.with_for_update(of=Grant)).one_or_none()
    if found is None or found.role is not Role.COORDINATOR:
        raise NotFound
    return found


def open_handover(session: Session, grant: Grant) -> Invitation | None:
    """The invitation of a successor that can still be accepted."""
    return coming_successors(session, [grant]).get(grant.id)


def coming_successors(session: Session, grants: Collection[Grant]) -> dict[uuid.UUID | None, Invitation]:
    """The open invitation of a successor, by the role it is about."""
    waiting = col(Invitation.accepted_at).is_(None), col(Invitation.revoked_at).is_(None)
    wanted = select(Invitation).where(col(Invitation.relieves_id).in_([grant.id for grant in grants]), *waiting)
    return {found.relieves_id: found for found in session.exec(wanted.where(col(Invitation.expires_at) > now()))}


def government(session: Session, government_id: uuid.UUID) -> Government | None:
    return session.get(Government, government_id)
