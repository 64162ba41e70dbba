"""Making and revoking the secret address of a calendar."""

import datetime as dt
import uuid

from sqlmodel import Session

from portal.accounts.rules import new_token
from portal.accounts.viewer import Viewer, token_digest
from portal.clock import now
from portal.errors import Conflict
from portal.feeds import queries
from portal.feeds.models import Feed
from portal.history.actions import record
from portal.i18n import N_

NOTED = dt.timedelta(hours=1)
NONE = N_("Your calendar has no secret address at the moment, so there is nothing to revoke.")


def make(session: Session, *, by: Viewer) -> str:
    """A new address in the place of the old one, which opens nothing any more. The token is kept nowhere."""
    _revoke_all(session, by.id)
    token = new_token()
    session.add(Feed(person_id=by.id, token_digest=token_digest(token)))
    record(session, "calendar address made", "person", by.id, by=by.id)
    return token


def revoke(session: Session, *, by: Viewer) -> None:
    if not _revoke_all(session, by.id):
        raise Conflict(NONE)
    record(session, "calendar address revoked", "person", by.id, by=by.id)


def _revoke_all(session: Session, person_id: uuid.UUID) -> int:
    found = queries.lock_live(session, person_id)
    for feed in found:
        feed.revoked_at = now()
    return len(found)


def note_reading(session: Session, feed_id: uuid.UUID) -> None:
    """That a calendar reads it, for its owner to see; roughly, so that it is seldom written."""
    feed = session.get_one(Feed, feed_id)
    if feed.read_at is None or feed.read_at < now() - NOTED:
        feed.read_at = now()
