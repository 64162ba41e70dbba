"""Reading essays for those who screen and deal: by code once admitted; with their authors for screeners alone."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as people
from portal.accounts.hindrances import hindrance
from portal.accounts.models import Grant, Person, Role
from portal.accounts.rules import mailbox, never_began
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.consents.models import Case, ConsentGuardian, Programme
from portal.contests import queries as contests
from portal.contests import rules
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays import queries as essays
from portal.essays import scripts, telling
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.history.models import Entry
from portal.i18n import N_, Lazy
from portal.invitations import queries as invitations
from portal.passages.models import SharedPassages
from portal.screening import rules as screening
from portal.screening.models import Disqualification, FairCopy, Item, Part, Redaction, Tick

PAGE = 50
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
    return select(Essay).where(*sent(viewer, edition)).options(*PARTS)


def sent(viewer: Viewer, edition: Edition) -> tuple[sa.ColumnElement[bool], ...]:
    """The same in words of the database, for queries that read less than whole essays."""
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


def redactions(session: Session, essay: Essay) -> list[Redaction]:
    found = select(Redaction).where(Redaction.essay_id == essay.id)
    return list(session.exec(found.order_by(col(Redaction.part), col(Redaction.begins))))


def still_shown(session: Session, essay: Essay, words: str) -> list[tuple[Part, screening.Range]]:
    """Where these words stand in what judges can read. What is hidden is not looked at: the answer would tell."""
    kept = screening.ranges_of(redactions(session, essay))
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
    edition = session.get(Edition, edition_id)  # a role may be given for one that nobody made
    return (
        contests.has_ever_been(session, person.id, Role.SCREENER, edition_id)
        or invitations.is_invited(session, person.email, Role.SCREENER, edition_id)
        or (edition is not None and essays.knows_an_author(session, person.id, edition))
    )


def knowing_authors(session: Session, ids: Collection[uuid.UUID], edition: Edition) -> set[uuid.UUID]:
    """Those of these people of whom `knows_authors` is true, in a fixed number of queries."""
    screened = select(Grant).where(
        col(Grant.person_id).in_(ids), Grant.role == Role.SCREENER, Grant.edition_id == edition.id
    )
    known = {grant.person_id for grant in session.exec(screened) if not never_began(grant)}
    invited = invitations.invited(session, Role.SCREENER, edition.id)
    addresses = select(Person.id).where(col(Person.id).in_(ids), col(Person.email).in_(invited))
    return known | set(session.exec(addresses)) | essays.knowing_an_author(session, ids, edition)


def is_guardian(session: Session, person: Person, own: Authorship) -> bool:
    """Whether this person's mailbox is one that was named as the author's guardian's for the edition."""
    named = select(ConsentGuardian.email).join(Case).where(
        Case.person_id == own.person_id, Case.programme == Programme.CONTEST, Case.round_id == own.edition_id
    )  # fmt: skip
    return bool(person.email) and any(mailbox(each) == mailbox(person.address) for each in session.exec(named) if each)
