"""Signs of life: a running worker says that it is there, so that others see when it is not."""

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from sqlmodel import Session, col, or_, select

from portal.clock import now
from portal.db import Database
from portal.jobs.models import WorkerSign
from portal.settings import Settings

log = structlog.get_logger()
EVERY_SECONDS = 25.0
JOIN_SECONDS = 5.0
SILENT_AFTER = dt.timedelta(seconds=90)
FORGOTTEN_AFTER = dt.timedelta(days=1)
MOST = 50


@contextmanager
def of_life(settings: Settings, database: Database) -> Iterator[None]:
    """Given from now on, by a thread of its own: a long job must not look like a dead worker. Ends with a farewell."""
    began, over = now(), threading.Event()
    _give(database, WorkerSign(executor_id=settings.executor_id, started_at=began, seen_at=began))
    thread = threading.Thread(target=_go_on, args=(database, settings.executor_id, began, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(JOIN_SECONDS)
        _try_to_give(
            database, WorkerSign(executor_id=settings.executor_id, started_at=began, seen_at=now(), stopped_at=now())
        )


def _go_on(database: Database, executor_id: str, began: dt.datetime, over: threading.Event) -> None:
    while not over.wait(EVERY_SECONDS):
        _try_to_give(database, WorkerSign(executor_id=executor_id, started_at=began, seen_at=now()))


def _try_to_give(database: Database, sign: WorkerSign) -> None:
    """A database that is away for a while ends no worker: the missing sign tells of it."""
    try:
        _give(database, sign)
    except Exception:
        log.exception("no sign of life could be given", executor=sign.executor_id)


def _give(database: Database, sign: WorkerSign) -> None:
    with database.session(writes=True) as session:
        session.merge(sign)


def workers(session: Session) -> Sequence[WorkerSign]:
    """Those at work, those that fell silent, and those that stopped not long ago."""
    lately = or_(col(WorkerSign.stopped_at).is_(None), col(WorkerSign.stopped_at) > now() - FORGOTTEN_AFTER)
    return session.exec(select(WorkerSign).where(lately).order_by(WorkerSign.executor_id).limit(MOST)).all()


def is_at_work(sign: WorkerSign) -> bool:
    return sign.stopped_at is None and sign.seen_at > now() - SILENT_AFTER
