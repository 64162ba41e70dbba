"""The list of messages, for those who are asked why one did not arrive."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.i18n import N_
from portal.mail import queries
from portal.mail.models import Delivery
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STATES = {
    Delivery.QUEUED: (N_("Waiting"), "yellow"),
    Delivery.SENT: (N_("Sent"), "green"),
    Delivery.FAILED: (N_("Failed"), "red"),
}


@router.get("/messages")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def messages(
    request: Request, session: Session, viewer: CurrentViewer, after: str = "", state: Delivery | None = None
) -> Response:
    """The text of a message is its reader's; only the demonstration, whose people are invented, shows it."""
    found, following = queries.newest(session, delivery=state, after=after)
    return page(request, "home/messages.html", messages=found, following=following, states=STATES, state=state)
