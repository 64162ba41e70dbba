"""Who judges an edition, and who judges an essay."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.rules import may_see_essays
from portal.contests.words import language
from portal.errors import Conflict, NotFound
from portal.essays.models import Essay
from portal.i18n import LANGUAGES, N_, _
from portal.judging import actions, queries, rules, words
from portal.judging.forms import AppointForm, JudgeForm
from portal.screening import queries as screening
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
NOBODY = N_("No account has this address. Invite this person first, then add them here.")
NOT_OFFERED = N_("Choose one from the list.")


def _edition(session: Session, viewer: Viewer, slug: str) -> Edition:
    """The edition, for those who see its essays by code."""
    edition = contests.get_visible(session, viewer, slug)
    if not may_see_essays(viewer, edition):
        raise NotFound
    return edition


@router.get("/contests/{slug}/judges")
@allow(*STAFF)
def list_judges(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, after: uuid.UUID | None = None
) -> Response:
    edition = _edition(session, viewer, slug)
    return _judges_page(request, session, viewer, edition, blank(JudgeForm), after=after)


def _judges_page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, form: Sent[JudgeForm], status: int = 200,
    after: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    members, following = queries.members(session, edition, after)
    return page(
        request, "judging/judges.html", status, edition=edition, members=members, following=following, form=form,
        may_appoint=rules.may_appoint(viewer, edition), governments=contests.governments(session),
        all_languages=LANGUAGES, language_name=language,
    )  # fmt: skip


@router.post("/contests/{slug}/judges")
@allow(Relation.SECRETARY)
def add_judge(
    form: Annotated[Sent[JudgeForm], Depends(sent(JudgeForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    contests.lock_visible(session, viewer, slug)
    edition = _edition(session, viewer, slug)
    form = _known(session, form)
    person = queries.person_by_email(session, form.data.email) if form.data else None
    if form.data is None or person is None:
        return _judges_page(request, session, viewer, edition, form, 422)
    languages, government_id = form.data.languages, form.data.government_id
    try:
        actions.add_judge(session, edition, person, languages=languages, government_id=government_id, by=viewer)
    except Conflict as conflict:
        return _judges_page(request, session, viewer, edition, form.refused("email", conflict.reason), 409)
    return go(request, f"/contests/{slug}/judges", _("The judge is added and has been told."))


def _known(session: Session, form: Sent[JudgeForm]) -> Sent[JudgeForm]:
    given = form.data
    if given and queries.person_by_email(session, given.email) is None:
        form = form.refused("email", NOBODY)
    if given and given.government_id and not contests.government_exists(session, given.government_id):
        form = form.refused("government_id", NOT_OFFERED)
    return form


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
        may_appoint=rules.may_appoint(viewer, edition) and essay.status in rules.JUDGED,
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
    return go(request, f"/contests/{slug}/essays/{code}/judges", _("The judge is appointed to this essay."))
