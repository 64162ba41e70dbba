"""An author's way: begin, tell about oneself, write, check, send, follow."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.clock import now
from portal.contests import publicity
from portal.contests import queries as contests
from portal.contests import rules as contest_rules
from portal.contests import words as contest_words
from portal.contests.models import AiRule
from portal.errors import Conflict, NotFound
from portal.essays import actions, queries, rules, words
from portal.essays.forms import AboutForm, NewEssay, StatementsForm, SubmitForm
from portal.essays.models import Authorship
from portal.essays.routes.parts import NOT_OFFERED, of, writable
from portal.i18n import _
from portal.registry.words import nationalities
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.once import arrival
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/contests/{slug}/write")
@allow(Relation.PERSON)
def before_writing(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    own = queries.own_in(session, viewer, edition)
    if own is not None:
        return go(request, f"/essays/{own.essay_id}")
    is_open = contest_rules.is_open(edition, now())
    return page(request, "essays/write.html", edition=edition, is_open=is_open, words=contest_words)


@router.post("/contests/{slug}/write")
@allow(Relation.PERSON)
def start_essay(
    form: Annotated[Sent[NewEssay], Depends(sent(NewEssay))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    once = arrival(session, request, viewer.id, form.data.key if form.data else None)
    if once.earlier is not None:
        return once.earlier
    own = actions.start_essay(session, edition, by=viewer)
    return once.done(f"/essays/{own.essay_id}")


@router.get("/essays")
@allow(Relation.PERSON)
def list_own(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    return page(request, "essays/own_list.html", essays=queries.essays_by(session, viewer), words=words)


@router.get("/essays/{essay_id}")
@allow(Relation.AUTHOR)
def show_own(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    return page(
        request, "essays/own.html", **of(session, own), may_withdraw=_may_withdraw(viewer, own),
        has_result=own.essay.status in rules.JUDGED and publicity.has_results(session, own.essay.edition),
    )  # fmt: skip


def _may_withdraw(viewer: CurrentViewer, own: Authorship) -> bool:
    return rules.may(viewer, rules.Step.WITHDRAW, own.essay, is_author=True)


@router.get("/essays/{essay_id}/about")
@allow(Relation.AUTHOR)
def edit_about(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    writable(own)
    names = ("native_name", "roman_name", "born_on", "government_id", "nationality", "school")
    form = blank(AboutForm, **_begun(own), **{name: getattr(own, name) for name in names})
    return _about_page(request, session, own, form)


def _begun(own: Authorship) -> dict[str, Any]:
    """What a page about the author began with."""
    return {"version": own.essay.version, "began": rules.mark_of_author(own)}


@router.post("/essays/{essay_id}/about")
@allow(Relation.AUTHOR)
def write_about(
    form: Annotated[Sent[AboutForm], Depends(sent(AboutForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    essay_id: uuid.UUID,
) -> Response:
    own = queries.lock_own(session, viewer, essay_id)
    government_id = form.data and form.data.government_id
    if government_id and not contests.government_exists(session, government_id):
        form = form.refused("government_id", NOT_OFFERED)
    if form.data is None:
        return _about_page(request, session, own, form, 422)
    try:
        actions.write_about(session, own, form.data, by=viewer)
    except Conflict as conflict:
        return _about_page(request, session, own, form.refused("", conflict.reason), 409)
    return go(request, f"/essays/{essay_id}", _("Your details are saved."))


def _about_page(
    request: Request, session: Session, own: Authorship, form: Sent[AboutForm], status: int = 200
) -> Response:
    governments = contests.governments(session)
    return page(
        request, "essays/about.html", status, form=form, governments=governments, nationalities=nationalities(),
        **of(session, own),
    )  # fmt: skip


@router.get("/essays/{essay_id}/statements")
@allow(Relation.AUTHOR)
def edit_statements(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    writable(own)
    given = {"is_original": own.is_original, "used_ai": own.used_ai, "used_none": own.used_ai is False}
    form = blank(StatementsForm, **_begun(own), **given, ai_use=own.ai_use)
    return page(request, "essays/statements.html", form=form, **of(session, own))


@router.post("/essays/{essay_id}/statements")
@allow(Relation.AUTHOR)
def write_statements(
    form: Annotated[Sent[StatementsForm], Depends(sent(StatementsForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    essay_id: uuid.UUID,
) -> Response:
    own = queries.lock_own(session, viewer, essay_id)
    is_asked = own.essay.edition.ai_rule is AiRule.DISCLOSED
    if is_asked and form.data and form.data.used_ai and not form.data.ai_use:
        form = form.refused("ai_use", rules.HOW)
    if form.data is None:
        return page(request, "essays/statements.html", 422, form=form, **of(session, own))
    try:
        actions.write_statements(session, own, form.data, by=viewer)
    except Conflict as conflict:
        return page(request, "essays/statements.html", 409, form=form.refused("", conflict.reason), **of(session, own))
    return go(request, f"/essays/{essay_id}", _("Your statements are saved."))


@router.get("/essays/{essay_id}/consents")
@allow(Relation.AUTHOR)
def go_to_consents(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    """So that every task of an essay has its address below it."""
    own = queries.get_own(session, viewer, essay_id)
    return go(request, f"/consents/contest/{own.edition_id}")


@router.post("/essays/{essay_id}/submit")
@allow(Relation.AUTHOR)
def submit_essay(
    form: Annotated[Sent[SubmitForm], Depends(sent(SubmitForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    essay_id: uuid.UUID,
) -> Response:
    if form.data is None:
        queries.get_own(session, viewer, essay_id)
        raise Conflict(actions.ELSEWHERE)
    once = arrival(session, request, viewer.id, form.data.key)
    if once.earlier is not None:
        return once.earlier
    own = queries.lock_own(session, viewer, essay_id)
    actions.submit_essay(session, own, version=form.data.version, by=viewer)
    return once.done(f"/essays/{essay_id}/receipt")


@router.get("/essays/{essay_id}/receipt")
@allow(Relation.AUTHOR)
def show_receipt(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    if own.essay.submitted_at is None:
        raise NotFound
    return page(request, "essays/receipt.html", **of(session, own))


@router.get("/essays/{essay_id}/submissions")
@allow(Relation.AUTHOR)
def list_submissions(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    """What was sent each time: twice at most, for an essay is returned once."""
    own = queries.get_own(session, viewer, essay_id)
    submissions = queries.submissions(session, own.essay)
    return page(request, "essays/submissions.html", own=own, essay=own.essay, submissions=submissions)


@router.post("/essays/{essay_id}/withdraw")
@allow(Relation.AUTHOR)
def withdraw_essay(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID
) -> Response:
    own = queries.lock_own(session, viewer, essay_id)
    actions.withdraw_essay(session, own, by=viewer)
    return go(request, f"/essays/{essay_id}", _("Your essay is withdrawn."))
