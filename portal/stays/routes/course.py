"""From the first day to the last: start, a later last day, an early end, evaluation and completion."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.checkins import words as checkin_words
from portal.checkins.rules import today_there
from portal.clock import now
from portal.errors import Conflict
from portal.i18n import N_
from portal.placements import queries as placements
from portal.placements.models import Placement
from portal.stays import actions, queries, rules, words
from portal.stays.forms import Answer, Ending, Judgement, Start, Wish
from portal.stays.models import Evaluation
from portal.stays.rules import Deed, Facts
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentStart = Annotated[Sent[Start], Depends(sent(Start))]
SentWish = Annotated[Sent[Wish], Depends(sent(Wish))]
SentAnswer = Annotated[Sent[Answer], Depends(sent(Answer))]
SentEnding = Annotated[Sent[Ending], Depends(sent(Ending))]
SentJudgement = Annotated[Sent[Judgement], Depends(sent(Judgement))]
STARTED = N_("The start is confirmed. The intern and the home government were told.")
ASKED = N_("The other side was told, and can agree or refuse.")
EXTENDED = N_("The stay is extended, and everybody concerned was told.")
NOT_EXTENDED = N_("The last day stays as it is. Everybody concerned was told.")
ENDED = N_("The stay has ended early. Everybody concerned was told.")
EVALUATED = N_("The evaluation is saved.")
COMPLETED = N_("The stay is completed. The intern and the home government were told.")


@router.get("/placements/{placement_id}/stay/start")
@allow(Relation.HOST)
def show_start(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement, facts = _doing(session, viewer, placement_id, Deed.START)
    form = blank(Start, started_on=today_there(placement, now()))
    return _page(request, "start", placement, facts, form)


@router.post("/placements/{placement_id}/stay/start")
@allow(Relation.HOST)
def start(
    form: SentStart, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, facts = _doing(session, viewer, placement_id, Deed.START, lock=True)
    if form.data is not None:
        wrong = rules.wrong_first_day(placement, form.data.started_on, today_there(placement, now()))
        form = form.all_refused({"started_on": wrong} if wrong else {})
    if form.data is None:
        return _page(request, "start", placement, facts, form)
    actions.start(session, placement, facts, by=viewer, started_on=form.data.started_on)
    return go(request, f"/placements/{placement.id}/stay", STARTED)


@router.get("/placements/{placement_id}/stay/extension")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_extension(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    return _extension_page(request, session, viewer, placement, blank(Wish))


@router.post("/placements/{placement_id}/stay/extension")
@allow(Relation.APPLICANT, Relation.HOST)
def ask_extension(
    form: SentWish, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placements.get_visible(session, viewer, placement_id)
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    placement, facts = _doing(session, viewer, placement_id, Deed.EXTEND, lock=True)
    if form.data is not None:
        wrong = rules.wrong_extension(placement, form.data.ends_on)
        form = form.all_refused({"ends_on": wrong} if wrong else {})
    if form.data is None:
        return _extension_page(request, session, viewer, placement, form)
    actions.ask_extension(session, placement, facts, form.data, by=viewer)
    return arrival.done(f"/placements/{placement.id}/stay", ASKED)


@router.post("/placements/{placement_id}/stay/extension/answer")
@allow(Relation.APPLICANT, Relation.HOST)
def answer_extension(
    form: SentAnswer, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, facts = _doing(session, viewer, placement_id, Deed.ANSWER, lock=True)
    if form.data is None:
        return _extension_page(request, session, viewer, placement, blank(Wish).all_refused(form.errors))
    actions.answer_extension(session, placement, facts, by=viewer, agree=form.data.agree)
    return go(request, f"/placements/{placement.id}/stay", EXTENDED if form.data.agree else NOT_EXTENDED)


def _extension_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, placement: Placement, form: Sent[Wish]
) -> Response:
    facts, today = queries.facts(session, placement), today_there(placement, now())
    return _page(
        request, "extension", placement, facts, form, extensions=queries.extensions(session, placement),
        possible=rules.possible(viewer, placement, facts, today), latest=rules.latest_end(placement),
        sides=checkin_words.SIDES,
    )  # fmt: skip


@router.get("/placements/{placement_id}/stay/end-early")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY)
def show_end(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement, facts = _doing(session, viewer, placement_id, Deed.END_EARLY)
    return _page(request, "end_early", placement, facts, blank(Ending))


@router.post("/placements/{placement_id}/stay/end-early")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY)
def end_early(
    form: SentEnding, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, facts = _doing(session, viewer, placement_id, Deed.END_EARLY, lock=True)
    if form.data is not None:
        wrong = rules.wrong_early_end(placement, form.data.last_on, today_there(placement, now()))
        form = form.all_refused({"last_on": wrong} if wrong else {})
    if form.data is None:
        return _page(request, "end_early", placement, facts, form)
    actions.end_early(session, placement, facts, form.data, by=viewer)
    return go(request, f"/placements/{placement.id}/stay", ENDED)


@router.get("/placements/{placement_id}/stay/evaluation")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_evaluation(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    if not rules.may_read_evaluation(viewer, placement):
        raise Conflict(rules.NOT_TO_READ_YET)
    facts = queries.facts(session, placement)
    return _evaluation_page(request, viewer, placement, facts, blank(Judgement, **_kept(facts.evaluation)))


@router.post("/placements/{placement_id}/stay/evaluation")
@allow(Relation.HOST)
def evaluate(
    form: SentJudgement, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, facts = _doing(session, viewer, placement_id, Deed.EVALUATE, lock=True)
    if form.data is None:
        return _evaluation_page(request, viewer, placement, facts, form)
    actions.evaluate(session, placement, facts, form.data, by=viewer)
    return go(request, f"/placements/{placement.id}/stay", EVALUATED)


def _kept(found: Evaluation | None) -> dict[str, Any]:
    if found is None:
        return {}
    items = {f"item_{number}": mark for number, mark in enumerate(found.marks, 1)}
    return {"supervisor": found.supervisor, "text": found.text, **items}


def _evaluation_page(
    request: Request, viewer: Viewer, placement: Placement, facts: Facts, form: Sent[Judgement]
) -> Response:
    may_enter = rules.can(viewer, Deed.EVALUATE, placement, facts, today_there(placement, now()))
    return _page(request, "evaluation", placement, facts, form, may_enter=may_enter, evaluation=facts.evaluation)


@router.get("/placements/{placement_id}/stay/complete")
@allow(Relation.HOST, Relation.SECRETARY)
def show_complete(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement, facts = _doing(session, viewer, placement_id, Deed.COMPLETE)
    return _page(request, "complete", placement, facts, blank(Start))


@router.post("/placements/{placement_id}/stay/complete")
@allow(Relation.HOST, Relation.SECRETARY)
def complete(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, facts = _doing(session, viewer, placement_id, Deed.COMPLETE, lock=True)
    actions.complete(session, placement, facts, by=viewer)
    return go(request, f"/placements/{placement.id}/stay", COMPLETED)


def _doing(
    session: sqlmodel.Session, viewer: Viewer, placement_id: uuid.UUID, deed: Deed, *, lock: bool = False
) -> tuple[Placement, Facts]:
    """The placement with its facts, if this viewer may do this now."""
    found = placements.lock_visible if lock else placements.get_visible
    placement = found(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    actions.ensure(deed, placement, facts, by=viewer)
    return placement, facts


def _page(request: Request, name: str, placement: Placement, facts: Facts, form: Sent[Any], **more: Any) -> Response:
    return page(
        request, f"stays/{name}.html", 422 if form.errors else 200, placement=placement, stay=facts.stay, form=form,
        words=words, **more,
    )  # fmt: skip
