"""What a secretary does with the queue of messages, kept in the history."""

import uuid

import sqlalchemy as sa
from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.circulars import queries as circulars
from portal.circulars.models import CircularState
from portal.errors import Conflict
from portal.history.actions import record
from portal.mail import actions
from portal.mail.models import Delivery, Message


def try_again(session: Session, message: Message, *, by: Viewer) -> None:
    """Raises Conflict if it has not failed, or its circular is cancelled; of a paused one it is kept back."""
    circular = circulars.of_a_message(session, message.id)
    if circular and circular.state is CircularState.CANCELLED:
        raise Conflict(actions.MOVED_ON)
    is_paused = circular is not None and circular.state is CircularState.PAUSED
    actions.try_again(session, message, Delivery.HELD if is_paused else Delivery.QUEUED)
    record(session, "message tried again", "message", message.id, by=by.id, template=message.template)


def try_all_again(session: Session, *, by: Viewer, seen: sa.ColumnElement[bool]) -> int:
    """But for what a cancelled circular left unsent. How many they are."""
    circulars.hold_failing(session)
    left, held = circulars.messages_of(CircularState.CANCELLED), circulars.messages_of(CircularState.PAUSED)
    count = actions.try_all_again(session, seen=sa.and_(seen, sa.not_(left)), held=held)
    if count:
        record(session, "failed messages tried again", "bulk", uuid.uuid4(), by=by.id, messages=count)
    return count


def cancel(session: Session, message: Message, *, by: Viewer) -> None:
    actions.cancel(session, message)
    record(session, "message cancelled", "message", message.id, by=by.id, template=message.template)


def ask_server(session: Session, *, by: Viewer) -> None:
    actions.ask_server_now(session)
    record(session, "mail server asked", "bulk", uuid.uuid4(), by=by.id)
