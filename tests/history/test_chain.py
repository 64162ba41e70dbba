import uuid

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from portal.history import queries
from portal.history.actions import record
from portal.history.models import Entry


def _three_deeds(session: Session) -> uuid.UUID:
    thing = uuid.uuid4()
    for deed in ("made", "changed", "closed"):
        record(session, deed, "thing", thing, by=None, note=deed)
    session.commit()
    return thing


def _untriggered(session: Session) -> None:
    """A tamperer with the owner's rights."""
    if session.connection().dialect.name == "sqlite":
        session.execute(sa.text("DROP TRIGGER history_no_update"))
        session.execute(sa.text("DROP TRIGGER history_no_delete"))
    else:
        session.execute(sa.text("ALTER TABLE history DISABLE TRIGGER ALL"))


def test_deeds_of_a_thing_come_newest_first(session: Session) -> None:
    thing = _three_deeds(session)
    assert [entry.deed for entry in queries.deeds(session, "thing", thing)] == ["closed", "changed", "made"]
    assert queries.broken(session) is None


@pytest.mark.parametrize("verb", ["UPDATE history SET deed = 'x'", "DELETE FROM history"])
def test_the_database_refuses_changes(session: Session, verb: str) -> None:
    _three_deeds(session)
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        session.execute(sa.text(verb))


@pytest.mark.parametrize(
    ("tampering", "first", "reason"),
    [
        ("UPDATE history SET deed = 'x' WHERE number = 2", 2, "content was changed"),
        ('UPDATE history SET details = \'{"note": "y"}\' WHERE number = 3', 3, "content was changed"),
        ("DELETE FROM history WHERE number = 2", 2, "missing"),
        ("DELETE FROM history WHERE number = 3", 3, "missing at the end"),
        ("DELETE FROM history", 1, "missing at the end"),
        ("UPDATE history_head SET number = 2", 4, "head names other rows"),
    ],
)
def test_tampering_is_found_at_the_first_broken_row(session: Session, tampering: str, first: int, reason: str) -> None:
    _three_deeds(session)
    _untriggered(session)
    session.execute(sa.text(tampering))
    session.expire_all()
    found = queries.broken(session)
    assert found is not None
    assert (found.number, reason in found.reason) == (first, True), found


def test_what_is_rolled_back_leaves_no_trace(session: Session) -> None:
    session.connection()
    record(session, "made", "thing", uuid.uuid4(), by=None)
    session.rollback()
    session.commit()
    assert session.exec(select(Entry)).all() == []
