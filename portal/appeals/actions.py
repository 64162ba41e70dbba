"""Appealing, and deciding about an appeal."""

import datetime as dt

from sqlmodel import Session

from portal.accounts import queries as people
from portal.accounts.models import Role
from portal.accounts.viewer import Viewer
from portal.appeals import queries, rules
from portal.appeals.models import Appeal, Ruling
from portal.clock import now
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict, NotAllowed
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.models import Authorship, Essay
from portal.essays.rules import acts_for
from portal.history.actions import record
from portal.i18n import N_
from portal.mail.actions import send

ALREADY = N_("You have appealed against this result already. There is one appeal an essay.")
DECIDED = N_("This appeal is decided already.")


def appeal(
    session: Session, own: Authorship, edition: Edition, published_at: dt.datetime | None, text: str, *, by: Viewer
) -> Appeal:
    """By the author, or by the office that entered the essay from paper. The history does not name the author."""
    if not acts_for(by, own):
        raise NotAllowed
    why_not = rules.why_no_appeal(own.essay, edition, published_at, now())
    if why_not:
        raise Conflict(why_not)
    if queries.of_essay(session, own.essay_id) is not None:
        raise Conflict(ALREADY)
    made = Appeal(essay_id=own.essay_id, edition_id=edition.id, text=text, sent_by=by.id)
    session.add(made)
    session.flush()
    record(session, "appealed", "authorship", own.id, by=by.id, appeal=str(made.id))
    _tell_secretaries(session, own.essay, edition)
    return made


def _tell_secretaries(session: Session, essay: Essay, edition: Edition) -> None:
    """Those who may decide; if there are none, all who do not judge the edition have to find somebody."""
    apart = [
        each for each in people.secretaries(session)
        if not contests.has_ever_been(session, each.id, Role.JUDGE, edition.id)
    ]  # fmt: skip
    involved = queries.involved(session, edition, essay)
    for secretary in [each for each in apart if each.id not in involved] or apart:
        send(session, "appeals/came_in", edition.id, to=people.recipient(secretary), edition=edition)


def decide(session: Session, appeal: Appeal, edition: Edition, ruling: Ruling, answer: str, *, by: Viewer) -> None:
    """Once, by somebody who had no part in the result. The author is told; what follows, people do."""
    if appeal.decided_at is not None:
        raise Conflict(DECIDED)
    if not rules.may_decide(by, appeal, edition, queries.involved(session, edition, appeal.essay)):
        raise NotAllowed(rules.HAD_A_PART)
    appeal.ruling, appeal.answer, appeal.decided_by, appeal.decided_at = ruling, answer, by.id, now()
    session.add(appeal)
    record(session, "decided appeal", "appeal", appeal.id, by=by.id, ruling=ruling.value)
    author = essay_queries.author_of(session, appeal.essay)
    essays.tell(session, author, "appeals/decided", appeal.essay, appeal=appeal)
