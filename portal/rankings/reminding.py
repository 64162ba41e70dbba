"""Telling hosts, before rankings are due, that candidates of theirs are not decided yet."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, exists

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.applications.models import Application, Kinship
from portal.calls.models import Call
from portal.clock import today
from portal.mail.actions import send
from portal.openings.models import Opening
from portal.rankings import queries, rules
from portal.rankings.models import RankingReminder


def remind(session: Session, at: dt.datetime) -> int:
    """Reminds the hosts of every opening with somebody undecided; of how many openings.

    Once 7 and once 2 days before rankings are due, however often this runs; a worker that stood still sends
    the latest only.
    """
    due = ((call, rules.days_to_remind(call.rankings_due_at, at)) for call in queries.calls_being_ranked(session, at))
    return sum(_remind(session, call, days, at) for call, days in due if days is not None)


def _remind(session: Session, call: Call, days: int, at: dt.datetime) -> int:
    claimed = _claim(session, list(queries.unsettled(session, call)), days, at)
    for person_id, opening_count, candidate_count in _concerned(session, claimed):
        person = session.get_one(Person, person_id)
        facts = {"call": call, "days": days, "openings": opening_count, "candidates": candidate_count}
        send(session, "rankings/reminder", to=accounts.recipient(person), **facts)
    return len(claimed)


def _claim(session: Session, opening_ids: Sequence[uuid.UUID], days: int, at: dt.datetime) -> set[uuid.UUID]:
    """Keeps what is not there yet, and says which: of two workers at the same moment only one is told so."""
    if not opening_ids:
        return set()
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    rows = [{"opening_id": each, "days": days, "reminded_at": at} for each in opening_ids]
    kept = insert(RankingReminder).values(rows).on_conflict_do_nothing().returning(col(RankingReminder.opening_id))
    return set(session.execute(kept).scalars())


def _concerned(session: Session, opening_ids: Collection[uuid.UUID]) -> Sequence[sa.Row[uuid.UUID, int, int]]:
    """Each coordinator of these openings, with how many of them, and of their candidates, they have to decide on."""
    kin = exists().where(col(Kinship.application_id) == Application.id, col(Kinship.person_id) == Grant.person_id)
    undecided = queries.undecided(opening_ids).join(Grant, col(Grant.government_id) == col(Opening.government_id))
    theirs = undecided.where(
        col(Grant.role) == Role.COORDINATOR, accounts.in_force(today()), ~kin,
        col(Application.applicant_id) != col(Grant.person_id),
    )  # fmt: skip
    person, opening = col(Grant.person_id), sa.func.count(col(Opening.id).distinct())
    counted = theirs.with_only_columns(person, opening, sa.func.count(col(Application.id).distinct()))
    return session.execute(counted.group_by(person).order_by(person)).all()
