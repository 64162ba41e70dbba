"""What waits at home governments: those that do not act, and what came in since their coordinators were told."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, and_, col, exists, or_, select

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.applications.models import Application, Kinship, Status
from portal.calls.models import Call
from portal.clock import today
from portal.mail.actions import send
from portal.nominations import queries
from portal.nominations.models import Digest
from portal.registry.models import Government, Membership

UNDECIDED = col(Application.status).in_([Status.SUBMITTED, Status.RETURNED])


class Silent(NamedTuple):
    home: Government
    undecided: int
    has_coordinator: bool


def silent(session: Session, calls: Sequence[Call], at: dt.datetime) -> dict[uuid.UUID, list[Silent]]:
    """By call, the governments with something undecided; and, while people can apply, those that they could apply to
    in vain."""
    undecided = _undecided(session, [call.id for call in calls])
    with_coordinator = _governments_with_coordinator(session)
    homes = session.exec(select(Government).order_by(col(Government.position))).all()
    found = {}
    for call in calls:
        rows = (Silent(each, undecided.get((call.id, each.id), 0), each.id in with_coordinator) for each in homes)
        found[call.id] = [row for row in rows if row.undecided or _is_missed(call, row, at)]
    return found


def _is_missed(call: Call, row: Silent, at: dt.datetime) -> bool:
    return not row.has_coordinator and at <= call.applications_due_at and _is_admitted(call, row.home)


def _is_admitted(call: Call, home: Government) -> bool:
    listed = not call.governments or home.code in call.governments
    return home.status is not Membership.FORMER and listed and (not call.countries or home.country in call.countries)


def _undecided(session: Session, call_ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, uuid.UUID | None], int]:
    """By call and government."""
    numbers = select(Application.call_id, Application.home_id, sa.func.count()).where(
        col(Application.call_id).in_(call_ids), UNDECIDED
    )
    rows = session.exec(numbers.group_by(col(Application.call_id), col(Application.home_id)))
    return {(call_id, home_id): number for call_id, home_id, number in rows}


def _governments_with_coordinator(session: Session) -> set[uuid.UUID | None]:
    in_office = select(Grant.government_id).where(col(Grant.role) == Role.COORDINATOR, accounts.in_force(today()))
    return set(session.exec(in_office))


def tell_of_submissions(session: Session, at: dt.datetime) -> int:
    """One message a day at most: how many applications came in since the last one. To how many governments."""
    last = select(sa.func.max(Digest.told_at)).where(Digest.government_id == Application.home_id)
    told_until = last.correlate(Application).scalar_subquery()
    open_ones = [call.id for call in queries.open_calls(session, at)]
    is_new = and_(
        col(Application.call_id).in_(open_ones), col(Application.status) == Status.SUBMITTED,
        or_(told_until.is_(None), col(Application.submitted_at) > told_until),
    )  # fmt: skip
    # Whom to tell is asked before the day is claimed: the claim itself would make nothing new.
    homes = set(session.exec(select(Application.home_id).where(is_new).distinct())) - {None}
    numbers = _by_official(waiting(session, col(Government.id).in_(homes), is_new))
    rows = [{"government_id": home_id, "told_on": at.date(), "told_at": at} for home_id in homes]
    claimed = _claim(session, rows)
    for person, home, number in numbers:
        if home.id in claimed:
            send(session, "nominations/came_in", to=accounts.recipient(person), home=home, number=number)
    return len(claimed)


def _by_official(
    found: Iterator[tuple[Person, Government, uuid.UUID, int]],
) -> Iterator[tuple[Person, Government, int]]:
    """Over all calls."""
    for _ids, rows in groupby(found, lambda row: (row[0].id, row[1].id)):
        (person, home, _call, number), *others = rows
        yield person, home, number + sum(more for *_rest, more in others)


def _claim(session: Session, rows: list[dict[str, Any]]) -> set[uuid.UUID]:
    """Keeps what is not there yet, and says which: of two workers at the same moment only one is told so."""
    if not rows:
        return set()
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    kept = insert(Digest).values(rows).on_conflict_do_nothing().returning(col(Digest.government_id))
    return set(session.execute(kept).scalars())


def waiting(
    session: Session, *conditions: sa.ColumnElement[bool]
) -> Iterator[tuple[Person, Government, uuid.UUID, int]]:
    """Each coordinator and their government with, by call, how many such applications they may decide on."""
    barred = exists().where(
        col(Kinship.application_id) == Application.id, col(Kinship.person_id) == Person.id
    )  # fmt: skip
    rows = session.execute(
        sa.select(Person, Government, col(Application.call_id), sa.func.count(col(Application.id).distinct()))
        .select_from(Grant)
        .join(Person, col(Person.id) == col(Grant.person_id))
        .join(Government, col(Government.id) == col(Grant.government_id))
        .join(Application, col(Application.home_id) == col(Government.id))
        .where(col(Grant.role) == Role.COORDINATOR, accounts.in_force(today()), *conditions, ~barred)
        .where(col(Application.applicant_id) != col(Person.id))
        .group_by(col(Person.id), col(Government.id), col(Application.call_id))
        .order_by(col(Person.id), col(Government.id), col(Application.call_id))
    )
    return (tuple(row) for row in rows)
