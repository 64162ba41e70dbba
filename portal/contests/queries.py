"""Reading editions and essays. Who wrote what is asked here only for its author and for screeners."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad
from sqlmodel import Session, col, func, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Grant, Person, Role
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests import rules
from portal.contests.models import Authorship, Edition, EditionStatus, Essay, EssayStatus
from portal.errors import NotFound
from portal.i18n import N_
from portal.registry.models import Government
from portal.waiting import Waiting

PAGE = 50


# Editions


def visible_to(viewer: Viewer) -> SelectOfScalar[Edition]:
    """Every edition this viewer may know of."""
    public = col(Edition.status) != EditionStatus.DRAFT
    return select(Edition).where(true() if rules.may_see_drafts(viewer) else public)


def parts() -> tuple[_AbstractLoad, ...]:
    """The themes, age categories, languages and rubric of an edition."""
    wanted = (Edition.themes, Edition.categories, Edition.limits, Edition.criteria)
    return tuple(selectinload(each) for each in wanted)


def open_editions(session: Session, at: dt.datetime) -> list[Edition]:
    """The editions that take essays at this moment, the most urgent first."""
    found = select(Edition).where(
        Edition.status == EditionStatus.PUBLISHED, col(Edition.opens_at) <= at, col(Edition.due_at) >= at
    )
    return list(session.exec(found.order_by(col(Edition.due_at), col(Edition.id))))


def editions(session: Session, viewer: Viewer, after: str = "") -> tuple[list[Edition], str]:
    """A page of editions, the newest first, and the cursor of the next ("" if there is none)."""
    listed = visible_to(viewer).order_by(col(Edition.opens_at).desc(), col(Edition.slug))
    start = session.exec(visible_to(viewer).where(Edition.slug == after)).one_or_none() if after else None
    if start is not None:
        older = col(Edition.opens_at) < start.opens_at
        beside = (col(Edition.opens_at) == start.opens_at) & (col(Edition.slug) > start.slug)
        listed = listed.where(or_(older, beside))
    found = list(session.exec(listed.limit(PAGE + 1)))
    return found[:PAGE], found[PAGE - 1].slug if len(found) > PAGE else ""


def get_visible(session: Session, viewer: Viewer, slug: str) -> Edition:
    edition = session.exec(visible_to(viewer).where(Edition.slug == slug).options(*parts())).one_or_none()
    if edition is None:
        raise NotFound
    return edition


def lock_visible(session: Session, viewer: Viewer, slug: str) -> Edition:
    found = visible_to(viewer).where(Edition.slug == slug).options(*parts()).with_for_update(of=Edition)
    edition = session.exec(found).one_or_none()
    if edition is None:
        raise NotFound
    return edition


def is_taken(session: Session, slug: str) -> bool:
    return session.exec(select(Edition.id).where(Edition.slug == slug)).first() is not None


# Essays, by their authors


def written_by(viewer: Viewer) -> SelectOfScalar[Authorship]:
    """What this person wrote, with the essay and its edition."""
    essay = joinedload(Authorship.essay)
    return (
        select(Authorship)
        .where(Authorship.person_id == viewer.person_id)
        .options(
            essay.joinedload(Essay.edition).options(*parts()),
            essay.joinedload(Essay.theme),
            essay.joinedload(Essay.category),
            joinedload(Authorship.government),
        )
    )


def essays_by(session: Session, viewer: Viewer) -> list[Authorship]:
    """One an edition, so this list needs no pages."""
    return list(session.exec(written_by(viewer).join(Essay).order_by(col(Essay.created_at).desc()).limit(PAGE)))


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


def lock_essay(session: Session, essay_id: uuid.UUID) -> Essay | None:
    return session.exec(select(Essay).where(Essay.id == essay_id).with_for_update()).one_or_none()


def own_in(session: Session, viewer: Viewer, edition: Edition) -> Authorship | None:
    return session.exec(written_by(viewer).where(Authorship.edition_id == edition.id)).one_or_none()


def governments(session: Session) -> Sequence[Government]:
    return session.exec(select(Government).order_by(col(Government.position))).all()


def government_exists(session: Session, government_id: uuid.UUID) -> bool:
    return session.get(Government, government_id) is not None


# Essays, by code


def essays_visible_to(viewer: Viewer, edition: Edition) -> SelectOfScalar[Essay]:
    """Every essay of the edition that was sent, for those who may see them by code. Nothing here names an author."""
    if not rules.may_see_essays(viewer, edition):
        raise NotFound
    return (
        select(Essay)
        .where(Essay.edition_id == edition.id, col(Essay.submitted_at).is_not(None))
        .options(joinedload(Essay.category), joinedload(Essay.theme))
    )


def essays(
    session: Session, viewer: Viewer, edition: Edition, *, status: EssayStatus | None = None, after: str = ""
) -> tuple[list[Essay], str]:
    """A page of essays in the order of their codes, and the cursor of the next."""
    listed = essays_visible_to(viewer, edition).where(col(Essay.code) > after).order_by(col(Essay.code))
    if status is not None:
        listed = listed.where(Essay.status == status)
    found = list(session.exec(listed.limit(PAGE + 1)))
    return found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else ""


def get_essay(session: Session, viewer: Viewer, edition: Edition, code: str) -> Essay:
    essay = session.exec(essays_visible_to(viewer, edition).where(Essay.code == code)).one_or_none()
    if essay is None:
        raise NotFound
    return essay


def lock_by_code(session: Session, viewer: Viewer, edition: Edition, code: str) -> Essay:
    found = essays_visible_to(viewer, edition).where(Essay.code == code).with_for_update(of=Essay)
    essay = session.exec(found).one_or_none()
    if essay is None:
        raise NotFound
    return essay


def author_of(session: Session, essay: Essay) -> Authorship:
    """Who wrote it. Callers ask `rules.may_see_author` first, or use it to write to the author."""
    wanted = joinedload(Authorship.person), joinedload(Authorship.government)
    return session.exec(select(Authorship).where(Authorship.essay_id == essay.id).options(*wanted)).one()


def wrote(session: Session, viewer: Viewer, essay: Essay) -> bool:
    found = select(Authorship.id).where(Authorship.essay_id == essay.id, Authorship.person_id == viewer.person_id)
    return session.exec(found).first() is not None


# Roles of an edition


def has_ever_been(session: Session, person_id: uuid.UUID, role: Role, edition_id: uuid.UUID) -> bool:
    """Also in the past: who once knew who wrote what cannot forget it."""
    found = select(Grant.id).where(Grant.person_id == person_id, Grant.role == role, Grant.edition_id == edition_id)
    return session.exec(found).first() is not None


def person(session: Session, person_id: uuid.UUID) -> Person:
    return session.get_one(Person, person_id)


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    return [each for each in (*_own_waiting(session, viewer), *_to_screen(session, viewer)) if each.count]


def _own_waiting(session: Session, viewer: Viewer) -> list[Waiting]:
    if not viewer.is_signed_in:
        return []
    own = select(Authorship, Essay, Edition).join(Essay, col(Authorship.essay_id) == Essay.id)
    own = own.join(Edition, col(Essay.edition_id) == Edition.id).where(Authorship.person_id == viewer.person_id)
    open_ = [essay for _own, essay, edition in session.exec(own) if rules.may_be_written(essay, edition, now())]
    texts = {EssayStatus.DRAFT: N_("Essays to finish and send"), EssayStatus.RETURNED: N_("Essays to correct")}
    by_status = {status: [essay for essay in open_ if essay.status is status] for status in texts}
    return [Waiting(len(by_status[status]), text, _first(by_status[status])) for status, text in texts.items()]


def _first(found: list[Essay]) -> str:
    return f"/essays/{found[0].id}" if len(found) == 1 else "/essays"


def _to_screen(session: Session, viewer: Viewer) -> list[Waiting]:
    screened = viewer.editions(Role.SCREENER)
    if not screened:
        return []
    count = select(Edition.slug, func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    submitted = count.where(col(Edition.id).in_(screened), Essay.status == EssayStatus.SUBMITTED)
    rows = session.exec(submitted.group_by(Edition.slug)).all()
    return [
        Waiting(number, N_("Essays to screen"), f"/contests/{slug}/essays?status=submitted") for slug, number in rows
    ]
