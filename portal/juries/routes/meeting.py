"""The jury's meeting: opened, its minutes, closed by one and confirmed by another."""

from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests.models import Edition
from portal.contests.words import language
from portal.errors import Conflict
from portal.i18n import N_, Lazy
from portal.juries import actions, groups, queries, rounds, rules, words
from portal.juries.forms import KeyForm, MinutesForm, ReasonForm
from portal.juries.groups import Group
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.once import arrival
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.JURY, Relation.AUDITOR)
OPENED = N_("The meeting is open. Marks stand still from now on, and the order is kept.")
WRITTEN = N_("The minutes are saved.")
CLOSED = N_("The meeting is closed. Another secretary confirms it.")
CONFIRMED = N_("What the jury decided is confirmed.")
REOPENED = N_("The meeting is open again.")


@router.get("/contests/{slug}/jury")
@allow(*STAFF)
def show_jury(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    return jury_page(request, session, viewer, edition)


def jury_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, refused: object = None,
    status: int = 200, minutes: Sent[MinutesForm] | None = None, reason: Sent[ReasonForm] | None = None,
) -> Response:  # fmt: skip
    meeting = queries.meeting(session, edition.id)
    before = before_jury(session, edition) if meeting else []
    at_work = {person_id for person_id in (
        [meeting.opened_by, meeting.closed_by, meeting.confirmed_by] if meeting else []
    ) if person_id}  # fmt: skip
    form = minutes or blank(MinutesForm, minutes=meeting.minutes if meeting else "")
    return page(
        request, "juries/jury.html", status, edition=edition, meeting=meeting, groups=before,
        state=rules.state(meeting), why_not=actions.why_not_opened(session, edition) if meeting is None else None,
        fallen=queries.fallen_out(session, edition.id), names=people.names(session, at_work), refused=refused,
        form=form, minutes_mark=rules.digest(meeting.minutes if meeting else ""), reason=reason or blank(ReasonForm),
        may_reopen=_may_reopen(session, viewer, edition), **told(viewer, edition),
        **({} if meeting else _lacking(session, edition)),
    )  # fmt: skip


def _lacking(session: sqlmodel.Session, edition: Edition) -> dict[str, Any]:
    """What the round that decides still lacks. Once the meeting is open nothing of it can come any more."""
    round_ = rules.deciding_round(edition)
    return {"missing": rounds.missing(session, edition, round_), "unread": rounds.unread(session, edition, round_)}


def _may_reopen(session: sqlmodel.Session, viewer: Viewer, edition: Edition) -> bool:
    return rules.may_decide(viewer, edition) and actions.why_not_reopened(session, edition) is None


def told(viewer: Viewer, edition: Edition) -> dict[str, Any]:
    """What every page of the jury says."""
    return {
        "words": words, "rules": rules, "language_name": language, "viewer_id": viewer.id,
        "may_decide": rules.may_decide(viewer, edition),
    }  # fmt: skip


def before_jury(session: sqlmodel.Session, edition: Edition) -> list[Group]:
    return groups.groups(session, edition, rules.deciding_round(edition))


@router.post("/contests/{slug}/jury/open")
@allow(Relation.JURY)
def open_meeting(
    form: Annotated[Sent[KeyForm], Depends(sent(KeyForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    once = arrival(session, request, viewer.id, form.data.key if form.data else None)
    if once.earlier is not None:
        return once.earlier
    edition = queries.lock_visible(session, viewer, slug)
    try:
        actions.open_meeting(session, edition, by=viewer)
    except Conflict as conflict:
        return jury_page(request, session, viewer, edition, conflict.reason, 409)
    return once.done(f"/contests/{slug}/jury", OPENED)


@router.post("/contests/{slug}/jury/minutes")
@allow(Relation.JURY)
def write_minutes(
    form: Annotated[Sent[MinutesForm], Depends(sent(MinutesForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    if form.data is None:
        return jury_page(request, session, viewer, edition, status=422, minutes=form)
    try:
        actions.write_minutes(session, edition, form.data.minutes, seen=form.data.seen, by=viewer)
    except Conflict as conflict:
        return jury_page(request, session, viewer, edition, conflict.reason, 409, minutes=form)
    return go(request, f"/contests/{slug}/jury", WRITTEN)


@router.post("/contests/{slug}/jury/close")
@allow(Relation.JURY)
def close_meeting(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    return _settle(request, session, viewer, slug, actions.close, CLOSED)


@router.post("/contests/{slug}/jury/confirm")
@allow(Relation.JURY)
def confirm_meeting(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    return _settle(request, session, viewer, slug, actions.confirm_meeting, CONFIRMED)


def _settle(request: Request, session: sqlmodel.Session, viewer: Viewer, slug: str, deed: Any, done: Lazy) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    try:
        deed(session, edition, before_jury(session, edition), by=viewer)
    except Conflict as conflict:
        return jury_page(request, session, viewer, edition, conflict.reason, 409)
    return go(request, f"/contests/{slug}/jury", done)


@router.post("/contests/{slug}/jury/reopen")
@allow(Relation.JURY)
def reopen_meeting(
    form: Annotated[Sent[ReasonForm], Depends(sent(ReasonForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    if form.data is None:
        return jury_page(request, session, viewer, edition, status=422, reason=form)
    try:
        actions.reopen(session, edition, form.data.reason, by=viewer)
    except Conflict as conflict:
        return jury_page(request, session, viewer, edition, conflict.reason, 409, reason=form)
    return go(request, f"/contests/{slug}/jury", REOPENED)
