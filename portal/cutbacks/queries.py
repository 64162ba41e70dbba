"""Who counts on an opening."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Person
from portal.applications.models import Application, Choice, Status
from portal.openings.models import Opening
from portal.placements import queries as placements


class Concerned(NamedTuple):
    """How many applicants ranked an opening, drafts too, and how many of its places are held."""

    ranked: int
    held: int


def concerned_by(session: Session, opening: Opening) -> Concerned:
    counted = select(sa.func.count()).select_from(_choosing(opening.id).subquery())
    return Concerned(session.exec(counted).one(), placements.places_taken(session, opening))


def applicants_who_ranked(session: Session, opening: Opening) -> Sequence[Person]:
    """Everybody who still counts on it and can be written to."""
    chosen = _choosing(opening.id).with_only_columns(col(Application.applicant_id))
    found = select(Person).where(col(Person.id).in_(chosen), col(Person.email).is_not(None))
    return session.exec(found.order_by(col(Person.id))).all()


def _choosing(opening_id: uuid.UUID) -> SelectOfScalar[Application]:
    ranked = select(Application).join(Choice).where(Choice.opening_id == opening_id)
    return ranked.where(Application.status != Status.WITHDRAWN)
