"""Keeping orders; taking a judge's marks out of them; extra readings. Callers hold the edition locked."""

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.contests.models import Edition
from portal.history.actions import record
from portal.judging.models import Judge, Round
from portal.standings import content, queries
from portal.standings.models import Occasion, Standing


def keep(
    session: Session, edition: Edition, round_: Round, occasion: Occasion, *, by: Viewer | None,
    judge: Judge | None = None, reason: str = "",
) -> Standing:  # fmt: skip
    """Keeps what the marks say at this moment. May is asked by whoever the occasion belongs to."""
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
