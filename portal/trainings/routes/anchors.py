"""A secretary writes the anchor essays of an edition, and sees how its judges train."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.rules import Move
from portal.contests.words import language
from portal.errors import Conflict, NotFound
from portal.forms import SUFFIXES
from portal.i18n import N_
from portal.judging.rules import takes_judges
from portal.registry.words import LANGUAGE_NAMES
from portal.trainings import actions, queries, rules
from portal.trainings.forms import AnchorFields, AnchorForm, of_anchor
from portal.trainings.models import Anchor
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
LIST = "/contests/{slug}/training"
ONE = f"{LIST}/{{anchor_id}}"
SentAnchor = Annotated[Sent[AnchorFields], Depends(sent(AnchorForm))]
ADDED, SAVED, REMOVED, MOVED = N_("It is added."), N_("It is saved."), N_("It is removed."), N_("The order is changed.")


def edition_of(session: Session, viewer: Viewer, slug: str, *, writes: bool = False) -> Edition:
    """The edition, for those who see its essays by code; for those who write, held, unless they judge it."""
    return contests.get_for(session, viewer, slug, rules.may_write if writes else rules.may_see, lock=writes)


@router.get(LIST)
@allow(*STAFF)
def list_anchors(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = edition_of(session, viewer, slug)
    anchors = queries.anchors(session, viewer, edition)
    return page(
        request, "trainings/anchors.html", edition=edition, anchors=anchors, language_name=language,
        begun=queries.begun(session, [each.id for each in anchors]), is_full=len(anchors) >= rules.ANCHORS,
        may_write=rules.may_write(viewer, edition) and takes_judges(edition), is_published=takes_judges(edition),
    )  # fmt: skip


@router.get(f"{LIST}/results")
@allow(*STAFF)
def show_results(request: Request, session: Session, viewer: CurrentViewer, slug: str, after: str = "") -> Response:
    edition = edition_of(session, viewer, slug)
    results, following = queries.results(session, viewer, edition, after)
    return page(request, "trainings/results.html", edition=edition, results=results, following=following)


@router.get(f"{LIST}/new")
@allow(Relation.SECRETARY)
def new_anchor(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = edition_of(session, viewer, slug)
    return _page(request, viewer, edition, blank(AnchorForm))


@router.post(f"{LIST}/new")
@allow(Relation.SECRETARY)
def add_anchor(form: SentAnchor, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = edition_of(session, viewer, slug, writes=True)
    form = _checked(edition, form)
    if form.data is None:
        return _page(request, viewer, edition, form, status=422)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    try:
        actions.add_anchor(session, edition, by=viewer, **form.data.facts(edition.criteria))
    except Conflict as conflict:
        return _page(request, viewer, edition, form.refused("", conflict.reason), status=409)
    return arrival.done(LIST.format(slug=slug), ADDED)


@router.get(ONE)
@allow(*STAFF)
def show_anchor(request: Request, session: Session, viewer: CurrentViewer, slug: str, anchor_id: uuid.UUID) -> Response:
    edition = edition_of(session, viewer, slug)
    anchor = queries.get_anchor(session, viewer, edition, anchor_id)
    is_begun = anchor.id in queries.begun(session, [anchor.id])
    may_edit = rules.may_write(viewer, edition) and takes_judges(edition) and not is_begun
    if may_edit:
        return _page(request, viewer, edition, blank(AnchorForm, **of_anchor(anchor)), anchor)
    return page(
        request, "trainings/anchor.html", edition=edition, anchor=anchor, language_name=language, is_begun=is_begun
    )  # fmt: skip


@router.post(ONE)
@allow(Relation.SECRETARY)
def save_anchor(
    form: SentAnchor, request: Request, session: Session, viewer: CurrentViewer, slug: str, anchor_id: uuid.UUID
) -> Response:
    edition = edition_of(session, viewer, slug, writes=True)
    anchor = queries.get_anchor(session, viewer, edition, anchor_id, lock=True)
    form = _checked(edition, form)
    if form.data is None:
        return _page(request, viewer, edition, form, anchor, 422)
    try:
        actions.edit_anchor(session, edition, anchor, by=viewer, **form.data.facts(edition.criteria))
    except Conflict as conflict:
        return _page(request, viewer, edition, form.refused("", conflict.reason), anchor, 409)
    return go(request, LIST.format(slug=slug), SAVED)


@router.post(f"{ONE}/remove")
@allow(Relation.SECRETARY)
def remove_anchor(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, anchor_id: uuid.UUID
) -> Response:
    edition = edition_of(session, viewer, slug, writes=True)
    actions.remove_anchor(
        session, edition, queries.get_anchor(session, viewer, edition, anchor_id, lock=True), by=viewer
    )
    return go(request, LIST.format(slug=slug), REMOVED)


@router.post(f"{ONE}/{{move}}")
@allow(Relation.SECRETARY)
def move_anchor(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, anchor_id: uuid.UUID,
    move: Move,
) -> Response:  # fmt: skip
    edition = edition_of(session, viewer, slug, writes=True)
    actions.move_anchor(session, edition, queries.get_anchor(session, viewer, edition, anchor_id), move, by=viewer)
    return go(request, LIST.format(slug=slug), MOVED)


def _checked(edition: Edition, form: Sent[AnchorFields]) -> Sent[AnchorFields]:
    if form.data is None:
        return form
    return form.all_refused(form.data.amiss([limit.language for limit in edition.limits], edition.criteria))


def _page(
    request: Request, viewer: Viewer, edition: Edition, form: Sent[AnchorFields], anchor: Anchor | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    if not rules.may_write(viewer, edition):
        raise NotFound
    return page(
        request, "trainings/write.html", status, edition=edition, form=form, anchor=anchor, suffixes=SUFFIXES,
        names=LANGUAGE_NAMES, offered=[(limit.language, language(limit.language)) for limit in edition.limits],
    )  # fmt: skip
