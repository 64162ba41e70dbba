"""A worker that is killed while it reminds, with a real process."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.clock import now
from portal.jobs.queue import enqueue
from portal.mail.models import Message
from portal.reminding.models import Reminded
from tests import make
from tests.jobs.running import Victim

pytestmark = pytest.mark.slow
READERS, BATCH = 350, 100


def zone_at_noon() -> str:
    """One in which nobody sleeps now; the signs of these names are the other way round."""
    hours = 12 - now().hour
    return f"Etc/GMT{-hours:+d}"


def drafts(session: Session) -> None:
    call = make.call(session, applications_due_at=now() + dt.timedelta(days=1, hours=12))
    for _each in range(READERS):
        person = make.person(session, zone=zone_at_noon())
        given = {"call_id": call.id, "applicant_id": person.id, "created_at": now() - dt.timedelta(days=20)}
        session.add(make.Application(**given))
    enqueue(session, "remind")


def count(app: FastAPI) -> int:
    with app.state.database.session(writes=False) as session:
        return session.exec(select(sa.func.count()).select_from(Reminded)).one()


def test_nobody_is_forgotten_or_reminded_twice(real_app: FastAPI, tmp_path: Path) -> None:
    with real_app.state.database.session(writes=True) as session:
        drafts(session)
    first = Victim(real_app, tmp_path, seconds=0)
    first.wait_until(lambda: count(real_app) >= BATCH)
    first.kill()
    assert 0 < count(real_app) <= READERS
    assert Victim(real_app, tmp_path, seconds=0).process.wait(120) == 0
    with real_app.state.database.session(writes=False) as session:
        told = Counter(session.exec(select(Message.address).where(Message.template == "applications/draft_waits")))
    assert len(told) == READERS and set(told.values()) == {1}
    assert count(real_app) == READERS
