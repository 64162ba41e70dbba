"""Reading essays. Who wrote what is asked here only for its author and for screeners."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad
from sqlmodel import Session, and_, col, exists, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Grant, Person, Role
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.consents import queries as consents
from portal.consents.models import Programme
from portal.consents.rules import Standing
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays import rules
from portal.essays.models import Authorship, Essay, EssayStatus, SetAside, Submission
from portal.essays.telling import Known
from portal.i18n import N_, Lazy
from portal.waiting import Waiting

PAGE = 50
ASIDE = 10  # whole texts


# Essays, by their authors


def acted_for_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """`rules.acts_for` in the database's words: what they wrote, and what their office entered from paper."""
    return or_(col(Authorship.person_id) == viewer.person_id, entered_by(viewer))


def entered_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """What the viewer's governments entered from paper. Who ever judged an edition learns nothing of its authors."""
    if not viewer.governments:
        return sa.false()
    judged = select(Grant.edition_id).where(
        Grant.person_id == viewer.person_id, Grant.role == Role.JUDGE, col(Grant.edition_id).is_not(None)
    )  # fmt: skip
    of_theirs = col(Authorship.government_id).in_(viewer.governments)
    return and_(col(Authorship.entered_at).is_not(None), of_theirs, col(Authorship.edition_id).not_in(judged))


def written_by(viewer: Viewer) -> SelectOfScalar[Authorship]:
    """What this person wrote or enters for its author, with the essay and its edition."""
    return select(Authorship).where(acted_for_by(viewer)).options(*whole())


def whole() -> tuple[_AbstractLoad, ...]:
    """The essay, what its edition asks, and the author's government."""
    essay = joinedload(Authorship.essay)
    asked = (selectinload(each) for each in (Edition.themes, Edition.categories, Edition.limits))
    return (
        essay.joinedload(Essay.edition).options(*asked),
        essay.joinedload(Essay.theme),
        essay.joinedload(Essay.category),
        joinedload(Authorship.government),
    )


def essays_by(session: Session, viewer: Viewer) -> list[Authorship]:
    """One an edition, so this list needs no pages. Titles and editions only."""
    found = select(Authorship).where(Authorship.person_id == viewer.person_id).join(Essay)
    wanted = joinedload(Authorship.essay).joinedload(Essay.edition)
    return list(session.exec(found.options(wanted).order_by(col(Essay.created_at).desc()).limit(PAGE)))


def get_own(session: Session, viewer: Viewer, essay_id: uuid.UUID) -> Authorship:
    found = session.exec(written_by(viewer).where(Authorship.essay_id == essay_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_own(session: Session, viewer: Viewer, essay_id: uuid.UUID) -> Authorship:
    """The viewer's own essay, locked before it is read: a second request sees what the first has done."""
    if lock_essay(session, essay_id) is None:
        raise NotFound
    return get_own(session, viewer, essay_id)


def lock_draft(session: Session, viewer: Viewer, essay_id: uuid.UUID) -> Authorship:
    """The same, with no more than an autosave needs."""
    if lock_essay(session, essay_id) is None:
        raise NotFound
    edition = joinedload(Authorship.essay).joinedload(Essay.edition)
    wanted = edition.selectinload(Edition.themes), edition.selectinload(Edition.limits)
    found = select(Authorship).where(acted_for_by(viewer), Authorship.essay_id == essay_id)
    own = session.exec(found.options(*wanted)).one_or_none()
    if own is None:
        raise NotFound
    return own


def lock_essay(session: Session, essay_id: uuid.UUID) -> Essay | None:
    return session.exec(select(Essay).where(Essay.id == essay_id).with_for_update()).one_or_none()


def own_in(session: Session, viewer: Viewer, edition: Edition) -> Authorship | None:
    own = Authorship.person_id == viewer.person_id, Authorship.edition_id == edition.id
    return session.exec(written_by(viewer).where(*own)).one_or_none()


def consents_of(session: Session, own: Authorship) -> Standing:
    """Where the author's consents for this edition stand."""
    return consents.standing(session, rules.ward_of(own), own.person_id, Programme.CONTEST, own.edition_id)


def knows_an_author(session: Session, person_id: uuid.UUID, edition: Edition) -> bool:
    """Whether this person wrote an essay of the edition, entered one from paper, or sat in an office that did."""
    return bool(knowing_an_author(session, [person_id], edition))


def knowing_an_author(session: Session, ids: Collection[uuid.UUID], edition: Edition) -> set[uuid.UUID]:
    """Those of these people who did."""
    here = col(Authorship.edition_id) == edition.id
    wrote = exists().where(here, col(Authorship.person_id) == Person.id)
    entered = exists().where(here, col(Authorship.entered_by) == Person.id)
    sat_there = exists().where(
        col(Grant.person_id) == Person.id, col(Grant.role) == Role.COORDINATOR,
        col(Grant.government_id) == Authorship.government_id, here, col(Authorship.entered_by).is_not(None),
        or_(col(Grant.ends_on).is_(None), col(Grant.ends_on) >= edition.opens_at.date()),
    )  # fmt: skip
    known = or_(*(each.correlate(Person) for each in (wrote, entered, sat_there)))
    return set(session.exec(select(Person.id).where(col(Person.id).in_(ids), known)))


def author_of(session: Session, essay: Essay) -> Authorship:
    """Who wrote it. Callers ask `rules.may_see_author` first, or use it to write to the author."""
    wanted = joinedload(Authorship.person), joinedload(Authorship.government)
    return session.exec(select(Authorship).where(Authorship.essay_id == essay.id).options(*wanted)).one()


def known(session: Session, own: Authorship) -> Known:
    """What to look for in the author's text: names, school and addresses."""
    return known_of(own, session.get_one(Person, own.person_id))


def known_of(own: Authorship, person: Person) -> Known:
    return Known(own.native_name, own.roman_name, person.name, own.school, tuple(filter(None, [person.address])))


def submissions(session: Session, essay: Essay) -> list[Submission]:
    """What was sent, the first time first."""
    found = select(Submission).where(Submission.essay_id == essay.id).order_by(col(Submission.number))
    return list(session.exec(found))


def times_sent(session: Session, essay: Essay) -> int:
    return session.exec(select(func.count()).select_from(Submission).where(Submission.essay_id == essay.id)).one()


def set_aside(session: Session, essay: Essay, after: uuid.UUID | None = None) -> tuple[list[SetAside], str]:
    """A page of the texts that their author chose against, the newest first, and the cursor of the next."""
    at, id_ = col(SetAside.set_aside_at), col(SetAside.id)
    found = select(SetAside).where(SetAside.essay_id == essay.id)
    if after is not None:
        last = select(at, id_).where(SetAside.id == after, SetAside.essay_id == essay.id).subquery()
        found = found.where(sa.tuple_(at, id_) < select(*last.c).scalar_subquery())
    rows = list(session.exec(found.order_by(at.desc(), id_.desc()).limit(ASIDE + 1)))
    return rows[:ASIDE], str(rows[ASIDE - 1].id) if len(rows) > ASIDE else ""


def is_set_aside(session: Session, aside: SetAside) -> bool:
    """Whether the same words were set aside before."""
    same = [getattr(SetAside, name) == getattr(aside, name) for name in ("essay_id", "title", "text", "notes")]
    return session.exec(select(SetAside.id).where(*same).limit(1)).first() is not None


def has_set_aside(session: Session, essay: Essay) -> bool:
    return session.exec(select(SetAside.id).where(SetAside.essay_id == essay.id).limit(1)).first() is not None


def wrote(session: Session, viewer: Viewer, essay: Essay) -> bool:
    """Whether they wrote it, or enter it for its author: such a person does not screen it."""
    involved = or_(acted_for_by(viewer), col(Authorship.entered_by) == viewer.person_id)
    found = select(Authorship.id).where(Authorship.essay_id == essay.id, involved)
    return session.exec(found).first() is not None


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    return [each for each in _own_waiting(session, viewer) if each.count]


def _own_waiting(session: Session, viewer: Viewer) -> list[Waiting]:
    if not viewer.is_signed_in:
        return []
    own = select(Essay, Edition).join(Authorship, col(Authorship.essay_id) == Essay.id)
    own = own.join(Edition, col(Essay.edition_id) == Edition.id).where(Authorship.person_id == viewer.person_id)
    open_ = [(essay, edition) for essay, edition in session.exec(own) if rules.may_be_written(essay, edition, now())]
    texts = {EssayStatus.DRAFT: N_("Essays to finish and send"), EssayStatus.RETURNED: N_("Essays to correct")}
    by_status = {status: [each for each in open_ if each[0].status is status] for status in texts}
    return [_waiting(by_status[status], text) for status, text in texts.items()]


def _waiting(found: list[tuple[Essay, Edition]], text: Lazy) -> Waiting:
    due_at = min((rules.corrected_by(essay, edition) for essay, edition in found), default=None)
    return Waiting(len(found), text, _first([essay for essay, _edition in found]), due_at)


def _first(found: list[Essay]) -> str:
    return f"/essays/{found[0].id}" if len(found) == 1 else "/essays"
