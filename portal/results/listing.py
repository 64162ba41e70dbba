"""The results of an edition as rows for staff: by code; names only of those who agreed, or for who screens it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts.viewer import Viewer
from portal.consents.models import Purpose
from portal.contests.models import Award, Category, Edition, Names
from portal.contests.rules import may_see_author
from portal.essays.models import Authorship, Essay
from portal.essays.rules import JUDGED
from portal.juries.models import Meeting, Outcome, Verdict
from portal.registry.models import Government
from portal.results import gallery, queries

AT_ONCE = 500


class Row(NamedTuple):
    code: str
    category: Names
    language: str
    outcome: Outcome
    award: Names | None
    place: int | None
    native_name: str
    roman_name: str
    home: str  # the government's code


def rows(session: Session, viewer: Viewer, edition: Edition) -> Iterator[Row]:
    """Every decision of the jury, one by one. Before the instant of the publication without any name."""
    is_public = queries.is_public(session, edition)
    named = sa.literal(is_public) if may_see_author(viewer, edition) else _agreed(is_public)
    shown = [sa.case((named, column), else_="") for column in _about_the_author()]
    return (Row(*row) for row in session.execute(_decided(edition, shown).execution_options(yield_per=AT_ONCE)))


def _agreed(is_public: bool) -> sa.ColumnElement[bool]:
    return sa.and_(sa.literal(is_public), gallery.allowed(Purpose.NAME), gallery.takes_part())


def _about_the_author() -> tuple[Any, ...]:
    return col(Authorship.native_name), col(Authorship.roman_name), col(Government.code)


def _decided(edition: Edition, shown: list[Any]) -> sa.Select[Any]:
    confirmed = sa.select(col(Meeting.edition_id)).where(col(Meeting.confirmed_at).is_not(None))
    return (
        sa.select(
            col(Essay.code), col(Category.names), col(Essay.language), col(Verdict.outcome), col(Award.names),
            col(Verdict.place), *shown,
        )
        .select_from(Verdict)
        .join(Essay, col(Verdict.essay_id) == Essay.id)
        .join(Authorship, col(Authorship.essay_id) == Essay.id)
        .join(Category, col(Essay.category_id) == Category.id)
        .outerjoin(Award, col(Verdict.award_id) == Award.id)
        .outerjoin(Government, col(Authorship.government_id) == Government.id)
        .where(
            col(Verdict.edition_id) == edition.id,
            col(Verdict.edition_id).in_(confirmed),
            col(Essay.status).in_(JUDGED),
        )
        .order_by(col(Category.age_from), col(Essay.language), col(Award.position), col(Verdict.place), col(Essay.code))
    )  # fmt: skip
