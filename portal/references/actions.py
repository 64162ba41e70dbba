"""Asking a referee, and what the referee answers."""

from typing import Any

from sqlmodel import Session

from portal.accounts import throttle
from portal.accounts.rules import mailbox, new_token
from portal.accounts.viewer import Viewer, token_digest
from portal.applications import actions as applications
from portal.applications.models import Application, Letter
from portal.clock import now
from portal.errors import Conflict, TooMany
from portal.files import actions as files
from portal.files.rules import Checked
from portal.history.actions import record
from portal.i18n import N_
from portal.mail import actions as mail
from portal.mail.rules import Recipient
from portal.references import rules
from portal.references.forms import Referee
from portal.references.queries import Asked, Wanted

MANY_MAILS = N_("Many mails were sent for this application, or to this referee, today. Try again tomorrow.")


def ask(
    session: Session, application: Application, wanted: Wanted, typed: Referee, *, by: Viewer, origin: str
) -> Letter:
    """Of this referee, from now on; the link of another one who was asked before is dead."""
    _refuse(rules.why_no_referee(wanted.letter, application, now()))
    letter = wanted.letter or Letter(application_id=application.id, requested_id=wanted.requested.id, **_NOBODY)
    letter.referee_name, letter.referee_email, letter.language = typed.name, typed.email, typed.language
    letter.asked_at, letter.times_sent, letter.declined_at = now(), 0, None
    _send(session, application, letter, origin=origin)
    _record(session, "letter asked", letter, by=by)
    return letter


_NOBODY: dict[str, Any] = {"referee_name": "", "referee_email": "", "token_digest": "", "expires_at": None}


def ask_again(session: Session, application: Application, wanted: Wanted, *, by: Viewer, origin: str) -> None:
    """With a new link; the one in the earlier mail is dead."""
    _refuse(rules.why_not_again(wanted.letter, application, now()))
    assert wanted.letter is not None, "it was refused"
    _send(session, application, wanted.letter, origin=origin)
    _record(session, "letter asked again", wanted.letter, by=by)


def receive(session: Session, asked: Asked, *, text: str, checked: Checked | None) -> None:
    """Keeps the letter; with it the link is used up. The file is no person's: the letter itself is its owner."""
    letter, application = asked
    _refuse(rules.why_closed(letter, application, now()))
    if checked is not None:
        letter.file_id = files.keep(session, checked, owner_id=letter.id).id
    letter.text, letter.received_at = text, now()
    session.add(letter)
    _record(session, "letter arrived", letter, by=None)
    applications.tell(session, application, "references/arrived", referee=letter.referee_name)


def decline(session: Session, asked: Asked) -> None:
    letter, application = asked
    _refuse(rules.why_closed(letter, application, now()))
    letter.declined_at = now()
    session.add(letter)
    _record(session, "letter declined", letter, by=None)
    applications.tell(session, application, "references/declined", referee=letter.referee_name)


def _refuse(reason: object | None) -> None:
    if reason is not None:
        raise Conflict(reason)


def _send(session: Session, application: Application, letter: Letter, *, origin: str) -> None:
    _count(session, letter)
    token, at = new_token(), now()
    letter.token_digest, letter.sent_at = token_digest(token), at
    letter.expires_at, letter.times_sent = rules.expires_at(application, at), letter.times_sent + 1
    session.add(letter)
    session.flush()
    to = Recipient(letter.referee_email, letter.language, letter.referee_name, zone=application.call.zone)
    link = f"{origin}/letters/{token}?lang={letter.language}"
    mail.send(
        session, "references/asked", to=to, application=application, call=application.call, letter=letter, link=link
    )


def _count(session: Session, letter: Letter) -> None:
    limits = (
        throttle.limit(f"{rules.A_DAY} per day", "letters-application", str(letter.application_id)),
        throttle.limit(f"{rules.AN_ADDRESS_A_DAY} per day", "letters-address", mailbox(letter.referee_email)),
    )
    if not all(throttle.take(session, each) for each in limits):
        raise TooMany(MANY_MAILS)


def _record(session: Session, deed: str, letter: Letter, *, by: Viewer | None) -> None:
    """Without the referee's name and address: history cannot be erased."""
    actor = by.id if by else None
    record(session, deed, "application", letter.application_id, by=actor, requested=str(letter.requested_id))
