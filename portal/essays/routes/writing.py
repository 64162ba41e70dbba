"""An author's way: begin, tell about oneself, write, check, send, follow."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.clock import now
from portal.contests import queries as contests
from portal.contests import rules as contest_rules
from portal.contests import words as contest_words
from portal.contests.models import Edition
from portal.errors import Conflict, NotFound
from portal.essays import actions, queries, rules, words
from portal.essays.forms import AboutForm, NewEssay, SubmitForm, TextForm
from portal.essays.models import Authorship
from portal.i18n import N_, _
from portal.registry.words import nationalities
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.once import arrival
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
NOT_OFFERED = N_("Choose one from the list.")


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
    return page(request, "essays/own.html", **_of(session, own), may_withdraw=_may_withdraw(viewer, own))


def _may_withdraw(viewer: CurrentViewer, own: Authorship) -> bool:
    return rules.may(viewer, rules.Step.WITHDRAW, own.essay, is_author=True)


def _of(session: Session, own: Authorship) -> dict[str, Any]:
    """What every page of one's own essay shows."""
    essay, edition, missing = own.essay, own.essay.edition, actions.missing(session, own)
    limit = contest_rules.limit_of(edition, essay.language)
    return {
        "own": own,
        "essay": essay,
        "edition": edition,
        "missing": missing,
        "tasks_left": {check.task for check in missing},
        "measured": contest_rules.measured(essay.text, limit) if limit else None,
        "may_write": rules.may_be_written(essay, edition, now()),
        "corrected_by": rules.corrected_by(essay, edition),
        "words": words,
        "contest_words": contest_words,
    }


@router.get("/essays/{essay_id}/about")
@allow(Relation.AUTHOR)
def edit_about(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    _writable(own)
    names = ("native_name", "roman_name", "born_on", "government_id", "nationality", "school", "is_original")
    form = blank(AboutForm, version=own.essay.version, **{name: getattr(own, name) for name in names})
    return _about_page(request, session, own, form)


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
        **_of(session, own),
    )  # fmt: skip


@router.get("/essays/{essay_id}/text")
@allow(Relation.AUTHOR)
def edit_text(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    _writable(own)
    names = ("version", "theme_id", "language", "title", "text", "notes")
    form = blank(TextForm, **{name: getattr(own.essay, name) for name in names})
    return page(request, "essays/text.html", form=form, **_of(session, own))


@router.post("/essays/{essay_id}/text")
@allow(Relation.AUTHOR)
def write_text(
    form: Annotated[Sent[TextForm], Depends(sent(TextForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    essay_id: uuid.UUID,
) -> Response:
    own = queries.lock_own(session, viewer, essay_id)
    form = _offered(form, own.essay.edition)
    if form.data is None:
        return page(request, "essays/text.html", 422, form=form, **_of(session, own))
    try:
        actions.write_text(session, own, form.data, by=viewer)
    except Conflict as conflict:
        # What was typed comes back with the answer: the wrong moment must not cost anybody their text.
        return page(request, "essays/text.html", 409, form=form.refused("", conflict.reason), **_of(session, own))
    return go(request, f"/essays/{essay_id}", _("Your text is saved."))


def _offered(form: Sent[TextForm], edition: Edition) -> Sent[TextForm]:
    given = form.data
    if given and not contest_rules.offers_theme(edition, given.theme_id):
        form = form.refused("theme_id", NOT_OFFERED)
    if given and not contest_rules.offers_language(edition, given.language):
        form = form.refused("language", NOT_OFFERED)
    return form


def _writable(own: Authorship) -> None:
    why_not = rules.why_not_written(own.essay, own.essay.edition, now())
    if why_not:
        raise Conflict(why_not)


@router.get("/essays/{essay_id}/check")
@allow(Relation.AUTHOR)
def check_essay(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    _writable(own)
    return page(request, "essays/check.html", telling=_telling(session, own), **_of(session, own))


def _telling(session: Session, own: Authorship) -> list[str]:
    email = contests.person(session, own.person_id).address
    words_ = rules.own_words(names=(own.native_name, own.roman_name), school=own.school, email=email)
    return rules.identity_in(f"{own.essay.title}\n{own.essay.text}", own=words_)


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
    return page(request, "essays/receipt.html", **_of(session, own))


@router.post("/essays/{essay_id}/withdraw")
@allow(Relation.AUTHOR)
def withdraw_essay(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID
) -> Response:
    own = queries.lock_own(session, viewer, essay_id)
    actions.withdraw_essay(session, own, by=viewer)
    return go(request, f"/essays/{essay_id}", _("Your essay is withdrawn."))
