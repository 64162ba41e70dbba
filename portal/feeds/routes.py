"""One's own dates on a page, and as a calendar by a secret address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal import calendars, i18n
from portal.accounts import throttle
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import database, network
from portal.accounts.models import Person
from portal.accounts.viewer import CurrentViewer, viewer_of
from portal.clock import now
from portal.errors import NotFound
from portal.feeds import actions, entries, queries
from portal.feeds.models import Feed
from portal.i18n import N_, _
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
GUESSES, READINGS = "60 per 15 minutes", "240 per hour"
REVOKED = N_("The secret address is revoked. Calendars that subscribed to it get nothing any more.")
UNKNOWN = N_("There is no calendar at this address. If it was yours, make a new address on the page of your dates.")
HIDDEN = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@router.get("/calendar")
@allow(Relation.PERSON)
def show_dates(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    return _page(request, session, viewer)


def _page(request: Request, session: Session, viewer: CurrentViewer, *, token: str = "") -> Response:
    """With the secret address if it was made just now: it is shown this once."""
    origin = request.app.state.settings.public_origin
    months = entries.by_month(queries.dates(session, viewer, now()), viewer.zone)
    address = f"{origin}/calendar/{token}.ics" if token else ""
    return page(
        request, "feeds/calendar.html", months=months, feed=queries.live(session, viewer.id), address=address,
        webcal=f"webcal://{address.partition('://')[2]}", is_day=entries.is_day,
    )  # fmt: skip


@router.post("/calendar/address")
@allow(Relation.PERSON)
def make_address(_pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    """Answered with the page itself: a redirect would have to carry the secret along."""
    token = actions.make(session, by=viewer)
    session.flush()
    return _page(request, session, viewer, token=token)


@router.post("/calendar/revoke")
@allow(Relation.PERSON)
def revoke_address(_pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    actions.revoke(session, by=viewer)
    return go(request, "/calendar", REVOKED)


def _opened(request: Request, token: str) -> Feed:
    """What this address opens; counted before the request's own transaction. Raises NotFound, TooMany."""
    with database(request).session(writes=False) as session:
        feed = queries.by_token(session, token)
    if feed is None:
        throttle.admit(database(request), [throttle.limit(GUESSES, "calendar-guesses", network(request))])
        raise NotFound(UNKNOWN)
    throttle.admit(database(request), [throttle.limit(READINGS, "calendar-readings", feed.token_digest)])
    with database(request).session(writes=True) as session:
        actions.note_reading(session, feed.id)
    return feed


@router.get("/calendar/{token}.ics")
@allow(Relation.VISITOR)
def show_feed(request: Request, feed: Annotated[Feed, Depends(_opened)], session: Session) -> Response:
    """For calendars, which sign in nowhere: whoever has the address reads it, in its owner's language."""
    person = session.get_one(Person, feed.person_id)
    with i18n.speaking(person.language):
        made = _file(request, session, person)
        headers = {**HIDDEN, "Content-Language": i18n.language(), "Content-Disposition": 'inline; filename="dates.ics"'}
    return Response(made, media_type=calendars.TYPE, headers=headers)


def _file(request: Request, session: Session, person: Person) -> bytes:
    origin = request.app.state.settings.public_origin
    found = queries.of_calendar(session, viewer_of(session, person))
    moments = [entries.moment(each, origin) for each in found]
    return calendars.calendar(_("Your dates in the NEAR youth portal"), moments)
