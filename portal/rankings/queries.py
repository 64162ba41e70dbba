"""Reading the lists of hosts."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.applications.models import Application, Choice, Status
from portal.calls.models import Call
from portal.openings.models import Opening, OpeningStatus
from portal.rankings.models import RankingEntry

Tiers = list[list[uuid.UUID]]


def lists(session: Session, call: Call) -> dict[uuid.UUID, Tiers]:
    """By opening, the tiers of its acceptable candidates, best first: nominated, and having chosen it.

    One query, whatever the size. An opening that has placed nobody is not among the keys.
    """
    placed = _candidacies(call).add_columns(col(RankingEntry.place)).where(col(RankingEntry.place).is_not(None))
    order = col(Choice.opening_id), col(RankingEntry.place), col(Choice.application_id)
    found: dict[uuid.UUID, dict[int, list[uuid.UUID]]] = {}
    for opening_id, application_id, place in session.execute(placed.order_by(*order)):
        found.setdefault(opening_id, {}).setdefault(place, []).append(application_id)
    return {opening_id: list(tiers.values()) for opening_id, tiers in found.items()}


def unsettled(session: Session, call: Call) -> dict[uuid.UUID, int]:
    """By opening, how many of its candidates are neither placed nor refused; none of them can be matched there."""
    found = _candidacies(call).where(_is_undecided()).subquery()
    counted = sa.select(found.c.opening_id, sa.func.count()).group_by(found.c.opening_id)
    return dict(session.execute(counted).tuples().all())


def _candidacies(call: Call) -> sa.Select[*tuple[Any, ...]]:
    """Each nominated applicant with each published opening they chose, and the entry there is."""
    joined = (
        sa.select(col(Choice.opening_id), col(Choice.application_id))
        .join(Opening, col(Opening.id) == col(Choice.opening_id))
        .join(Application, col(Application.id) == col(Choice.application_id))
        .outerjoin(RankingEntry, _of_this_choice())
    )
    return joined.where(
        col(Opening.call_id) == call.id,
        col(Opening.status) == OpeningStatus.PUBLISHED,
        col(Application.status) == Status.NOMINATED,
    )


def _of_this_choice() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(RankingEntry.opening_id) == col(Choice.opening_id),
        col(RankingEntry.application_id) == col(Choice.application_id),
    )


def _is_undecided() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(RankingEntry.place).is_(None),
        sa.func.coalesce(col(RankingEntry.is_unacceptable), sa.false()).is_(sa.false()),
    )
