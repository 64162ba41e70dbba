"""Reading the registry. All of it is public, so everybody sees the same rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal import i18n
from portal.errors import NotFound
from portal.registry import collation, rules
from portal.registry.models import Committee, Country, Government, Membership, Partner


@dataclass(frozen=True)
class Wanted:
    """What a list of governments is narrowed to. `q` is looked for in every name, code, country and seat."""

    country: Country | None = None
    kind: str | None = None
    status: Membership | None = None
    committee: str | None = None
    q: str = ""


EVERYTHING = Wanted()


def governments(session: Session, wanted: Wanted = EVERYTHING) -> Sequence[Government]:
    return session.exec(_matching(wanted).order_by(col(Government.position))).all()


def listed(session: Session, chosen: SelectOfScalar[Government]) -> list[Government]:
    """These governments as a list to choose from shows them: by country, and as the reader's language sorts."""
    return collation.in_order(session.exec(chosen), i18n.language())


def governments_after(session: Session, wanted: Wanted, *, after: str, limit: int) -> Sequence[Government]:
    """One page in the order of codes, and one row more if there is another page."""
    page = _matching(wanted).where(Government.code > after).order_by(col(Government.code)).limit(limit + 1)
    return session.exec(page).all()


def are_known(session: Session, codes: Collection[str]) -> bool:
    """Whether every one of these codes is a government's."""
    found = session.exec(select(sa.func.count()).where(col(Government.code).in_(codes))).one()
    return found == len(set(codes))


def how_many(session: Session, wanted: Wanted) -> int:
    return session.exec(select(sa.func.count()).select_from(_matching(wanted).subquery())).one()


def get_government(session: Session, code: str) -> Government:
    return _one(session, select(Government).where(Government.code == _known_form(code)))


def lock_government(session: Session, code: str) -> Government:
    return _one(session, select(Government).where(Government.code == _known_form(code)).with_for_update())


def _known_form(code: str) -> str:
    """Upper case. What cannot be a code is not even asked for: PostgreSQL refuses some characters."""
    if not rules.CODE.fullmatch(code.upper()):
        raise NotFound
    return code.upper()


def _one(session: Session, chosen: SelectOfScalar[Government]) -> Government:
    found = session.exec(chosen).one_or_none()
    if found is None:
        raise NotFound
    return found


def committees(session: Session) -> Sequence[Committee]:
    joined = select(Committee).options(joinedload(Committee.coordinator))
    return session.exec(joined.order_by(col(Committee.position))).all()


def committees_of(session: Session, government: Government) -> Sequence[Committee]:
    own = select(Committee).where(Committee.coordinator_id == government.id)
    return session.exec(own.order_by(col(Committee.position))).all()


def committee_names(session: Session, language: str) -> list[tuple[str, str]]:
    """Key and name of each, for a list to choose from."""
    found = session.exec(select(Committee).order_by(col(Committee.position))).all()
    return [(committee.key, committee.name(language)) for committee in found]


def partners(session: Session) -> Sequence[Partner]:
    return session.exec(select(Partner).order_by(col(Partner.position))).all()


def _matching(wanted: Wanted) -> SelectOfScalar[Government]:
    chosen = select(Government)
    for column, value in (
        (Government.country, wanted.country), (Government.kind, wanted.kind), (Government.status, wanted.status),
    ):  # fmt: skip
        chosen = chosen if value is None else chosen.where(column == value)
    if wanted.committee is not None:
        chosen = chosen.where(col(Government.id).in_(_coordinating(wanted.committee)))
    # Seventy-six rows: reading them all is quicker than any index of parts of words would be.
    for word in rules.search_words(wanted.q):
        chosen = chosen.where(col(Government.search_text).contains(word, autoescape=True))
    return chosen


def _coordinating(key: str) -> Any:
    return select(Committee.coordinator_id).where(Committee.key == key)
