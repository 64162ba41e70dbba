"""Reading one's own messages. Nobody reads another's here, whatever their role."""

import uuid
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import Session, col, false, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.errors import NotFound
from portal.i18n import N_
from portal.mail import queries as mail
from portal.mail import unsubscribing
from portal.mail.models import Kind, Message

PAGE = 30
UNKNOWN = N_("This link is incomplete. Open it again from the mail, or turn reminders off on the page of your account.")
WITHOUT_TEXT = (defer(Message.text, raiseload=True), defer(Message.parts, raiseload=True))  # type: ignore[arg-type]


def visible_to(viewer: Viewer) -> SelectOfScalar[Message]:
    found = select(Message).where(mail.stands_in_inbox())
    return found.where(Message.person_id == viewer.id) if viewer.is_signed_in else found.where(false())


class Page(NamedTuple):
    messages: list[Message]
    after: uuid.UUID | None


def newest(session: Session, viewer: Viewer, *, kind: Kind | None = None, after: uuid.UUID | None = None) -> Page:
    """The newest first, without their texts; `after` is the last one of the page before."""
    place = sa.tuple_(col(Message.created_at), col(Message.id))
    found = visible_to(viewer).options(*WITHOUT_TEXT)
    if kind is not None:
        found = found.where(Message.kind == kind)
    if after is not None:
        last = select(Message.created_at, Message.id).where(Message.id == after).subquery()
        found = found.where(place < select(*last.c).scalar_subquery())
    order = (col(Message.created_at).desc(), col(Message.id).desc())
    rows = list(session.exec(found.order_by(*order).limit(PAGE + 1)))
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def get_visible(session: Session, viewer: Viewer, message_id: uuid.UUID) -> Message:
    found = session.exec(visible_to(viewer).where(Message.id == message_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def by_signature(session: Session, key: bytes, message_id: uuid.UUID, signature: str) -> Message:
    """The message whose footer has this link. Raises NotFound, which explains, for a link that is none of ours."""
    genuine = unsubscribing.is_genuine(key, message_id, signature)
    found = mail.find(session, message_id) if genuine else None
    if found is None:
        raise NotFound(UNKNOWN)
    return found
