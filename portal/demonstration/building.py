"""Building it, all or nothing, and telling who can sign in."""

import sqlalchemy as sa
from sqlmodel import Session, select

from portal import clock, duties
from portal.accounts import passwords
from portal.calls.models import Call
from portal.clock import now
from portal.db import Database
from portal.demonstration import crowd, documents, emptiness, essays, internships, messages, past_edition, rounds
from portal.demonstration.documents import Shelf
from portal.demonstration.people import ACCOUNTS, DOMAIN, People
from portal.files import actions as files
from portal.history.actions import record
from portal.history.models import Head
from portal.mail.models import Delivery, Message
from portal.settings import Settings

PASSWORD = "near-demonstration-2027"  # noqa: S105 - printed for everybody to use
JOBS = duties  # what is queued while building must be known by name
is_built = emptiness.is_built


def build(settings: Settings, database: Database, *, applicants: int = 0) -> None:
    """Builds it once, with a crowd of so many applicants beside those whose stories are told.

    Raises ConfigurationError, with nothing changed, if the database holds anything else.
    """
    if not _is_wanted(database):
        return
    password_hash = passwords.make_hash(PASSWORD)
    with documents.shelf(settings) as shelf, database.session(writes=True) as session:
        _lock(session)
        emptiness.check(session)
        with clock.set_back(days=max(rounds.EARLIEST, past_edition.BEGAN + 1)):
            people = People(session, password_hash)
        rounds.build(session, people, shelf, origin=settings.public_origin)
        call = internships.build(session, people, shelf, origin=settings.public_origin)
        _add_crowd(session, shelf, call, applicants)
        past_edition.build(session, people, shelf, origin=settings.public_origin)
        essays.build(session, people, shelf, origin=settings.public_origin)
        messages.build(session, people)
        _deliver_nothing(session)
        messages.fail_one(session)
        record(session, emptiness.MARK, "call", call.id, by=None)


def _add_crowd(session: Session, shelf: Shelf, call: Call, applicants: int) -> None:
    """All their documents are one page, kept once."""
    if applicants:
        session.flush()
        page = files.keep(session, shelf.take("document.pdf"), owner_id=call.created_by)
        session.flush()
        crowd.fill(session, call, applicants, file=page)


def _is_wanted(database: Database) -> bool:
    with database.session(writes=False) as session:
        if is_built(session):
            return False
        emptiness.check(session)
        return True


def _lock(session: Session) -> None:
    """A second build waits here for this one, and then finds that the database is not empty."""
    session.exec(select(Head).with_for_update()).one()


def _deliver_nothing(session: Session) -> None:
    """Messages stay readable in the portal. What is marked as sent, the jobs that were queued for it leave alone."""
    session.execute(sa.update(Message).values(delivery=Delivery.SENT, attempts=1, sent_at=now()))


def accounts_table(settings: Settings) -> str:
    """What is printed: the address of the portal, and a line for each account."""
    rows = [("ROLE", "ADDRESS", "PASSWORD", "LOOK FIRST AT")]
    rows += [(account.role, account.address, PASSWORD, account.look) for account in ACCOUNTS]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    ]
    others = (
        f"The others of the stories sign in with the same password: coordinator.ru-pri@{DOMAIN} for Primorsky, "
        "and so on. The crowd of applicants has none."
    )
    return "\n".join([f"The demonstration is at {settings.public_origin}", "", *lines, "", others])
