"""What an edition has several of: themes, age categories, criteria, awards. Their lists, and a page for each one."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests import actions, queries, rules, words
from portal.contests.forms import parts as forms
from portal.contests.forms.parts import FORMS, PartFields, ReferenceForm, WeightsFields, WeightsForm
from portal.contests.models import Edition
from portal.contests.routes.editor import SAVED, editable, subject_page
from portal.contests.rules import MOST, Move
from portal.contests.words import Part, Subject
from portal.errors import Conflict
from portal.forms import SUFFIXES
from portal.i18n import N_, language
from portal.web import once
from portal.web.forms import Body, Pressed, Sent, blank, check, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
HERE = "/contests/{slug}/edit/{part}"
SentReference = Annotated[Sent[ReferenceForm], Depends(sent(ReferenceForm))]
SentWeights = Annotated[Sent[WeightsFields], Depends(sent(WeightsForm))]
ADDED, REMOVED, MOVED = N_("It is added."), N_("It is removed."), N_("The order is changed.")


@router.post("/contests/{slug}/edit/reference")
@allow(Relation.SECRETARY)
def save_reference(
    form: SentReference, request: Request, session: Session, viewer: CurrentViewer, slug: str
) -> Response:
    """The day on which ages count."""
    edition = editable(session, viewer, slug, lock=True)
    if form.data is None:
        return _list(request, edition, Part.CATEGORIES, form)
    actions.edit_edition(session, edition, by=viewer, reference_on=form.data.reference_on)
    return go(request, f"/contests/{slug}/edit/categories", SAVED)


@router.post("/contests/{slug}/edit/weights")
@allow(Relation.SECRETARY)
def save_weights(form: SentWeights, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    form = form.all_refused(form.data.amiss()) if form.data else form
    if form.data is None:
        return _list(request, edition, Part.CRITERIA, form)
    try:
        actions.set_weights(session, edition, form.data.weights(), by=viewer)
    except Conflict as conflict:
        return _list(request, edition, Part.CRITERIA, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/edit/criteria", SAVED)


@router.get(HERE)
@allow(Relation.SECRETARY)
def list_parts(request: Request, session: Session, viewer: CurrentViewer, slug: str, part: Part) -> Response:
    edition = editable(session, viewer, slug)
    return _list(request, edition, part, _standing(edition, part))


@router.get(f"{HERE}/new")
@allow(Relation.SECRETARY)
def new_part(request: Request, session: Session, viewer: CurrentViewer, slug: str, part: Part) -> Response:
    edition = editable(session, viewer, slug)
    return _one(request, edition, part, blank(FORMS[part]))


@router.post(f"{HERE}/new")
@allow(Relation.SECRETARY)
def add_part(body: Body, request: Request, session: Session, viewer: CurrentViewer, slug: str, part: Part) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    form = _checked(body, edition, part)
    if form.data is None:
        return _one(request, edition, part, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    try:
        actions.add_part(session, edition, part, by=viewer, **form.data.facts())
    except Conflict as conflict:
        return _one(request, edition, part, form.refused("", conflict.reason), status=409)
    return arrival.done(HERE.format(slug=slug, part=part), ADDED)


@router.get(f"{HERE}/{{part_id}}")
@allow(Relation.SECRETARY)
def edit_part(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, part: Part, part_id: uuid.UUID
) -> Response:
    edition = editable(session, viewer, slug)
    row = queries.part_of(edition, part, part_id)
    return _one(request, edition, part, blank(FORMS[part], **forms.of_part(row)), row)


@router.post(f"{HERE}/{{part_id}}")
@allow(Relation.SECRETARY)
def save_part(
    body: Body, request: Request, session: Session, viewer: CurrentViewer, slug: str, part: Part, part_id: uuid.UUID
) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    row = queries.part_of(edition, part, part_id)
    form = _checked(body, edition, part, part_id)
    if form.data is None:
        return _one(request, edition, part, form, row)
    try:
        actions.edit_part(session, edition, part, row, by=viewer, **form.data.facts())
    except Conflict as conflict:
        return _one(request, edition, part, form.refused("", conflict.reason), row, status=409)
    return go(request, HERE.format(slug=slug, part=part), SAVED)


@router.post(f"{HERE}/{{part_id}}/remove")
@allow(Relation.SECRETARY)
def remove_part(
    _pressed: Pressed,
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    part: Part,
    part_id: uuid.UUID,
) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    actions.remove_part(session, edition, part, queries.part_of(edition, part, part_id), by=viewer)
    return go(request, HERE.format(slug=slug, part=part), REMOVED)


@router.post(f"{HERE}/{{part_id}}/{{move}}")
@allow(Relation.SECRETARY)
def move_part(
    _pressed: Pressed,
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    part: Part,
    part_id: uuid.UUID,
    move: Move,
) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    actions.move_part(session, edition, part, queries.part_of(edition, part, part_id), move, by=viewer)
    return go(request, HERE.format(slug=slug, part=part), MOVED)


def _checked(body: Body, edition: Edition, part: Part, part_id: uuid.UUID | None = None) -> Sent[PartFields]:
    form = check(FORMS[part], body)
    return form.all_refused(form.data.amiss(edition, part_id)) if form.data else form


def _standing(edition: Edition, part: Part) -> Sent[Any] | None:
    """What the list itself asks: the day on which ages count, or the weights."""
    if part is Part.CATEGORIES:
        return blank(ReferenceForm, reference_on=edition.reference_on)
    return blank(WeightsForm, **forms.of_weights(edition.criteria)) if part is Part.CRITERIA else None


def _list(request: Request, edition: Edition, part: Part, form: Sent[Any] | None, status: int = 200) -> Response:
    rows = getattr(edition, part)
    return subject_page(
        request, Subject(part.value), form, edition, status, rows=rows, part=part, is_full=len(rows) >= MOST[part],
        weight=rules.weight(edition.criteria),
    )  # fmt: skip


def _one(
    request: Request, edition: Edition, part: Part, form: Sent[PartFields], row: Any = None, *, status: int = 200
) -> Response:
    status = 422 if form.errors and status == 200 else status
    return page(
        request, "contests/part.html", status, form=form, edition=edition, part=part, row=row,
        title=row.name(language()) if row else words.ADD[part], is_fixed=rules.is_fixed(edition),
        suffixes=SUFFIXES, anchors=rules.ANCHORS,
    )  # fmt: skip
