"""What screeners decide: admit, return once; propose a disqualification, confirm or dismiss it."""

import uuid
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.essays import rules as essay_rules
from portal.essays.actions import NOT_NOW
from portal.essays.models import Essay
from portal.essays.rules import Step
from portal.i18n import N_, Lazy
from portal.screening import actions, queries, rules, words
from portal.screening.forms import AnswerForm, KeyForm, ReasonForm
from portal.screening.models import Reason
from portal.screening.routes.screen import screen_page
from portal.web.forms import Sent, blank, pressed, sent
from portal.web.links import go
from portal.web.once import arrival
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentReason = Annotated[Sent[ReasonForm], Depends(sent(ReasonForm))]
SentKey = Annotated[Sent[KeyForm], Depends(pressed(KeyForm))]
SentAnswer = Annotated[Sent[AnswerForm], Depends(sent(AnswerForm))]
ADMITTED = N_("The essay is admitted, and its code is drawn.")
RETURNED = N_("The essay is returned. The author has been told, with your reason.")
PROPOSED = N_("Your proposal waits for a second screener. The author hears nothing until it is confirmed.")
CONFIRMED = N_("The essay is disqualified. The author has been told, with the reason.")
DISMISSED = N_("The proposal is dismissed, and the essay stays where it was.")
TAKEN_BACK = N_("Your proposal is taken back.")
WAYS = {Step.RETURN: "return", Step.DISQUALIFY: "disqualify"}


def _essay(session: sqlmodel.Session, viewer: Viewer, slug: str, essay_id: uuid.UUID) -> tuple[Edition, Essay]:
    edition = contests.get_visible(session, viewer, slug)
    return edition, queries.lock_screened(session, viewer, edition, essay_id)


@router.post("/contests/{slug}/screening/{essay_id}/admit")
@allow(Relation.SCREENER)
def admit_essay(
    form: SentKey, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    once = arrival(session, request, viewer.id, form.data.key if form.data else None)
    if once.earlier is not None:
        return once.earlier
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.lock_to_admit(session, viewer, edition, essay_id)
    try:
        actions.admit(session, essay, by=viewer)
    except Conflict as conflict:
        return screen_page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return once.done(f"/contests/{slug}/screening/{essay_id}", ADMITTED)


# With a reason that the author reads


@router.get("/contests/{slug}/screening/{essay_id}/return")
@allow(Relation.SCREENER)
def before_returning(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    return _before(request, session, viewer, slug, essay_id, Step.RETURN)


@router.get("/contests/{slug}/screening/{essay_id}/disqualify")
@allow(Relation.SCREENER)
def before_proposing(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    return _before(request, session, viewer, slug, essay_id, Step.DISQUALIFY)


def _before(
    request: Request, session: sqlmodel.Session, viewer: Viewer, slug: str, essay_id: uuid.UUID, step: Step
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.get_screened(session, viewer, edition, essay_id)
    why_not = _why_not(session, viewer, essay, step)
    if why_not:
        raise Conflict(why_not)
    return _reason_page(request, edition, essay, step, blank(ReasonForm))


def _why_not(session: sqlmodel.Session, viewer: Viewer, essay: Essay, step: Step) -> Lazy | None:
    if queries.open_proposal(session, essay) is not None:
        return rules.UNSETTLED if step is Step.RETURN else actions.PROPOSED_ALREADY
    if essay_rules.may(viewer, step, essay):
        return None
    return actions.RETURNED_ONCE if step is Step.RETURN else NOT_NOW


def _reason_page(
    request: Request, edition: Edition, essay: Essay, step: Step, form: Sent[ReasonForm], status: int = 200
) -> Response:
    reasons = [(code.value, words.REASONS[code]) for code in Reason]
    return page(
        request, "screening/reason.html", status, edition=edition, essay=essay, way=WAYS[step], form=form,
        reasons=reasons,
    )  # fmt: skip


@router.post("/contests/{slug}/screening/{essay_id}/return")
@allow(Relation.SCREENER)
def return_essay(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    return _with_reason(form, request, session, viewer, slug, essay_id, Step.RETURN)


@router.post("/contests/{slug}/screening/{essay_id}/disqualify")
@allow(Relation.SCREENER)
def propose_disqualification(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    return _with_reason(form, request, session, viewer, slug, essay_id, Step.DISQUALIFY)


def _with_reason(
    form: Sent[ReasonForm], request: Request, session: sqlmodel.Session, viewer: Viewer, slug: str,
    essay_id: uuid.UUID, step: Step,
) -> Response:  # fmt: skip
    once = arrival(session, request, viewer.id, form.data.key if form.data else None)
    if once.earlier is not None:
        return once.earlier
    edition, essay = _essay(session, viewer, slug, essay_id)
    if form.data is None:
        return _reason_page(request, edition, essay, step, form, 422)
    take, done = (actions.return_once, RETURNED) if step is Step.RETURN else (actions.propose, PROPOSED)
    try:
        take(session, essay, form.data.code, form.data.reason, by=viewer)
    except Conflict as conflict:
        return _reason_page(request, edition, essay, step, form.refused("", conflict.reason), 409)
    return once.done(f"/contests/{slug}/screening/{essay_id}", done)


# The second screener


@router.post("/contests/{slug}/screening/{essay_id}/disqualification/confirm")
@allow(Relation.SCREENER)
def confirm_disqualification(
    form: SentKey, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    once = arrival(session, request, viewer.id, form.data.key if form.data else None)
    if once.earlier is not None:
        return once.earlier
    edition, essay = _essay(session, viewer, slug, essay_id)
    try:
        actions.confirm(session, essay, by=viewer)
    except Conflict as conflict:
        return screen_page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return once.done(f"/contests/{slug}/screening/{essay_id}", CONFIRMED)


@router.post("/contests/{slug}/screening/{essay_id}/disqualification/dismiss")
@allow(Relation.SCREENER)
def dismiss_disqualification(
    form: SentAnswer, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    edition, essay = _essay(session, viewer, slug, essay_id)
    if form.data is None:
        return screen_page(request, session, viewer, edition, essay, form, 422)
    try:
        actions.dismiss(session, essay, form.data.answer, by=viewer)
    except Conflict as conflict:
        return screen_page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/screening/{essay_id}", DISMISSED)


@router.post("/contests/{slug}/screening/{essay_id}/disqualification/take-back")
@allow(Relation.SCREENER)
def take_disqualification_back(
    form: SentKey, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    edition, essay = _essay(session, viewer, slug, essay_id)
    try:
        actions.take_back(session, essay, by=viewer)
    except Conflict as conflict:
        return screen_page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/screening/{essay_id}", TAKEN_BACK)
