"""Dealing what a deal came to: a job appoints its judges, some at a time."""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from portal.accounts import queries as accounts
from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.deals import queries, rules
from portal.deals.actions import MAKE, NEXT, both_locked, ensure, facts_of, go_on, refuse, take_step, why_no_deal
from portal.deals.inputs import digest
from portal.deals.models import Deal, DealKind, DealStatus
from portal.deals.rules import Step
from portal.errors import Conflict
from portal.essays import actions as essays
from portal.essays.models import EssayStatus
from portal.essays.rules import Step as EssayStep
from portal.history.actions import record
from portal.jobs.queue import enqueue
from portal.judging import rules as judging
from portal.judging.models import Appointment
from portal.mail.actions import send

Pair = tuple[uuid.UUID, uuid.UUID]  # essay and judge


def make(session: Session, edition: Edition, deal: Deal, *, by: Viewer) -> None:
    """Has a job deal what somebody looked at. Pressed again while it is being dealt, it goes on."""
    ensure(by, edition)
    refuse(why_no_deal(session, edition, deal.round))
    if deal.status is not DealStatus.DEALING:
        if deal.status is not DealStatus.READY:
            raise Conflict(rules.NOT_READY)
        if digest(facts_of(session, deal)) != deal.digest:
            raise Conflict(rules.CHANGED)
        take_step(session, deal, Step.DEAL)
        deal.dealt_by, deal.progress = by.id, 0
        record(session, "had a deal made", "deal", deal.id, by=by.id, digest=deal.digest)
    enqueue(session, MAKE, str(deal.id), key=f"{deal.id}:{now():%Y-%m-%dT%H:%M}")


def give(session: Session, deal_id: uuid.UUID, pairs: Sequence[Pair], *, percent: int) -> bool:
    """Appoints these judges, in one transaction. Done twice, it gives nothing twice; False if it is no time for it.

    What became impossible meanwhile is left out: an essay that was withdrawn, a judge who left.
    """
    deal = queries.locked(session, deal_id)
    if deal.status is not DealStatus.DEALING:
        return False
    ids = {essay_id for essay_id, _judge_id in pairs}
    found, here = queries.lock_essays(session, ids), queries.judges_here(session, deal.edition_id)
    had = queries.given_already(session, ids, deal.round)
    open_ = {each for each, essay in found.items() if essay.status in rules.DEALT_TO[deal.round]}
    fresh = [pair for pair in pairs if pair[0] in open_ and pair[1] in here and pair not in had]
    by = deal.dealt_by or queries.answers_for(session, deal)
    if fresh:
        session.execute(sa.insert(Appointment), [_row(deal, pair, by) for pair in fresh])
    for essay_id in sorted({essay_id for essay_id, _judge_id in fresh}):
        if found[essay_id].status is EssayStatus.ADMITTED:
            essays.take_step(session, found[essay_id], EssayStep.JUDGE, by=_as_secretary(by))
    deal.progress = percent
    session.add(deal)
    return True


def _row(deal: Deal, pair: Pair, by: uuid.UUID) -> dict[str, Any]:
    essay_id, judge_id = pair
    return {
        "id": uuid.uuid4(), "essay_id": essay_id, "judge_id": judge_id, "round": deal.round, "deal_id": deal.id,
        "alias": essays.random_code(12).lower(), "appointed_by": by, "appointed_at": now(), "comment": "",
        "private_note": "",
    }  # fmt: skip


def _as_secretary(person_id: uuid.UUID) -> Viewer:
    """They were one when they ordered it, which is what counts."""
    return Viewer(person_id, held=frozenset({Held(Role.SECRETARY)}))


def conclude(session: Session, deal_id: uuid.UUID, *, origin: str) -> bool:
    """When all is given: tells each judge once, and deals anew what could no longer be given. False if it was done."""
    edition, deal = both_locked(session, deal_id)
    if deal.status is not DealStatus.DEALING:
        return False
    deal.dealt_at, deal.progress = now(), 100
    take_step(session, deal, Step.FINISH)
    told = queries.new_readings(session, deal)
    readings = sum(count for _person, count in told)
    record(session, "dealt", "deal", deal.id, by=deal.dealt_by, readings=readings, judges=len(told), seed=deal.seed)
    due_at = judging.due_at(edition, deal.round)
    for person, count in told:
        values = {"edition": edition, "count": count, "due_at": due_at, "link": f"{origin}/judging"}
        send(session, "deals/dealt", edition.id, to=accounts.recipient(person), **values)
    _deal_the_rest(session, edition, deal)
    go_on(session, edition, deal)
    return True


def _deal_the_rest(session: Session, edition: Edition, deal: Deal) -> None:
    pairs = queries.pairs(session, deal.id)
    had = queries.given_in(session, deal.edition_id, deal.round)
    missed = sorted({str(essay_id) for essay_id, judge_id in pairs if (essay_id, judge_id) not in had})
    if missed:
        wish = {"round": deal.round.value, "kind": DealKind.AGAIN.value, "essays": missed}
        deal.figures = {**deal.figures, NEXT: [*deal.figures.get(NEXT, ()), wish]}
