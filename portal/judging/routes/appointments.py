"""Who judges an essay, for those who appoint; what judges sent, reopened and hidden."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.entrance import settings
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.rules import may_see_essays
from portal.contests.words import language
from portal.errors import Conflict
from portal.essays.models import Essay
from portal.i18n import N_, _
from portal.judging import actions, queries, rules, words
from portal.judging.forms import WORDS, AppointForm, ReadingForm, ReopenForm
from portal.judging.models import Judge, Round
from portal.screening import queries as screening
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
HERE = "/contests/{slug}/essays/{code}/judges"
NOT_OFFERED = N_("Choose one from the list.")
APPOINTED = N_("The judge is appointed to this essay.")
TOO_MANY = N_("The judge is appointed to this essay. They have %(load)s essays now and agreed to %(most)s.")
WHICH = N_("This button belongs to no round. Reload the page and press it again.")
SentReading = Annotated[Sent[ReadingForm], Depends(sent(ReadingForm))]


def edition_of(session: Session, viewer: Viewer, slug: str) -> Edition:
    """The edition, for those who see its essays by code."""
    return contests.get_for(session, viewer, slug, may_see_essays)


@router.get(HERE)
@allow(*STAFF)
def show_appointments(request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str) -> Response:
    edition = edition_of(session, viewer, slug)
    essay = screening.get_essay(session, viewer, edition, code)
    return _page(request, session, viewer, edition, essay, blank(AppointForm))


def _page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, essay: Essay, form: Sent[Any],
    status: int = 200,
) -> Response:  # fmt: skip
    return page(
        request, "judging/appoint.html", status, edition=edition, essay=essay, form=form,
        appointments=queries.appointments(session, essay), readers=queries.readers(session, essay, edition),
        language_name=language, enough=rules.ENOUGH_JUDGES, words=words, longest=WORDS,
        may_appoint=rules.may_appoint(viewer, edition) and essay.status in rules.ROUNDS,
        may_reopen=rules.may_reopen(viewer, edition), may_read=rules.may_read_notes(viewer, edition),
    )  # fmt: skip


@router.post(HERE)
@allow(Relation.SECRETARY)
def appoint_judge(
    form: Annotated[Sent[AppointForm], Depends(sent(AppointForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
) -> Response:
    edition = edition_of(session, viewer, slug)
    essay = screening.lock_by_code(session, viewer, edition, code)
    judge = queries.get_judge(session, edition, form.data.judge_id) if form.data else None
    if form.data is not None and judge is None:
        form = form.refused("judge_id", NOT_OFFERED)
    if judge is None:
        return _page(request, session, viewer, edition, essay, form, 422)
    barred = actions.appoint(session, edition, essay, judge, by=viewer)
    if barred is not None:
        form = form.refused("judge_id", words.BARS[barred])
        return _page(request, session, viewer, edition, essay, form, 422)
    return go(request, HERE.format(slug=slug, code=code), _told(session, essay, judge))


def _told(session: Session, essay: Essay, judge: Judge) -> str:
    load = queries.load(session, judge, rules.ROUNDS.get(essay.status, Round.FIRST))
    return TOO_MANY % {"load": load, "most": judge.most} if load > judge.most else str(APPOINTED)


@router.post(HERE + "/{judge_code}/reopen")
@allow(Relation.SECRETARY)
def reopen_marks(
    form: Annotated[Sent[ReopenForm], Depends(sent(ReopenForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
    judge_code: str,
) -> Response:
    edition = edition_of(session, viewer, slug)
    essay = screening.lock_by_code(session, viewer, edition, code)
    if form.data is None:
        return _page(request, session, viewer, edition, essay, form, 422)
    appointment = queries.lock_appointment(session, essay, judge_code, form.data.round)
    origin = settings(request).public_origin
    try:
        actions.reopen(session, edition, essay, appointment, form.data.reason, by=viewer, origin=origin)
    except Conflict as conflict:
        return _page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return go(request, HERE.format(slug=slug, code=code), _("The marks are open again, and the judge has been told."))


@router.post(HERE + "/{judge_code}/hide-comment")
@allow(Relation.SECRETARY)
def hide_comment(
    form: SentReading, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str, judge_code: str
) -> Response:
    _show_or_hide(form, session, viewer, slug, code, judge_code, hidden=True)
    return go(request, HERE.format(slug=slug, code=code), _("The comment is kept from the author."))


@router.post(HERE + "/{judge_code}/show-comment")
@allow(Relation.SECRETARY)
def show_comment(
    form: SentReading, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str, judge_code: str
) -> Response:
    _show_or_hide(form, session, viewer, slug, code, judge_code, hidden=False)
    return go(request, HERE.format(slug=slug, code=code), _("The comment reaches the author with the results."))


def _show_or_hide(
    form: Sent[ReadingForm], session: Session, viewer: Viewer, slug: str, code: str, judge_code: str, *, hidden: bool
) -> None:
    edition = edition_of(session, viewer, slug)
    essay = screening.lock_by_code(session, viewer, edition, code)
    if form.data is None:
        raise Conflict(WHICH)
    appointment = queries.lock_appointment(session, essay, judge_code, form.data.round)
    actions.hide_comment(session, edition, appointment, by=viewer, hidden=hidden)
