"""Reading letters. Applicants see where they stand, never what is in them."""

import uuid
from typing import NamedTuple

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from portal.accounts.models import Person
from portal.accounts.rules import mailbox
from portal.accounts.viewer import Viewer, token_digest
from portal.applications import queries as applications
from portal.applications.models import Application, Letter
from portal.calls.models import Purpose, RequestedDocument
from portal.errors import NotAllowed, NotFound
from portal.i18n import N_
from portal.references import rules

UNKNOWN = N_("This link is incomplete, or a newer mail has replaced it. Open the link in the newest mail.")


class Wanted(NamedTuple):
    """A letter that the call asks for, and the one that was asked of somebody, if it was."""

    requested: RequestedDocument
    letter: Letter | None


def wanted(session: Session, application: Application) -> list[Wanted]:
    """Those of an application, read with its letters."""
    query = select(RequestedDocument).where(
        RequestedDocument.call_id == application.call_id, RequestedDocument.purpose == Purpose.LETTER
    )
    asked = {letter.requested_id: letter for letter in application.letters}
    found = session.exec(query.order_by(col(RequestedDocument.position), col(RequestedDocument.id)))
    return [Wanted(requested, asked.get(requested.id)) for requested in found]


def get_wanted(session: Session, application: Application, requested_id: uuid.UUID) -> Wanted:
    found = [each for each in wanted(session, application) if each.requested.id == requested_id]
    if not found:
        raise NotFound
    return found[0]


def lock_wanted(session: Session, viewer: Viewer, application_id: uuid.UUID, requested_id: uuid.UUID) -> Wanted:
    """The applicant's own, held until this transaction ends: whatever else happens to the letter waits."""
    applications.lock_visible(session, viewer, application_id)
    held = select(Letter.id).where(Letter.application_id == application_id).with_for_update(of=Letter)
    session.exec(held).all()
    return get_wanted(session, applications.get_own(session, viewer, application_id), requested_id)


class Asked(NamedTuple):
    """A letter, and the application that it is for."""

    letter: Letter
    application: Application


def get_readable(session: Session, viewer: Viewer, application_id: uuid.UUID, requested_id: uuid.UUID) -> Asked:
    """A letter that has arrived, with its file, for who may read it."""
    application = applications.get_visible(session, viewer, application_id)
    seen_whole = applications.is_seen_whole(viewer, application)
    requested = get_wanted(session, application, requested_id).requested
    if not rules.may_read(viewer, application, requested, seen_whole=seen_whole):
        raise NotAllowed if seen_whole else NotFound
    query = select(Letter).where(
        Letter.application_id == application.id,
        Letter.requested_id == requested.id,
        col(Letter.received_at).is_not(None),
    )
    whole = query.options(joinedload(Letter.file), joinedload(Letter.requested))
    found = session.exec(whole.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return Asked(found, application)


def by_token(session: Session, token: str, *, lock: bool = False) -> Asked:
    """Raises NotFound, which explains, for a link that is none of ours or was replaced."""
    query = select(Letter).where(Letter.token_digest == token_digest(token)).options(joinedload(Letter.requested))
    letter = session.exec(query.with_for_update(of=Letter) if lock else query).one_or_none()
    if letter is None:
        raise NotFound(UNKNOWN)
    whole = (joinedload(Application.call), joinedload(Application.applicant), joinedload(Application.home))
    found = select(Application).where(Application.id == letter.application_id).options(*whole)
    return Asked(letter, session.exec(found.execution_options(populate_existing=True)).one())


def is_known(session: Session, token: str) -> bool:
    return session.exec(select(Letter.id).where(Letter.token_digest == token_digest(token))).first() is not None


def own_mailboxes(session: Session, application: Application) -> set[str]:
    """Of the applicant, and of who entered the application for them: none of them recommends."""
    people = [application.applicant]
    if application.entered_by is not None:
        people.append(session.get_one(Person, application.entered_by))
    return {mailbox(person.email) for person in people if person.email}
