"""Reading messages."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.errors import NotFound
from portal.mail.models import Delivery, Message, Unsubscription, Wording
from portal.mail.wording import Wordings, Words

LAYOUT = "_layout"


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
            known[own.template, own.language][own.passage] = Words(tuple(own.forms))
    return {**known[LAYOUT, language], **known[template, language]}


def declines_reminders(session: Session, address: str) -> bool:
    wanted = select(Unsubscription.id).where(Unsubscription.address == address.casefold())
    return session.exec(wanted).first() is not None


def declining(session: Session, addresses: Collection[str]) -> set[str]:
    """Those of these addresses that want no reminders, without regard to case."""
    if not addresses:
        return set()
    folded = {address.casefold() for address in addresses}
    return set(session.exec(select(Unsubscription.address).where(col(Unsubscription.address).in_(folded))))


def newest(
    session: Session, *, delivery: Delivery | None = None, after: str = "", limit: int = 50
) -> tuple[Sequence[Message], str]:
    """One page of all messages, the newest first, and the cursor of the next page ("" on the last)."""
    chosen = select(Message).order_by(col(Message.created_at).desc(), col(Message.id).desc())
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
