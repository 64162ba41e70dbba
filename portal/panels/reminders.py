"""Reminding people who were asked to judge and have not answered."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts.rules import new_token
from portal.accounts.viewer import token_digest
from portal.contests.models import Edition, EditionStatus
from portal.i18n import N_
from portal.judging.models import Judge, JudgeStatus
from portal.mail.rules import Recipient
from portal.panels import rules
from portal.reminding import actions as reminding
from portal.reminding.rules import Among, Reader, Rule, Step, Subject, asked, register


def _unanswered(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    """Counted from the letter, whose link is good for a known time."""
    wanted = sa.select(Judge, Edition).join(Edition, col(Edition.id) == col(Judge.edition_id)).where(
        col(Judge.status) == JudgeStatus.INVITED, col(Judge.excluded_at).is_(None), col(Judge.expires_at) > at,
        col(Judge.expires_at) <= last + rules.GOOD_FOR, col(Edition.status) == EditionStatus.PUBLISHED,
    )  # fmt: skip
    for judge, edition in session.execute(wanted.order_by(col(Judge.id))):
        sent_at = judge.expires_at - rules.GOOD_FOR
        thing, until = (judge, edition), judge.expires_at
        yield Subject(judge.id, sent_at, thing, edition.zone, edition.title, until, edition_id=edition.id)


def _asked(_session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    for step in asked(steps, among):
        judge, edition = step.subject.thing
        to = Recipient(judge.email, judge.language, judge.name, zone=edition.zone)
        yield Reader(step, to, {"judge": judge, "edition": edition})


def _write(session: Session, rule: Rule, reader: Reader, origin: str) -> None:
    """With a new link, which ends when the earlier one would have: what we keep of a link cannot be sent again."""
    judge = session.get_one(Judge, reader.step.subject.id, with_for_update=True)
    token = new_token()
    judge.token_digest = token_digest(token)
    session.add(judge)
    reminding.write(session, rule, replace(reader, path=f"/judge-offers/{token}"), origin)


register(
    Rule(
        "offers_to_judge", N_("People who were asked to judge"), (7,), "panels/offer_waits", _unanswered, _asked, _write
    )
)
