"""The page of a report: where the intern writes it, and where everybody concerned reads it."""

import uuid
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import now
from portal.errors import Conflict, NotFound
from portal.files import rules as file_rules
from portal.files.downloads import download
from portal.files.models import Kind
from portal.files.uploads import Uploaded, uploaded
from portal.final_reports import actions, queries, rules, words
from portal.final_reports.forms import Publication, Report
from portal.final_reports.models import FinalReport
from portal.final_reports.rules import Step
from portal.i18n import LANGUAGES, N_
from portal.placements import queries as placements
from portal.placements.models import Placement
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
KINDS = (Kind.PDF, Kind.DOCX, Kind.HWPX)
SentReport = Annotated[Sent[Report], Depends(sent(Report))]
SentPublication = Annotated[Sent[Publication], Depends(sent(Publication))]
Given = Annotated[Uploaded, Depends(uploaded("file", *KINDS))]
SAVED = N_("Your draft is saved. You can go on now or later.")
SENT = N_("Your report is sent. The secretariat reads it and tells you by mail what it decided.")
STALE = N_("The report was changed somewhere else after you opened this page. Compare both below, then save again.")
CHANGED = N_("Your choice about publication is saved.")
REMOVED = N_("The file is removed.")


@router.get("/placements/{placement_id}/report")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = placements.get_visible(session, viewer, placement_id)
    if placement.status not in rules.STARTED:
        raise Conflict(rules.NOT_STARTED)
    report = queries.of(session, placement)
    if Step.SAVE in rules.possible(viewer, placement, report, now()):
        return _writing_page(request, placement, report, blank(Report, **_standing(report)))
    return show_page(request, viewer, placement, report, blank(Publication, publication=_publication(report)))


def _standing(report: FinalReport | None) -> dict[str, object]:
    return {**rules.content(report), "publication": _publication(report)}


def _publication(report: FinalReport | None) -> str:
    return report.name_shown.value if report and report.may_publish else "no"


def _writing_page(
    request: Request, placement: Placement, report: FinalReport | None, form: Sent[Report], status: int = 200,
    *, is_stale: bool = False,
) -> Response:  # fmt: skip
    at = now()
    return page(
        request, "final_reports/write.html", status, placement=placement, report=report, form=form, words=words,
        version=rules.version(rules.content(report)), is_stale=is_stale, bounds=rules.LENGTHS, texts=rules.TEXTS,
        languages_of_reports=LANGUAGES, due_on=rules.due_on(placement), is_late=rules.is_late(placement, report, at),
        can_submit=rules.takes_submission(placement, at), opens_on=placement.ends_on - rules.LAST_WEEK,
        measured=rules.measured(report) if report else None, accept=file_rules.accept(KINDS),
        kinds=file_rules.titles(KINDS), limit_mb=request.app.state.settings.upload_limit_mb,
    )  # fmt: skip


def show_page(
    request: Request, viewer: Viewer, placement: Placement, report: FinalReport | None, form: Sent[Publication],
    status: int = 200,
) -> Response:  # fmt: skip
    at = now()
    return page(
        request, "final_reports/show.html", status, placement=placement, report=report, form=form, words=words,
        texts=rules.TEXTS, possible=rules.possible(viewer, placement, report, at), due_on=rules.due_on(placement),
        is_late=rules.is_late(placement, report, at), is_readable=rules.is_readable(viewer, placement, report),
        is_public=report is not None and rules.is_public(report), publication=_publication(report),
        is_intern=rules.may(viewer, Step.SAVE, placement),
    )  # fmt: skip


@router.post("/placements/{placement_id}/report")
@allow(Relation.APPLICANT)
def write(
    form: SentReport, given: Given, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    """Saves what was typed whatever is wrong with it otherwise, so that nothing is lost; then sends it if asked to."""
    submits = form.data is not None and form.data.then == "submit"
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data and submits else None)
    if arrival.earlier:
        return arrival.earlier
    placement = placements.lock_visible(session, viewer, placement_id)
    report = queries.of(session, placement)
    actions.ensure(Step.SAVE, placement, report, by=viewer)
    if form.data is None:
        return _writing_page(request, placement, report, form, 422)
    if _is_stale(report, form.data):
        return _writing_page(request, placement, report, form.refused("", STALE), 409, is_stale=True)
    report = _saved(session, placement, report, form.data, given, by=viewer)
    if given.error:
        return _writing_page(request, placement, report, form.refused("file", given.error), 422)
    if not submits:
        return go(request, f"/placements/{placement_id}/report", SAVED)
    wrong = _sent(session, placement, report, form, by=viewer)
    if wrong is not None:
        return _writing_page(request, placement, report, *wrong)
    return arrival.done(f"/placements/{placement_id}/report", SENT)


def _is_stale(report: FinalReport | None, typed: Report) -> bool:
    """Changed since the form was opened, to something else than the form now says."""
    return rules.version(rules.content(report)) not in (typed.version, rules.version(typed.content()))


def _saved(
    session: sqlmodel.Session, placement: Placement, report: FinalReport | None, typed: Report, given: Uploaded,
    *, by: Viewer,
) -> FinalReport:  # fmt: skip
    kept = actions.save(session, placement, report, typed, by=by)
    if given.checked is not None:
        actions.give_file(session, placement, kept, given.checked, by=by)
    return kept


def _sent(
    session: sqlmodel.Session, placement: Placement, report: FinalReport, form: Sent[Report], *, by: Viewer
) -> tuple[Sent[Report], int] | None:
    """Sends it; or the form with what is wrong, and the status that this deserves."""
    lacking = rules.lacking(report)
    if lacking:
        return form.all_refused(lacking), 422
    try:
        actions.submit(session, placement, report, by=by)
    except Conflict as conflict:
        return form.refused("", conflict.reason), 409
    return None


@router.post("/placements/{placement_id}/report/consent")
@allow(Relation.APPLICANT)
def consent(
    form: SentPublication, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    report = actions.found(Step.CONSENT, placement, queries.of(session, placement), by=viewer)
    if form.data is None:
        return show_page(request, viewer, placement, report, form, 422)
    actions.consent(session, placement, report, form.data, by=viewer)
    return go(request, f"/placements/{placement_id}/report", CHANGED)


@router.get("/placements/{placement_id}/report/file")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def read_file(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = placements.get_visible(session, viewer, placement_id)
    report = queries.of(session, placement)
    if report is None or report.file is None or not rules.is_readable(viewer, placement, report):
        raise NotFound
    return download(request, report.file)


@router.post("/placements/{placement_id}/report/file/remove")
@allow(Relation.APPLICANT)
def remove_file(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    report = queries.of(session, placement)
    actions.ensure(Step.SAVE, placement, report, by=viewer)
    if report is not None:
        actions.remove_file(session, placement, report, by=viewer)
    return go(request, f"/placements/{placement_id}/report", REMOVED)
