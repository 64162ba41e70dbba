"""Somebody's own dates, and the secret address of their calendar."""

import datetime as dt
import uuid

from sqlmodel import Session, col, select

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer, token_digest
from portal.clock import now
from portal.feeds import contests, entries, internships
from portal.feeds.entries import Entry
from portal.feeds.models import Feed

PAST = dt.timedelta(days=90)  # how much of it a calendar keeps


def dates(session: Session, viewer: Viewer, since: dt.datetime) -> list[Entry]:
    """From this instant on, in the language that is spoken; in so many queries, however many dates they are."""
    found = [*internships.entries(session, viewer, since), *contests.entries(session, viewer, since)]
    return [each for each in entries.in_order(found) if entries.is_from(each, since)]


def of_calendar(session: Session, viewer: Viewer) -> list[Entry]:
    return dates(session, viewer, now() - PAST)


def live(session: Session, person_id: uuid.UUID) -> Feed | None:
    """The address that is open; there is at most one."""
    wanted = select(Feed).where(Feed.person_id == person_id, col(Feed.revoked_at).is_(None))
    return session.exec(wanted.order_by(col(Feed.created_at).desc())).first()


def lock_live(session: Session, person_id: uuid.UUID) -> list[Feed]:
    """Held with the person, so that two windows cannot both make one."""
    session.exec(select(Person.id).where(Person.id == person_id).with_for_update()).one()
    wanted = select(Feed).where(Feed.person_id == person_id, col(Feed.revoked_at).is_(None))
    return list(session.exec(wanted.execution_options(populate_existing=True)))


def by_token(session: Session, token: str) -> Feed | None:
    wanted = select(Feed).where(Feed.token_digest == token_digest(token), col(Feed.revoked_at).is_(None))
    return session.exec(wanted).one_or_none()
