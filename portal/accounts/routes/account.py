"""One's own account: details, password, the browsers one is signed in with, roles."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from portal.accounts import actions, entrance, forms, passwords, queries, words
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import HashedChanged, SentChange
from portal.accounts.routes.entrance import speak
from portal.accounts.viewer import CurrentViewer
from portal.clock import today
from portal.i18n import _
from portal.mail import queries as mail
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentDetails = Annotated[Sent[forms.DetailsForm], Depends(sent(forms.DetailsForm))]


@router.get("/account")
@allow(Relation.PERSON)
def account(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    person = queries.get_visible(session, viewer, viewer.id)
    values: dict[str, Any] = {
        "person": person,
        "city": words.city(person.zone),
        "browsers": queries.signed_in_browsers(session, viewer.id),
        "grants": queries.roles(session, viewer.id),
        "declines_reminders": mail.declines_reminders(session, person.address),
    }
    return page(request, "accounts/account.html", roles=words.ROLES, today=today(), **values)


@router.get("/account/details")
@allow(Relation.PERSON)
def details_page(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    person = queries.get_visible(session, viewer, viewer.id)
    form = blank(forms.DetailsForm, name=person.name, language=person.language, zone=person.zone)
    return page(request, "accounts/details.html", form=form, **_choices())


@router.post("/account/details")
@allow(Relation.PERSON)
def change_details(request: Request, form: SentDetails, session: Session, viewer: CurrentViewer) -> Response:
    person = queries.get_visible(session, viewer, viewer.id)
    if form.data is None:
        return page(request, "accounts/details.html", 422, form=form, **_choices())
    actions.change_details(session, person, form.data)
    speak(request, form.data.language)
    return go(request, "/account", _("Your details are saved."))


@router.get("/account/password")
@allow(Relation.PERSON)
def password_page(request: Request, viewer: CurrentViewer) -> Response:
    return page(request, "accounts/password.html", form=blank(forms.ChangePasswordForm), shortest=passwords.SHORTEST)


@router.post("/account/password")
@allow(Relation.PERSON)
def change_password(
    request: Request, form: SentChange, hashed: HashedChanged, session: Session, viewer: CurrentViewer
) -> Response:
    if form.data is None or hashed.refused:
        shown = form.refused(*hashed.refused) if hashed.refused else form
        return page(request, "accounts/password.html", 422, form=shown, shortest=passwords.SHORTEST)
    person = queries.get_visible(session, viewer, viewer.id)
    origin = entrance.settings(request).public_origin
    actions.change_password(session, person, hashed.hash, but=viewer.sign_in_id, origin=origin)
    return go(request, "/account", _("Your password is changed. Every other browser is signed out."))


@router.post("/account/browsers/end-others")
@allow(Relation.PERSON)
def end_other_browsers(request: Request, _form: Pressed, session: Session, viewer: CurrentViewer) -> Response:
    actions.end_sign_ins(session, viewer.id, but=viewer.sign_in_id)
    return go(request, "/account", _("Every other browser is signed out."))


@router.post("/account/browsers/{sign_in_id}/end")
@allow(Relation.PERSON)
def end_browser(
    request: Request, sign_in_id: uuid.UUID, _form: Pressed, session: Session, viewer: CurrentViewer
) -> Response:
    queries.get_sign_in(session, viewer.id, sign_in_id)
    actions.end_sign_in(session, viewer.id, sign_in_id)
    return go(request, "/account", _("That browser is signed out."))


def _choices() -> dict[str, Any]:
    return {"zones": words.zones(), "all_languages": words.languages()}
