"""A circular's own page: before it is sent what is to be checked, afterwards what became of it."""

import uuid
from collections.abc import Iterator
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal import spreadsheets
from portal.accounts import entrance
from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.circulars import actions, queries, rules, words
from portal.circulars.forms import SendForm
from portal.circulars.models import Circular, CircularState
from portal.circulars.rules import Step
from portal.clock import today
from portal.errors import Conflict
from portal.i18n import N_, _
from portal.mail.models import Delivery
from portal.web.attachments import attachment
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentSend = Annotated[Sent[SendForm], Depends(sent(SendForm))]
TESTED = N_("The test is on its way to you, in every language that is written.")
SENT = N_("The circular is on its way. This page shows how far it is.")
DONE: dict[Step, Any] = {
    Step.PAUSE: N_("The circular is paused. What has not gone out is kept back."),
    Step.CONTINUE: N_("The circular goes on."),
    Step.CANCEL: N_("The rest of the circular is cancelled. What has gone out cannot be called back."),
}


@router.get("/circulars/{circular_id}")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show_circular(request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID) -> Response:
    circular = queries.get_visible(session, viewer, circular_id)
    return _page(request, session, viewer, circular, blank(SendForm))


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, circular: Circular, form: Sent[SendForm],
    status: int = 200,
) -> Response:  # fmt: skip
    draft = circular.state is CircularState.DRAFT
    return page(
        request, "circulars/check.html" if draft else "circulars/show.html", status, circular=circular, form=form,
        words=words, audience=queries.audience_of(circular), told=queries.told(session, viewer, circular),
        may_write=rules.may(viewer), letters=_letters(session, viewer, circular),
        names=people.names(session, {each for each in (circular.created_by, circular.sent_by) if each}),
        **(_to_check(session, circular) if draft else _progress(session, viewer, circular)),
    )  # fmt: skip


def _letters(session: sqlmodel.Session, viewer: Viewer, circular: Circular) -> list[tuple[str, Any]]:
    """As a reader with the viewer's name would get it, by language."""
    return [(code, actions.preview(session, circular, code, viewer.name)) for code in rules.written_in(circular)]


def _to_check(session: sqlmodel.Session, circular: Circular) -> dict[str, Any]:
    audience = queries.audience_of(circular)
    numbers = queries.numbers(session, audience, circular.choices)
    return {
        "numbers": numbers, "missing": rules.missing(circular, numbers.by_language),
        "readers": queries.first_readers(session, audience, circular.choices),
        "why_no_test": rules.why_not(Step.TEST, circular), "why_not": rules.why_not(Step.SEND, circular),
        "mark": rules.mark(circular, numbers.total),
    }  # fmt: skip


def _progress(session: sqlmodel.Session, viewer: Viewer, circular: Circular) -> dict[str, Any]:
    progress = queries.progress(session, circular)
    possible = {
        step for step in rules.ON_ITS_WAY if rules.why_not(step, circular, waiting=progress.waiting) is None
    } if rules.may(viewer) else set()  # fmt: skip
    is_moving = progress.waiting > 0 and circular.state in {CircularState.SENDING, CircularState.SENT}
    return {"progress": progress, "possible": possible, "is_moving": is_moving}


@router.get("/circulars/{circular_id}/progress")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show_progress(request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID) -> Response:
    """The part of the page that looks again by itself."""
    circular = queries.get_visible(session, viewer, circular_id)
    return page(
        request, "circulars/_progress.html", circular=circular, words=words, audience=queries.audience_of(circular),
        **_progress(session, viewer, circular),
    )  # fmt: skip


@router.post("/circulars/{circular_id}/test")
@allow(Relation.SECRETARY)
def test_circular(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID
) -> Response:
    circular = queries.get_visible(session, viewer, circular_id, lock=True)
    actions.ensure(viewer)
    actions.test(session, circular, people.get_visible(session, viewer, viewer.id), by=viewer)
    return go(request, f"/circulars/{circular_id}", TESTED)


def _prove(request: Request, form: SentSend) -> bool:
    """Whether the password is the sender's own; before the session opens."""
    return form.data is not None and entrance.is_own_password(request, form.data.password)


@router.post("/circulars/{circular_id}/send")
@allow(Relation.SECRETARY)
def send_circular(
    form: SentSend, proven: Annotated[bool, Depends(_prove)], request: Request, session: Session,
    viewer: CurrentViewer, circular_id: uuid.UUID,
) -> Response:  # fmt: skip
    circular = queries.get_visible(session, viewer, circular_id, lock=True)
    actions.ensure(viewer)
    if circular.state is not CircularState.DRAFT:  # pressed twice, or a colleague was faster
        raise Conflict(words.NO_DRAFT, link=(f"/circulars/{circular_id}", N_("Back to the circular")))
    if form.data is None or not proven:
        shown = form if form.data is None else form.refused("password", words.WRONG_PASSWORD)
        return _page(request, session, viewer, circular, shown, 422)
    try:
        actions.send(session, circular, seen=form.data.seen, by=viewer)
    except Conflict as conflict:
        return _page(request, session, viewer, circular, form.refused("", conflict.reason), 409)
    return go(request, f"/circulars/{circular_id}", SENT)


@router.post("/circulars/{circular_id}/pause")
@allow(Relation.SECRETARY)
def pause_circular(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID
) -> Response:
    return _step(request, session, viewer, circular_id, Step.PAUSE)


@router.post("/circulars/{circular_id}/continue")
@allow(Relation.SECRETARY)
def continue_circular(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID
) -> Response:
    return _step(request, session, viewer, circular_id, Step.CONTINUE)


@router.post("/circulars/{circular_id}/cancel")
@allow(Relation.SECRETARY)
def cancel_circular(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID
) -> Response:
    return _step(request, session, viewer, circular_id, Step.CANCEL)


def _step(request: Request, session: sqlmodel.Session, viewer: Viewer, circular_id: uuid.UUID, step: Step) -> Response:
    circular = queries.get_visible(session, viewer, circular_id, lock=True)
    actions.STEPS[step](session, circular, by=viewer)
    return go(request, f"/circulars/{circular_id}", DONE[step])


@router.get("/circulars/{circular_id}/recipients")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_recipients(
    request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID,
    after: uuid.UUID | None = None, state: Delivery | None = None,
) -> Response:  # fmt: skip
    circular = queries.get_visible(session, viewer, circular_id)
    found, following = queries.results(session, circular, delivery=state, after=after)
    return page(
        request, "circulars/recipients.html", circular=circular, results=found, following=following, state=state,
        words=words,
    )  # fmt: skip


@router.get("/circulars/{circular_id}/recipients.csv")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def export_recipients(session: Session, viewer: CurrentViewer, circular_id: uuid.UUID) -> Response:
    circular = queries.get_visible(session, viewer, circular_id)
    heads = [_("E-mail address"), _("Name"), _("Language"), _("Result"), _("Sent at"), _("What the mail server said")]
    file = spreadsheets.comma_separated(heads, _rows(session, circular))
    return attachment(file, f"circular-{today():%Y-%m-%d}.csv", spreadsheets.CSV_KIND)


def _rows(session: sqlmodel.Session, circular: Circular) -> Iterator[list[str]]:
    for found in queries.all_results(session, circular):
        reader, message = found.recipient, found.message
        result = str(words.RESULTS.get(found.delivery, words.RESULTS[None])[0])
        sent_at = message.sent_at.isoformat(timespec="seconds") if message and message.sent_at else ""
        yield [reader.address, reader.name, reader.language, result, sent_at, message.failure if message else ""]
