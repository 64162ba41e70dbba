"""Reading certificates of the contest: those to issue, those issued, an author's own, and by their number."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.consents import queries as consents
from portal.consents.models import Programme, Purpose
from portal.contests.models import Award, Category, Edition, Names
from portal.contests.rules import may_see_author
from portal.diplomas import rules, words
from portal.diplomas.models import Diploma, DiplomaKind
from portal.diplomas.rules import Entry, Shown
from portal.documents import numbers
from portal.documents.certificates import Signatory
from portal.errors import Conflict, NotFound
from portal.essays.models import Authorship, Essay
from portal.i18n import N_
from portal.juries.models import Outcome, Verdict
from portal.registry.models import Government
from portal.results import gallery
from portal.results import queries as results
from portal.results import rules as result_rules
from portal.waiting import Waiting

PAGE = 50


def visible_to(viewer: Viewer, edition: Edition) -> SelectOfScalar[Diploma]:
    """Every certificate of the edition, with its essay, for staff who do not judge there. What it says names the
    author: lists show the columns beside it."""
    if not rules.may_list(viewer, edition):
        raise NotFound
    return select(Diploma).where(Diploma.edition_id == edition.id).options(joinedload(Diploma.essay))


# To issue


def lock_edition(session: Session, edition_id: uuid.UUID) -> Edition:
    """Who issues certificates of an edition comes one after another."""
    return session.exec(select(Edition).where(Edition.id == edition_id).with_for_update()).one()


class Ready(NamedTuple):
    """An essay without a valid certificate. The name only for who may see authors."""

    essay_id: uuid.UUID
    code: str
    language: str
    category: Names | None
    award: Names | None
    native_name: str

    @property
    def kind(self) -> DiplomaKind:
        return rules.kind(self.award)


def _has(*conditions: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(col(Diploma.essay_id) == col(Essay.id), *conditions)


VALID = col(Diploma.revoked_at).is_(None)
TAKES_PART = col(Essay.status).in_(result_rules.ADMITTED)


def _waiting(edition: Edition, columns: Sequence[Any]) -> sa.Select[Any]:
    """Admitted, neither withdrawn nor disqualified, and without a valid certificate."""
    awarded = sa.and_(col(Verdict.essay_id) == Essay.id, col(Verdict.outcome) == Outcome.AWARDED)
    return (
        sa.select(*columns)
        .select_from(Essay)
        .join(Authorship, col(Authorship.essay_id) == Essay.id)
        .outerjoin(Category, col(Essay.category_id) == Category.id)
        .outerjoin(Verdict, awarded)
        .outerjoin(Award, col(Verdict.award_id) == Award.id)
        .where(col(Essay.edition_id) == edition.id, TAKES_PART, ~_has(VALID))
        .order_by(col(Essay.code))
    )


def ready(session: Session, viewer: Viewer, edition: Edition, after: str = "") -> tuple[list[Ready], str]:
    """A page of essays to issue certificates of, by code, and where the next page begins."""
    name = col(Authorship.native_name) if may_see_author(viewer, edition) else sa.literal("")
    columns = col(Essay.id), col(Essay.code), col(Essay.language), col(Category.names), col(Award.names), name
    found = session.execute(_waiting(edition, columns).where(col(Essay.code) > after).limit(PAGE + 1)).all()
    rows = [Ready(*row) for row in found[:PAGE]]
    return rows, rows[-1].code if len(found) > PAGE else ""


def chosen(session: Session, edition: Edition, ids: Collection[uuid.UUID], by: uuid.UUID) -> list[Entry]:
    """Those of these essays that still wait, but none that whoever issues it wrote."""
    return _entries(session, edition, by, col(Essay.id).in_(ids))


def never_issued(session: Session, edition: Edition, by: uuid.UUID, at_most: int) -> list[Entry]:
    """Some that wait and never had a certificate: one that was revoked is issued anew by hand only."""
    return _entries(session, edition, by, ~_has(), at_most=at_most)


def _entries(session: Session, edition: Edition, by: uuid.UUID, *which: Any, at_most: int = PAGE) -> list[Entry]:
    found = _waiting(edition, (Essay, Authorship, Person, Government, Category, Award)).where(*which)
    found = found.join(Person, col(Authorship.person_id) == Person.id).where(col(Authorship.person_id) != by)
    found = found.outerjoin(Government, col(Authorship.government_id) == Government.id)
    return [Entry(*row) for row in session.execute(found.limit(at_most))]


class Figures(NamedTuple):
    """How many essays take part, how many of them have a valid certificate, and how many never had one."""

    all: int
    valid: int
    never: int


def figures(session: Session, edition: Edition) -> Figures:
    counted = (sa.func.count().filter(each) for each in (sa.true(), _has(VALID), ~_has()))
    found = sa.select(*counted).select_from(Essay).where(col(Essay.edition_id) == edition.id, TAKES_PART)
    return Figures(*session.execute(found).one())


def latest_signatory(session: Session) -> Signatory | None:
    """Who signed last: most likely who signs next."""
    found = select(Diploma.content).order_by(col(Diploma.issued_at).desc()).limit(1)
    said = session.exec(found).first()
    return Signatory(said["signatory"], said["office"]) if said else None


# Issued


def issued(
    session: Session, viewer: Viewer, edition: Edition, after: uuid.UUID | None = None
) -> tuple[Sequence[Diploma], uuid.UUID | None]:
    """A page of them, revoked ones too, the latest first."""
    query, order = visible_to(viewer, edition), (col(Diploma.issued_at), col(Diploma.id))
    if after is not None:
        last = select(*order).where(Diploma.id == after, Diploma.edition_id == edition.id)
        query = query.where(sa.tuple_(*order) < last.scalar_subquery())
    found = session.exec(query.order_by(*(column.desc() for column in order)).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def get_visible(session: Session, viewer: Viewer, edition: Edition, diploma_id: uuid.UUID) -> Diploma:
    return _one(session, visible_to(viewer, edition).where(Diploma.id == diploma_id))


def lock_visible(session: Session, viewer: Viewer, edition: Edition, diploma_id: uuid.UUID) -> Diploma:
    return _one(session, visible_to(viewer, edition).where(Diploma.id == diploma_id).with_for_update(of=Diploma))


def _one(session: Session, found: SelectOfScalar[Diploma]) -> Diploma:
    diploma = session.exec(found).one_or_none()
    if diploma is None:
        raise NotFound
    return diploma


# One's own. Whoever asks has found the essay among their own before.


def of_essay(session: Session, essay_id: uuid.UUID) -> Sequence[Diploma]:
    """The valid one and those that were revoked, the latest first."""
    found = select(Diploma).where(Diploma.essay_id == essay_id)
    return session.exec(found.order_by(col(Diploma.issued_at).desc(), col(Diploma.id))).all()


def valid(found: Sequence[Diploma]) -> Diploma | None:
    return next((diploma for diploma in found if diploma.revoked_at is None), None)


def get_valid(session: Session, essay_id: uuid.UUID) -> Diploma:
    """Raises Conflict, which explains, where there is none at the moment."""
    found = valid(of_essay(session, essay_id))
    if found is None:
        raise Conflict(words.NONE_YET)
    return found


def agreed(session: Session, own: Authorship) -> tuple[bool, bool]:
    """Whether the publication of the name, and that of the text, is agreed to now."""
    found = sa.select(_agreed(Purpose.NAME), _agreed(Purpose.TEXT)).where(col(Authorship.id) == own.id)
    name, text = session.execute(found).one()
    return name, text


def _agreed(purpose: Purpose) -> sa.ColumnElement[bool]:
    """Asked anew on every request: what was withdrawn is gone on the next one."""
    refusing = consents.refusing(Purpose.TAKE_PART, Programme.CONTEST)
    return sa.and_(gallery.allowed(purpose), gallery.AUTHOR.not_in(refusing))


# By number, for anybody


@numbers.kind(rules.PREFIX, "/diplomas/")
def is_known(session: Session, number: str) -> bool:
    return session.exec(select(Diploma.id).where(Diploma.number == number)).first() is not None


def public(session: Session, typed: str) -> Shown:
    """What the public page shows: the number is the key."""
    found = (
        sa.select(Diploma, col(Edition.zone), _agreed(Purpose.NAME), _agreed(Purpose.TEXT))
        .join(Authorship, col(Authorship.essay_id) == Diploma.essay_id)
        .join(Edition, col(Edition.id) == Diploma.edition_id)
        .where(col(Diploma.number) == numbers.read(typed, rules.PREFIX))
    )
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound
    diploma, zone, name, text = row
    return rules.shown(diploma, zone, name_agreed=name, text_agreed=text)


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """Essays that never had a certificate, by edition, once its results are public."""
    if not viewer.is_secretary:
        return []
    found = sa.select(col(Edition.slug), sa.func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    found = found.where(
        col(Edition.id).in_(results.public(now())), col(Edition.id).not_in(viewer.judged),
        TAKES_PART, ~_has(),
    )  # fmt: skip
    rows = session.execute(found.group_by(col(Edition.slug)).order_by(col(Edition.slug)))
    return [
        Waiting(count, N_("Contest certificates to issue"), f"/contests/{slug}/certificates") for slug, count in rows
    ]
