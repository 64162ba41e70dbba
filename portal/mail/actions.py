"""Queueing a message in the transaction of the event it tells of, and keeping what became of it."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import event
from sqlmodel import Session, col

from portal.clock import now
from portal.errors import Conflict
from portal.i18n import N_
from portal.jobs.queue import enqueue
from portal.mail import composing, queries, rules
from portal.mail.models import Delivery, Kind, Message
from portal.mail.queries import ALL, NONE, Turn
from portal.mail.rules import Fate, Outcome, Recipient

log = structlog.get_logger()
DELIVER = "deliver_messages"
WOKEN = "woken"
BULK = {"synchronize_session": False}
MOVED_ON = N_("Meanwhile something else became of this message. Look at the list again.")


def send(
    session: Session, template: str, edition_id: uuid.UUID | None = None, /, *, to: Recipient, **values: Any
) -> Message:
    """Queues templates/mail/`template`.txt, whose first line is the subject. Kept if and only if the event is.

    `edition_id` is the edition of the contest that it is about: it decides who may see that the message exists.
    Plain text in `values` is shortened and stripped of anything to click on, unless it is our own:
    `link`, `origin`, `…_link`.
    """
    wordings = queries.wordings(session, template, to.language)
    composed = composing.compose(template, to, values, wordings)
    message = Message(
        person_id=to.person_id, address=to.address, language=to.language, template=template, kind=composed.kind,
        subject=composed.subject, text=composed.text, parts=composing.as_data(composed.parts),
        priority=rules.PRIORITIES[composed.kind], edition_id=edition_id,
    )  # fmt: skip
    session.add(message)
    if composed.kind is Kind.REMINDER and queries.declines_reminders(session, to.address):
        message.delivery = Delivery.INBOX
    else:
        wake(session)
    return message


def wake(session: Session) -> None:
    """Has a worker look into the queue once this transaction has committed, however many messages it wrote."""
    if not session.info.get(WOKEN):
        session.info[WOKEN] = True
        enqueue(session, DELIVER)


@event.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    session.info.pop(WOKEN, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_is_undone(session: Session, _transaction: object) -> None:
    """Of a savepoint too: asked once more is nothing, not asked at all is a message that waits."""
    session.info.pop(WOKEN, None)


def wake_at(session: Session, at: dt.datetime) -> None:
    """Has a worker look into the queue at this instant, once however many ask for it."""
    after = at - now()
    enqueue(session, DELIVER, key=at.isoformat(), after=after if after > dt.timedelta() else None)


def take_turn(session: Session, worker: str, *, per_minute: int) -> Turn:
    """Claims the next message for the worker of this name, unless the mail server is to be left alone for now."""
    turn = queries.turn(session, worker, per_minute=per_minute)
    if turn.message is not None:
        turn.message.claimed_by, turn.message.claimed_until = worker, now() + rules.CLAIM
        turn.message.attempted_at = now()
    return turn


def record_outcome(session: Session, message_id: uuid.UUID, outcome: Outcome) -> None:
    """What became of an attempt. What has arrived stays so, whatever a second attempt says."""
    message = queries.lock(session, message_id)
    message.claimed_by, message.claimed_until = "", None
    if outcome.fate is Fate.UNTRIED:
        _leave_server_alone(session, outcome.reason)
        return
    _note_answer(session)
    if outcome.fate is Fate.SENT:
        _arrive(message)
    elif message.delivery in {Delivery.QUEUED, Delivery.HELD}:
        _fail(message, outcome)


def _arrive(message: Message) -> None:
    """Also what was held or cancelled while it was on its way: the mail server has it."""
    if message.delivery is not Delivery.SENT:
        message.delivery, message.sent_at, message.failure = Delivery.SENT, now(), ""
        message.attempts += 1


def _fail(message: Message, outcome: Outcome) -> None:
    message.attempts += 1
    message.failure = outcome.reason[: rules.LONGEST_FAILURE]
    pause = rules.pause_before(message.attempts) if outcome.fate is Fate.LATER else None
    if pause is None:
        message.delivery = Delivery.FAILED
        log.error("message failed", message=str(message.id), attempts=message.attempts)
    else:
        message.due_at = now() + pause


def _leave_server_alone(session: Session, reason: str) -> None:
    """For longer each time. What another worker found out a moment ago is not counted again."""
    server = queries.mail_server(session, lock=True)
    if rules.is_left_alone(server.ask_at, now()):
        return
    server.failures += 1
    server.failure = reason[: rules.LONGEST_FAILURE]
    server.down_since = server.down_since or now()
    server.ask_at = now() + rules.pause_of_server(server.failures)
    log.error("the mail server takes no messages", failures=server.failures)


def _note_answer(session: Session) -> None:
    if queries.mail_server(session).down_since is not None:
        server = queries.mail_server(session, lock=True)
        server.failures, server.down_since, server.ask_at, server.failure = 0, None, None, ""


def ask_server_now(session: Session) -> None:
    """Somebody has mended it and does not want to wait."""
    queries.mail_server(session, lock=True).ask_at = None
    wake(session)


def try_again(session: Session, message: Message, after: Delivery = Delivery.QUEUED) -> None:
    """`after`: held where its circular is paused. Raises Conflict if it has not failed."""
    if message.delivery is not Delivery.FAILED:
        raise Conflict(MOVED_ON)
    message.delivery, message.attempts, message.due_at = after, 0, now()
    wake(session)


def try_all_again(session: Session, *, seen: sa.ColumnElement[bool] = ALL, held: sa.ColumnElement[bool] = NONE) -> int:
    """Everything that failed, of those that `seen` names; what `held` names is kept back. How many they are."""
    # What is held first: by then it has not failed any more.
    count = _try_all(session, Delivery.HELD, seen, held) + _try_all(session, Delivery.QUEUED, seen)
    wake(session)
    return count


def _try_all(session: Session, after: Delivery, *which: sa.ColumnElement[bool]) -> int:
    again = sa.update(Message).where(col(Message.delivery) == Delivery.FAILED, *which)
    changed = session.execute(again.values(delivery=after, attempts=0, due_at=now()), execution_options=BULK)
    return int(changed.rowcount)  # type: ignore[attr-defined]


def cancel(session: Session, message: Message) -> None:
    """Raises Conflict if it waits no longer, or is being handed over at this moment."""
    is_claimed = message.claimed_until is not None and message.claimed_until > now()
    if message.delivery not in {Delivery.QUEUED, Delivery.HELD} or is_claimed:
        raise Conflict(MOVED_ON)
    message.delivery = Delivery.CANCELLED
