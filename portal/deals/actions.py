"""Ordering deals, and keeping what was computed. `take_step` alone sets the state of a deal; `making` deals it.

Locks are taken in one order: edition, deal, essays, judges.
"""

import uuid
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from portal.accounts import queries as accounts
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.deals import facts, queries, rules
from portal.deals.computing import Work
from portal.deals.inputs import Given, digest
from portal.deals.models import Deal, DealKind, DealStatus
from portal.deals.rules import Step
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import Lazy
from portal.jobs.queue import enqueue
from portal.judging import hindrances
from portal.judging import rules as judging
from portal.judging.models import Round
from portal.mail.actions import send

COMPUTE, MAKE = "deals.compute", "deals.make"
NAMED, NEXT = "named", "next"  # in the figures: which essays a deal is about, and what is ordered when it is over


def refuse(reason: Lazy | None) -> None:
    if reason is not None:
        raise Conflict(reason)


def ensure(viewer: Viewer, edition: Edition) -> None:
    if not judging.may_appoint(viewer, edition):
        raise NotAllowed


def why_no_deal(session: Session, edition: Edition, round_: Round) -> Lazy | None:
    """Why the round takes no deal at this moment: its time, or because the jury has met."""
    return rules.why_no_deal(edition, round_, now()) or hindrances.first(session, edition)


def take_step(session: Session, deal: Deal, step: Step) -> None:
    if not rules.may_take(step, deal):
        raise Conflict(rules.STANDS if step is Step.DISCARD else rules.NOT_READY)
    deal.status = rules.STEPS[deal.status, step]
    session.add(deal)


# Ordering


def order(
    session: Session, edition: Edition, round_: Round, kind: DealKind, *, by: Viewer | None,
    essay_ids: Collection[uuid.UUID] | None = None, seed: int | None = None,
) -> Deal:  # fmt: skip
    """Has a job compute a deal. One of kind ROUND waits to be looked at; AGAIN and EXTRA are dealt by the job itself.

    `essay_ids` are the essays that AGAIN or EXTRA are about; `by` None means the portal itself. Where another deal is
    under way, a ROUND is refused; AGAIN and EXTRA discard one that nobody has confirmed, or follow one that is being
    computed or dealt: then that deal is returned.

    Raises Conflict where the round takes no deal now, NotAllowed for a ROUND by somebody who may not appoint.
    """
    if kind is DealKind.ROUND and by is not None:
        ensure(by, edition)
    queries.hold(session, edition)
    refuse(why_no_deal(session, edition, round_))
    named = sorted(str(each) for each in essay_ids or ())
    other = queries.lock_open(session, edition)
    if other is not None:
        followed = _make_way(session, other, round_, kind, named)
        if followed is not None:
            return followed
    return _ordered(session, edition, round_, kind, named, by=by, seed=seed)


def _make_way(session: Session, other: Deal, round_: Round, kind: DealKind, named: list[str]) -> Deal | None:
    """The deal that does it, or goes before it; None if there is none any more."""
    if kind is DealKind.ROUND:
        raise Conflict(rules.ONE_AT_A_TIME)
    if other.kind is DealKind.ROUND and other.status is not DealStatus.DEALING:
        other.problem = {"sentence": "overtaken"}
        take_step(session, other, Step.DISCARD)
        session.flush()
        return None
    is_same = other.status is DealStatus.WAITING and not other.progress and other.kind is DealKind.AGAIN is kind
    if is_same and other.round is round_:
        other.figures = {**other.figures, NAMED: sorted({*other.figures.get(NAMED, ()), *named})}
    else:
        wish = {"round": round_.value, "kind": kind.value, "essays": named}
        other.figures = {**other.figures, NEXT: [*other.figures.get(NEXT, ()), wish]}
    session.add(other)
    return other


def _ordered(
    session: Session, edition: Edition, round_: Round, kind: DealKind, named: list[str], *, by: Viewer | None,
    seed: int | None,
) -> Deal:  # fmt: skip
    deal = Deal(
        edition_id=edition.id, round=round_, kind=kind, seed=rules.new_seed() if seed is None else seed,
        readings=rules.readings_of(edition, round_), figures={NAMED: named} if named else {},
        ordered_by=by.person_id if by else None,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(deal)
    except IntegrityError as error:  # another order was faster
        raise Conflict(rules.ONE_AT_A_TIME) from error
    told = {"round": round_.value, "kind": kind.value, "seed": deal.seed, "edition": edition.slug}
    record(session, "ordered a deal", "deal", deal.id, by=deal.ordered_by, **told)
    enqueue(session, COMPUTE, str(deal.id), key=str(deal.id))
    return deal


def anew(session: Session, edition: Edition, deal: Deal, *, by: Viewer) -> Deal:
    """The same with another seed; this one is discarded."""
    ensure(by, edition)
    if rules.may_take(Step.DISCARD, deal):
        take_step(session, deal, Step.DISCARD)
        session.flush()
    named = [uuid.UUID(each) for each in deal.figures.get(NAMED, ())]
    return order(session, edition, deal.round, deal.kind, by=by, essay_ids=named)


def discard(session: Session, edition: Edition, deal: Deal, *, by: Viewer) -> None:
    ensure(by, edition)
    take_step(session, deal, Step.DISCARD)
    record(session, "discarded a deal", "deal", deal.id, by=by.id)
    go_on(session, edition, deal)


def go_on(session: Session, edition: Edition, deal: Deal) -> None:
    """Orders what was to follow this deal, which is over."""
    wishes, deal.figures = deal.figures.get(NEXT, ()), {k: v for k, v in deal.figures.items() if k != NEXT}
    session.flush()
    for wish in wishes:
        round_, kind = Round(wish["round"]), DealKind(wish["kind"])
        if why_no_deal(session, edition, round_) is None:
            order(session, edition, round_, kind, by=None, essay_ids=[uuid.UUID(each) for each in wish["essays"]])


# Computing, by a job


class Begun(NamedTuple):
    """What a deal is computed from, outside any transaction."""

    given: Given
    seed: int


def begin(session: Session, deal_id: uuid.UUID) -> Begun | None:
    """None if it was computed, or discarded, already."""
    deal = queries.locked(session, deal_id)
    if deal.status is not DealStatus.WAITING:
        return None
    deal.progress = 10
    session.add(deal)
    return Begun(facts_of(session, deal), deal.seed)


def facts_of(session: Session, deal: Deal) -> Given:
    """What a deal rests on, as it is now."""
    edition = session.get_one(Edition, deal.edition_id)
    return facts.given(session, edition, deal.round, deal.kind, deal.figures.get(NAMED, ()))


def finish(session: Session, deal_id: uuid.UUID, given: Given, work: Work, *, origin: str) -> None:
    """Keeps what was computed; what needs no look is dealt at once."""
    edition, deal = both_locked(session, deal_id)
    if deal.status is not DealStatus.WAITING:
        return
    kept = {name: deal.figures[name] for name in (NAMED, NEXT) if name in deal.figures}
    deal.pairs, deal.figures, deal.problem = work.pairs, {**work.figures, **kept}, work.problem
    deal.digest, deal.progress = digest(given), 100
    step = _step_after(deal, work)
    take_step(session, deal, step)
    if step is Step.FAIL and deal.kind is not DealKind.ROUND:
        _tell_of_problem(session, edition, deal, origin)
    if step is Step.DEAL:
        deal.progress, deal.dealt_by = 0, deal.ordered_by
        enqueue(session, MAKE, str(deal.id), key=str(deal.id))
    elif step is not Step.FIND:
        go_on(session, edition, deal)


def _step_after(deal: Deal, work: Work) -> Step:
    if "short" in work.problem:
        return Step.FAIL
    if not work.pairs:
        return Step.DISCARD
    return Step.FIND if deal.kind is DealKind.ROUND else Step.DEAL


def fail(session: Session, deal_id: uuid.UUID) -> None:
    edition, deal = both_locked(session, deal_id)
    if deal.status is DealStatus.WAITING:
        deal.problem = {"sentence": "fault"}
        take_step(session, deal, Step.FAIL)
        go_on(session, edition, deal)


def both_locked(session: Session, deal_id: uuid.UUID) -> tuple[Edition, Deal]:
    """In the order of locks."""
    edition = session.get_one(Edition, session.get_one(Deal, deal_id, options=[queries.WITHOUT_PAIRS]).edition_id)
    queries.hold(session, edition)
    return edition, queries.locked(session, deal_id)


def _tell_of_problem(session: Session, edition: Edition, deal: Deal, origin: str) -> None:
    link = f"{origin}/contests/{edition.slug}/deal/{deal.id}"
    for person in queries.secretaries(session, edition.id):
        send(session, "deals/impossible", edition.id, to=accounts.recipient(person), edition=edition, link=link)
