"""Declining reminders: by the link in the footer of one, without signing in, and on the page of one's account."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from portal.accounts import entrance
from portal.accounts import queries as accounts
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.errors import Conflict
from portal.i18n import N_
from portal.inbox import actions, queries, rules
from portal.inbox.forms import Reminders
from portal.mail import queries as mail
from portal.mail.models import Message
from portal.web.forms import Pressed, PressedBody, Sent, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentReminders = Annotated[Sent[Reminders], Depends(sent(Reminders))]
ONE_CLICK = ("List-Unsubscribe", "One-Click")  # RFC 8058
DECLINED = N_("Reminders do not come by e-mail any more. You find them under Messages.")
ACCEPTED = N_("Reminders come by e-mail again.")
NOT_SAID = N_("It was not said whether you want reminders. Go back and press the button.")


@router.get("/unsubscribe/{message_id}/{signature}")
@allow(Relation.VISITOR)
def unsubscribe_page(
    request: Request, session: Session, viewer: CurrentViewer, message_id: uuid.UUID, signature: str
) -> Response:
    return _page(request, session, _message(request, session, message_id, signature), signature)


@router.post("/unsubscribe/{message_id}/{signature}")
@allow(Relation.VISITOR)
def unsubscribe(
    body: PressedBody, request: Request, session: Session, viewer: CurrentViewer, message_id: uuid.UUID, signature: str
) -> Response:
    """A mail program that does it for its reader follows no redirect, and is answered at once."""
    message = _message(request, session, message_id, signature)
    actions.decline_reminders(session, message.address, by=viewer.person_id, about=("message", message.id))
    if body.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return _page(request, session, message, signature)
    return go(request, f"/unsubscribe/{message_id}/{signature}")


@router.post("/unsubscribe/{message_id}/{signature}/undo")
@allow(Relation.VISITOR)
def subscribe_again(
    request: Request, _form: Pressed, session: Session, viewer: CurrentViewer, message_id: uuid.UUID, signature: str
) -> Response:
    message = _message(request, session, message_id, signature)
    actions.accept_reminders(session, message.address, by=viewer.person_id, about=("message", message.id))
    return go(request, f"/unsubscribe/{message_id}/{signature}", ACCEPTED)


@router.post("/account/reminders")
@allow(Relation.PERSON)
def change_reminders(form: SentReminders, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    person = accounts.get_visible(session, viewer, viewer.id)
    if form.data is None:
        raise Conflict(NOT_SAID)
    change = actions.accept_reminders if form.data.wanted else actions.decline_reminders
    change(session, person.address, by=viewer.id, about=("person", viewer.id))
    return go(request, "/account", ACCEPTED if form.data.wanted else DECLINED)


def _message(request: Request, session: Session, message_id: uuid.UUID, signature: str) -> Message:
    return queries.by_signature(session, entrance.settings(request).key, message_id, signature)


def _page(request: Request, session: Session, message: Message, signature: str) -> Response:
    return page(
        request, "inbox/unsubscribe.html", address=rules.masked(message.address),
        here=f"/unsubscribe/{message.id}/{signature}", declines=mail.declines_reminders(session, message.address),
    )  # fmt: skip
