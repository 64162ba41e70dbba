"""Essays by code, for the secretariat; who wrote them, for screeners; and what screeners decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import actions, queries, rules, words
from portal.contests.forms import ReasonForm
from portal.contests.models import Edition, Essay, EssayStatus
from portal.contests.rules import Step
from portal.i18n import _
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)


@router.post("/contests/{slug}/screening")
@allow(Relation.SECRETARY)
def take_on_screening(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    actions.take_on_screening(session, edition, by=viewer)
    return go(request, f"/contests/{slug}/essays", _("You screen this edition now: you see who wrote what."))


@router.get("/contests/{slug}/essays")
@allow(*STAFF)
def list_essays(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, status: str = "", after: str = ""
) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    wanted = EssayStatus(status) if status in set(EssayStatus) else None
    essays, following = queries.essays(session, viewer, edition, status=wanted, after=after)
    return page(
        request, "contests/essays.html", edition=edition, essays=essays, following=following, chosen=wanted,
        words=words, may_screen=rules.may_screen(viewer, edition),
    )  # fmt: skip


@router.get("/contests/{slug}/essays/{code}")
@allow(*STAFF)
def show_essay(request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    essay = queries.get_essay(session, viewer, edition, code)
    return _essay_page(request, session, viewer, edition, essay, blank(ReasonForm))


def _essay_page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, essay: Essay, form: Sent[ReasonForm],
    status: int = 200, refused: Step | None = None,
) -> Response:  # fmt: skip
    author = queries.author_of(session, essay) if rules.may_see_author(viewer, edition) else None
    is_author = queries.wrote(session, viewer, essay)
    may = {step.value: rules.may(viewer, step, essay, is_author=is_author) for step in rules.SCREENERS_STEPS}
    limit = rules.limit_of(edition, essay.language)
    return page(
        request, "contests/essay.html", status, edition=edition, essay=essay, author=author, form=form, may=may,
        refused=refused, measured=rules.measured(essay.text, limit) if limit else None, words=words,
        may_screen=rules.may_screen(viewer, edition), blank_form=blank(ReasonForm),
    )  # fmt: skip


@router.post("/contests/{slug}/essays/{code}/admit")
@allow(Relation.SCREENER)
def admit_essay(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str
) -> Response:
    essay = queries.lock_by_code(session, viewer, queries.get_visible(session, viewer, slug), code)
    actions.screen_essay(session, essay, Step.ADMIT, by=viewer)
    return go(request, f"/contests/{slug}/essays/{code}", _("The essay is admitted. Judges can be appointed to it."))


@router.post("/contests/{slug}/essays/{code}/return")
@allow(Relation.SCREENER)
def return_essay(
    form: Annotated[Sent[ReasonForm], Depends(sent(ReasonForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
) -> Response:
    return _with_reason(form, request, session, viewer, slug, code, Step.RETURN)


@router.post("/contests/{slug}/essays/{code}/disqualify")
@allow(Relation.SCREENER)
def disqualify_essay(
    form: Annotated[Sent[ReasonForm], Depends(sent(ReasonForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
) -> Response:
    return _with_reason(form, request, session, viewer, slug, code, Step.DISQUALIFY)


def _with_reason(
    form: Sent[ReasonForm], request: Request, session: Session, viewer: Viewer, slug: str, code: str, step: Step
) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    essay = queries.lock_by_code(session, viewer, edition, code)
    if form.data is None:
        return _essay_page(request, session, viewer, edition, essay, form, 422, step)
    actions.screen_essay(session, essay, step, by=viewer, reason=form.data.reason)
    return go(request, f"/contests/{slug}/essays/{code}", _("Done. The author has been told, with your reason."))
