"""Keeping orders; taking a judge's marks out of them; extra readings. Callers hold the edition locked."""

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition, EditionStatus
from portal.deals import actions as deals
from portal.deals.models import Deal, DealKind
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_
from portal.judging import hindrances
from portal.judging import rules as judging
from portal.judging.models import Judge, Round
from portal.standings import content, keeping, more, queries, rules
from portal.standings.models import Occasion, Standing
from portal.standings.more import Open
from portal.standings.queries import Readings

OUT = N_("The marks of this judge are out of the order already.")
IN = N_("The marks of this judge are in the order.")
DECIDED = N_("The results are made from the order as it was. It can no longer be changed.")
NOT_RUNNING = N_("The order can be changed only while the edition is published and not closed.")
NOTHING_OPEN = N_("No essay is open that another judge could read now.")


def keep(
    session: Session, edition: Edition, round_: Round, occasion: Occasion, *, by: Viewer | None,
    judge: Judge | None = None, reason: str = "",
) -> Standing:  # fmt: skip
    """Keeps what the marks say at this moment. Who may is asked by those to whom the occasion belongs."""
    kept = content.content(edition, round_, queries.groups(session, edition, round_))
    standing = Standing(
        edition_id=edition.id, round=round_, occasion=occasion, judge_id=judge.id if judge else None, reason=reason,
        content=kept, digest=content.digest(kept), taken_by=by.id if by else None,
    )  # fmt: skip
    session.add(standing)
    session.flush()
    told = {"occasion": occasion.value, "round": round_.value, "standing": str(standing.id), "digest": standing.digest}
    record(session, "order kept", "edition", edition.id, by=by.id if by else None, **told)
    return standing


# A judge's marks


def exclude(session: Session, edition: Edition, judge: Judge, reason: str, *, by: Viewer) -> None:
    """Takes a judge's marks out of every order of the edition; keeps the orders before and after."""
    if not rules.may_exclude(by, edition):
        raise NotAllowed
    _changeable(session, edition)
    if judge.excluded_at is not None:
        raise Conflict(OUT)
    rounds = [round_ for round_ in judging.rounds(edition) if queries.has_marks_of(session, edition, round_, judge)]
    for round_ in rounds:
        keep(session, edition, round_, Occasion.BEFORE_REMOVAL, by=by, judge=judge, reason=reason)
    judge.excluded_at, judge.excluded_by, judge.excluded_reason = now(), by.id, reason
    session.add(judge)
    session.flush()
    for round_ in rounds:
        keep(session, edition, round_, Occasion.AFTER_REMOVAL, by=by, judge=judge, reason=reason)
    record(session, "marks taken out", "edition", edition.id, by=by.id, judge=str(judge.id), reason=reason)


def restore(session: Session, edition: Edition, judge: Judge, reason: str, *, by: Viewer) -> None:
    """The marks count again. What was kept of both orders stays."""
    if not rules.may_exclude(by, edition):
        raise NotAllowed
    _changeable(session, edition)
    if judge.excluded_at is None:
        raise Conflict(IN)
    judge.excluded_at, judge.excluded_by, judge.excluded_reason = None, None, ""
    session.add(judge)
    record(session, "marks put back", "edition", edition.id, by=by.id, judge=str(judge.id), reason=reason)


def _changeable(session: Session, edition: Edition) -> None:
    if edition.status is not EditionStatus.PUBLISHED:
        raise Conflict(NOT_RUNNING)
    if keeping.published(session, edition) is not None:
        raise Conflict(DECIDED)
    stands = hindrances.first(session, edition)  # the jury has the order before it
    if stands is not None:
        raise Conflict(stands)


# Extra readings


def order_extra(session: Session, edition: Edition, *, by: Viewer) -> Deal:
    """One reading more for each of the most open essays, as many as the budget still has."""
    if not rules.may_order_extra(by, edition):
        raise NotAllowed
    _changeable(session, edition)
    had = queries.readings(session, edition)
    why_not = rules.why_no_extra(
        edition, now(), used=had.used, awaited=had.awaited, is_deal_under_way=had.is_deal_under_way
    )
    if why_not is not None:
        raise Conflict(why_not)
    wanted = open_essays(session, edition, had)[: edition.extra_readings - had.used]
    if not wanted:
        raise Conflict(NOTHING_OPEN)
    ids = [one.placed.essay_id for one in wanted]
    deal = deals.order(session, edition, Round.FIRST, DealKind.EXTRA, by=by, essay_ids=ids)
    codes = [one.placed.code for one in wanted]
    record(session, "extra readings ordered", "edition", edition.id, by=by.id, deal=str(deal.id), essays=codes)
    return deal


def open_essays(session: Session, edition: Edition, had: Readings) -> list[Open]:
    groups = queries.groups(session, edition, Round.FIRST)
    return more.open_essays(groups, most=edition.most_readings, given=had.given, unread=had.unread)
