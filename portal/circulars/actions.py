"""Writing circulars, and sending them: the recipients are kept as they are at that moment, a job writes the letters."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts import throttle
from portal.accounts.models import Person
from portal.accounts.queries import recipient
from portal.accounts.viewer import Viewer
from portal.circulars import queries, rules, words
from portal.circulars.models import Circular, CircularRecipient, CircularState
from portal.circulars.queries import Reader
from portal.circulars.rules import Step
from portal.clock import now
from portal.errors import Conflict, NotAllowed, TooMany
from portal.history.actions import record
from portal.i18n import Lazy
from portal.jobs.queue import enqueue
from portal.mail import bulk, composing
from portal.mail.bulk import Letter
from portal.mail.composing import Composed
from portal.mail.models import Kind
from portal.mail.rules import Recipient

SEND = "send_circular"
# Under which name a message stands in the queue; that of a blind group as one of the contest.
TEMPLATE, BLIND_TEMPLATE, TEST_TEMPLATE = "circulars/letter", "essays/circular", "circulars/test"
TESTS, CIRCULARS = "30 per hour", "30 per day"
DONE = {
    Step.SEND: "circular sent", Step.PAUSE: "circular paused", Step.CONTINUE: "circular continued",
    Step.CANCEL: "circular cancelled",
}  # fmt: skip


def ensure(viewer: Viewer) -> None:
    if not rules.may(viewer):
        raise NotAllowed


# Drafts


def write(session: Session, audience: str, choices: Mapping[str, str], *, by: Viewer, **texts: Any) -> Circular:
    ensure(by)
    circular = Circular(audience=audience, choices=dict(choices), created_by=by.id, **texts)
    session.add(circular)
    record(session, "circular written", "circular", circular.id, by=by.id, audience=audience, choices=circular.choices)
    return circular


def choose(session: Session, circular: Circular, audience: str, choices: Mapping[str, str], *, by: Viewer) -> None:
    _check(Step.EDIT, circular, by)
    circular.audience, circular.choices = audience, dict(choices)
    told = {"audience": audience, "choices": circular.choices}
    record(session, "circular addressed", "circular", circular.id, by=by.id, **told)


def edit(session: Session, circular: Circular, facts: Mapping[str, dict[str, str]], *, by: Viewer) -> None:
    """What is changed has to be tested anew."""
    _check(Step.EDIT, circular, by)
    if (circular.subjects, circular.texts) == (facts["subjects"], facts["texts"]):
        return
    circular.subjects, circular.texts, circular.tested_at = facts["subjects"], facts["texts"], None
    written = rules.written_in(circular)
    record(session, "circular edited", "circular", circular.id, by=by.id, languages=written)


def copy(session: Session, circular: Circular, *, by: Viewer) -> Circular:
    """A new draft with the same group and text."""
    texts = {"subjects": dict(circular.subjects), "texts": dict(circular.texts)}
    return write(session, circular.audience, circular.choices, by=by, **texts)


def delete(session: Session, circular: Circular, *, by: Viewer) -> None:
    _check(Step.DELETE, circular, by)
    session.delete(circular)
    record(session, "circular deleted", "circular", circular.id, by=by.id)


def test(session: Session, circular: Circular, person: Person, *, by: Viewer) -> None:
    """To whoever asks, in each language it is written in; each looks as its readers will see it."""
    _check(Step.TEST, circular, by)
    if not throttle.take(session, throttle.limit(TESTS, "circular-tests", str(by.id))):
        raise TooMany(words.TOO_MANY_TESTS)
    to = recipient(person)
    framed = {code: _framed(session, circular, code, Kind.NOTICE) for code in rules.written_in(circular)}
    letters = [_letter(uuid.uuid4(), to, code, framed[code]) for code in framed]
    bulk.send_many(session, TEST_TEMPLATE, letters)
    circular.tested_at = now()
    record(session, "circular tested", "circular", circular.id, by=by.id, languages=list(framed))


# Sending


def send(session: Session, circular: Circular, *, seen: str, by: Viewer) -> None:
    """Keeps whom it goes to, and has a job write to each."""
    _check(Step.SEND, circular, by)
    readers = queries.everybody(session, queries.audience_of(circular), circular.choices)
    if not readers:
        raise Conflict(words.NOBODY)
    if seen != rules.mark(circular, len(readers)):
        raise Conflict(words.CHANGED)
    if not throttle.take(session, throttle.limit(CIRCULARS, "circulars", str(by.id))):
        raise TooMany(words.TOO_MANY)
    kept = [{**reader._asdict(), "circular_id": circular.id} for reader in readers]
    session.execute(sa.insert(CircularRecipient), kept)
    circular.total, circular.sent_by, circular.sent_at = len(readers), by.id, now()
    _take(session, Step.SEND, circular, by=by, audience=circular.audience, choices=circular.choices, to=len(readers))
    enqueue(session, SEND, str(circular.id))


def write_some(session: Session, circular_id: uuid.UUID, *, after: str = "") -> str:
    """Some messages to readers from this address on; the last address, or "" once there is nothing left to write.

    Whoever pauses or cancels it waits for this transaction, and the next one finds that it has to stop.
    """
    circular = queries.lock(session, circular_id)
    if circular is None or circular.state is not CircularState.SENDING:
        return ""
    readers = queries.unwritten(session, circular_id, after, rules.BATCH)
    if not readers:
        _finish(session, circular)
        return ""
    _write_to(session, circular, readers)
    return readers[-1].address


def _write_to(session: Session, circular: Circular, readers: Sequence[Reader]) -> None:
    languages = {rules.language_for(circular, reader.language) for reader in readers}
    framed = {code: _framed(session, circular, code, Kind.CIRCULAR) for code in languages}
    letters = []
    for reader in readers:
        language = rules.language_for(circular, reader.language)
        to = Recipient(reader.address, language, reader.name, reader.person_id, reader.zone)
        letters.append(_letter(reader.id, to, language, framed[language]))
    template = BLIND_TEMPLATE if queries.audience_of(circular).is_blind else TEMPLATE
    bulk.send_many(session, template, letters, circular_id=circular.id, edition_id=circular.edition_id)
    written = col(CircularRecipient.id).in_([reader.id for reader in readers])
    marked = sa.update(CircularRecipient).where(written).values(message_id=col(CircularRecipient.id))
    session.execute(marked, execution_options={"synchronize_session": False})


def _framed(session: Session, circular: Circular, code: str, kind: Kind) -> Composed:
    return composing.frame(
        kind, code, circular.subject(code), circular.text(code), queries.layout_wordings(session, code)
    )


def preview(session: Session, circular: Circular, code: str, name: str) -> Composed:
    """As somebody of this name would read it in this language."""
    return composing.named(_framed(session, circular, code, Kind.CIRCULAR), name)


def _letter(letter_id: uuid.UUID, to: Recipient, language: str, framed: Composed) -> Letter:
    return Letter(letter_id, to, language, composing.named(framed, to.name))


def _finish(session: Session, circular: Circular) -> None:
    circular.state = rules.STEPS[circular.state, Step.FINISH]
    circular.finished_at = now()
    record(session, "circular finished", "circular", circular.id, by=None, to=circular.total)


def pause(session: Session, circular: Circular, *, by: Viewer) -> None:
    _check(Step.PAUSE, circular, by, waiting=queries.progress(session, circular).waiting)
    bulk.hold(session, circular.id)
    _take(session, Step.PAUSE, circular, by=by)


def go_on(session: Session, circular: Circular, *, by: Viewer) -> None:
    _check(Step.CONTINUE, circular, by)
    bulk.release(session, circular.id)
    _take(session, Step.CONTINUE, circular, by=by)
    enqueue(session, SEND, str(circular.id))


def cancel(session: Session, circular: Circular, *, by: Viewer) -> None:
    """What has gone out has gone out; the rest never does."""
    progress = queries.progress(session, circular)
    _check(Step.CANCEL, circular, by, waiting=progress.waiting)
    bulk.cancel(session, circular.id)
    circular.finished_at = now()
    _take(session, Step.CANCEL, circular, by=by, left_out=progress.waiting)


STEPS = {Step.PAUSE: pause, Step.CONTINUE: go_on, Step.CANCEL: cancel}


def _check(step: Step, circular: Circular, by: Viewer, *, waiting: int = 0) -> None:
    ensure(by)
    why_not: Lazy | None = rules.why_not(step, circular, waiting=waiting)
    if why_not is not None:
        raise Conflict(why_not)


def _take(session: Session, step: Step, circular: Circular, *, by: Viewer, **told: Any) -> None:
    circular.state = rules.STEPS[circular.state, step]
    record(session, DONE[step], "circular", circular.id, by=by.id, **told)
