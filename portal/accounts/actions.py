"""Becoming a person, signing in, and being given roles."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from portal.accounts import hindrances, queries, rules, throttle, words
from portal.accounts.forms import DetailsForm, RegisterForm
from portal.accounts.models import Grant, Person, Registration, ResetLink, Role, SignIn
from portal.accounts.viewer import Viewer, token_digest
from portal.clock import now, today
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_
from portal.mail import actions as mail
from portal.mail.rules import Recipient
from portal.registry.models import Government

HELD_ALREADY = N_("This person has this role already on some of these days. Choose other dates.")
APART = N_(
    "Who screens an edition knows its authors and cannot judge it, and the other way round. Choose somebody else."
)
OWN_KEYS = N_("You cannot end your own role as secretary. Ask another secretary to do it.")
IS_OVER = N_("This role has ended already.")


def register(session: Session, typed: RegisterForm, *, password_hash: str, origin: str) -> None:
    """Sends a mail to the address, whoever has it: a link to confirm it, or word that there is an account."""
    forget_expired(session)
    if not throttle.take(session, throttle.mail("register", typed.email)):
        return
    known = queries.by_email(session, typed.email)
    if known is None:
        _send_verification(session, Registration(**_registration(typed, password_hash)), origin)
    else:
        mail.send(session, "accounts/exists", to=queries.recipient(known), origin=origin)


def send_verification_again(session: Session, registration_id: uuid.UUID, *, origin: str) -> None:
    """For who signs in with the right password before the address is confirmed."""
    before = session.get_one(Registration, registration_id)
    if throttle.take(session, throttle.mail("register", before.email)):
        kept = before.model_dump(include={"email", "name", "password_hash", "language", "zone"})
        _send_verification(session, Registration(**{**kept, **_fresh()}), origin)


def confirm(session: Session, token: str) -> Person:
    """Makes a person of a registration whose link was opened. Every other registration of the address is dropped."""
    found = queries.live_registration(session, token)
    of_address = select(Registration).where(Registration.email == found.email).order_by(col(Registration.id))
    rows = session.exec(of_address.with_for_update().execution_options(populate_existing=True)).all()
    if found not in rows or not rules.is_live(found, now()) or queries.by_email(session, found.email):
        raise queries.used_up()
    for other in rows:
        if other is not found:
            session.delete(other)
    found.used_at = now()
    return open_account(session, **found.model_dump(include={"email", "name", "password_hash", "language", "zone"}))


def open_account(session: Session, **fields: Any) -> Person:
    """A new person, whose address somebody has shown to be theirs."""
    person = Person(**fields, verified_at=now())
    session.add(person)
    session.flush()
    record(session, "opened account", "person", person.id, by=person.id)
    return person


NO_PASSWORD = "!"  # noqa: S105 - no password matches it


def open_without_account(
    session: Session, *, name: str, email: str | None, language: str, zone: str, by: uuid.UUID
) -> Person:
    """Somebody whom a coordinator enters from paper: without a password, nobody can sign in as them."""
    person = Person(name=name, email=email, language=language, zone=zone, password_hash=NO_PASSWORD)
    session.add(person)
    session.flush()
    record(session, "entered from paper", "person", person.id, by=by)
    return person


def check_unchanged(session: Session, person_id: uuid.UUID, proven: str) -> Person:
    """The person, locked, if `proven` (the hash that a password matched before this transaction) is still theirs."""
    person = session.exec(select(Person).where(Person.id == person_id).with_for_update()).one()
    if person.password_hash != proven:
        raise Conflict(N_("The password was changed a moment ago. Sign in with the new one."))
    return person


def begin_sign_in(session: Session, person_id: uuid.UUID, *, browser: str) -> str:
    token = rules.new_token()
    begun = SignIn(person_id=person_id, token_digest=token_digest(token), began_at=now(), browser=browser[:200])
    session.add(begun)
    session.flush()
    return token


def end_sign_in(session: Session, person_id: uuid.UUID, sign_in_id: uuid.UUID) -> None:
    """Of this person only; one that has ended already stays as it is."""
    _end(session, SignIn.person_id == person_id, SignIn.id == sign_in_id)


def end_sign_ins(session: Session, person_id: uuid.UUID, *, but: uuid.UUID | None = None) -> None:
    """Signs a person out of every browser, or of every other one."""
    _end(session, SignIn.person_id == person_id, SignIn.id != (but or uuid.UUID(int=0)))


def request_reset(session: Session, email: str, *, language: str, origin: str) -> None:
    """Sends a link to the stored address, or word that there is no account.

    Earlier links stay good, so that a stranger who asks cancels nothing.
    """
    if not throttle.take(session, throttle.mail("reset", email)):
        return
    session.execute(delete(ResetLink).where(col(ResetLink.expires_at) < now() - rules.RESET_FOR))
    person = queries.by_email(session, email)
    token = rules.new_token()
    expires_at = now() + rules.RESET_FOR
    person_id = person.id if person else None
    session.add(ResetLink(person_id=person_id, token_digest=token_digest(token), expires_at=expires_at))
    if person is None:
        mail.send(session, "accounts/no_account", to=Recipient(email, language), origin=origin)
    else:
        mail.send(session, "accounts/reset", to=queries.recipient(person), link=f"{origin}/reset/{token}")


def reset_password(session: Session, token: str, password_hash: str, *, origin: str) -> Person:
    """Uses up the link and every other link of the person, and signs them out everywhere."""
    person = queries.person_of_reset(session, token, lock=True)
    session.execute(
        sa.update(ResetLink)
        .where(col(ResetLink.person_id) == person.id, col(ResetLink.used_at).is_(None))
        .values(used_at=now())
    )
    change_password(session, person, password_hash, but=None, origin=origin)
    person.verified_at = person.verified_at or now()  # the link came to the address that a coordinator wrote down
    return person


def change_password(
    session: Session, person: Person, password_hash: str, *, but: uuid.UUID | None, origin: str
) -> None:
    """Ends every signing-in of the person except `but`."""
    assert password_hash.startswith("$argon2id$"), "a hash, never a password"
    person.password_hash = password_hash
    session.add(person)
    end_sign_ins(session, person.id, but=but)
    record(session, "changed password", "person", person.id, by=person.id)
    mail.send(session, "accounts/password_changed", to=queries.recipient(person), origin=origin)


def change_details(session: Session, person: Person, typed: DetailsForm) -> None:
    changed = [name for name in ("name", "language", "zone") if getattr(person, name) != getattr(typed, name)]
    person.name, person.language, person.zone = typed.name, typed.language, typed.zone
    session.add(person)
    if changed:
        record(session, "changed details", "person", person.id, by=person.id, fields=changed)


def grant_role(
    session: Session,
    person: Person,
    role: Role,
    *,
    by: Viewer,
    government_id: uuid.UUID | None = None,
    edition_id: uuid.UUID | None = None,
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Grant:
    """Gives a role from one day to another, both included; from today on if nothing else is said.

    Raises Conflict for a role that is held already, or that cannot be held beside another.
    """
    if not rules.may(by, rules.Step.GRANT):
        raise NotAllowed
    made = give(
        session, person, role, by.id,
        government_id=government_id, edition_id=edition_id, begins_on=begins_on or today(), ends_on=ends_on,
    )  # fmt: skip
    end_sign_ins(session, person.id)
    return made


def give(
    session: Session,
    person: Person,
    role: Role,
    granted_by: uuid.UUID | None,
    *,
    begins_on: dt.date,
    ends_on: dt.date | None,
    government_id: uuid.UUID | None = None,
    edition_id: uuid.UUID | None = None,
    tells: bool = True,
) -> Grant:
    """`grant_role` for who was allowed before, as by an invitation. Leaves the person signed in.

    Every role comes this way, so that none slips past what speaks against it. `tells`: by a mail.
    """
    assert rules.fits(role, government_id, edition_id), f"{role} for {government_id=} {edition_id=}"
    hold(session, person)
    grant = Grant(
        person_id=person.id, role=role, government_id=government_id, edition_id=edition_id,
        begins_on=begins_on, ends_on=ends_on, granted_by=granted_by,
    )  # fmt: skip
    _check_beside_others(queries.roles(session, person.id), grant)
    why_not = hindrances.first(session, person, role, edition_id)
    if why_not:
        raise Conflict(why_not)
    session.add(grant)
    session.flush()
    record(session, "granted role", "person", person.id, by=granted_by, **_told(grant))
    if tells:
        _mail_about(session, "accounts/role_granted", grant, person)
    return grant


def hold(session: Session, person: Person) -> None:
    """Two roles given to one person at the same moment come one after the other, and the second sees the first."""
    session.exec(select(Person.id).where(Person.id == person.id).with_for_update()).one()


def end_role(session: Session, grant: Grant, *, by: Viewer, last_day: dt.date | None = None) -> None:
    """Ends a role after `last_day`; without one at once, so that yesterday was the last."""
    if not rules.may(by, rules.Step.GRANT):
        raise NotAllowed
    if not rules.may(by, rules.Step.END, grant):
        raise Conflict(OWN_KEYS)
    if rules.is_over(grant, today()):
        raise Conflict(IS_OVER)
    close(session, grant, by.id, last_day or today() - dt.timedelta(days=1))


def close(session: Session, grant: Grant, ended_by: uuid.UUID, last_day: dt.date) -> None:
    """`end_role` for who was allowed before, as by handing it over to a successor."""
    grant.ends_on = last_day
    session.add(grant)
    end_sign_ins(session, grant.person_id)
    record(session, "ended role", "person", grant.person_id, by=ended_by, **_told(grant))
    _mail_about(session, "accounts/role_ended", grant, session.get_one(Person, grant.person_id))


def _check_beside_others(others: list[Grant], grant: Grant) -> None:
    for other in others:
        same_place = (other.government_id, other.edition_id) == (grant.government_id, grant.edition_id)
        if same_place and other.role is rules.APART.get(grant.role) and not rules.never_began(other):
            raise Conflict(APART)
        if same_place and other.role is grant.role and rules.overlap(other, grant.begins_on, grant.ends_on):
            raise Conflict(HELD_ALREADY)


def _told(grant: Grant) -> dict[str, str]:
    """A grant as history keeps it."""
    return {name: str(value) for name, value in grant.model_dump(exclude={"person_id", "granted_by"}).items() if value}


def _mail_about(session: Session, template: str, grant: Grant, person: Person) -> None:
    government = session.get(Government, grant.government_id) if grant.government_id else None
    values = {"role": words.ROLES[grant.role], "government": government, "grant": grant}
    mail.send(session, template, to=queries.recipient(person), **values)


def _registration(typed: RegisterForm, password_hash: str) -> dict[str, Any]:
    kept = typed.model_dump(include={"email", "name", "language", "zone"})
    return {**kept, "password_hash": password_hash, **_fresh()}


def _fresh() -> dict[str, dt.datetime]:
    return {"sent_at": now(), "expires_at": now() + rules.VERIFY_FOR}


def _send_verification(session: Session, registration: Registration, origin: str) -> None:
    token = rules.new_token()
    registration.token_digest = token_digest(token)
    session.add(registration)
    to = Recipient(registration.email, registration.language, zone=registration.zone)
    mail.send(session, "accounts/verify", to=to, link=f"{origin}/verify?token={token}")


def forget_expired(session: Session) -> None:
    """What people typed who never confirmed is not kept, nor are links that have run out."""
    session.execute(delete(Registration).where(col(Registration.expires_at) < now()))
    session.execute(delete(ResetLink).where(col(ResetLink.expires_at) < now() - dt.timedelta(days=1)))


def _end(session: Session, *which: Any) -> None:
    running = sa.update(SignIn).where(col(SignIn.ended_at).is_(None), *which)
    session.execute(running.values(ended_at=now()))
