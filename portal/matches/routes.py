"""Runs and their publication for the secretariat; what they mean for applicants and hosts."""

import json
import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from portal.accounts import queries as accounts
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.calls import queries as calls
from portal.calls.models import Call
from portal.clock import now
from portal.errors import NotAllowed, NotFound
from portal.i18n import N_
from portal.matches import actions, flow, queries, rules, words, working
from portal.matches.forms import NewRun
from portal.matches.models import Run, State
from portal.placements import hosted
from portal.placements import rules as placement_rules
from portal.placements import words as placement_words
from portal.placements.matching import Side
from portal.rankings import queries as rankings
from portal.registry import words as registry_words
from portal.registry.models import Country
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
LARGEST = 2**31 - 1  # what the database holds of a number; there is no larger run
Number = Annotated[int, Path(ge=1, le=LARGEST)]
SentRun = Annotated[Sent[NewRun], Depends(sent(NewRun))]
BEGUN = N_("The run is on its way. This page shows when it is done.")
ASKED = N_("You asked for publication. A second member of the secretariat was told and has to confirm it.")
TAKEN_BACK = N_("Publication is taken back. Nothing was published.")
CONFIRMED = N_("Publication is confirmed. The results appear to everybody at one instant, in a moment.")


# The secretariat's pages


@router.get("/calls/{slug}/match")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_runs(
    request: Request, session: Session, viewer: CurrentViewer, slug: str,
    after: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    other: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> Response:  # fmt: skip
    call = _call(session, viewer, slug)
    return _runs_page(request, session, viewer, call, blank(NewRun, optimal_for=Side.APPLICANTS), after, other)


def _call(session: sqlmodel.Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Call:
    """What is only for the secretariat and the auditors is no secret to exist: the call is seen by all."""
    call = (calls.lock_visible if lock else calls.get_visible)(session, viewer, slug)
    if not (viewer.is_secretary or viewer.is_auditor):
        raise NotAllowed
    return call


def _runs_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, call: Call, form: Sent[NewRun],
    after: int | None = None, other: int | None = None,
) -> Response:  # fmt: skip
    runs, next_after = queries.runs(session, viewer, call, after=after)
    is_published = queries.published_first(session, call.id) is not None
    return page(
        request, "matches/list.html", 422 if form.errors else 200, call=call, runs=runs, next_after=next_after,
        form=form, rules=rules, words=words, other=other, differing=_differing(session, viewer, call, runs, other),
        unsettled=sum(rankings.unsettled(session, call).values()), lists_are_open=rules.lists_are_open(call, now()),
        objection=rules.why_no_run(call, is_published=is_published),
    )  # fmt: skip


def _differing(session: sqlmodel.Session, viewer: Viewer, call: Call, runs: Any, other: int | None) -> dict[int, int]:
    """How many applicants each run treats otherwise than the one it is compared with."""
    if other is None:
        return {}
    compared = queries.get_visible(session, viewer, call, other)
    found = queries.matchings(session, [*runs, compared])
    if other not in found:
        return {}
    return {number: working.differing(found[other], matching) for number, matching in found.items()}


@router.post("/calls/{slug}/match")
@allow(Relation.SECRETARY)
def make_run(form: SentRun, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = _call(session, viewer, slug, lock=True)
    actions.ensure(viewer)
    if form.data is None:
        return _runs_page(request, session, viewer, call, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    run = actions.ask_for_run(session, call, optimal_for=form.data.optimal_for, seed=form.data.seed, by=viewer)
    return arrival.done(f"/calls/{slug}/match/{run.number}", BEGUN)


@router.get("/calls/{slug}/match/{number}")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show_run(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, number: Number, after: str = ""
) -> Response:
    call = _call(session, viewer, slug)
    run = queries.get_visible(session, viewer, call, number)
    document = json.loads(run.document) if run.document else None
    rows, next_after = queries.lines(session, document, after=after) if document else ([], None)
    first, asked = queries.published_first(session, call.id), queries.waits_for_publication(session, call)
    objection = rules.why_no_publication(run, call, now(), first=first, asked=asked)
    is_own, figures = queries.applied(session, viewer, call), run.statistics
    objection = rules.OWN_CALL if is_own and viewer.is_secretary else objection
    codes = {*figures.get("home_governments", ()), *figures.get("host_governments", ())}
    return page(
        request, "matches/show.html", call=call, run=run, document=document, rows=rows, next_after=next_after,
        names=accounts.names(session, [each for each in _people(run) if each]), rules=rules, words=words,
        may_ask=rules.may(viewer) and objection is None, objection=objection,
        may_confirm=not is_own and rules.may_confirm(viewer, run) and rules.why_not_confirmed(run, call, now()) is None,
        may_take_back=rules.may(viewer) and rules.why_not_taken_back(run) is None,
        governments=queries.governments(session, codes), country=lambda code: registry_words.country(Country(code)),
        is_done=run.state is State.DONE, flow=flow.draw(figures["flows"]) if figures.get("flows") else None,
    )  # fmt: skip


def _people(run: Run) -> list[uuid.UUID | None]:
    return [run.asked_by, run.publication_asked_by, run.confirmed_by]


@router.get("/calls/{slug}/match/{number}/file")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def download(session: Session, viewer: CurrentViewer, slug: str, number: Number) -> Response:
    """What `python -m portal verify-match` proves again on any machine."""
    call = _call(session, viewer, slug)
    run = queries.get_visible(session, viewer, call, number)
    if run.document is None:
        raise NotFound
    named = {"content-disposition": f'attachment; filename="{call.slug}-match-{run.number}.json"'}
    return Response(run.document, media_type="application/json", headers={**named, "cache-control": "no-store"})


@router.post("/calls/{slug}/match/{number}/ask")
@allow(Relation.SECRETARY)
def ask_to_publish(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, number: Number
) -> Response:
    call, run = _locked(session, viewer, slug, number)
    actions.ask_to_publish(session, call, run, by=viewer, origin=request.app.state.settings.public_origin)
    return go(request, f"/calls/{slug}/match/{number}", ASKED)


@router.post("/calls/{slug}/match/{number}/take-back")
@allow(Relation.SECRETARY)
def take_back(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, number: Number
) -> Response:
    _found, run = _locked(session, viewer, slug, number)
    actions.take_back(session, run, by=viewer)
    return go(request, f"/calls/{slug}/match/{number}", TAKEN_BACK)


@router.post("/calls/{slug}/match/{number}/confirm")
@allow(Relation.SECRETARY)
def confirm(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, number: Number
) -> Response:
    call, run = _locked(session, viewer, slug, number)
    actions.confirm(session, call, run, by=viewer)
    return go(request, f"/calls/{slug}/match/{number}", CONFIRMED)


def _locked(session: sqlmodel.Session, viewer: Viewer, slug: str, number: Number) -> tuple[Call, Run]:
    call = _call(session, viewer, slug, lock=True)
    actions.ensure(viewer)
    return call, queries.lock_visible(session, viewer, call, number)


# What it means


@router.get("/applications/{application_id}/result")
@allow(Relation.APPLICANT, Relation.HOME, Relation.SECRETARY, Relation.AUDITOR)
def applicant_result(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = applications.get_visible(session, viewer, application_id)
    if not applications.is_seen_whole(viewer, application):
        raise NotAllowed
    result = queries.result_of(session, application)
    first = queries.published_first(session, application.call_id)
    assert first is not None and first.published_at is not None, "there is a result"
    ends_at = rules.reserve_ends_at(application.call, first.published_at)
    placement = queries.placement_of(session, viewer, result)
    return page(
        request, "matches/result.html", application=application, result=result, words=words, ends_at=ends_at,
        has_ended=now() >= ends_at, first=first, positions=queries.positions(session, result), placement=placement,
        is_own=application_rules.acts_for(viewer, application), placement_words=placement_words,
        state=placement_rules.status_at(placement, now()) if placement else None,
    )  # fmt: skip


@router.get("/openings/{opening_id}/result")
@allow(Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def host_result(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening = hosted.get_hosted(session, viewer, opening_id)
    run = queries.newest_published(session, opening.call_id)
    matched, at = queries.matched_to(session, viewer, opening, run) if run else [], now()
    return page(
        request, "matches/host_result.html", opening=opening, run=run, matched=matched, words=words,
        vacancy=queries.vacancy_of(session, opening, run) if run else None, placement_words=placement_words,
        states={placement.id: placement_rules.status_at(placement, at) for placement in matched},
    )  # fmt: skip
