import datetime as dt
import uuid

from sqlmodel import Session, select

from portal.accounts.jobs import forget_what_is_over
from portal.accounts.models import Registration
from portal.clock import now
from portal.jobs.registry import SCHEDULES, Services
from portal.settings import Settings
from portal.web.models import SubmissionKey
from tests import make
from tests.database import JoinedDatabase


def _registration(session: Session, email: str, expires_at: dt.datetime) -> None:
    fields = {"name": "N", "password_hash": "!", "language": "en", "zone": "UTC", "token_digest": email}
    make.saved(session, Registration(email=email, sent_at=now(), expires_at=expires_at, **fields))


def test_what_is_over_is_forgotten_and_nothing_else(
    session: Session, settings: Settings, database: JoinedDatabase
) -> None:
    _registration(session, "old@example.org", now() - dt.timedelta(days=400))
    _registration(session, "new@example.org", now() + dt.timedelta(hours=1))
    for days in (31, 29):
        arrived_at = now() - dt.timedelta(days=days)
        make.saved(session, SubmissionKey(key=uuid.uuid4(), person_id=uuid.uuid4(), arrived_at=arrived_at))
    session.commit()
    forget_what_is_over(Services(settings, database))
    assert session.exec(select(Registration.email)).all() == ["new@example.org"]
    assert len(session.exec(select(SubmissionKey)).all()) == 1
    assert "forget_what_is_over" in SCHEDULES
