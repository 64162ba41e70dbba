"""What a secretary does with the queue of messages, kept in the history."""

import uuid

import sqlalchemy as sa
from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.history.actions import record
from portal.mail import actions
from portal.mail.models import Message


def try_again(session: Session, message: Message, *, by: Viewer) -> None:
    actions.try_again(session, message)
    record(session, "message tried again", "message", message.id, by=by.id, template=message.template)


def try_all_again(session: Session, *, by: Viewer, seen: sa.ColumnElement[bool]) -> int:
    """How many they are."""
    count = actions.try_all_again(session, seen=seen)
    if count:
        record(session, "failed messages tried again", "bulk", uuid.uuid4(), by=by.id, messages=count)
    return count


def cancel(session: Session, message: Message, *, by: Viewer) -> None:
    actions.cancel(session, message)
    record(session, "message cancelled", "message", message.id, by=by.id, template=message.template)


def ask_server(session: Session, *, by: Viewer) -> None:
    actions.ask_server_now(session)
    record(session, "mail server asked", "bulk", uuid.uuid4(), by=by.id)
