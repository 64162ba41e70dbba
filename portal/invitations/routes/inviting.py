"""Inviting to a role, and answering an invitation."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from portal import i18n
from portal.accounts import entrance, passwords, words
from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import Hashed
from portal.accounts.models import Role
from portal.accounts.routes.entrance import begin
from portal.accounts.rules import FOR_AN_EDITION
from portal.accounts.viewer import CurrentViewer
from portal.clock import now
from portal.i18n import N_, _
from portal.invitations import actions, forms, queries, rules
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentInvitation = Annotated[Sent[forms.InvitationForm], Depends(sent(forms.InvitationForm))]
SentNewcomer = Annotated[Sent[forms.NewcomerForm], Depends(sent(forms.NewcomerForm))]
WELCOME = N_("Welcome. Your new role begins today.")


def hash_newcomer(request: Request, token: str, form: SentNewcomer) -> Hashed:
    """Hashes for an open invitation only."""
    if form.data is None:
        return Hashed()
    typed = form.data
    return entrance.hash_for_link(
        request, typed.name, typed.password, lambda session: queries.by_token(session, token).email
    )


@router.get("/people/invitations")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def invitations(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    found = queries.invitations(session, viewer, after)
    shown = found[: queries.PAGE]
    following = f"/people/invitations?after={shown[-1].id}" if len(found) > len(shown) else None
    values: dict[str, Any] = {"is_open": lambda each: rules.is_open(each, now()), "is_waiting": rules.is_waiting}
    values |= {"roles": words.ROLES, "may_invite": rules.may_invite(viewer)}
    return page(request, "invitations/list.html", invitations=shown, following=following, **values)


@router.get("/people/invite")
@allow(Relation.SECRETARY)
def invitation_page(request: Request, session: Session, government: uuid.UUID | None = None) -> Response:
    """To coordinate `government`, if one is named."""
    role = Role.COORDINATOR if government else None
    form = blank(forms.InvitationForm, language=i18n.language(), role=role, government=government)
    return page(request, "invitations/invite.html", form=form, **_choices(session))


@router.post("/people/invite")
@allow(Relation.SECRETARY)
def invite(request: Request, form: SentInvitation, session: Session, viewer: CurrentViewer) -> Response:
    if form.data and form.data.government and people.government(session, form.data.government) is None:
        form = form.refused("government", _("Choose one from the list."))
    if form.data is None:
        return page(request, "invitations/invite.html", 422, form=form, **_choices(session))
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    typed = form.data
    actions.invite(
        session, typed.email, typed.role, by=viewer, language=typed.language, origin=_origin(request),
        government_id=typed.government, ends_on=typed.ends_on,
    )  # fmt: skip
    return arrival.done("/people/invitations", _("The invitation is sent. It can be accepted for seven days."))


@router.post("/people/invitations/{invitation_id}/send-again")
@allow(Relation.SECRETARY)
def send_again(
    request: Request, invitation_id: uuid.UUID, _form: Pressed, session: Session, viewer: CurrentViewer
) -> Response:
    invitation = queries.lock_visible(session, viewer, invitation_id)
    actions.send_again(session, invitation, by=viewer, origin=_origin(request))
    return go(request, "/people/invitations", _("The invitation is sent again. The link in the earlier mail is dead."))


@router.post("/people/invitations/{invitation_id}/revoke")
@allow(Relation.SECRETARY)
def revoke(
    request: Request, invitation_id: uuid.UUID, _form: Pressed, session: Session, viewer: CurrentViewer
) -> Response:
    actions.revoke(session, queries.lock_visible(session, viewer, invitation_id), by=viewer)
    return go(request, "/people/invitations", _("The invitation is taken back."))


@router.get("/invitations/{token}")
@allow(Relation.VISITOR)
def invitation(request: Request, token: str, session: Session, viewer: CurrentViewer) -> Response:
    """Changes nothing: mail scanners open links too."""
    form = blank(forms.NewcomerForm, language=i18n.language(), zone=words.likely_zone())
    return _invitation_page(request, token, session, viewer, form)


@router.post("/invitations/{token}/accept")
@allow(Relation.PERSON)
def accept(request: Request, token: str, _form: Pressed, session: Session, viewer: CurrentViewer) -> Response:
    actions.accept(session, token, by=viewer)
    begin(request, session, people.get_visible(session, viewer, viewer.id), instead_of=viewer)
    return go(request, "/account", WELCOME)


@router.post("/invitations/{token}/register")
@allow(Relation.VISITOR)
def accept_as_newcomer(
    request: Request,
    token: str,
    form: SentNewcomer,
    hashed: Annotated[Hashed, Depends(hash_newcomer)],
    session: Session,
    viewer: CurrentViewer,
) -> Response:
    if form.data is None or hashed.refused:
        shown = form.refused(*hashed.refused) if hashed.refused else form
        return _invitation_page(request, token, session, viewer, shown, 422)
    person = actions.accept_as_newcomer(session, token, form.data, hashed.hash)
    begin(request, session, person, instead_of=viewer)
    return go(request, "/account", WELCOME)


def _invitation_page(
    request: Request,
    token: str,
    session: Session,
    viewer: CurrentViewer,
    form: Sent[forms.NewcomerForm],
    status: int = 200,
) -> Response:
    found = queries.by_token(session, token)
    values: dict[str, Any] = {
        "invitation": found,
        "token": token,
        "role": words.ROLES[found.role],
        "own_email": people.get_visible(session, viewer, viewer.id).email if viewer.is_signed_in else None,
        "has_account": people.by_email(session, found.email) is not None,
        "zones": words.zones(),
        "all_languages": words.languages(),
        "shortest": passwords.SHORTEST,
    }
    return page(request, "invitations/show.html", status, form=form, **values)


def _choices(session: Session) -> dict[str, Any]:
    return {
        "given_here": [(role.value, words.ROLES[role]) for role in Role if role not in FOR_AN_EDITION],
        "governments": [(each.id, each.name(i18n.language())) for each in people.governments(session)],
        "all_languages": words.languages(),
    }


def _origin(request: Request) -> str:
    return entrance.settings(request).public_origin
