"""Reading essays for those who screen and deal: by code once admitted; with their authors for screeners alone."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as people
from portal.accounts.hindrances import hindrance
from portal.accounts.models import Person, Role
from portal.accounts.rules import mailbox
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.consents import queries as consents
from portal.consents.models import Case, Consent, ConsentGuardian, Programme, Purpose
from portal.consents.rules import Standing
from portal.contests import queries as contests
from portal.contests import rules
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays import queries as essays
from portal.essays import rules as essay_rules
from portal.essays import scripts, telling
from portal.essays.models import Authorship, Essay, EssayStatus, Source
from portal.history.models import Entry
from portal.i18n import N_, Lazy
from portal.invitations import queries as invitations
from portal.passages.models import SharedPassages
from portal.screening import rules as screening
from portal.screening.models import Disqualification, FairCopy, Item, Part, Redaction, Tick
from portal.screening.words import ConsentState, Show
from portal.waiting import Waiting

PAGE = 50
WAITING = (EssayStatus.SUBMITTED,)
PARTS = (joinedload(Essay.category), joinedload(Essay.theme))
READ = "read who wrote it"


# By code


def visible_to(viewer: Viewer, edition: Edition) -> SelectOfScalar[Essay]:
    """Every essay of the edition that has a code, for those who may see them. Nothing here names an author."""
    if not rules.may_see_essays(viewer, edition):
        raise NotFound
    return select(Essay).where(Essay.edition_id == edition.id, col(Essay.code).is_not(None)).options(*PARTS)


def admitted(
    session: Session, viewer: Viewer, edition: Edition, *, status: EssayStatus | None = None, after: str = ""
) -> tuple[list[Essay], str]:
    """A page of essays in the order of their codes, and the cursor of the next."""
    listed = visible_to(viewer, edition).where(col(Essay.code) > after).order_by(col(Essay.code))
    if status is not None:
        listed = listed.where(Essay.status == status)
    found = list(session.exec(listed.limit(PAGE + 1)))
    return found[:PAGE], found[PAGE - 1].code or "" if len(found) > PAGE else ""


def get_essay(session: Session, viewer: Viewer, edition: Edition, code: str) -> Essay:
    return _one(session, visible_to(viewer, edition).where(Essay.code == code))


def lock_by_code(session: Session, viewer: Viewer, edition: Edition, code: str) -> Essay:
    return _one(session, visible_to(viewer, edition).where(Essay.code == code).with_for_update(of=Essay))


def _one(session: Session, found: SelectOfScalar[Essay]) -> Essay:
    essay = session.exec(found).one_or_none()
    if essay is None:
        raise NotFound
    return essay


def fair_copy(session: Session, essay: Essay) -> FairCopy:
    """What judges read of an admitted essay, and whoever must not know its author."""
    return session.exec(select(FairCopy).where(FairCopy.essay_id == essay.id)).one()


# For screeners


def screened_by(viewer: Viewer, edition: Edition) -> SelectOfScalar[Essay]:
    """Every essay that was sent, for those who may know who wrote it."""
    return select(Essay).where(*_sent(viewer, edition)).options(*PARTS)


def _sent(viewer: Viewer, edition: Edition) -> tuple[sa.ColumnElement[bool], ...]:
    if not rules.may_see_author(viewer, edition):
        raise NotFound
    return col(Essay.edition_id) == edition.id, col(Essay.submitted_at).is_not(None)


def get_screened(session: Session, viewer: Viewer, edition: Edition, essay_id: uuid.UUID) -> Essay:
    return _one(session, screened_by(viewer, edition).where(Essay.id == essay_id))


def lock_screened(session: Session, viewer: Viewer, edition: Edition, essay_id: uuid.UUID) -> Essay:
    return _one(session, screened_by(viewer, edition).where(Essay.id == essay_id).with_for_update(of=Essay))


def lock_to_admit(session: Session, viewer: Viewer, edition: Edition, essay_id: uuid.UUID) -> Essay:
    """The essay, once its author's consents are held, in the order in which a guardian's answer holds both.

    A no that comes at the same moment is seen here, or finds the essay admitted and ends it.
    """
    screened_by(viewer, edition)
    author = select(Authorship.person_id).where(Authorship.essay_id == essay_id)
    case = select(Case.id).where(
        col(Case.person_id).in_(author), Case.programme == Programme.CONTEST, Case.round_id == edition.id
    )
    session.exec(case.with_for_update()).all()
    return lock_screened(session, viewer, edition, essay_id)


def authorships(session: Session, essay_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Authorship]:
    """Who wrote these essays, by essay, in one query; with what `findings` and `essays.rules.ward_of` look at."""
    essay = joinedload(Authorship.essay).joinedload(Essay.edition)
    wanted = (essay, joinedload(Authorship.person), joinedload(Authorship.government))
    found = select(Authorship).where(col(Authorship.essay_id).in_(essay_ids)).options(*wanted)
    return {own.essay_id: own for own in session.exec(found)}


def author_of(session: Session, essay: Essay) -> Authorship:
    return authorships(session, [essay.id])[essay.id]


def standing(session: Session, own: Authorship) -> Standing:
    """Where the consents of an essay's author stand."""
    return consents.standing(
        session, essay_rules.ward_of(own), own.person_id, Programme.CONTEST, own.edition_id
    )  # fmt: skip


def redactions(session: Session, essay: Essay) -> list[Redaction]:
    found = select(Redaction).where(Redaction.essay_id == essay.id)
    return list(session.exec(found.order_by(col(Redaction.part), col(Redaction.begins))))


def ranges(session: Session, essay: Essay) -> dict[Part, list[screening.Range]]:
    """What judges do not see of each part."""
    found: dict[Part, list[screening.Range]] = {part: [] for part in Part}
    for each in redactions(session, essay):
        found[each.part].append((each.begins, each.ends))
    return found


def fair(session: Session, essay: Essay) -> dict[Part, str]:
    """Each part as judges read it, or will."""
    kept = ranges(session, essay)
    return {part: screening.hidden(text, kept[part]) for part, text in screening.words_of(essay).items()}


def still_shown(session: Session, essay: Essay, words: str) -> list[tuple[Part, screening.Range]]:
    """Where these words stand in what judges can read. What is hidden is not looked at: the answer would tell."""
    kept = ranges(session, essay)
    return [
        (part, place)
        for part, text in screening.words_of(essay).items()
        for place in screening.outside(screening.places(text, words), kept[part])
    ]


def ticks(session: Session, essay: Essay) -> dict[Item, Tick]:
    return {tick.item: tick for tick in session.exec(select(Tick).where(Tick.essay_id == essay.id))}


def open_proposal(session: Session, essay: Essay) -> Disqualification | None:
    of_essay = select(Disqualification).where(Disqualification.essay_id == essay.id)
    return session.exec(of_essay.where(col(Disqualification.settled_at).is_(None))).one_or_none()


def proposals(session: Session, essay: Essay) -> list[Disqualification]:
    """Every disqualification that was proposed, the newest first."""
    found = select(Disqualification).where(Disqualification.essay_id == essay.id)
    return list(session.exec(found.order_by(col(Disqualification.proposed_at).desc())))


# What other features find


class Finding(NamedTuple):
    """Characters of a part that could tell who wrote it."""

    part: Part
    begins: int
    ends: int
    kind: str = ""


def findings(own: Authorship) -> list[Finding]:
    """What in the essay could tell its author. Everything here that looks for it asks this function."""
    known = essays.known_of(own, own.person)
    found = telling.find(known, **{part.value: text for part, text in screening.words_of(own.essay).items()})
    return [Finding(Part(each.part), each.begins, each.ends, each.kind.value) for each in found]


def language_doubt(essay: Essay) -> str | None:
    """Why the text may not be in the language that was chosen."""
    return scripts.warning(essay.text, essay.language)


def shares_passages() -> sa.ColumnElement[bool]:
    """Whether an essay of a query shares passages with another."""
    sides = (col(SharedPassages.essay_id), col(SharedPassages.other_id))
    return sa.or_(*(sa.exists().where(side == Essay.id).correlate(Essay) for side in sides))


# The queue


@dataclass(frozen=True)
class Filters:
    language: str = ""
    category_id: uuid.UUID | None = None
    show: Show = Show.ALL


@dataclass(frozen=True)
class Row:
    """An essay of the queue with what a screener sees of it at a glance."""

    essay: Essay
    consent: ConsentState
    is_proposed: bool


def waiting_essays(
    session: Session, viewer: Viewer, edition: Edition, filters: Filters, *, after: uuid.UUID | None = None
) -> tuple[list[Row], str]:
    """A page of the essays that wait for a screener, the longest waiting first, and the cursor of the next.

    The page is found by its index alone; what it shows is read of its rows only.
    """
    listed = select(Essay.id).where(*_sent(viewer, edition), *_shown(filters.show))
    if filters.language:
        listed = listed.where(Essay.language == filters.language)
    if filters.category_id:
        listed = listed.where(Essay.category_id == filters.category_id)
    at, id_ = col(Essay.submitted_at), col(Essay.id)
    if after is not None:
        last = select(at, id_).where(Essay.id == after).subquery()
        listed = listed.where(sa.tuple_(at, id_) > select(*last.c).scalar_subquery())
    found = list(session.exec(listed.order_by(at, id_).limit(PAGE + 1)))
    return _rows(session, edition, found[:PAGE]), str(found[PAGE - 1]) if len(found) > PAGE else ""


def _shown(show: Show) -> tuple[sa.ColumnElement[bool], ...]:
    if show is Show.SECOND:
        return _is_proposed(), col(Essay.status).in_(screening.DISQUALIFIABLE)
    return (col(Essay.status) == EssayStatus.SUBMITTED, *CONDITIONS[show]())


def _is_proposed() -> sa.ColumnElement[bool]:
    open_ = select(Disqualification.essay_id).where(col(Disqualification.settled_at).is_(None))
    return col(Essay.id).in_(open_)


def _agrees() -> sa.ColumnElement[bool]:
    """Whether somebody agreed to the author's taking part. Who counts is for `standing`; this is for lists."""
    given = select(Consent.id).join(Case).join(Authorship, col(Authorship.person_id) == Case.person_id).where(
        Authorship.essay_id == Essay.id, Case.programme == Programme.CONTEST, Case.round_id == Authorship.edition_id,
        Consent.purpose == Purpose.TAKE_PART, col(Consent.is_given), col(Consent.ended_at).is_(None),
    )  # fmt: skip
    return given.correlate(Essay).exists()


CONDITIONS: Mapping[Show, Any] = {
    Show.ALL: lambda: (),
    Show.AGAIN: lambda: (col(Essay.returned_at).is_not(None),),
    Show.CONSENT: lambda: (~_agrees(),),
    Show.PASSAGES: lambda: (shares_passages(),),
    Show.PAPER: lambda: (Essay.source == Source.PAPER,),
}


def _rows(session: Session, edition: Edition, ids: list[uuid.UUID]) -> list[Row]:
    """Of a page of essays, in as many queries as of one."""
    by_essay = _listed(session, ids)
    wards = {own.person_id: essay_rules.ward_of(own) for own in by_essay.values()}
    stand = consents.standings(session, wards, Programme.CONTEST, edition.id)
    open_ = select(Disqualification.essay_id).where(
        col(Disqualification.essay_id).in_(ids), col(Disqualification.settled_at).is_(None)
    )
    proposed = set(session.exec(open_))
    return [_row(by_essay[essay_id], stand, essay_id in proposed) for essay_id in ids]


def _listed(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Authorship]:
    """Who wrote these essays, without what they wrote."""
    essay, words = joinedload(Authorship.essay), (defer(Essay.text), defer(Essay.notes))  # type: ignore[arg-type]
    wanted = essay.options(*words, joinedload(Essay.edition), joinedload(Essay.category))
    found = (
        select(Authorship).where(col(Authorship.essay_id).in_(ids)).options(wanted, joinedload(Authorship.government))
    )
    return {own.essay_id: own for own in session.exec(found)}


def _row(own: Authorship, stand: Mapping[uuid.UUID, Standing], is_proposed: bool) -> Row:
    return Row(own.essay, screening.consent_state(stand[own.person_id]), is_proposed)


@dataclass(frozen=True)
class Counts:
    """How many essays wait, by each filter that an index counts; the others look at each essay's author or passages."""

    languages: Mapping[str, int]
    categories: Mapping[uuid.UUID | None, int]
    shown: Mapping[Show, int]


COUNTED = (Show.ALL, Show.AGAIN, Show.PAPER)


def counts(session: Session, viewer: Viewer, edition: Edition) -> Counts:
    waits = (*_sent(viewer, edition), *_shown(Show.ALL))
    each = [func.count().filter(*CONDITIONS[show]()) if CONDITIONS[show]() else func.count() for show in COUNTED]
    by = col(Essay.language), col(Essay.category_id)
    languages: dict[str, int] = {}
    categories: dict[uuid.UUID | None, int] = {}
    shown = dict.fromkeys(COUNTED, 0)
    for language, category_id, *numbers in session.execute(sa.select(*by, *each).where(*waits).group_by(*by)):
        languages[language] = languages.get(language, 0) + numbers[0]
        categories[category_id] = categories.get(category_id, 0) + numbers[0]
        shown = {show: shown[show] + number for show, number in zip(COUNTED, numbers, strict=True)}
    return Counts(languages, categories, {**shown, Show.SECOND: _seconds(session, viewer, edition)})


def _seconds(session: Session, viewer: Viewer, edition: Edition) -> int:
    wait = select(func.count()).select_from(Essay).where(*_sent(viewer, edition), *_shown(Show.SECOND))
    return session.exec(wait).one()


# Who read whose


def has_read(session: Session, viewer: Viewer, essay: Essay) -> bool:
    """Whether it is written down that this screener read today who wrote this essay."""
    begins = now().replace(hour=0, minute=0, second=0, microsecond=0)
    found = select(Entry.number).where(
        Entry.subject == "essay", Entry.subject_id == essay.id, Entry.deed == READ, Entry.actor_id == viewer.id,
        Entry.at >= begins,
    )  # fmt: skip
    return session.exec(found.limit(1)).first() is not None


class Deed(NamedTuple):
    """What was decided about an essay, by whom and when."""

    at: dt.datetime
    deed: str
    by: str
    details: Mapping[str, Any]


def decisions(session: Session, essay: Essay, known: Collection[str]) -> list[Deed]:
    """The history of an essay, newest first, without who read it."""
    found = select(Entry).where(Entry.subject == "essay", Entry.subject_id == essay.id, col(Entry.deed).in_(known))
    entries = session.exec(found.order_by(col(Entry.number).desc()).limit(200)).all()
    names = people.names(session, {entry.actor_id for entry in entries if entry.actor_id})
    return [Deed(each.at, each.deed, names.get(each.actor_id, ""), each.details) for each in entries]


# Who knows who wrote what


JUDGES_HERE = N_("You judge this edition, so you cannot also know who wrote what.")
INVITED_TO_JUDGE = N_("You are invited to judge this edition. Have that invitation taken back before you screen it.")
KNOWS = N_("This person knows who wrote what in this edition, so they cannot judge it.")


@hindrance
def why_apart(session: Session, person: Person, role: Role, edition_id: uuid.UUID | None) -> Lazy | None:
    """What keeps somebody from judging, or from screening, an edition: the other task, or knowing an author."""
    if edition_id is None:
        return None
    if role is Role.JUDGE and knows_authors(session, person, edition_id):
        return KNOWS
    if role is Role.SCREENER and contests.has_ever_been(session, person.id, Role.JUDGE, edition_id):
        return JUDGES_HERE
    is_invited = role is Role.SCREENER and invitations.is_invited(session, person.email, Role.JUDGE, edition_id)
    return INVITED_TO_JUDGE if is_invited else None


def knows_authors(session: Session, person: Person, edition_id: uuid.UUID) -> bool:
    """Who screens or screened the edition, or is invited to; who wrote for it, or whose office entered from paper."""
    return (
        contests.has_ever_been(session, person.id, Role.SCREENER, edition_id)
        or invitations.is_invited(session, person.email, Role.SCREENER, edition_id)
        or essays.knows_an_author(session, person.id, session.get_one(Edition, edition_id))
    )


def is_guardian(session: Session, person: Person, own: Authorship) -> bool:
    """Whether this person's mailbox is one that was named as the author's guardian's for the edition."""
    named = select(ConsentGuardian.email).join(Case).where(
        Case.person_id == own.person_id, Case.programme == Programme.CONTEST, Case.round_id == own.edition_id
    )  # fmt: skip
    return bool(person.email) and any(mailbox(each) == mailbox(person.address) for each in session.exec(named) if each)


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    screened = viewer.editions(Role.SCREENER)
    if not screened:
        return []
    count = select(Edition.slug, func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    submitted = count.where(col(Edition.id).in_(screened), col(Essay.status).in_(WAITING))
    rows = session.exec(submitted.group_by(Edition.slug)).all()
    found = [Waiting(number, N_("Essays to screen"), f"/contests/{slug}/screening") for slug, number in rows]
    return [*_to_confirm(session, viewer, screened), *found]


def _to_confirm(session: Session, viewer: Viewer, screened: Collection[uuid.UUID]) -> list[Waiting]:
    """Disqualifications that another screener proposed, of essays that are not the viewer's own."""
    count = select(Edition.slug, func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    open_ = count.join(Disqualification, col(Disqualification.essay_id) == Essay.id).where(
        col(Disqualification.settled_at).is_(None), Disqualification.proposed_by != viewer.id,
        col(Edition.id).in_(screened), col(Essay.status).in_(screening.DISQUALIFIABLE),
        col(Essay.id).not_in(select(Authorship.essay_id).where(Authorship.person_id == viewer.id)),
    )  # fmt: skip
    text = N_("Disqualifications to confirm")
    rows = session.exec(open_.group_by(Edition.slug)).all()
    return [Waiting(number, text, f"/contests/{slug}/screening?show=second") for slug, number in rows]
