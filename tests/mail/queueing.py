"""Messages in the queue of a portal that really commits."""

import uuid
from email.message import EmailMessage

import sqlalchemy as sa
from fastapi import FastAPI

from portal.clock import now
from portal.mail import actions
from portal.mail.models import MailServer, Message
from tests import make


def using(app: FastAPI, port: int) -> FastAPI:
    app.state.settings = app.state.settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{port}"})
    return app


def queue(app: FastAPI, **fields: object) -> uuid.UUID:
    """A message as `send` leaves it."""
    with app.state.database.session(writes=True) as session:
        message = make.message(session, **fields)
        actions.wake(session)
        return message.id


def said(mail: EmailMessage) -> str:
    """Its plain text."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def state(app: FastAPI, message_id: uuid.UUID) -> Message:
    with app.state.database.session(writes=False) as session:
        return session.get_one(Message, message_id)


def make_due(app: FastAPI) -> None:
    """Lets the time pass for which messages and the mail server wait."""
    with app.state.database.session(writes=True) as session:
        session.execute(sa.update(Message).values(due_at=now()))
        session.execute(sa.update(MailServer).values(ask_at=now()))
        actions.wake(session)
