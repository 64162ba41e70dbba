"""One's own messages. Looking at one changes nothing: mail programs and browsers look ahead."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from portal.accounts import entrance
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.errors import Conflict
from portal.i18n import N_
from portal.inbox import actions, queries, rules, words
from portal.inbox.forms import ReadUntil
from portal.mail.models import Kind
from portal.mail.tags import COLOURS
from portal.mail.words import KINDS
from portal.web.forms import Pressed, Sent, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentUntil = Annotated[Sent[ReadUntil], Depends(sent(ReadUntil))]
SHOWN = {kind: title for kind, title in KINDS.items() if kind is not Kind.ACCESS}
MARKED = N_("The message is marked as read.")
ALL_MARKED = N_("Your messages are marked as read.")
NOT_SAID = N_("It was not said up to which message. Reload the list of your messages and press the button there.")


@router.get("/inbox")
@allow(Relation.PERSON)
def inbox(
    request: Request, session: Session, viewer: CurrentViewer, kind: str = "", after: uuid.UUID | None = None
) -> Response:
    chosen = next((each for each in SHOWN if each.value == kind), None)
    found = queries.newest(session, viewer, kind=chosen, after=after)
    return page(request, "inbox/list.html", found=found, kinds=SHOWN, kind=chosen, colours=COLOURS, is_first=not after)


@router.post("/inbox/read")
@allow(Relation.PERSON)
def mark_all_read(form: SentUntil, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    if form.data is None:
        raise Conflict(NOT_SAID)
    until = queries.get_visible(session, viewer, form.data.until)
    actions.mark_all_read(session, viewer, until=until)
    return go(request, "/inbox", ALL_MARKED)


@router.get("/inbox/{message_id}")
@allow(Relation.PERSON)
def read_message(request: Request, session: Session, viewer: CurrentViewer, message_id: uuid.UUID) -> Response:
    message = queries.get_visible(session, viewer, message_id)
    pieces = rules.pieces(message.text, entrance.settings(request).public_origin)
    return page(
        request, "inbox/show.html", message=message, pieces=pieces, kind=KINDS[message.kind],
        colour=COLOURS[message.kind], by_mail=words.BY_MAIL[message.delivery],
    )  # fmt: skip


@router.post("/inbox/{message_id}/read")
@allow(Relation.PERSON)
def mark_read(
    request: Request, _form: Pressed, session: Session, viewer: CurrentViewer, message_id: uuid.UUID
) -> Response:
    actions.mark_read(session, queries.get_visible(session, viewer, message_id))
    return go(request, "/inbox", MARKED)
