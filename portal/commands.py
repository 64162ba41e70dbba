"""What the command line does, as functions of the settings; `__main__` only gives them names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from sqlmodel import Session

from portal.app import create_app
from portal.db import Database
from portal.errors import ConfigurationError
from portal.history import queries as history
from portal.settings import Settings
from portal.web import logs


def serve(settings: Settings, *, host: str) -> None:
    """Serves until it is told to stop; background work runs inside."""
    logs.set_up(settings.log_level)
    os.umask(0o077)
    app = create_app(settings)
    print(f"The portal is at {settings.public_origin}", flush=True)
    uvicorn.run(
        app,
        host=host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=30,
    )


def verify_history(settings: Settings) -> int:
    """Walks the chain. Returns the number of rows; raises ConfigurationError naming the first broken one."""
    with reading(settings) as session:
        found = history.broken(session)
        if found is not None:
            raise ConfigurationError(f"the history is broken at row {found.number}: {found.reason}")
        return history.length(session)


@contextmanager
def reading(settings: Settings) -> Iterator[Session]:
    database = Database(settings.database_url)
    with database.session(writes=False) as session:
        yield session
    database.dispose()
