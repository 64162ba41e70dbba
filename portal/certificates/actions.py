"""Issuing and revoking certificates, and what their holders let strangers see."""

import datetime as dt
import uuid
from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import queries as application_queries
from portal.certificates import queries, rules
from portal.certificates.models import Certificate
from portal.clock import now
from portal.documents import certificates, numbers
from portal.documents.certificates import Signatory
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.history.rules import changes
from portal.mail.actions import send
from portal.placements import actions as placements
from portal.placements import queries as placement_queries
from portal.placements import rules as placement_rules
from portal.placements.models import Placement
from portal.placements.rules import Step


def issue(session: Session, placement: Placement, signatory: Signatory, *, by: Viewer, origin: str) -> Certificate:
    """For a completed stay that nothing is missing of. `origin` is the portal's address, for the link in the mail."""
    at = _ensure(session, placement, Step.CERTIFY, by=by)
    number = numbers.new(rules.PREFIX)
    day = at.astimezone(ZoneInfo(placement.opening.call.zone)).date()
    said = rules.content(placement, number, signatory, on=day)
    certificate = Certificate(
        placement_id=placement.id, number=number, issued_at=at, issued_by=by.id, content=said,
        digest=certificates.digest(said),
    )  # fmt: skip
    session.add(certificate)
    session.flush()
    placements.take_step(session, placement, Step.CERTIFY, by=by.id, number=number, digest=certificate.digest)
    _tell(session, placement, certificate, "certificates/issued", origin)
    return certificate


def issue_many(
    session: Session, ids: Collection[uuid.UUID], signatory: Signatory, *, by: Viewer, origin: str
) -> list[Certificate]:
    """All of them or none. Locked in one order, so that two secretaries do not wait in a ring."""
    locked = [placement_queries.lock_visible(session, by, placement_id) for placement_id in sorted(set(ids))]
    return [issue(session, placement, signatory, by=by, origin=origin) for placement in locked]


def revoke(
    session: Session, placement: Placement, certificate: Certificate, *, by: Viewer, reason: str, origin: str
) -> None:
    """From this moment the public page says so. A new certificate has a new number."""
    at = _ensure(session, placement, Step.REVOKE, by=by)
    certificate.revoked_at, certificate.revoked_by, certificate.revoked_reason = at, by.id, reason
    placements.take_step(session, placement, Step.REVOKE, by=by.id, number=certificate.number)
    _tell(session, placement, certificate, "certificates/revoked", origin)


def choose(
    session: Session, placement: Placement, certificate: Certificate, *, by: Viewer,
    shows_name: bool, shows_host: bool, shows_dates: bool,
) -> None:  # fmt: skip
    """What strangers with the number may see."""
    if not rules.is_holder(by, placement.application):
        raise NotAllowed
    chosen = {"shows_name": shows_name, "shows_host": shows_host, "shows_dates": shows_dates}
    why_not = application_queries.why_not_public(session, placement.application) if any(chosen.values()) else None
    if why_not is not None:
        raise Conflict(why_not)
    _choose(session, certificate, chosen, by=by.id)


def hide_of(session: Session, person_id: uuid.UUID, call_id: uuid.UUID) -> None:
    """Who consented has withdrawn it: strangers see no more than that the certificate is real."""
    for certificate in queries.lock_of_person(session, person_id, call_id):
        _choose(session, certificate, dict.fromkeys(("shows_name", "shows_host", "shows_dates"), False), by=None)


def _choose(session: Session, certificate: Certificate, chosen: dict[str, bool], *, by: uuid.UUID | None) -> None:
    told = changes(certificate, chosen)
    for name, value in chosen.items():
        setattr(certificate, name, value)
    if told:
        record(session, "certificate shown otherwise", "placement", certificate.placement_id, by=by, **told)


def _ensure(session: Session, placement: Placement, step: Step, *, by: Viewer) -> dt.datetime:
    if not rules.may_issue(by, placement.application):
        raise NotAllowed
    at = now()
    reason = placement_rules.why_not(step, placement, at)
    lacking = queries.what_is_missing(session, placement) if step is Step.CERTIFY else []
    if reason is not None or lacking:
        raise Conflict(reason or lacking[0])
    return at


def _tell(session: Session, placement: Placement, certificate: Certificate, template: str, origin: str) -> None:
    link = f"{origin}/placements/{placement.id}/certificate"
    to = applications.addressee(session, placement.application)
    send(session, template, to=to, certificate=certificate, opening=placement.opening, link=link)
