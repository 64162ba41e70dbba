"""What everybody reads of an edition's results. Every consent is asked for in the query, line by line: what was
withdrawn is gone on the next request."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from portal.clock import now, today
from portal.consents import queries as consents
from portal.consents.models import Programme, Purpose
from portal.contests.models import Award, AwardScope, Category, Edition, Names
from portal.errors import NotFound
from portal.essays.models import Authorship, Essay
from portal.essays.rules import JUDGED
from portal.juries.models import Meeting, Outcome, Verdict, Withheld
from portal.registry.models import Government
from portal.results import queries, rules
from portal.results.models import Translation
from portal.screening.models import FairCopy

PAGE = 50
NO_AWARD = 1_000  # commended essays come after all awards
SHOWN = (Outcome.AWARDED, Outcome.COMMENDED)
AUTHOR = sa.tuple_(col(Authorship.person_id), col(Authorship.edition_id))


def allowed(purpose: Purpose) -> sa.ColumnElement[bool]:
    """Whether the consent to this purpose stands now, of the author or their guardian."""
    return AUTHOR.in_(consents.allowing(purpose, Programme.CONTEST))


def takes_part() -> sa.ColumnElement[bool]:
    """Neither withdrawn nor disqualified, and nobody has taken back the consent to taking part."""
    refusing = consents.refusing(Purpose.TAKE_PART, Programme.CONTEST)
    return sa.and_(AUTHOR.not_in(refusing), col(Essay.status).in_(JUDGED))


@dataclass(frozen=True)
class Line:
    """One essay. What its author has not agreed to is empty here already."""

    code: str
    language: str
    outcome: Outcome
    category: Names
    age_from: int
    group: str  # the language, where awards are given within one
    award: Names
    position: int
    native_name: str
    roman_name: str
    home: Names
    title: str
    shows_text: bool
    is_minor: bool
    essay_id: uuid.UUID

    @property
    def is_named(self) -> bool:
        return bool(self.native_name or self.roman_name)


def _group(edition: Edition) -> Any:
    return col(Essay.language) if edition.award_scope is AwardScope.LANGUAGE else sa.literal("", sa.String)


def _position() -> sa.ColumnElement[int]:
    return sa.func.coalesce(col(Award.position), NO_AWARD)


def _if(purpose: Purpose, shown: Any) -> sa.ColumnElement[str]:
    return sa.case((allowed(purpose), shown), else_="")


def visible(edition: Edition) -> Any:
    """The awarded and the commended of an edition whose results are public; before the instant nobody's."""
    confirmed = sa.select(col(Meeting.edition_id)).where(col(Meeting.confirmed_at).is_not(None))
    return (
        sa.select(
            col(Essay.code), col(Essay.language), col(Verdict.outcome), col(Category.names), col(Category.age_from),
            _group(edition), col(Award.names), _position(), _if(Purpose.NAME, col(Authorship.native_name)),
            _if(Purpose.NAME, col(Authorship.roman_name)), col(Government.names),
            _if(Purpose.TEXT, col(FairCopy.title)), allowed(Purpose.TEXT), col(Authorship.born_on), col(Essay.id),
        )
        .select_from(Verdict)
        .join(Essay, col(Verdict.essay_id) == Essay.id)
        .join(Authorship, col(Authorship.essay_id) == Essay.id)
        .join(Category, col(Essay.category_id) == Category.id)
        .join(FairCopy, col(FairCopy.essay_id) == Essay.id)
        .outerjoin(Award, col(Verdict.award_id) == Award.id)
        .outerjoin(Government, col(Authorship.government_id) == Government.id)
        .where(
            col(Verdict.edition_id) == edition.id,
            col(Verdict.outcome).in_(SHOWN),
            col(Verdict.edition_id).in_(queries.public(now())),
            col(Verdict.edition_id).in_(confirmed),
            takes_part(),
        )
    )  # fmt: skip


def _line(row: Any) -> Line:
    *shown, born_on, essay_id = row
    shown[6], shown[10] = shown[6] or {}, shown[10] or {}
    values = [*shown, rules.is_minor(born_on, today()), essay_id]
    return Line(*values)


def _place(edition: Edition) -> tuple[Any, ...]:
    return col(Category.age_from), _group(edition), _position(), col(Essay.code)


def lines(session: Session, edition: Edition, after: str = "") -> tuple[list[Line], str]:
    """A page by age category, language where awards are given within one, and award; and the cursor of the next."""
    place = _place(edition)
    listed = visible(edition).order_by(*place).limit(PAGE + 1)
    start = session.execute(visible(edition).where(col(Essay.code) == after)).one_or_none() if after else None
    if start is not None:
        last = _line(start)
        values = (last.age_from, last.group, last.position, last.code)
        listed = listed.where(sa.tuple_(*place) > sa.tuple_(*(sa.literal(value) for value in values)))
    found = [_line(row) for row in session.execute(listed)]
    return found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else ""


@dataclass(frozen=True)
class Awarded:
    """An award, or the commendation, with who has it in a group."""

    names: Names  # empty: commended
    lines: list[Line]


@dataclass(frozen=True)
class Group:
    category: Names
    language: str
    awards: list[Awarded]


def grouped(found: Iterable[Line]) -> list[Group]:
    """Lines as they come, under the headings that they belong to."""
    groups: dict[tuple[int, str], dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in found:
        groups[line.age_from, line.group][line.position].append(line)
    return [_of_group(awards) for awards in groups.values()]


def _of_group(awards: dict[int, list[Line]]) -> Group:
    first = next(iter(awards.values()))[0]
    return Group(first.category, first.group, [Awarded(lines[0].award, lines) for lines in awards.values()])


@dataclass(frozen=True)
class Kept:
    """Places of an award that the jury gave to nobody."""

    category: Names
    language: str
    award: Names
    number: int


def kept(session: Session, edition: Edition) -> list[Kept]:
    found = (
        sa.select(col(Category.names), col(Withheld.language), col(Award.names), col(Withheld.number))
        .join(Category, col(Withheld.category_id) == Category.id)
        .join(Award, col(Withheld.award_id) == Award.id)
        .where(
            col(Withheld.edition_id) == edition.id,
            col(Withheld.confirmed_at).is_not(None),
            col(Withheld.edition_id).in_(queries.public(now())),
        )
        .order_by(col(Category.age_from), col(Withheld.language), col(Award.position))
    )
    return [Kept(*row) for row in session.execute(found)]


def languages(session: Session, found: Iterable[Line]) -> dict[uuid.UUID, list[str]]:
    """Into which languages each of these essays is translated, for those whose authors agreed to it."""
    ids = [line.essay_id for line in found if line.shows_text]
    by_essay: dict[uuid.UUID, list[str]] = defaultdict(list)
    listed = _translations().where(col(Translation.essay_id).in_(ids)).order_by(col(Translation.language))
    for translation in session.exec(listed):
        by_essay[translation.essay_id].append(translation.language)
    return by_essay


def _translations() -> Any:
    own = col(Authorship.essay_id) == col(Translation.essay_id)
    return select(Translation).join(Authorship, own).where(allowed(Purpose.TRANSLATION), allowed(Purpose.TEXT))


# One essay


@dataclass(frozen=True)
class Read:
    """An essay as everybody reads it: what judges read, and its translations."""

    line: Line
    copy: FairCopy
    translations: list[Translation]

    def in_language(self, language: str) -> Translation | None:
        """None for the essay itself. Raises NotFound if there is no such translation."""
        if language in {"", self.line.language}:
            return None
        found = next((each for each in self.translations if each.language == language), None)
        if found is None:
            raise NotFound
        return found


def read(session: Session, edition: Edition, code: str) -> Read:
    row = session.execute(visible(edition).where(col(Essay.code) == code, allowed(Purpose.TEXT))).one_or_none()
    if row is None:
        raise NotFound
    line = _line(row)
    copy = session.exec(select(FairCopy).where(FairCopy.essay_id == line.essay_id)).one()
    listed = _translations().where(col(Translation.essay_id) == line.essay_id).order_by(col(Translation.language))
    return Read(line, copy, list(session.exec(listed)))
