"""The public list, the calendar file and the steps of a call. Its page shows its openings, so it is theirs."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal import calendars
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.calendars import Moment
from portal.calls import actions, queries, rules, words
from portal.calls.models import Call
from portal.calls.rules import Step
from portal.clock import now
from portal.i18n import N_, language
from portal.i18n import gettext as _
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
MESSAGES = {
    Step.PUBLISH: N_("The call is published."),
    Step.CLOSE: N_("The call is closed."),
    Step.ARCHIVE: N_("The call is archived."),
}


@router.get("/calls")
@allow(Relation.VISITOR)
def list_calls(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    at = now()
    others, next_after = queries.other_calls(session, viewer, at, after)
    return page(
        request, "calls/list.html", open_calls=queries.open_calls(session, at), others=others, after=after,
        next_after=next_after, phase=lambda call: rules.phase(call, at), words=words,
    )  # fmt: skip


@router.get("/calls/{slug}/calendar.ics")
@allow(Relation.VISITOR)
def show_calendar(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = queries.get_visible(session, viewer, slug)
    made = calendars.calendar(call.title(language()), _moments(call, request.app.state.settings.public_origin))
    name = {"Content-Disposition": f'attachment; filename="{call.slug}.ics"'}
    return Response(made, media_type=calendars.TYPE, headers=name)


def _moments(call: Call, origin: str) -> list[Moment]:
    title, url = call.title(language()), f"{origin}/calls/{call.slug}"
    told = _("%(deadline)s: %(call)s")
    return [
        Moment(calendars.uid(call.id, column), told % {"deadline": name, "call": title}, at, url, str(meaning))
        for column, name, at, meaning in rules.deadlines(call)
    ]


@router.post("/calls/{slug}/{step}")
@allow(Relation.SECRETARY)
def step_call(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, step: Step
) -> Response:
    call = queries.lock_visible(session, viewer, slug)
    actions.take_step(session, call, step, by=viewer)
    return go(request, f"/calls/{slug}", MESSAGES[step])
