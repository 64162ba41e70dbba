"""Reading deals, and what around them waits. Facts for computing them are read in `facts`."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import defer, load_only
from sqlmodel import Session, col, false, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition, EditionStatus
from portal.deals import rules
from portal.deals.models import Deal
from portal.errors import NotFound
from portal.essays.models import Essay
from portal.i18n import N_
from portal.judging.models import Appointment, Judge, Round
from portal.waiting import Waiting

PAGE = 50
WITHOUT_PAIRS = defer(Deal.pairs)  # type: ignore[arg-type]


# Deals


def visible_to(viewer: Viewer, edition: Edition) -> SelectOfScalar[Deal]:
    """A deal says which judges read what: its pairs are never loaded with it."""
    seen = select(Deal).where(Deal.edition_id == edition.id).options(WITHOUT_PAIRS)
    return seen if rules.may_look(viewer, edition) else seen.where(false())


def get_visible(session: Session, viewer: Viewer, edition: Edition, deal_id: uuid.UUID) -> Deal:
    return _one(session, visible_to(viewer, edition).where(Deal.id == deal_id))


def lock_visible(session: Session, viewer: Viewer, edition: Edition, deal_id: uuid.UUID) -> Deal:
    """After the edition: locks are taken in one order."""
    hold(session, edition)
    wanted = visible_to(viewer, edition).where(Deal.id == deal_id).with_for_update(of=Deal)
    return _one(session, wanted.execution_options(populate_existing=True))


def _one(session: Session, wanted: SelectOfScalar[Deal]) -> Deal:
    found = session.exec(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def deals(
    session: Session, viewer: Viewer, edition: Edition, after: uuid.UUID | None = None
) -> tuple[list[Deal], str]:  # fmt: skip
    """A page of the edition's deals, the newest first, and the cursor of the next."""
    listed = visible_to(viewer, edition).order_by(col(Deal.ordered_at).desc(), col(Deal.id).desc()).limit(PAGE + 1)
    start = session.exec(visible_to(viewer, edition).where(Deal.id == after)).one_or_none() if after else None
    if start is not None:
        beside = (col(Deal.ordered_at) == start.ordered_at) & (col(Deal.id) < start.id)
        listed = listed.where(or_(col(Deal.ordered_at) < start.ordered_at, beside))
    found = list(session.exec(listed))
    return found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def newest(session: Session, viewer: Viewer, edition: Edition) -> Deal | None:
    listed = visible_to(viewer, edition).order_by(col(Deal.ordered_at).desc(), col(Deal.id).desc())
    return session.exec(listed.limit(1)).one_or_none()


def hold(session: Session, edition: Edition) -> None:
    """Of two who order or end something in an edition at once, the second waits and sees what the first did.

    With the deal that is under way, as whoever makes it locks first that and then judges.
    """
    session.exec(select(Edition.id).where(Edition.id == edition.id).with_for_update(key_share=True)).one()
    lock_open(session, edition)


def locked(session: Session, deal_id: uuid.UUID) -> Deal:
    wanted = select(Deal).where(Deal.id == deal_id).options(WITHOUT_PAIRS).with_for_update(of=Deal)
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def lock_open(session: Session, edition: Edition) -> Deal | None:
    """The deal of the edition that is under way, if there is one. The edition is held."""
    wanted = select(Deal).where(Deal.edition_id == edition.id, col(Deal.status).in_(rules.OPEN))
    wanted = wanted.options(WITHOUT_PAIRS).with_for_update(of=Deal)
    return session.exec(wanted.execution_options(populate_existing=True)).one_or_none()


def pairs(session: Session, deal_id: uuid.UUID) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """The readings that it gives: essay and judge."""
    found = session.exec(select(Deal.pairs).where(Deal.id == deal_id)).one()
    return [(uuid.UUID(essay), uuid.UUID(judge)) for essay, judge in found]


class Named(NamedTuple):
    """A judge, as the page of a deal calls them."""

    code: str
    name: str


def judges(session: Session, edition: Edition) -> dict[str, Named]:
    rows = sa.select(col(Judge.id), col(Judge.code), func.coalesce(col(Person.name), col(Judge.name)))
    rows = rows.outerjoin(Person, col(Judge.person_id) == Person.id).where(col(Judge.edition_id) == edition.id)
    return {str(judge_id): Named(code, name) for judge_id, code, name in session.execute(rows)}


# Making one


def lock_essays(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Essay]:
    """Without their texts."""
    few = load_only(Essay.id, Essay.edition_id, Essay.status, Essay.version, Essay.returned_at)  # type: ignore[arg-type]
    wanted = select(Essay).where(col(Essay.id).in_(list(ids))).options(few).order_by(col(Essay.id))
    found = session.exec(wanted.with_for_update(of=Essay).execution_options(populate_existing=True))
    return {essay.id: essay for essay in found}


def judges_here(session: Session, edition_id: uuid.UUID) -> set[uuid.UUID]:
    """Who still judges; they leave no sooner than this transaction ends."""
    found = select(Judge).where(Judge.edition_id == edition_id).options(load_only(Judge.id, Judge.status))  # type: ignore[arg-type]
    rows = session.exec(found.order_by(col(Judge.id)).with_for_update(read=True, of=Judge))
    return {judge.id for judge in rows if rules.can_leave(judge)}


def given_already(session: Session, ids: Collection[uuid.UUID], round_: Round) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Essay and judge of every appointment to these essays, ended ones included."""
    return _given(session, round_, col(Appointment.essay_id).in_(ids))


def given_in(session: Session, edition_id: uuid.UUID, round_: Round) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """The same for all essays of an edition."""
    of_edition = select(Essay.id).where(Essay.edition_id == edition_id)
    return _given(session, round_, col(Appointment.essay_id).in_(of_edition))


def _given(session: Session, round_: Round, which: sa.ColumnElement[bool]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    found = sa.select(col(Appointment.essay_id), col(Appointment.judge_id)).where(col(Appointment.round) == round_)
    return {(essay, judge) for essay, judge in session.execute(found.where(which))}


def new_readings(session: Session, deal: Deal) -> list[tuple[Person, int]]:
    """Who was given something by a deal, and how many essays that they still read."""
    mine = (col(Appointment.deal_id) == deal.id) & col(Appointment.ended_at).is_(None)
    counted = sa.select(col(Judge.person_id), func.count()).join(Appointment, col(Appointment.judge_id) == Judge.id)
    rows = session.execute(counted.where(mine).group_by(col(Judge.person_id)))
    counts = {person_id: count for person_id, count in rows}  # noqa: C416 - rows are no pairs to the type checker
    people = session.exec(select(Person).where(col(Person.id).in_(counts)).order_by(col(Person.id)))
    return [(person, counts[person.id]) for person in people]


def answers_for(session: Session, deal: Deal) -> uuid.UUID:
    """Who appointed last in this edition: where nobody ordered a deal, it restores what they gave."""
    found = select(Appointment.appointed_by).join(Appointment.essay).where(Essay.edition_id == deal.edition_id)
    return session.exec(found.order_by(col(Appointment.appointed_at).desc(), col(Appointment.id)).limit(1)).one()


def secretaries(session: Session, edition_id: uuid.UUID) -> list[Person]:
    """Without those who judge the edition."""
    judging = set(session.exec(select(Judge.person_id).where(Judge.edition_id == edition_id)))
    return [person for person in accounts.secretaries(session) if person.id not in judging]


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    if not viewer.is_secretary:
        return []
    return [*_to_look_at(session, viewer), *_lacking(session, viewer)]


def _to_look_at(session: Session, viewer: Viewer) -> list[Waiting]:
    found = sa.select(col(Edition.slug), func.count()).join(Deal, col(Deal.edition_id) == Edition.id).where(
        col(Deal.status).in_(rules.TO_LOOK_AT), col(Edition.status) == EditionStatus.PUBLISHED, _not_theirs(viewer)
    )  # fmt: skip
    rows = session.execute(found.group_by(col(Edition.slug)).order_by(col(Edition.slug)))
    return [Waiting(count, N_("Deals to look at"), f"/contests/{slug}/deal") for slug, count in rows]


def _lacking(session: Session, viewer: Viewer) -> list[Waiting]:
    """Essays in judging with fewer judges than the edition wants, where no deal is under way and there is time."""
    both = [_short_of(round_, viewer, now()) for round_ in Round]
    rows = session.execute(sa.union_all(*both).order_by("slug"))
    return [Waiting(count, N_("Essays without enough judges"), f"/contests/{slug}/deal") for slug, count in rows]


def _short_of(round_: Round, viewer: Viewer, at: dt.datetime) -> Any:
    is_final = round_ is Round.FINAL
    due_at, wanted = (
        (Edition.final_due_at, Edition.final_readings) if is_final else (Edition.judging_due_at, Edition.first_readings)
    )
    read = select(func.count(col(Appointment.id))).where(
        Appointment.essay_id == Essay.id, Appointment.round == round_, col(Appointment.ended_at).is_(None)
    )  # fmt: skip
    under_way = sa.exists().where(col(Deal.edition_id) == Edition.id, col(Deal.status).in_(rules.OPEN))
    return (
        sa.select(col(Edition.slug).label("slug"), func.count().label("count"))
        .join(Essay, col(Essay.edition_id) == Edition.id)
        .where(
            col(Edition.status) == EditionStatus.PUBLISHED, col(due_at) > at, col(Essay.status) == rules.READ[round_],
            read.scalar_subquery() < col(wanted), ~under_way, _not_theirs(viewer),
        )
        .group_by(col(Edition.slug))
    )  # fmt: skip


def _not_theirs(viewer: Viewer) -> sa.ColumnElement[bool]:
    return col(Edition.id).not_in(viewer.judged)
