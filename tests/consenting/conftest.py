"""A minor with an essay, and one of age."""

import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session

from portal.accounts.models import Person
from portal.clock import now
from portal.consenting import queries
from portal.consents.models import Programme, Purpose
from portal.consents.rules import Standing
from portal.essays.models import Essay
from tests import make
from tests.people import Cast

CHILD = now().date() - dt.timedelta(days=15 * 365)
GROWN = now().date() - dt.timedelta(days=19 * 366)
MOTHER = "mother@example.org"
NAMED = {"name": "Ээж", "email": MOTHER, "language": "mn"}
YES = {f"answer_{purpose.value}": "yes" for purpose in Purpose}


def written(
    session: Session, author: Person, born_on: dt.date = CHILD, state: str = "submitted", **fields: Any
) -> Essay:
    made = make.essay(session, state, author=author, edition=make.edition(session), **fields)
    make.authorship(session, made).born_on = born_on
    session.commit()
    return made


@pytest.fixture
def essay(session: Session, cast: Cast) -> Essay:
    """Of the cast's stranger, who is a minor and lives in Mongolia."""
    return written(session, cast.stranger)


@pytest.fixture
def grown(session: Session, cast: Cast) -> Essay:
    """Of the other applicant, who is of age."""
    return written(session, cast.other_applicant, GROWN)


def path(essay: Essay, rest: str = "") -> str:
    return f"/consents/contest/{essay.edition_id}{rest}"


def standing(session: Session, person: Person, round_id: Any, programme: Programme = Programme.CONTEST) -> Standing:
    session.expire_all()
    entry = queries.STREETS[programme](session, [person.id], [round_id])[0]
    return queries.standing(session, entry)
