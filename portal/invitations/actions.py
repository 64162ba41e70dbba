"""Inviting to a role, and taking it on."""

import datetime as dt
import uuid

from sqlmodel import Session

from portal.accounts import actions as accounts
from portal.accounts import queries as people
from portal.accounts import rules as account_rules
from portal.accounts import throttle, words
from portal.accounts.models import Grant, Invitation, Person, Role
from portal.accounts.viewer import Viewer, token_digest, viewer_of
from portal.clock import now, today
from portal.errors import Conflict, NotAllowed, TooMany
from portal.history.actions import record
from portal.i18n import N_
from portal.invitations import queries, rules
from portal.invitations.forms import NewcomerForm
from portal.mail import actions as mail
from portal.mail.rules import Recipient

TOO_MANY_OPEN = N_("A hundred of your invitations wait for an answer. Take one back, or wait until one is accepted.")
TOO_MANY_AN_HOUR = N_("You have sent a hundred invitations within an hour. Wait a while before you send another.")
ASKED_ALREADY = N_("You have invited a successor already. Take that invitation back first, then invite somebody else.")
NO_LONGER = N_("This invitation was accepted or taken back already. Reload the page to see where things stand.")
NOT_YOURS = N_("This invitation was sent to another address than that of your account. Sign in with the invited one.")
HAS_ACCOUNT = N_("There is an account with this address already. Sign in with it to accept.")


def invite(
    session: Session,
    email: str,
    role: Role,
    *,
    by: Viewer,
    language: str,
    origin: str,
    government_id: uuid.UUID | None = None,
    edition_id: uuid.UUID | None = None,
    ends_on: dt.date | None = None,
) -> Invitation:
    """Sends a link with which the holder of the (normalised) address takes on a role."""
    if not rules.may_invite(by):
        raise NotAllowed
    assert account_rules.fits(role, government_id, edition_id)
    if queries.number_open(session, by.id) >= rules.OPEN_AT_ONCE:
        raise TooMany(TOO_MANY_OPEN)
    made = Invitation(
        email=email, language=language, role=role, government_id=government_id, edition_id=edition_id,
        ends_on=ends_on, invited_by=by.id, invited_at=now(), expires_at=now(), token_digest="",
    )  # fmt: skip
    session.add(made)
    _send(session, made, by=by, origin=origin)
    record(session, "invited", "invitation", made.id, by=by.id, **_told(made))
    return made


def send_again(session: Session, invitation: Invitation, *, by: Viewer, origin: str) -> None:
    """With a new link; the one in the earlier mail is dead."""
    _check(invitation, by)
    _send(session, invitation, by=by, origin=origin)
    record(session, "sent invitation again", "invitation", invitation.id, by=by.id)


def revoke(session: Session, invitation: Invitation, *, by: Viewer) -> None:
    """By a secretary, or by the coordinator who invited a successor."""
    _check(invitation, by)
    invitation.revoked_at = now()
    session.add(invitation)
    record(session, "revoked invitation", "invitation", invitation.id, by=by.id)


def accept(session: Session, token: str, *, by: Viewer) -> Grant:
    """Takes on the role. Ends every signing-in of the person: what one may do has changed."""
    invitation = queries.by_token(session, token, lock=True)
    person = people.get_visible(session, by, by.id)
    if person.email != invitation.email:
        raise NotAllowed(NOT_YOURS)
    return _take_on(session, invitation, person)


def accept_as_newcomer(session: Session, token: str, typed: NewcomerForm, password_hash: str) -> Person:
    """Opens an account for the invited address, which the link has shown to be theirs, and takes on the role."""
    invitation = queries.by_token(session, token, lock=True)
    if people.by_email(session, invitation.email) is not None:
        raise Conflict(HAS_ACCOUNT)
    fields = typed.model_dump(include={"name", "language", "zone"})
    person = accounts.open_account(session, email=invitation.email, password_hash=password_hash, **fields)
    _take_on(session, invitation, person)
    return person


def invite_secretary(session: Session, email: str) -> str:
    """For the machine's own command line: the path of a link that makes a secretary of whoever opens it. No mail."""
    token = account_rules.new_token()
    made = Invitation(
        email=account_rules.normal_email(email), role=Role.SECRETARY, invited_at=now(),
        expires_at=now() + rules.GOOD_FOR, token_digest=token_digest(token),
    )  # fmt: skip
    session.add(made)
    record(session, "invited", "invitation", made.id, by=None, **_told(made))
    return _path(token)


def _take_on(session: Session, invitation: Invitation, person: Person) -> Grant:
    if invitation.ends_on and invitation.ends_on < today():
        raise Conflict(N_("The role was offered until a day that is past. Ask who invited you for a new invitation."))
    relieved = _relieved(session, invitation)
    invitation.accepted_at, invitation.accepted_by = now(), person.id
    session.add(invitation)
    record(session, "accepted invitation", "invitation", invitation.id, by=person.id)
    accounts.end_sign_ins(session, person.id)
    begins_on = max(today(), invitation.begins_on or today())
    given = accounts.give(
        session, person, invitation.role, invitation.invited_by, begins_on=begins_on, ends_on=invitation.ends_on,
        government_id=invitation.government_id, edition_id=invitation.edition_id,
    )  # fmt: skip
    if relieved is not None:
        _relieve(session, relieved, invitation, begins_on)
    return given


def hand_over(
    session: Session, grant: Grant, email: str, begins_on: dt.date, *, by: Viewer, language: str, origin: str
) -> Invitation:
    """A coordinator invites a successor. Nothing ends before the successor accepts; the secretariat is told."""
    if grant.person_id != by.person_id or grant.role is not Role.COORDINATOR:
        raise NotAllowed
    reason = rules.why_no_handover(grant, begins_on, today())
    if reason is not None:
        raise Conflict(reason)
    if queries.open_handover(session, grant) is not None:
        raise Conflict(ASKED_ALREADY)
    made = Invitation(
        email=email, language=language, role=grant.role, government_id=grant.government_id, begins_on=begins_on,
        relieves_id=grant.id, invited_by=by.id, invited_at=now(), expires_at=now(), token_digest="",
    )  # fmt: skip
    session.add(made)
    _send(session, made, by=by, origin=origin)
    record(session, "invited", "invitation", made.id, by=by.id, **_told(made))
    _tell_secretaries(session, "invitations/handover_begun", grant, begins_on)
    return made


def _relieved(session: Session, invitation: Invitation) -> Grant | None:
    """The role that the successor takes over; without one the inviter must be a secretary still."""
    if invitation.relieves_id is None:
        _check_inviter(session, invitation)
        return None
    grant = session.get_one(Grant, invitation.relieves_id, with_for_update=True)
    if account_rules.is_void(grant) or account_rules.is_over(grant, today()):
        raise Conflict(queries.REVOKED)
    return grant


def _relieve(session: Session, grant: Grant, invitation: Invitation, begins_on: dt.date) -> None:
    """The day before the successor's first is the last of the predecessor: no day without, none with both."""
    last_day = begins_on - dt.timedelta(days=1)
    if grant.ends_on is None or grant.ends_on > last_day:
        accounts.close(session, grant, grant.person_id, last_day)
    record(session, "handed over", "invitation", invitation.id, by=grant.person_id, begins_on=str(begins_on))
    _tell_secretaries(session, "invitations/handed_over", grant, begins_on)


def _tell_secretaries(session: Session, template: str, grant: Grant, begins_on: dt.date) -> None:
    government, person = queries.government(session, grant.government_id), session.get_one(Person, grant.person_id)  # type: ignore[arg-type]
    for secretary in people.secretaries(session):
        facts = {"government": government, "person": person, "begins_on": begins_on}
        mail.send(session, template, to=people.recipient(secretary), **facts)


def _check_inviter(session: Session, invitation: Invitation) -> None:
    """Who is no longer a secretary gives no more roles, by letters sent before either."""
    if invitation.invited_by is None:
        return
    inviter = session.get_one(Person, invitation.invited_by)
    if not rules.may_invite(viewer_of(session, inviter)):
        raise Conflict(queries.REVOKED)


def _check(invitation: Invitation, by: Viewer) -> None:
    if not rules.may_take_back(by, invitation):
        raise NotAllowed
    if not rules.is_waiting(invitation):
        raise Conflict(NO_LONGER)


def _send(session: Session, invitation: Invitation, *, by: Viewer, origin: str) -> None:
    if not throttle.take(session, throttle.limit(f"{rules.AN_HOUR} per hour", "invitations", str(by.id))):
        raise TooMany(TOO_MANY_AN_HOUR)
    token = account_rules.new_token()
    invitation.token_digest, invitation.expires_at = token_digest(token), now() + rules.GOOD_FOR
    session.add(invitation)
    session.flush()
    government = queries.government(session, invitation.government_id) if invitation.government_id else None
    values = {"role": words.ROLES[invitation.role], "government": government, "link": f"{origin}{_path(token)}"}
    mail.send(session, "invitations/invitation", to=Recipient(invitation.email, invitation.language), **values)


def _path(token: str) -> str:
    return f"/invitations/{token}"


def _told(invitation: Invitation) -> dict[str, str]:
    """An invitation as history keeps it: without the address."""
    kept = invitation.model_dump(include={"role", "government_id", "edition_id", "begins_on", "ends_on", "relieves_id"})
    return {name: str(value) for name, value in kept.items() if value}
