"""Reading messages."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.clock import now
from portal.errors import NotFound
from portal.mail import rules
from portal.mail.models import Delivery, Kind, MailServer, Message, Unsubscription, Wording
from portal.mail.wording import Wordings, Words

LAYOUT = "_layout"
DECLINING = "declining"
ALL, NONE = sa.true(), sa.false()


class Turn(NamedTuple):
    """The message that is next, or else the instant before which none may go; neither if none waits."""

    message: Message | None = None
    not_before: dt.datetime | None = None


def find(session: Session, message_id: uuid.UUID) -> Message | None:
    return session.get(Message, message_id)


def lock(session: Session, message_id: uuid.UUID) -> Message:
    return session.get_one(Message, message_id, with_for_update=True)


def wordings(session: Session, template: str, language: str) -> Wordings:
    """A secretary's own words for this template and for the layout around it. All are read once a transaction."""
    known = session.info.get("wordings")
    if known is None:
        known = session.info["wordings"] = defaultdict(dict)
        for own in session.exec(select(Wording)):
            known[own.template, own.language][own.passage] = Words(tuple(own.forms), own.language)
    return {**known[LAYOUT, language], **known[template, language]}


def stands_in_inbox() -> sa.ColumnElement[bool]:
    """What its reader finds in the portal too: nothing that opens something, and nothing that was stopped."""
    stopped = col(Message.delivery).in_([Delivery.HELD, Delivery.CANCELLED])
    return sa.and_(col(Message.kind) != Kind.ACCESS, sa.not_(stopped))


def unread(person_id: Any) -> sa.ScalarSelect[int]:
    """How many in a person's inbox nobody has marked as read; also as a column of another query."""
    counted = select(sa.func.count()).select_from(Message).correlate_except(Message)
    mine = counted.where(Message.person_id == person_id, col(Message.read_at).is_(None), stands_in_inbox())
    return mine.scalar_subquery()


def declines_reminders(session: Session, address: str) -> bool:
    known: dict[str, bool] = session.info.get(DECLINING, {})
    if address.casefold() in known:
        return known[address.casefold()]
    wanted = select(Unsubscription.id).where(Unsubscription.address == address.casefold())
    return session.exec(wanted).first() is not None


@contextmanager
def knowing_who_declines(session: Session, addresses: Collection[str]) -> Iterator[None]:
    """Inside, `declines_reminders` has its answers for these from one question."""
    found = declining(session, addresses)
    session.info[DECLINING] = {address.casefold(): address.casefold() in found for address in addresses}
    try:
        yield
    finally:
        del session.info[DECLINING]


def turn(session: Session, worker: str, *, per_minute: int) -> Turn:
    """Whose turn it is, as far as this worker may know; locked."""
    at, server = now(), mail_server(session, lock=bool(per_minute))  # one worker counts at a time
    if rules.is_left_alone(server.ask_at, at):
        return Turn(not_before=server.ask_at)
    message = session.exec(_next_due(worker, at)).first()
    full_until = _full_until(session, per_minute, at) if message and per_minute else None
    return Turn(not_before=full_until) if full_until else Turn(message)


def _next_due(worker: str, at: dt.datetime) -> SelectOfScalar[Message]:
    """A name is held by one process alone: what is claimed under this worker's own was left by a killed one."""
    claimed_until = col(Message.claimed_until)
    due = select(Message).where(
        Message.delivery == Delivery.QUEUED, Message.due_at <= at,
        sa.or_(claimed_until.is_(None), claimed_until <= at, col(Message.claimed_by) == worker),
    )  # fmt: skip
    in_order = due.order_by(col(Message.priority), col(Message.due_at), col(Message.id))
    return in_order.limit(1).with_for_update(skip_locked=True)


def _full_until(session: Session, per_minute: int, at: dt.datetime) -> dt.datetime | None:
    """Until when no more may go because so many went within the last minute.

    Another worker's clock may be ahead a little; what went later than that went before our clock was set back.
    """
    attempted_at = col(Message.attempted_at)
    lately = select(attempted_at).where(attempted_at > at - rules.MINUTE, attempted_at <= at + rules.MINUTE)
    lately = lately.order_by(attempted_at.desc())
    oldest = session.exec(lately.offset(per_minute - 1).limit(1)).first()
    return oldest + rules.MINUTE if oldest else None


def mail_server(session: Session, *, lock: bool = False) -> MailServer:
    return session.get_one(MailServer, 1, with_for_update=lock or None)


def within(*folders: str) -> sa.ColumnElement[bool]:
    """Messages whose templates lie in one of these folders."""
    return sa.or_(sa.false(), *(col(Message.template).startswith(f"{folder}/") for folder in folders))


def lock_seen(session: Session, message_id: uuid.UUID, seen: sa.ColumnElement[bool]) -> Message:
    """Raises NotFound if there is none, or this condition does not let it be seen."""
    found = session.exec(select(Message).where(Message.id == message_id, seen).with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def unfinished(session: Session, *, seen: sa.ColumnElement[bool] = ALL) -> dict[Delivery, int]:
    """How many wait, are held or failed; what is done with is not counted."""
    states = (Delivery.QUEUED, Delivery.HELD, Delivery.FAILED)
    counted = select(Message.delivery, sa.func.count()).where(col(Message.delivery).in_(states), seen)
    found = {Delivery(state): count for state, count in session.exec(counted.group_by(Message.delivery))}
    return {**dict.fromkeys(states, 0), **found}


def sent_since(session: Session, at: dt.datetime, *, seen: sa.ColumnElement[bool] = ALL) -> int:
    # What has arrived was attempted before, and that has an index.
    sent = select(sa.func.count()).where(Message.delivery == Delivery.SENT, col(Message.attempted_at) > at, seen)
    return session.exec(sent).one()


def oldest_waiting(session: Session, *, seen: sa.ColumnElement[bool] = ALL) -> dt.datetime | None:
    """When the oldest message that waits was written."""
    waiting = select(Message.created_at).where(Message.delivery == Delivery.QUEUED, seen)
    return session.exec(waiting.order_by(col(Message.created_at), col(Message.id)).limit(1)).first()


def declining(session: Session, addresses: Collection[str]) -> set[str]:
    """Those of these addresses that want no reminders, without regard to case."""
    if not addresses:
        return set()
    folded = {address.casefold() for address in addresses}
    return set(session.exec(select(Unsubscription.address).where(col(Unsubscription.address).in_(folded))))


def newest(
    session: Session, *, delivery: Delivery | None = None, seen: sa.ColumnElement[bool] = ALL, after: str = "",
    limit: int = 50,
) -> tuple[Sequence[Message], str]:  # fmt: skip
    """One page of messages, the newest first, and the cursor of the next page ("" on the last).

    Those alone that `seen` lets be seen.
    """
    chosen = select(Message).where(seen).order_by(col(Message.created_at).desc(), col(Message.id).desc())
    if delivery is not None:
        chosen = chosen.where(Message.delivery == delivery)
    found = session.exec(_older(chosen, after).limit(limit + 1)).all()
    return found[:limit], _cursor(found[limit - 1]) if len(found) > limit else ""


def _older(chosen: SelectOfScalar[Message], after: str) -> SelectOfScalar[Message]:
    if not after:
        return chosen
    instant, message_id = _read(after)
    place = sa.tuple_(col(Message.created_at), col(Message.id))
    last = sa.tuple_(sa.literal(instant, Message.__table__.c.created_at.type), sa.literal(message_id, sa.Uuid()))  # type: ignore[attr-defined]
    return chosen.where(place < last)


def _cursor(message: Message) -> str:
    return f"{message.created_at.isoformat()}_{message.id}"


def _read(cursor: str) -> tuple[dt.datetime, uuid.UUID]:
    """What is no cursor of ours is a page that does not exist."""
    instant, _underscore, message_id = cursor.partition("_")
    try:
        read = dt.datetime.fromisoformat(instant)
        if read.tzinfo is None:
            raise NotFound
        return read, uuid.UUID(message_id)
    except ValueError:
        raise NotFound from None
