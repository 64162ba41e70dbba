"""Telling of what waits: the secretariat of governments that do not act, coordinators of what they have to do."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, and_, col, exists, or_, select

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.applications.models import Application, Kinship, Status
from portal.calls.models import Call
from portal.clock import today
from portal.mail.actions import send
from portal.nominations import queries, rules
from portal.nominations.models import Digest, Warned
from portal.registry.models import Government, Membership

UNDECIDED = col(Application.status).in_([Status.SUBMITTED, Status.RETURNED])


def warn(session: Session, at: dt.datetime) -> int:
    """Warns of every government that is silent in a call whose nominations are nearly due; of how many.

    Each is warned of once in 14, 7 and 2 days, however often this runs. Who was not warned of in time,
    because the worker stood still, is warned of with the number of days that is left, not with all of them.
    """
    due = ((call, rules.days_to_warn(call.nominations_due_at, at)) for call in queries.open_calls(session, at))
    return sum(_warn(session, call, days, at) for call, days in due if days is not None)


class Silent(NamedTuple):
    home: Government
    undecided: int
    has_coordinator: bool


def silent(session: Session, call: Call, at: dt.datetime) -> list[Silent]:
    """Governments with something undecided; and, while people can apply, those that they could apply to in vain."""
    undecided = _undecided(session, call)
    with_coordinator = _governments_with_coordinator(session)
    found = session.exec(select(Government).order_by(col(Government.position))).all()
    rows = (Silent(each, undecided.get(each.id, 0), each.id in with_coordinator) for each in found)
    return [row for row in rows if row.undecided or _is_missed(call, row, at)]


def _is_missed(call: Call, row: Silent, at: dt.datetime) -> bool:
    return not row.has_coordinator and at <= call.applications_due_at and _is_admitted(call, row.home)


def _is_admitted(call: Call, home: Government) -> bool:
    listed = not call.governments or home.code in call.governments
    return home.status is not Membership.FORMER and listed and (not call.countries or home.country in call.countries)


def _undecided(session: Session, call: Call) -> dict[uuid.UUID | None, int]:
    numbers = select(Application.home_id, sa.func.count()).where(Application.call_id == call.id, UNDECIDED)
    return dict(session.exec(numbers.group_by(col(Application.home_id))).all())


def _governments_with_coordinator(session: Session) -> set[uuid.UUID | None]:
    in_office = select(Grant.government_id).where(Grant.role == Role.COORDINATOR, accounts.in_force(today()))
    return set(session.exec(in_office))


def _warn(session: Session, call: Call, days: int, at: dt.datetime) -> int:
    found = silent(session, call, at)
    claimed = _claim(session, Warned, [_warned(call, row, days, at) for row in found])
    new = [row for row in found if row.home.id in claimed]
    if new:
        told = {"call": call, "days": days, "rows": [row._asdict() for row in new]}
        for secretary in accounts.secretaries(session):
            send(session, "nominations/silence", to=accounts.recipient(secretary), **told)
        of_call = Application.call_id == call.id, UNDECIDED
        for person, home, number in _waiting(session, claimed, *of_call):
            facts = {"call": call, "days": days, "home": home, "number": number}
            send(session, "nominations/reminder", to=accounts.recipient(person), **facts)
    return len(new)


def _warned(call: Call, row: Silent, days: int, at: dt.datetime) -> dict[str, Any]:
    return {"call_id": call.id, "government_id": row.home.id, "days": days, "warned_at": at}


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
    waiting = list(_waiting(session, homes, is_new))
    rows = [{"government_id": home_id, "told_on": at.date(), "told_at": at} for home_id in homes]
    claimed = _claim(session, Digest, rows)
    for person, home, number in waiting:
        if home.id in claimed:
            send(session, "nominations/came_in", to=accounts.recipient(person), home=home, number=number)
    return len(claimed)


def _claim(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> set[uuid.UUID]:
    """Keeps what is not there yet, and says which: of two workers at the same moment only one is told so."""
    if not rows:
        return set()
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    kept = insert(table).values(rows).on_conflict_do_nothing().returning(table.government_id)  # type: ignore[attr-defined]
    return set(session.execute(kept).scalars())


def _waiting(
    session: Session, homes: Collection[uuid.UUID | None], *conditions: sa.ColumnElement[bool] | bool
) -> Iterator[tuple[Person, Government, int]]:
    """Each coordinator of these governments, and how many such applications they may decide on."""
    barred = exists().where(
        col(Kinship.application_id) == Application.id, col(Kinship.person_id) == Person.id
    )  # fmt: skip
    rows = session.execute(
        select(Person.id, Government.id, sa.func.count(col(Application.id).distinct()))
        .select_from(Grant)
        .join(Person, col(Person.id) == col(Grant.person_id))
        .join(Government, col(Government.id) == col(Grant.government_id))
        .join(Application, col(Application.home_id) == col(Government.id))
        .where(Grant.role == Role.COORDINATOR, accounts.in_force(today()), col(Government.id).in_(homes))
        .where(*conditions, ~barred, Application.applicant_id != Person.id)
        .group_by(col(Person.id), col(Government.id))
        .order_by(col(Person.id), col(Government.id))
    ).all()
    for person_id, home_id, number in rows:
        yield session.get_one(Person, person_id), session.get_one(Government, home_id), number
