"""Running the reminders of a moment."""

import datetime as dt
from collections import Counter

import time_machine
from sqlmodel import Session, select

from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.reminding.jobs import remind

Told = Counter[tuple[str, str]]


def reminded(session: Session, services: Services, at: dt.datetime) -> Told:
    """Twice at this moment; the templates and addresses of what was written."""
    session.commit()
    before = told(session)
    with time_machine.travel(at, tick=False):
        for _twice in range(2):
            remind(services)
    session.expire_all()
    return told(session) - before


def told(session: Session) -> Told:
    return Counter(session.exec(select(Message.template, Message.address)).all())


def noon(at: dt.datetime) -> dt.datetime:
    """That day at noon in Seoul: nobody of the region sleeps."""
    return dt.datetime.combine(at.date(), dt.time(3), dt.UTC)
