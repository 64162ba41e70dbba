"""Circulars of the secretariat: the list, whom one goes to, and its text."""

import uuid
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.circulars import actions, forms, queries, rules, words
from portal.circulars.audiences import AUDIENCES, Audience
from portal.circulars.forms import AudienceForm, TextsForm
from portal.circulars.models import Circular
from portal.errors import Conflict
from portal.forms import SUFFIXES
from portal.i18n import N_
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentAudience = Annotated[Sent[AudienceForm], Depends(sent(AudienceForm))]
SentTexts = Annotated[Sent[TextsForm], Depends(sent(TextsForm))]
COPIED = N_("This is a new draft with the same group and text. The circular you copied is unchanged.")
DELETED = N_("The draft is deleted.")


@router.get("/circulars")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_circulars(
    request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None
) -> Response:
    found, following = queries.newest(session, viewer, after)
    return page(
        request, "circulars/list.html", circulars=found, following=following, words=words, audiences=AUDIENCES,
        may_write=rules.may(viewer),
    )  # fmt: skip


@router.get("/circulars/new")
@allow(Relation.SECRETARY)
def new_circular(request: Request, session: Session, viewer: CurrentViewer, audience: str = "") -> Response:
    form = blank(AudienceForm, audience=audience)
    return _audience_page(request, session, viewer, None, audience, form)


def _audience_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, circular: Circular | None, name: str,
    form: Sent[AudienceForm], status: int = 200,
) -> Response:  # fmt: skip
    """The groups to choose from, or what the chosen one is narrowed by."""
    chosen = AUDIENCES.get(name)
    return page(
        request, "circulars/audience.html", status, circular=circular, audiences=AUDIENCES, audience=chosen, form=form,
        fields=queries.fields(session, viewer, chosen) if chosen else [],
    )  # fmt: skip


@router.post("/circulars")
@allow(Relation.SECRETARY)
def write_circular(form: SentAudience, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    form, audience, choices = _narrowed(session, viewer, form)
    if form.data is None or audience is None:
        return _audience_page(request, session, viewer, None, audience.name if audience else "", form, 422)
    circular = actions.write(session, audience.name, choices, by=viewer)
    return go(request, f"/circulars/{circular.id}/text")


def _narrowed(
    session: sqlmodel.Session, viewer: Viewer, form: Sent[AudienceForm]
) -> tuple[Sent[AudienceForm], Audience | None, dict[str, str]]:
    """The form with what is wrong with its choices; the group, and what was chosen in it."""
    audience = AUDIENCES.get(form.data.audience) if form.data else None
    if audience is None:
        return form.refused("audience", forms.NO_GROUP), None, {}
    choices = {each.name: getattr(form.data, each.name) for each in audience.filters}
    choices = {name: value for name, value in choices.items() if value}
    return form.all_refused(queries.objections(session, viewer, audience, choices)), audience, choices


def _draft(session: sqlmodel.Session, viewer: Viewer, circular_id: uuid.UUID, *, lock: bool = True) -> Circular:
    """For whoever changes it."""
    circular = queries.get_visible(session, viewer, circular_id, lock=lock)
    actions.ensure(viewer)
    why_not = rules.why_not(rules.Step.EDIT, circular)
    if why_not is not None:
        raise Conflict(why_not, link=(f"/circulars/{circular_id}", N_("Back to the circular")))
    return circular


@router.get("/circulars/{circular_id}/audience")
@allow(Relation.SECRETARY)
def audience_page(
    request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID, audience: str = ""
) -> Response:
    circular = _draft(session, viewer, circular_id, lock=False)
    name = audience or circular.audience
    choices = circular.choices if name == circular.audience else {}
    return _audience_page(
        request, session, viewer, circular, name, blank(AudienceForm, **{**choices, "audience": name})
    )


@router.post("/circulars/{circular_id}/audience")
@allow(Relation.SECRETARY)
def choose_audience(
    form: SentAudience, request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID
) -> Response:
    circular = _draft(session, viewer, circular_id)
    form, audience, choices = _narrowed(session, viewer, form)
    if form.data is None or audience is None:
        return _audience_page(request, session, viewer, circular, audience.name if audience else "", form, 422)
    actions.choose(session, circular, audience.name, choices, by=viewer)
    return go(request, f"/circulars/{circular_id}" if circular.texts else f"/circulars/{circular_id}/text")


@router.get("/circulars/{circular_id}/text")
@allow(Relation.SECRETARY)
def text_page(request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID) -> Response:
    circular = _draft(session, viewer, circular_id, lock=False)
    form = blank(TextsForm, **forms.fields_of(circular.subjects, circular.texts))
    return _text_page(request, session, circular, form)


def _text_page(
    request: Request, session: sqlmodel.Session, circular: Circular, form: Sent[TextsForm], status: int = 200
) -> Response:
    audience = queries.audience_of(circular)
    readers = queries.numbers(session, audience, circular.choices).by_language
    return page(
        request, "circulars/text.html", status, circular=circular, form=form, suffixes=SUFFIXES, readers=readers,
        audience=audience,
    )  # fmt: skip


@router.post("/circulars/{circular_id}/text")
@allow(Relation.SECRETARY)
def edit_text(
    form: SentTexts, request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID
) -> Response:
    circular = _draft(session, viewer, circular_id)
    if form.data is None:
        return _text_page(request, session, circular, form, 422)
    actions.edit(session, circular, form.data.facts(), by=viewer)
    return go(request, f"/circulars/{circular_id}")


@router.post("/circulars/{circular_id}/copy")
@allow(Relation.SECRETARY)
def copy_circular(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID
) -> Response:
    circular = queries.get_visible(session, viewer, circular_id)
    made = actions.copy(session, circular, by=viewer)
    return go(request, f"/circulars/{made.id}", COPIED)


@router.post("/circulars/{circular_id}/delete")
@allow(Relation.SECRETARY)
def delete_circular(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, circular_id: uuid.UUID
) -> Response:
    actions.delete(session, queries.get_visible(session, viewer, circular_id, lock=True), by=viewer)
    return go(request, "/circulars", DELETED)
