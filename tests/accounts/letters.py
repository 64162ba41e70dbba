"""What was mailed."""

import re

from sqlmodel import Session, col, select

from portal.mail.models import Message


def to(session: Session, address: str) -> list[Message]:
    """The messages to one address, oldest first."""
    session.expire_all()
    return list(session.exec(select(Message).where(Message.address == address).order_by(col(Message.created_at))))


def told(session: Session, address: str) -> list[str]:
    """What the messages to one address were about, oldest first."""
    return [message.template for message in to(session, address)]


def link(message: Message) -> str:
    """The path of the first link in a message; it must lead to the configured origin."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", message.text)
    assert found, message.text
    return found.group(1)


def newest_link(session: Session, address: str) -> str:
    return link(to(session, address)[-1])
