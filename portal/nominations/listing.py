"""The list of applicants of a call: narrowed, put in an order, in pages, and what stands next to one of them."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Status
from portal.nominations import queries
from portal.nominations.words import Sort
from portal.registry.rules import search_words

PAGE = 50
BATCH = 500
NAME, TIME, MERIT = col(Application.roman_name), col(Application.submitted_at), col(Application.merit)
STATUS, KEY = col(Application.status), col(Application.id)
KEYS: dict[Sort, tuple[Any, ...]] = {
    Sort.NAME: (NAME, KEY),
    Sort.SUBMITTED: (TIME, KEY),
    Sort.STATE: (STATUS, TIME, KEY),
    Sort.MERIT: (MERIT, KEY),
}
NEWEST_FIRST = {Sort.SUBMITTED}


@dataclass(frozen=True)
class Wanted:
    """What the list shows. Whoever is not nominated comes last in the order of merit."""

    call_id: uuid.UUID
    home_id: uuid.UUID | None = None
    status: Status | None = None
    from_paper: bool = False
    term: str = ""
    sort: Sort = Sort.SUBMITTED


class Page(NamedTuple):
    """Some rows, and the cursor of the next page if there is one."""

    rows: Sequence[Application]
    after: uuid.UUID | None


def page(session: Session, viewer: Viewer, wanted: Wanted, after: uuid.UUID | None = None) -> Page:
    query = _matching(viewer, wanted).options(joinedload(Application.home), joinedload(Application.call))
    last = session.get(Application, after) if after else None
    if last is not None:
        query = query.where(_beyond(wanted.sort, last, forwards=True))
    rows = session.exec(query.order_by(*_order(wanted.sort, forwards=True)).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def all_rows(session: Session, viewer: Viewer, wanted: Wanted) -> Iterator[Application]:
    """Every row, in the same order, a batch in memory at a time."""
    query = _matching(viewer, wanted).options(
        joinedload(Application.home), joinedload(Application.applicant), selectinload(Application.languages)
    )
    yield from session.exec(query.order_by(*_order(wanted.sort, forwards=True)).execution_options(yield_per=BATCH))


class Neighbours(NamedTuple):
    previous: uuid.UUID | None
    next: uuid.UUID | None


def neighbours(session: Session, viewer: Viewer, wanted: Wanted, application: Application) -> Neighbours:
    """What stands before and after this one in the list, whether or not it stands there itself."""
    before, after = (_nearest(session, viewer, wanted, application, forwards=way) for way in (False, True))
    return Neighbours(before, after)


def _nearest(
    session: Session, viewer: Viewer, wanted: Wanted, application: Application, *, forwards: bool
) -> uuid.UUID | None:
    query = _matching(viewer, wanted).where(_beyond(wanted.sort, application, forwards=forwards))
    found = session.exec(query.order_by(*_order(wanted.sort, forwards=forwards)).limit(1)).first()
    return found.id if found else None


def _matching(viewer: Viewer, wanted: Wanted) -> SelectOfScalar[Application]:
    query = queries.visible_to(viewer).where(Application.call_id == wanted.call_id)
    if wanted.home_id is not None:
        query = query.where(Application.home_id == wanted.home_id)
    if wanted.status is not None:
        query = query.where(Application.status == wanted.status)
    if wanted.from_paper:
        query = query.where(col(Application.entered_by).is_not(None))
    for word in search_words(wanted.term):
        query = query.where(col(Application.search_text).contains(word, autoescape=True))
    return query


def _order(sort: Sort, *, forwards: bool) -> list[Any]:
    ascending = forwards is not (sort in NEWEST_FIRST)
    keys = [key.asc() if ascending else key.desc() for key in KEYS[sort]]
    if sort is Sort.MERIT:
        keys[0] = keys[0].nulls_last() if ascending else keys[0].nulls_first()
    return keys


def _beyond(sort: Sort, row: Application, *, forwards: bool) -> sa.ColumnElement[bool]:
    """What comes after `row` in this order, or before it."""
    if sort is Sort.MERIT:
        return _beyond_in_merit(row, forwards=forwards)
    values = tuple(getattr(row, key.key) for key in KEYS[sort])
    keys = sa.tuple_(*KEYS[sort])
    return keys > values if forwards is not (sort in NEWEST_FIRST) else keys < values


def _later(row_id: uuid.UUID, *, forwards: bool) -> sa.ColumnElement[bool]:
    key = col(Application.id)
    return key > row_id if forwards else key < row_id


def _beyond_in_merit(row: Application, *, forwards: bool) -> sa.ColumnElement[bool]:
    """No row value compares with what is missing: those without a place are a second list, after the first."""
    if row.merit is None:
        rest = sa.and_(MERIT.is_(None), _later(row.id, forwards=forwards))
        return rest if forwards else sa.or_(rest, MERIT.is_not(None))
    keys, values = sa.tuple_(MERIT, KEY), (row.merit, row.id)
    return sa.or_(keys > values, MERIT.is_(None)) if forwards else keys < values
