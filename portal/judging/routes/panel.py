"""Who judges an essay, and the order that the marks make."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.rules import may_see_essays
from portal.contests.words import language
from portal.errors import NotFound
from portal.essays.models import Essay
from portal.i18n import N_
from portal.judging import actions, queries, rules, words
from portal.judging.forms import AppointForm
from portal.judging.models import Judge, Round
from portal.screening import queries as screening
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
NOT_OFFERED = N_("Choose one from the list.")
APPOINTED = N_("The judge is appointed to this essay.")
TOO_MANY = N_("The judge is appointed to this essay. They have %(load)s essays now and agreed to %(most)s.")


def _edition(session: Session, viewer: Viewer, slug: str) -> Edition:
    """The edition, for those who see its essays by code."""
    edition = contests.get_visible(session, viewer, slug)
    if not may_see_essays(viewer, edition):
        raise NotFound
    return edition


@router.get("/contests/{slug}/essays/{code}/judges")
@allow(*STAFF)
def show_appointments(request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str) -> Response:
    edition = _edition(session, viewer, slug)
    essay = screening.get_essay(session, viewer, edition, code)
    return _appointments_page(request, session, viewer, edition, essay, blank(AppointForm))


def _appointments_page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, essay: Essay, form: Sent[AppointForm],
    status: int = 200,
) -> Response:  # fmt: skip
    appointments = queries.appointments(session, essay)
    return page(
        request, "judging/appoint.html", status, edition=edition, essay=essay, appointments=appointments, form=form,
        readers=queries.readers(session, essay, edition), language_name=language, enough=rules.ENOUGH_JUDGES,
        may_appoint=rules.may_appoint(viewer, edition) and essay.status in rules.ROUNDS,
    )  # fmt: skip


@router.post("/contests/{slug}/essays/{code}/judges")
@allow(Relation.SECRETARY)
def appoint_judge(
    form: Annotated[Sent[AppointForm], Depends(sent(AppointForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
) -> Response:
    edition = _edition(session, viewer, slug)
    essay = screening.lock_by_code(session, viewer, edition, code)
    judge = queries.get_judge(session, edition, form.data.judge_id) if form.data else None
    if form.data is not None and judge is None:
        form = form.refused("judge_id", NOT_OFFERED)
    if judge is None:
        return _appointments_page(request, session, viewer, edition, essay, form, 422)
    barred = actions.appoint(session, edition, essay, judge, by=viewer)
    if barred is not None:
        form = form.refused("judge_id", words.BARS[barred])
        return _appointments_page(request, session, viewer, edition, essay, form, 422)
    return go(request, f"/contests/{slug}/essays/{code}/judges", _told(session, essay, judge))


def _told(session: Session, essay: Essay, judge: Judge) -> str:
    load = queries.load(session, judge, rules.ROUNDS.get(essay.status, Round.FIRST))
    return TOO_MANY % {"load": load, "most": judge.most} if load > judge.most else str(APPOINTED)


@router.get("/contests/{slug}/ranking")
@allow(*STAFF)
def show_ranking(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = _edition(session, viewer, slug)
    groups = queries.ranking(session, edition)
    return page(request, "judging/ranking.html", edition=edition, groups=groups, language_name=language)
