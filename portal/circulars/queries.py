"""Reading circulars: for the secretariat, and auditors. Of a blind group nobody reads more than numbers."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, false, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.circulars import words
from portal.circulars.audiences import AUDIENCES, Audience, Choices
from portal.circulars.filters import Filter, Options
from portal.circulars.models import Circular, CircularRecipient, CircularState
from portal.errors import NotFound
from portal.forms import SENTENCES
from portal.i18n import LANGUAGES, Lazy
from portal.mail import queries as mail
from portal.mail.models import Delivery, Message
from portal.mail.wording import Wordings
from portal.panels import queries as panels

PAGE = 50


def visible_to(session: Session, viewer: Viewer) -> SelectOfScalar[Circular]:
    """None about an edition that the viewer judges: its number of readers tells of authors and of other judges."""
    if not (viewer.is_secretary or viewer.is_auditor):
        return select(Circular).where(false())
    edition_id = col(Circular.choices)["edition"].as_string()
    kept = [str(each) for each in panels.kept_from(session, viewer)]
    return select(Circular).where(sa.or_(edition_id.is_(None), edition_id.not_in(kept)))


def get_visible(session: Session, viewer: Viewer, circular_id: uuid.UUID, *, lock: bool = False) -> Circular:
    query = visible_to(session, viewer).where(Circular.id == circular_id)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    circular = found.one_or_none()
    if circular is None:
        raise NotFound
    return circular


def newest(
    session: Session, viewer: Viewer, after: uuid.UUID | None = None
) -> tuple[Sequence[Circular], uuid.UUID | None]:
    """A page of circulars, the newest first, and where the next one begins."""
    key = col(Circular.created_at), col(Circular.id)
    query = visible_to(session, viewer)
    if after is not None:
        query = query.where(sa.tuple_(*key) < select(*key).where(Circular.id == after).scalar_subquery())
    found = session.exec(query.order_by(key[0].desc(), key[1].desc()).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def sending(session: Session) -> list[uuid.UUID]:
    """The circulars whose messages are being written."""
    return list(session.exec(select(Circular.id).where(Circular.state == CircularState.SENDING)))


def lock(session: Session, circular_id: uuid.UUID) -> Circular | None:
    query = select(Circular).where(Circular.id == circular_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def of_a_message(session: Session, message_id: uuid.UUID) -> Circular | None:
    """The circular that this message belongs to, if it is one's; whoever pauses or cancels it waits, or has done so."""
    own = select(Message.circular_id).where(Message.id == message_id).scalar_subquery()
    query = select(Circular).where(Circular.id == own).with_for_update(read=True)
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def hold_failing(session: Session) -> None:
    """Until this transaction ends nobody pauses or cancels a circular of which a message failed."""
    failed = sa.exists().where(col(Message.circular_id) == Circular.id, col(Message.delivery) == Delivery.FAILED)
    session.exec(select(Circular.id).where(failed).order_by(col(Circular.id)).with_for_update(read=True)).all()


def messages_of(state: CircularState) -> sa.ColumnElement[bool]:
    """Whether a message of a query belongs to a circular in this state."""
    return sa.exists().where(col(Circular.id) == Message.circular_id, col(Circular.state) == state)


def cancelled(session: Session, circular_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these circulars that are."""
    query = select(Circular.id).where(col(Circular.id).in_(circular_ids), Circular.state == CircularState.CANCELLED)
    return set(session.exec(query))


def audience_of(circular: Circular) -> Audience:
    return AUDIENCES[circular.audience]


# Whom it would go to


class Reader(NamedTuple):
    """One of them, as a letter needs to know them."""

    id: uuid.UUID
    address: str
    person_id: uuid.UUID | None
    name: str
    language: str
    zone: str


def fields(session: Session, viewer: Viewer, audience: Audience) -> list[tuple[Filter, Options]]:
    """What the group is narrowed by, with the choices there are."""
    return [(each, each.options(session, viewer)) for each in audience.filters]


def objections(session: Session, viewer: Viewer, audience: Audience, chosen: Choices) -> dict[str, Lazy]:
    """What is wrong with a choice, by field."""
    found = {}
    for each, options in fields(session, viewer, audience):
        value = chosen.get(each.name, "")
        if not value and each.required:
            found[each.name] = SENTENCES["missing"]
        elif value and value not in dict(options):
            found[each.name] = SENTENCES["enum"]
    return found


def told(session: Session, viewer: Viewer, circular: Circular) -> list[str]:
    """What was chosen in the group, in words."""
    options = dict(fields(session, viewer, audience_of(circular)))
    return [
        dict(options[each]).get(circular.choices[each.name], "–") for each in options if circular.choices.get(each.name)
    ]


class Numbers(NamedTuple):
    """How many readers there are by language, the largest first, and how many have no address."""

    by_language: dict[str, int]
    unreachable: int

    @property
    def total(self) -> int:
        return sum(self.by_language.values())


def members(audience: Audience, chosen: Choices) -> SelectOfScalar[Person]:
    """Everybody in the group, those included who have no address."""
    return select(Person).where(col(Person.id).in_(audience.people(chosen)))


def numbers(session: Session, audience: Audience, chosen: Choices) -> Numbers:
    has_address = col(Person.email).is_not(None)
    asked = members(audience, chosen).with_only_columns(col(Person.language), has_address, sa.func.count())
    found = session.execute(asked.group_by(col(Person.language), has_address)).all()
    reached = {code: count for code, has_one, count in found if has_one}
    ordered = dict(sorted(reached.items(), key=lambda pair: (-pair[1], list(LANGUAGES).index(pair[0]))))
    return Numbers(ordered, sum(count for _code, has_one, count in found if not has_one))


def readers(audience: Audience, chosen: Choices) -> SelectOfScalar[Person]:
    """Those of them who have an address, by name."""
    reached = members(audience, chosen).where(col(Person.email).is_not(None))
    return reached.order_by(col(Person.name), col(Person.id))


def everybody(session: Session, audience: Audience, chosen: Choices) -> list[Reader]:
    """The readers, each with an id of their own for this occasion."""
    wanted = col(Person.email), col(Person.id), col(Person.name), col(Person.language), col(Person.zone)
    found = session.execute(members(audience, chosen).with_only_columns(*wanted).where(wanted[0].is_not(None)))
    return [Reader(uuid.uuid4(), *row) for row in found]


def first_readers(session: Session, audience: Audience, chosen: Choices) -> Sequence[Person]:
    if audience.is_blind:
        return []
    return session.exec(readers(audience, chosen).limit(words.FIRST)).all()


def layout_wordings(session: Session, language: str) -> Wordings:
    """A secretary's own words around a letter."""
    return mail.wordings(session, mail.LAYOUT, language)


# What became of it


class Progress(NamedTuple):
    """How many messages stand where; under None those that are not written yet."""

    numbers: dict[Delivery | None, int]
    total: int

    @property
    def waiting(self) -> int:
        return sum(self.numbers.get(each, 0) for each in (None, Delivery.QUEUED, Delivery.HELD))

    @property
    def gone(self) -> int:
        return self.total - self.waiting


def progress(session: Session, circular: Circular) -> Progress:
    counted = sa.select(col(Message.delivery), sa.func.count()).where(col(Message.circular_id) == circular.id)
    found: dict[Delivery | None, int] = dict(session.execute(counted.group_by(col(Message.delivery))).all())
    rest = circular.total - sum(found.values())
    place = _unwritten_of(circular)
    return Progress({**found, place: found.get(place, 0) + rest}, circular.total)


def _unwritten_of(circular: Circular) -> Delivery | None:
    """Where a message stands that is not written: of a cancelled circular it never will be."""
    return Delivery.CANCELLED if circular.state is CircularState.CANCELLED else None


def unwritten(session: Session, circular_id: uuid.UUID, after: str, limit: int) -> Sequence[Reader]:
    """Those from this address on to whom no message is written yet."""
    reader = CircularRecipient
    query = sa.select(
        col(reader.id), col(reader.address), col(reader.person_id), col(reader.name), col(reader.language),
        col(reader.zone),
    ).where(
        col(reader.circular_id) == circular_id, col(reader.message_id).is_(None), col(reader.address) > after
    )  # fmt: skip
    return [Reader(*row) for row in session.execute(query.order_by(col(reader.address)).limit(limit))]


class Result(NamedTuple):
    recipient: CircularRecipient
    message: Message | None
    delivery: Delivery | None


Page = tuple[list[Result], uuid.UUID | None]


def results(
    session: Session, circular: Circular, *, delivery: Delivery | None = None, after: uuid.UUID | None = None
) -> Page:
    """A page of what became of each message, by address, or of those that stand where `delivery` says.

    Raises NotFound for a blind group: their names are nobody's to read.
    """
    if audience_of(circular).is_blind:
        raise NotFound
    asked = _of_delivery(circular, delivery, after) if delivery else _by_address(circular, after)
    rows, otherwise = session.execute(asked.limit(PAGE + 1)), _unwritten_of(circular)
    found = [Result(reader, message, message.delivery if message else otherwise) for reader, message in rows]
    return found[:PAGE], found[PAGE - 1].recipient.id if len(found) > PAGE else None


def _by_address(circular: Circular, after: uuid.UUID | None) -> sa.Select[CircularRecipient, Message]:
    address = col(CircularRecipient.address)
    joined = sa.select(CircularRecipient, Message).outerjoin(
        Message, col(Message.id) == col(CircularRecipient.message_id)
    )
    own = joined.where(col(CircularRecipient.circular_id) == circular.id).order_by(address)
    last = sa.select(address).where(col(CircularRecipient.id) == after).correlate(None)
    return own.where(address > last.scalar_subquery()) if after else own


def _of_delivery(
    circular: Circular, delivery: Delivery, after: uuid.UUID | None
) -> sa.Select[CircularRecipient, Message]:
    joined = sa.select(CircularRecipient, Message).join(Message, col(Message.id) == col(CircularRecipient.message_id))
    own = joined.where(col(Message.circular_id) == circular.id, col(Message.delivery) == delivery)
    return (own.where(col(Message.id) > after) if after else own).order_by(col(Message.id))


def all_results(session: Session, circular: Circular) -> Iterator[Result]:
    """Every one of them, a page at a time."""
    found, after = results(session, circular)
    yield from found
    while after:
        found, after = results(session, circular, after=after)
        yield from found
