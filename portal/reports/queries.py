"""Counting a call: a fixed number of grouped queries, whatever its size."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, exists, select

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.clock import today
from portal.errors import NotFound
from portal.history import queries as history
from portal.history.models import Entry
from portal.mail.models import Message
from portal.openings.models import Opening, OpeningStatus
from portal.registry.models import Government, Membership
from portal.reports import rules
from portal.reports.rules import Line
from portal.reports.words import Deed

COORDINATORS_TEMPLATE = "reports/applications_wait"
APPLICANTS_TEMPLATE = "reports/draft_waits"
# What they are reminded of by rule counts too: nobody is reminded twice within a day.
COORDINATORS_TEMPLATES = (COORDINATORS_TEMPLATE, "nominations/reminder")
APPLICANTS_TEMPLATES = (APPLICANTS_TEMPLATE, "applications/draft_waits")
DEED = "acted for many"


def lines(session: Session, call: Call, at: dt.datetime) -> list[Line]:
    """One a government in the register's order, and one for who has not chosen a government yet."""
    states = _states(session, call, at)
    offered, in_office = _openings(session, call), _in_office(session)
    homes = session.exec(select(Government).order_by(col(Government.position))).all()
    of_homes = [_line(home, states.get(home.id, []), offered.get(home.id, {}), in_office[home.id]) for home in homes]
    kept = [line for line in of_homes if line.home and (line.home.status is not Membership.FORMER or not line.is_empty)]
    return [*kept, _line(None, states.get(None, []), {}, 0)]


def _line(home: Government | None, states: Sequence[Any], offered: dict[str, int], coordinators: int) -> Line:
    return Line(
        home,
        {Status(row.status): row.number for row in states},
        submitted=sum(row.submitted for row in states),
        uncorrected=sum(row.uncorrected for row in states),
        openings=sum(offered.values()) - offered.get(OpeningStatus.DRAFT, 0),
        opening_drafts=offered.get(OpeningStatus.DRAFT, 0),
        coordinators=coordinators,
    )


def _states(session: Session, call: Call, at: dt.datetime) -> dict[uuid.UUID | None, list[Any]]:
    late = sa.and_(col(Application.status) == Status.RETURNED, col(Application.correction_due_at) < at)
    query = (
        sa.select(
            col(Application.home_id),
            col(Application.status),
            sa.func.count().label("number"),
            sa.func.count(col(Application.submitted_at)).label("submitted"),
            sa.func.sum(sa.case((late, 1), else_=0)).label("uncorrected"),
        )
        .where(col(Application.call_id) == call.id)
        .group_by(col(Application.home_id), col(Application.status))
    )
    found: dict[uuid.UUID | None, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.home_id, []).append(row)
    return found


def _openings(session: Session, call: Call) -> dict[uuid.UUID, dict[str, int]]:
    by = (col(Opening.government_id), col(Opening.status))
    found: dict[uuid.UUID, dict[str, int]] = {}
    counted = sa.select(*by, sa.func.count()).where(col(Opening.call_id) == call.id).group_by(*by)
    for government_id, status, number in session.execute(counted):
        found.setdefault(government_id, {})[status] = number
    return found


def _in_office(session: Session) -> Counter[uuid.UUID]:
    people = sa.func.count(sa.distinct(col(Grant.person_id)))
    held = sa.select(col(Grant.government_id), people).where(
        col(Grant.role) == Role.COORDINATOR, accounts.in_force(today())
    )
    rows = session.execute(held.group_by(col(Grant.government_id)))
    return Counter({row[0]: row[1] for row in rows})


# Whom a deed concerns


def coordinators_to_remind(
    session: Session, homes: Collection[uuid.UUID], at: dt.datetime
) -> list[tuple[Person, uuid.UUID]]:
    """In office and with an address, unless reminded within a day; one who holds the role twice is one."""
    wanted = select(Person, Grant.government_id).join(Grant, col(Grant.person_id) == col(Person.id))
    wanted = wanted.where(
        Grant.role == Role.COORDINATOR, col(Grant.government_id).in_(homes), accounts.in_force(today()),
        col(Person.email).is_not(None), ~_told(COORDINATORS_TEMPLATES, at),
    )  # fmt: skip
    ordered = wanted.distinct().order_by(col(Person.name), col(Person.id)).limit(rules.AT_ONCE)
    return [(person, home_id) for person, home_id in session.exec(ordered) if home_id]


def drafts_to_remind(
    session: Session, call: Call, homes: Collection[uuid.UUID], at: dt.datetime
) -> list[tuple[Person, uuid.UUID]]:
    wanted = select(Person, Application.home_id).join(Application, col(Application.applicant_id) == col(Person.id))
    wanted = wanted.where(
        Application.call_id == call.id, Application.status == Status.DRAFT, col(Application.home_id).in_(homes),
        col(Person.email).is_not(None), ~_told(APPLICANTS_TEMPLATES, at),
    )  # fmt: skip
    ordered = wanted.order_by(col(Application.created_at), col(Application.id)).limit(rules.AT_ONCE)
    return [(person, home_id) for person, home_id in session.exec(ordered) if home_id]


def _told(templates: Collection[str], at: dt.datetime) -> sa.ColumnElement[bool]:
    return exists().where(
        col(Message.person_id) == Person.id,
        col(Message.template).in_(templates),
        col(Message.created_at) > at - rules.REMINDED_FOR,
    )


def undecided(session: Session, call: Call, homes: Collection[uuid.UUID]) -> Sequence[Application]:
    """What waits for these governments, the oldest first."""
    waiting = select(Application).where(
        Application.call_id == call.id, Application.status == Status.SUBMITTED, col(Application.home_id).in_(homes)
    )
    ordered = waiting.order_by(col(Application.submitted_at), col(Application.id)).limit(rules.AT_ONCE)
    return session.exec(ordered.options(joinedload(Application.home))).all()


Concerned = Sequence[tuple[Person, uuid.UUID]] | Sequence[Application]


def concerned(
    session: Session, deed: Deed, call: Call, lines: Sequence[Line], at: dt.datetime
) -> tuple[dict[str, int], Concerned]:
    """How many by government, and who: people to remind, or applications to refuse."""
    homes = {line.home.id: line.code for line in lines if line.home}
    if deed is Deed.REFUSE:
        waiting = undecided(session, call, homes)
        return _by_code(homes, [application.home_id for application in waiting]), waiting
    if deed is Deed.REMIND_APPLICANTS:
        people = drafts_to_remind(session, call, homes, at)
    else:
        people = coordinators_to_remind(session, [line.home.id for line in lines if line.home and line.undecided], at)
    return _by_code(homes, [home_id for _person, home_id in people]), people


def _by_code(homes: Mapping[uuid.UUID, str], found: Sequence[uuid.UUID | None]) -> dict[str, int]:
    return dict(Counter(homes[home_id] for home_id in found if home_id))


# What was done


def done(session: Session, call: Call, batch: uuid.UUID) -> Entry:
    """The history's row of one deed of this call."""
    found = [each for each in history.deeds(session, "bulk", batch) if each.details.get("call") == call.slug]
    if not found:
        raise NotFound
    return found[0]


def named(session: Session, ids: Collection[uuid.UUID]) -> dict[str, Application]:
    """The applications with these ids, for a result to name."""
    found = session.exec(select(Application).where(col(Application.id).in_(ids)))
    return {str(application.id): application for application in found}


def governments(session: Session, codes: Collection[str]) -> dict[str, Government]:
    found = session.exec(select(Government).where(col(Government.code).in_(codes)).order_by(col(Government.position)))
    return {government.code: government for government in found}
