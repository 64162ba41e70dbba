"""Whether the portal lives, and whether it is ready, for machines that watch over it. Neither looks who asks."""

from collections.abc import Callable

import sqlalchemy as sa
import structlog
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from portal.accounts.access import Relation, allow
from portal.db import Database
from portal.files.storage import Storage
from portal.jobs import signs
from portal.migrations import run as migrations

router = APIRouter()
log = structlog.get_logger()
OK, FAILING = "ok", "failing"


@router.get("/health/live")
@allow(Relation.VISITOR, gated=False)
def live() -> Response:
    """The process answers. It touches nothing, so that a database that is away has nobody start the portal anew."""
    return PlainTextResponse("alive\n")


@router.get("/health/ready")
@allow(Relation.VISITOR, gated=False)
def ready(request: Request) -> Response:
    """503 if anything fails. What exactly stands in the log, and not in the answer."""
    database, storage = request.app.state.database, request.app.state.storage
    found = {
        "database": _is_so("database", lambda: _answers(database)),
        "migrations": _is_so("migrations", lambda: migrations.is_newest(database)),
        "storage": _is_so("storage", lambda: _can_store(storage)),
        "worker": _is_so("worker", lambda: _is_at_work(database)),
    }
    return JSONResponse(found, 200 if set(found.values()) == {OK} else 503)


def _is_so(what: str, ask: Callable[[], bool]) -> str:
    try:
        return OK if ask() else FAILING
    except Exception:
        log.exception("not ready", what=what)
        return FAILING


def _answers(database: Database) -> bool:
    with database.session(writes=False) as session:
        return bool(session.connection().scalar(sa.select(1)))


def _can_store(storage: Storage) -> bool:
    return storage.is_there()


def _is_at_work(database: Database) -> bool:
    with database.session(writes=False) as session:
        return any(signs.is_at_work(sign) for sign in signs.workers(session))
