"""What the command line does, as functions of the settings; `verbs` only gives them names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session

from portal import demonstration
from portal.accounts import access
from portal.app import create_app
from portal.db import Database
from portal.errors import ConfigurationError
from portal.history import queries as history
from portal.invitations import actions as invitations
from portal.jobs import engine
from portal.mail import trial
from portal.migrations import run as migrations
from portal.registry import seed
from portal.settings import Settings
from portal.web import logs

NOT_MIGRATED = "the database has no tables, or old ones: run `python -m portal migrate` first"
KNOWN_PASSWORDS = "this database holds the demonstration, whose passwords everybody knows: it is not served in earnest"


def migrate(settings: Settings) -> str:
    """The newest schema, then the newest registry; what a secretary edited stays."""
    os.umask(0o077)
    with _database(settings) as database:
        migrations.upgrade(database)
        engine.migrate(database)
        with database.session(writes=True) as session:
            changed = seed.seed(session)
    return f"The database is at its newest version; {changed} rows of the registry were brought up to date."


def serve(settings: Settings, *, host: str, worker: bool) -> None:
    """Serves until it is told to stop; background work runs inside unless `worker` is off."""
    logs.set_up(settings.log_level)
    os.umask(0o077)
    _check(settings)
    if not worker and settings.is_sqlite:
        raise ConfigurationError("on SQLite one process does everything: serve without --no-worker")
    app = create_app(settings, worker=worker)
    print(f"The portal is at {settings.public_origin}  (Ctrl-C stops it)", flush=True)
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


def work(settings: Settings) -> None:
    """Background work alone, until it is told to stop."""
    logs.set_up(settings.log_level)
    os.umask(0o077)
    _check(settings)
    with _database(settings) as database:
        engine.run_forever(settings, database)


def mail_test(settings: Settings, address: str) -> Iterator[str]:
    """Sends one message now; what the mail server said, step by step."""
    return trial.steps(settings, address)


def demo(settings: Settings, *, applicants: int = 0) -> str:
    """Builds the demonstration unless it is there, and tells its accounts."""
    logs.set_up("WARNING")
    os.umask(0o077)
    migrate(settings)
    with _database(settings) as database:
        demonstration.build(settings, database, applicants=applicants)
    return demonstration.accounts_table(settings)


def create_secretary(settings: Settings, email: str) -> str:
    """The address of the page where this person chooses a password, valid once."""
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        raise ConfigurationError(f"{email!r} is no e-mail address") from None
    with _database(settings) as database:
        _must_be_migrated(database)
        with database.session(writes=True) as session:
            path = invitations.invite_secretary(session, email)
    return f"{settings.public_origin}{path}"


def verify_history(settings: Settings) -> tuple[str, bool]:
    """What was found, and whether the chain is sound."""
    with _reading(settings) as session:
        found = history.broken(session)
        if found is not None:
            return f"The history is broken at row {found.number}: {found.reason}.", False
        return f"The history is sound: {history.length(session)} rows, each following from the one before it.", True


def permissions(settings: Settings) -> str:
    """The table of who may what, in Markdown."""
    with _database(settings) as database:
        return access.as_markdown(create_app(settings, database).state.permissions)


def _check(settings: Settings) -> None:
    """Refuses to serve what would fail, or would open every account to everybody."""
    with _reading(settings) as session:
        if demonstration.is_built(session) and not settings.demonstration:
            raise ConfigurationError(KNOWN_PASSWORDS)


def _must_be_migrated(database: Database) -> None:
    if not migrations.is_newest(database):
        raise ConfigurationError(NOT_MIGRATED)


@contextmanager
def _reading(settings: Settings) -> Iterator[Session]:
    with _database(settings) as database:
        _must_be_migrated(database)
        with database.session(writes=False) as session:
            yield session


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.dispose()
