"""Reading about people."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import rules
from portal.accounts import viewer as viewers
from portal.accounts.models import Grant, Person, Registration, ResetLink, Role, SignIn
from portal.accounts.viewer import Viewer
from portal.clock import now, today
from portal.errors import Conflict, NotFound
from portal.i18n import N_
from portal.mail.rules import Recipient
from portal.registry import queries as registry
from portal.registry.models import Government

PAGE = 50
USED_UP = N_("This link was used already, or it is too old. Register again, or sign in if you have an account.")
NO_RESET = N_("This link was used already, or it is older than 30 minutes. Ask for a new one.")


def visible_to(viewer: Viewer) -> SelectOfScalar[Person]:
    """Everybody for the secretariat and the auditors, oneself for everybody else."""
    if viewer.is_secretary or viewer.is_auditor:
        return select(Person)
    return select(Person).where(Person.id == viewer.person_id)


def get_visible(session: Session, viewer: Viewer, person_id: uuid.UUID) -> Person:
    found = session.exec(visible_to(viewer).where(Person.id == person_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_grant(session: Session, viewer: Viewer, person_id: uuid.UUID, grant_id: uuid.UUID) -> Grant:
    """A role of a visible person, locked."""
    get_visible(session, viewer, person_id)
    wanted = select(Grant).where(Grant.id == grant_id, Grant.person_id == person_id)
    found = session.exec(wanted.options(*WHOSE).with_for_update(of=Grant)).one_or_none()
    if found is None:
        raise NotFound
    return found


def people(session: Session, viewer: Viewer, term: str = "", after: uuid.UUID | None = None) -> list[Person]:
    """A page of people by name, and one more if there is a next page."""
    wanted = visible_to(viewer).order_by(col(Person.name), col(Person.id)).limit(PAGE + 1)
    if term:
        wanted = wanted.where(_begins_with(term))
    last = session.get(Person, after) if after else None
    if last is not None:
        wanted = wanted.where(sa.tuple_(col(Person.name), col(Person.id)) > (last.name, last.id))
    return list(session.exec(wanted))


def _begins_with(term: str) -> sa.ColumnElement[bool]:
    """SQLite folds the case of ASCII only: the usual spellings of a name are asked for one by one."""
    spellings = {term, term.lower(), term.capitalize(), term.title(), term.upper()}
    starts = [col(Person.name).startswith(each, autoescape=True) for each in spellings]
    inside = [col(Person.name).contains(f" {each}", autoescape=True) for each in spellings]
    return or_(*starts, *inside, col(Person.email).startswith(term.casefold(), autoescape=True))


WHOSE = (joinedload(Grant.government), joinedload(Grant.person))


def roles(session: Session, person_id: uuid.UUID) -> list[Grant]:
    """All roles of a person, past and coming ones too, newest first."""
    wanted = select(Grant).where(Grant.person_id == person_id).options(*WHOSE)
    return list(session.exec(wanted.order_by(col(Grant.begins_on).desc(), col(Grant.id))))


def roles_today(session: Session, people: Iterable[Person]) -> dict[uuid.UUID, list[Grant]]:
    """The roles in force of several people, in one query."""
    ids = [person.id for person in people]
    wanted = select(Grant).where(col(Grant.person_id).in_(ids), in_force(today())).options(*WHOSE)
    found = session.exec(wanted.order_by(col(Grant.person_id), col(Grant.begins_on)))
    return {person_id: list(grants) for person_id, grants in groupby(found, lambda grant: grant.person_id)}


def in_force(day: dt.date) -> sa.ColumnElement[bool]:
    return sa.and_(col(Grant.begins_on) <= day, or_(col(Grant.ends_on).is_(None), col(Grant.ends_on) >= day))


def coordinators(session: Session, government_id: uuid.UUID) -> list[Person]:
    """Who coordinates a government today."""
    wanted = select(Person).join(Grant, col(Grant.person_id) == col(Person.id))
    wanted = wanted.where(Grant.role == Role.COORDINATOR, Grant.government_id == government_id, in_force(today()))
    return list(session.exec(wanted.distinct().order_by(col(Person.name), col(Person.id))))


def coordinators_of(session: Session, government_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Person]]:
    """The same of several governments, in one query."""
    wanted = select(Grant.government_id, Person).join(Person, col(Grant.person_id) == col(Person.id))
    wanted = wanted.where(
        Grant.role == Role.COORDINATOR, col(Grant.government_id).in_(government_ids), in_force(today())
    )
    found: dict[uuid.UUID, list[Person]] = {each: [] for each in government_ids}
    for government_id, person in session.exec(wanted.order_by(col(Person.name), col(Person.id))):
        if government_id and person not in found[government_id]:
            found[government_id].append(person)
    return found


def secretaries(session: Session) -> list[Person]:
    """Who holds the role today."""
    wanted = select(Person).join(Grant, col(Grant.person_id) == col(Person.id))
    wanted = wanted.where(Grant.role == Role.SECRETARY, in_force(today()))
    return list(session.exec(wanted.distinct().order_by(col(Person.name), col(Person.id))))


def governments(session: Session) -> list[Government]:
    return registry.listed(session, select(Government))


def government(session: Session, government_id: uuid.UUID) -> Government | None:
    return session.get(Government, government_id)


def by_email(session: Session, email: str) -> Person | None:
    """The person of a normalised address."""
    return session.exec(select(Person).where(Person.email == email)).one_or_none()


def newest_registration(session: Session, email: str) -> Registration | None:
    wanted = select(Registration).where(Registration.email == email, col(Registration.used_at).is_(None))
    live = wanted.where(col(Registration.expires_at) > now())
    return session.exec(live.order_by(col(Registration.sent_at).desc()).limit(1)).one_or_none()


def registration(session: Session, token: str) -> Registration | None:
    return session.exec(
        select(Registration).where(Registration.token_digest == viewers.token_digest(token))
    ).one_or_none()


def live_registration(session: Session, token: str) -> Registration:
    """The registration that a mailed link confirms. Raises Conflict, which explains, if it cannot any more."""
    found = registration(session, token)
    if found is None or not rules.is_live(found, now()):
        raise used_up()
    return found


def person_of_reset(session: Session, token: str, *, lock: bool = False) -> Person:
    """Whose password a mailed link sets. Raises Conflict, which explains, if it sets none any more."""
    wanted = select(ResetLink).where(ResetLink.token_digest == viewers.token_digest(token))
    found = session.exec(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None or found.person_id is None or not rules.is_live(found, now()):
        raise Conflict(NO_RESET, link=("/reset", N_("Ask for a new link")))
    return session.get_one(Person, found.person_id)


def used_up() -> Conflict:
    return Conflict(USED_UP, link=("/sign-in", N_("Sign in")))


def signed_in_browsers(session: Session, person_id: uuid.UUID) -> list[SignIn]:
    """Where a person is signed in, newest first."""
    wanted = select(SignIn).where(SignIn.person_id == person_id, col(SignIn.ended_at).is_(None))
    live = wanted.where(col(SignIn.began_at) > now() - viewers.ABSOLUTE)
    return list(session.exec(live.order_by(col(SignIn.began_at).desc())))


def get_sign_in(session: Session, person_id: uuid.UUID, sign_in_id: uuid.UUID) -> SignIn:
    found = session.get(SignIn, sign_in_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    return found


def recipient(person: Person) -> Recipient:
    assert person.email, "who has no address gets no mail"
    return Recipient(person.email, person.language, person.name, person.id, person.zone)


def names(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    """What the people with these ids are called."""
    if not ids:
        return {}
    return {person.id: person.name for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}
