"""Registering, confirming an address, signing in and out, setting a new password."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from portal import i18n
from portal.accounts import actions, entrance, forms, passwords, queries, throttle, words
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import (
    CountedForm,
    HashedRegistered,
    HashedReset,
    Proof,
    Proven,
    ProvenRegistration,
    SentNewPassword,
    SentRegister,
    SentReset,
    SentSignIn,
    SentVerify,
)
from portal.accounts.models import Person
from portal.accounts.viewer import CurrentViewer, Viewer, drop_cookie, put_cookie
from portal.i18n import N_, _
from portal.web import cookies, locale
from portal.web.forms import Pressed, blank
from portal.web.links import go, within
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
# The same sentence for a wrong password, an unknown address and one that was never confirmed.
REFUSED = N_(
    "The address or the password is wrong, or the address was not confirmed yet. Try again, or look in your mail."
)
NOT_THE_REGISTERED_ONE = N_(
    "This link was made with another password. Type the one you chose, or open the newest of our mails."
)


@router.get("/register")
@allow(Relation.VISITOR)
def registration_page(request: Request) -> Response:
    form = blank(forms.RegisterForm, language=i18n.language(), zone=words.likely_zone())
    return page(request, "accounts/register.html", form=form, **_choices())


@router.post("/register")
@allow(Relation.VISITOR)
def register(request: Request, form: SentRegister, hashed: HashedRegistered, session: Session) -> Response:
    if form.data is None:
        return page(request, "accounts/register.html", 422, form=form, **_choices())
    actions.register(session, form.data, password_hash=hashed.hash, origin=_origin(request))
    return go(request, "/register/sent")


@router.get("/register/sent")
@allow(Relation.VISITOR)
def registration_sent(request: Request) -> Response:
    return page(request, "accounts/registration_sent.html")


@router.get("/verify")
@allow(Relation.VISITOR)
def confirmation_page(request: Request, session: Session, token: str = "") -> Response:
    """Changes nothing: mail scanners open links too."""
    queries.live_registration(session, token)
    return page(request, "accounts/verify.html", form=blank(forms.VerifyForm, token=token))


@router.post("/verify")
@allow(Relation.VISITOR)
def confirm(
    request: Request, form: SentVerify, proven: ProvenRegistration, session: Session, viewer: CurrentViewer
) -> Response:
    if form.data is not None:
        queries.live_registration(session, form.data.token)
    if form.data is None or not proven:
        shown = form if form.data is None else form.refused("password", NOT_THE_REGISTERED_ONE)
        return page(request, "accounts/verify.html", 422, form=shown)
    person = actions.confirm(session, form.data.token)
    begin(request, session, person, instead_of=viewer)
    return go(request, "/account", _("Your address is confirmed and you are signed in."))


@router.get("/sign-in")
@allow(Relation.VISITOR)
def sign_in_page(request: Request, viewer: CurrentViewer, next: str = "/") -> Response:
    if viewer.is_signed_in:
        return go(request, within(next))
    return page(request, "accounts/sign_in.html", form=blank(forms.SignInForm, next=within(next)))


@router.post("/sign-in")
@allow(Relation.VISITOR)
def sign_in(request: Request, form: SentSignIn, proof: Proven, session: Session, viewer: CurrentViewer) -> Response:
    if form.data is None or proof.person_id is None:
        _remind(request, session, proof)
        shown = form if form.data is None else form.refused("", REFUSED)
        return page(request, "accounts/sign_in.html", 422, form=shown)
    throttle.forgive(session, proof.counted)
    person = actions.check_unchanged(session, proof.person_id, proof.matched)
    begin(request, session, person, instead_of=viewer)
    return go(request, within(form.data.next))


@router.post("/sign-out")
@allow(Relation.VISITOR)
def sign_out(request: Request, _form: Pressed, session: Session, viewer: CurrentViewer) -> Response:
    if viewer.sign_in_id is not None:
        actions.end_sign_in(session, viewer.id, viewer.sign_in_id)
    drop_cookie(request)
    answer = go(request, "/", _("You are signed out."))
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


@router.get("/reset")
@allow(Relation.VISITOR)
def reset_page(request: Request) -> Response:
    return page(request, "accounts/reset.html", form=blank(forms.ResetForm))


@router.post("/reset")
@allow(Relation.VISITOR)
def request_reset(request: Request, form: SentReset, _counted: CountedForm, session: Session) -> Response:
    if form.data is None:
        return page(request, "accounts/reset.html", 422, form=form)
    actions.request_reset(session, form.data.email, language=i18n.language(), origin=_origin(request))
    return go(request, "/reset/sent")


@router.get("/reset/sent")
@allow(Relation.VISITOR)
def reset_sent(request: Request) -> Response:
    return page(request, "accounts/reset_sent.html")


@router.get("/reset/{token}")
@allow(Relation.VISITOR)
def new_password_page(request: Request, session: Session, token: str) -> Response:
    queries.person_of_reset(session, token)
    return page(request, "accounts/new_password.html", form=blank(forms.NewPasswordForm))


@router.post("/reset/{token}")
@allow(Relation.VISITOR)
def set_new_password(
    request: Request, token: str, form: SentNewPassword, hashed: HashedReset, session: Session
) -> Response:
    if form.data is None or hashed.refused:
        shown = form.refused(*hashed.refused) if hashed.refused else form
        return page(request, "accounts/new_password.html", 422, form=shown)
    person = actions.reset_password(session, token, hashed.hash, origin=_origin(request))
    entrance.remember_device(request, person.id)
    drop_cookie(request)
    return go(request, "/sign-in", _("Your new password is set. Sign in with it."))


def begin(request: Request, session: Session, person: Person, *, instead_of: Viewer) -> None:
    """Signs this browser in with a new token; what it was signed in as before ends."""
    if instead_of.sign_in_id is not None:
        actions.end_sign_in(session, instead_of.id, instead_of.sign_in_id)
    put_cookie(request, actions.begin_sign_in(session, person.id, browser=entrance.browser(request)))
    entrance.remember_device(request, person.id)
    speak(request, person.language)


def speak(request: Request, language: str) -> None:
    secure = entrance.settings(request).is_secure
    cookies.keep(request, locale.COOKIE, language, seconds=locale.YEAR, secure=secure)
    i18n.use(language)


def _remind(request: Request, session: Session, proof: Proof) -> None:
    if proof.registration_id is not None:
        actions.send_verification_again(session, proof.registration_id, origin=_origin(request))


def _choices() -> dict[str, Any]:
    return {"zones": words.zones(), "all_languages": words.languages(), "shortest": passwords.SHORTEST}


def _origin(request: Request) -> str:
    return entrance.settings(request).public_origin
