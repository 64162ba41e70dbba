"""The queue of messages, for those who are asked why one did not arrive."""

import datetime as dt
import uuid

import sqlmodel
from fastapi import APIRouter, Request
from starlette.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.circulars import queries as circulars
from portal.clock import now
from portal.errors import NotAllowed, NotFound
from portal.home import actions
from portal.home.sight import Sight, sight_of
from portal.i18n import N_, ngettext
from portal.jobs import signs
from portal.mail import queries
from portal.mail.models import Delivery, Message
from portal.reminding import queries as reminding
from portal.reminding.queries import Planned
from portal.reminding.rules import RULES
from portal.reminding.words import moment
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STATES = {
    Delivery.QUEUED: (N_("Waiting"), "yellow"),
    Delivery.SENT: (N_("Sent"), "green"),
    Delivery.FAILED: (N_("Failed"), "red"),
    Delivery.HELD: (N_("Paused"), "grey"),
    Delivery.CANCELLED: (N_("Cancelled"), "grey"),
    Delivery.INBOX: (N_("Only in the portal"), "teal"),
}
LATELY, SOON = dt.timedelta(hours=24), dt.timedelta(days=14)
MOST_REMINDERS = 50
AGAIN = N_("The message waits to be sent again.")
CANCELLED = N_("The message is cancelled and is not sent.")
ASKED = N_("The mail server is asked again now. Reload the page in a moment.")


@router.get("/messages")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def messages(
    request: Request, session: Session, viewer: CurrentViewer, after: str = "", state: Delivery | None = None
) -> Response:
    """The text of a message is its reader's; only the demonstration, whose people are invented, shows it."""
    sight, at = sight_of(session, viewer), now()
    seen = sight.condition()
    found, following = queries.newest(session, delivery=state, seen=seen, after=after)
    return page(
        request, "home/messages.html", messages=found, following=following, states=STATES, state=state,
        unfinished=queries.unfinished(session, seen=seen), screens=bool(sight.screened), judges=bool(sight.kept),
        cancelled=circulars.cancelled(session, {each.circular_id for each in found if each.circular_id}),
        sent=queries.sent_since(session, at - LATELY, seen=seen),
        oldest=queries.oldest_waiting(session, seen=seen), server=queries.mail_server(session),
        planned=_next_reminders(session, sight, at + SOON), rules=RULES, moment=moment,
        workers=signs.workers(session), is_at_work=signs.is_at_work, may_act=viewer.is_secretary, at=at,
    )  # fmt: skip


@router.post("/messages/retry")
@allow(Relation.SECRETARY)
def try_all_again(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    _must_act(viewer)
    count = actions.try_all_again(session, by=viewer, seen=sight_of(session, viewer).condition())
    told = ngettext("%(num)s message waits to be sent again.", "%(num)s messages wait to be sent again.", count)
    return go(request, "/messages", told % {"num": count})


@router.post("/messages/ask")
@allow(Relation.SECRETARY)
def ask_server(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    _must_act(viewer)
    actions.ask_server(session, by=viewer)
    return go(request, "/messages", ASKED)


@router.post("/messages/{message_id}/retry")
@allow(Relation.SECRETARY)
def try_again(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, message_id: uuid.UUID
) -> Response:
    actions.try_again(session, _lock_visible(session, viewer, message_id), by=viewer)
    return go(request, "/messages?state=queued", AGAIN)


@router.post("/messages/{message_id}/cancel")
@allow(Relation.SECRETARY)
def cancel(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, message_id: uuid.UUID
) -> Response:
    actions.cancel(session, _lock_visible(session, viewer, message_id), by=viewer)
    return go(request, "/messages?state=queued", CANCELLED)


def _next_reminders(session: sqlmodel.Session, sight: Sight, until: dt.datetime) -> list[Planned]:
    found = reminding.upcoming(session, until)
    return [each for each in found if sight.covers(each.rule.template, each.step.subject.edition_id)][:MOST_REMINDERS]


def _lock_visible(session: Session, viewer: Viewer, message_id: uuid.UUID) -> Message:
    if not (viewer.is_secretary or viewer.is_auditor):
        raise NotFound
    circulars.of_a_message(session, message_id)  # held first, as whoever pauses it does
    message = queries.lock_seen(session, message_id, sight_of(session, viewer).condition())
    _must_act(viewer)
    return message


def _must_act(viewer: Viewer) -> None:
    if not viewer.is_secretary:
        raise NotAllowed
