"""Joining and leaving the list of alumni, and hiding an entry."""

import uuid

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.alumni import queries, rules
from portal.alumni.forms import Entry
from portal.alumni.models import Alumnus
from portal.applications import queries as applications
from portal.applications.actions import addressee
from portal.certificates.models import Certificate
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.mail.actions import send
from portal.placements.models import Placement


def join(session: Session, placement: Placement, certificate: Certificate, typed: Entry, *, by: Viewer) -> Alumnus:
    """Also to change an entry; one that a secretary hid stays hidden."""
    if not rules.may_join(by, placement.application):
        raise NotAllowed
    why_not = applications.why_not_public(session, placement.application)
    if why_not is not None:
        raise Conflict(why_not)
    alumnus = queries.of_certificate(session, certificate) or _new(session, placement, certificate)
    deed = "alumni entry changed" if alumnus.name else "alumni list joined"
    if alumnus.left_at is not None:
        alumnus.joined_at, alumnus.left_at = now(), None
    alumnus.name, alumnus.sentence = typed.name, typed.sentence
    session.add(alumnus)
    record(session, deed, "placement", placement.id, by=by.id)
    return alumnus


def _new(session: Session, placement: Placement, certificate: Certificate) -> Alumnus:
    """A new certificate does not undo that an entry was hidden under an earlier one."""
    home_id, earlier = placement.application.home_id, queries.hidden_before(session, placement)
    assert home_id is not None, "a nominated application has a home government"
    hidden = earlier.model_dump(include={"hidden_at", "hidden_by", "hidden_reason"}) if earlier else {}
    return Alumnus(
        certificate_id=certificate.id, name="", home_id=home_id,
        host_id=placement.opening.government_id, year=placement.ends_on.year, **hidden,
    )  # fmt: skip


def leave(session: Session, placement: Placement, certificate: Certificate, *, by: Viewer) -> None:
    """At once, and what they said about themselves is gone."""
    if not rules.may_join(by, placement.application):
        raise NotAllowed
    alumnus = queries.of_certificate(session, certificate)
    if alumnus is None or alumnus.left_at is not None:
        raise Conflict(rules.NOT_ON_IT)
    _leave(session, alumnus, placement, by=by.id)


def heed_refusal(session: Session, placement: Placement) -> None:
    """The consent to publishing the name was refused or withdrawn, with `consents`: gone at once.

    Whoever decided it, this is no deed of theirs.
    """
    for alumnus in queries.of_stay(session, placement):
        _leave(session, alumnus, placement, by=None)


def _leave(session: Session, alumnus: Alumnus, placement: Placement, *, by: uuid.UUID | None) -> None:
    alumnus.name, alumnus.sentence, alumnus.left_at = "", "", now()
    session.add(alumnus)
    record(session, "alumni list left", "placement", placement.id, by=by)


def hide(session: Session, alumnus: Alumnus, *, by: Viewer, reason: str) -> None:
    if not rules.may_hide(by):
        raise NotAllowed
    if alumnus.hidden_at is not None:
        raise Conflict(rules.HIDDEN_ALREADY)
    alumnus.hidden_at, alumnus.hidden_by, alumnus.hidden_reason = now(), by.id, reason
    placement = alumnus.certificate.placement
    record(session, "alumni entry hidden", "placement", placement.id, by=by.id)
    send(session, "alumni/hidden", to=addressee(session, placement.application), opening=placement.opening)


def show_again(session: Session, alumnus: Alumnus, *, by: Viewer) -> None:
    if not rules.may_hide(by):
        raise NotAllowed
    if alumnus.hidden_at is None:
        raise Conflict(rules.NOT_HIDDEN)
    alumnus.hidden_at, alumnus.hidden_by, alumnus.hidden_reason = None, None, ""
    record(session, "alumni entry shown again", "placement", alumnus.certificate.placement_id, by=by.id)
