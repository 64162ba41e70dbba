"""What waits for those who screen: the queue of an edition with its filters, and what their own page tells of it."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload
from sqlmodel import Session, col, func, select

from portal.accounts.models import Role
from portal.accounts.viewer import Viewer
from portal.consents import queries as consents
from portal.consents.models import Case, Consent, Programme, Purpose
from portal.consents.rules import Standing
from portal.contests.models import Edition
from portal.essays import queries as essays
from portal.essays import rules as essay_rules
from portal.essays.models import Authorship, Essay, EssayStatus, Source
from portal.i18n import N_
from portal.screening import queries, rules
from portal.screening.models import Disqualification
from portal.screening.words import ConsentState, Show
from portal.waiting import Waiting

PAGE = 50


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
    listed = select(Essay.id).where(*queries.sent(viewer, edition), *_shown(filters.show))
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
        return _is_proposed(), col(Essay.status).in_(rules.DISQUALIFIABLE)
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
    Show.PASSAGES: lambda: (queries.shares_passages(),),
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
    found = select(Authorship).where(col(Authorship.essay_id).in_(ids))
    rows = session.exec(found.options(wanted, joinedload(Authorship.government)))
    return {own.essay_id: own for own in rows}


def _row(own: Authorship, stand: Mapping[uuid.UUID, Standing], is_proposed: bool) -> Row:
    return Row(own.essay, rules.consent_state(stand[own.person_id]), is_proposed)


@dataclass(frozen=True)
class Counts:
    """How many essays wait, by each filter that an index counts; the others look at each essay's author or passages."""

    languages: Mapping[str, int]
    categories: Mapping[uuid.UUID | None, int]
    shown: Mapping[Show, int]


COUNTED = (Show.ALL, Show.AGAIN, Show.PAPER)


def counts(session: Session, viewer: Viewer, edition: Edition) -> Counts:
    waits = (*queries.sent(viewer, edition), *_shown(Show.ALL))
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
    wait = select(func.count()).select_from(Essay).where(*queries.sent(viewer, edition), *_shown(Show.SECOND))
    return session.exec(wait).one()


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    screened = viewer.editions(Role.SCREENER)
    if not screened:
        return []
    count = select(Edition.slug, func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    submitted = count.where(col(Edition.id).in_(screened), Essay.status == EssayStatus.SUBMITTED)
    rows = session.exec(submitted.group_by(Edition.slug)).all()
    found = [Waiting(number, N_("Essays to screen"), f"/contests/{slug}/screening") for slug, number in rows]
    return [*_to_confirm(session, viewer, screened), *found]


def _to_confirm(session: Session, viewer: Viewer, screened: Collection[uuid.UUID]) -> list[Waiting]:
    """Disqualifications that another screener proposed, of essays that the viewer neither wrote nor entered."""
    count = select(Edition.slug, func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    open_ = count.join(Disqualification, col(Disqualification.essay_id) == Essay.id).where(
        col(Disqualification.settled_at).is_(None), Disqualification.proposed_by != viewer.id,
        col(Edition.id).in_(screened), col(Essay.status).in_(rules.DISQUALIFIABLE),
        col(Essay.id).not_in(select(Authorship.essay_id).where(essays.acted_for_by(viewer))),
    )  # fmt: skip
    text = N_("Disqualifications to confirm")
    rows = session.exec(open_.group_by(Edition.slug)).all()
    return [Waiting(number, text, f"/contests/{slug}/screening?show=second") for slug, number in rows]
