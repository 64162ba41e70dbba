"""What happens at the door, before the request's transaction: attempts are counted, passwords are hashed.

The dependencies here stand after the form and before the session. Each reads in a short session of its
own, so that no hash is computed while a request holds the only write lock of SQLite.
"""

import uuid
from collections.abc import Callable
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from sqlmodel import Session

from portal.accounts import forms, passwords, queries, rules, throttle
from portal.accounts.models import Registration
from portal.accounts.viewer import get_viewer
from portal.db import Database
from portal.errors import NotSignedIn
from portal.settings import Settings
from portal.web import cookies
from portal.web.forms import Sent, sent
from portal.web.locale import YEAR

ACCOUNTS_A_BROWSER = 5
SentSignIn = Annotated[Sent[forms.SignInForm], Depends(sent(forms.SignInForm))]
SentRegister = Annotated[Sent[forms.RegisterForm], Depends(sent(forms.RegisterForm))]
SentVerify = Annotated[Sent[forms.VerifyForm], Depends(sent(forms.VerifyForm))]
SentReset = Annotated[Sent[forms.ResetForm], Depends(sent(forms.ResetForm))]
SentNewPassword = Annotated[Sent[forms.NewPasswordForm], Depends(sent(forms.NewPasswordForm))]
SentChange = Annotated[Sent[forms.ChangePasswordForm], Depends(sent(forms.ChangePasswordForm))]


class Proof(NamedTuple):
    """Whose password was typed; without an id it was wrong, or nobody's.

    `counted` are the limits that the attempt was counted against.
    """

    person_id: uuid.UUID | None = None
    registration_id: uuid.UUID | None = None
    matched: str = ""
    counted: tuple[throttle.Limit, ...] = ()


class Hashed(NamedTuple):
    """A new password's hash, or why there is none."""

    hash: str = ""
    refused: tuple[str, object] | None = None


def prove(request: Request, form: SentSignIn) -> Proof:
    """Checks a password in the same time whoever has the address, or nobody. Raises TooMany."""
    if form.data is None:
        return Proof()
    with database(request).session(writes=False) as session:
        person = queries.by_email(session, form.data.email)
        waiting = queries.newest_registration(session, form.data.email)
        whose = Proof(person.id, None, person.password_hash) if person else _of(waiting)
    device = device_of(request, whose.person_id)
    counted = tuple(throttle.sign_in(form.data.email, network(request), device=device))
    throttle.admit(database(request), counted)
    right = passwords.is_right(form.data.password, whose.matched)
    return whose._replace(counted=counted) if right else Proof(counted=counted)


def prove_registration(request: Request, form: SentVerify) -> bool:
    """Whether the password is the one that this link's registration was made with. Raises TooMany."""
    if form.data is None:
        return False
    throttle.admit(database(request), throttle.forms(network(request)))
    with database(request).session(writes=False) as session:
        found = queries.registration(session, form.data.token)
        kept = found.password_hash if found else None
    return passwords.is_right(form.data.password, kept)


def hash_registered(request: Request, form: SentRegister) -> Hashed:
    """Hashes for every address alike. Raises TooMany."""
    if form.data is None:
        return Hashed()
    throttle.admit(database(request), throttle.forms(network(request)))
    return Hashed(passwords.make_hash(form.data.password))


def count_form(request: Request, form: SentReset) -> None:
    if form.data is not None:
        throttle.admit(database(request), throttle.forms(network(request)))


def hash_reset(request: Request, token: str, form: SentNewPassword) -> Hashed:
    """Hashes for a good link only. No limit stands between its holder and a new password. Raises Conflict."""
    if form.data is None:
        return Hashed()
    with database(request).session(writes=False) as session:
        person = queries.person_of_reset(session, token)
    if passwords.names_its_owner(form.data.password, person.name, person.address):
        return Hashed(refused=("password", forms.OWN_NAME))
    return Hashed(passwords.make_hash(form.data.password))


def hash_for_link(request: Request, name: str, password: str, address: Callable[[Session], str]) -> Hashed:
    """The first password of somebody whom a link asks in. `address` reads theirs, or raises if the link is dead.

    Raises TooMany.
    """
    throttle.admit(database(request), throttle.forms(network(request)))
    with database(request).session(writes=False) as session:
        email = address(session)
    if passwords.names_its_owner(password, name, email):
        return Hashed(refused=("password", forms.OWN_NAME))
    return Hashed(passwords.make_hash(password))


def hash_changed(request: Request, form: SentChange) -> Hashed:
    """Hashes for who knows the present password. Raises NotSignedIn, TooMany."""
    with database(request).session(writes=False) as session:
        viewer = get_viewer(request, session)
        if not viewer.is_signed_in:
            raise NotSignedIn
        person = queries.get_visible(session, viewer, viewer.id)
    if form.data is None:
        return Hashed()
    throttle.admit(database(request), throttle.own_password(person.address))
    if not passwords.is_right(form.data.current, person.password_hash):
        return Hashed(refused=("current", forms.NOT_THE_PRESENT_ONE))
    if passwords.names_its_owner(form.data.password, person.name, person.address):
        return Hashed(refused=("password", forms.OWN_NAME))
    return Hashed(passwords.make_hash(form.data.password))


def is_own_password(request: Request, password: str) -> bool:
    """Whether this is the password of who is signed in: asked anew before a deed for many. Raises NotSignedIn, TooMany.

    For a dependency that stands before the session.
    """
    with database(request).session(writes=False) as session:
        viewer = get_viewer(request, session)
        if not viewer.is_signed_in:
            raise NotSignedIn
        person = queries.get_visible(session, viewer, viewer.id)
    throttle.admit(database(request), throttle.own_password(person.address))
    return passwords.is_right(password, person.password_hash)


Proven = Annotated[Proof, Depends(prove)]
ProvenRegistration = Annotated[bool, Depends(prove_registration)]
HashedRegistered = Annotated[Hashed, Depends(hash_registered)]
CountedForm = Annotated[None, Depends(count_form)]
HashedReset = Annotated[Hashed, Depends(hash_reset)]
HashedChanged = Annotated[Hashed, Depends(hash_changed)]


def network(request: Request) -> str:
    peer = request.client.host if request.client else ""
    forwarded = request.headers.getlist("x-forwarded-for")
    return rules.network(rules.client_address(peer, forwarded, settings(request).trusted_proxies))


def device_of(request: Request, person_id: uuid.UUID | None) -> str | None:
    """The mark by which this browser is known to the account, if it is."""
    if person_id is None:
        return None
    mark = rules.device_mark(settings(request).key, person_id)
    return mark if mark in _marks(request) else None


def remember_device(request: Request, person_id: uuid.UUID) -> None:
    """From now on no stranger's attempts keep this browser from the account."""
    mark = rules.device_mark(settings(request).key, person_id)
    marks = [mark, *(other for other in _marks(request) if other != mark)][:ACCOUNTS_A_BROWSER]
    secure = settings(request).is_secure
    cookies.keep(request, _device_cookie(request), ".".join(marks), seconds=YEAR, secure=secure)


def browser(request: Request) -> str:
    return rules.browser_name(request.headers.get("user-agent", ""))


def database(request: Request) -> Database:
    found: Database = request.app.state.database
    return found


def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _of(registration: Registration | None) -> Proof:
    return Proof(None, registration.id, registration.password_hash) if registration else Proof()


def _marks(request: Request) -> list[str]:
    return request.cookies.get(_device_cookie(request), "").split(".")[:ACCOUNTS_A_BROWSER]


def _device_cookie(request: Request) -> str:
    return "__Host-device" if settings(request).is_secure else "device"
