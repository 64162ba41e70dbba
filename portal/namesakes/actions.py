"""Finding and settling pairs. Nothing is ever merged, and no applicant is told."""

import uuid

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Namesake
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.namesakes import queries, rules


def find(session: Session, application_id: uuid.UUID) -> int:
    """Writes down with whom this application may share its person; how many new pairs. Twice finds nothing new."""
    application = session.get(Application, application_id)
    if application is None or application.born_on is None or application.submitted_at is None:
        return 0
    others = [
        other for other in queries.alike(session, application) if not queries.is_known(session, application, other)
    ]
    return sum(_pair(session, application, other) for other in others)


def _pair(session: Session, one: Application, other: Application) -> bool:
    """Once, whoever of the two comes first: the smaller id stands first, and the database keeps the pair unique."""
    first, second = sorted((one.id, other.id))
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    row = {"id": uuid.uuid4(), "application_id": first, "other_id": second, "found_at": now()}
    written = insert(Namesake).values(row).on_conflict_do_nothing().returning(col(Namesake.id))
    return session.execute(written).first() is not None


def settle(session: Session, namesake: Namesake, *, is_same: bool, by: Viewer) -> None:
    if not rules.may_settle(by):
        raise NotAllowed
    if namesake.settled_at is not None:
        raise Conflict(rules.SETTLED)
    namesake.settled_at, namesake.settled_by, namesake.is_same = now(), by.id, is_same
    session.add(namesake)
    deed = "namesakes are one person" if is_same else "namesakes are two people"
    for application, other in _both_ways(namesake):
        record(session, deed, "application", application, by=by.id, other=str(other))


def _both_ways(namesake: Namesake) -> list[tuple[uuid.UUID, uuid.UUID]]:
    one, other = namesake.application_id, namesake.other_id
    return [(one, other), (other, one)]
