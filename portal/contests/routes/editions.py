"""Editions: the public list and page, and their making by a secretary."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import now
from portal.contests import actions, queries, rules, words
from portal.contests.forms import ANCHORS, CRITERIA, EditionFields, EditionForm, key
from portal.contests.models import Criterion, Edition
from portal.contests.rules import EditionStep
from portal.errors import Conflict, NotAllowed
from portal.forms import to_local
from portal.i18n import LANGUAGES, N_, SOURCE, _
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
TAKEN = N_("Another edition has this address. Choose another.")


@router.get("/contests")
@allow(Relation.VISITOR)
def list_editions(request: Request, session: Session, viewer: CurrentViewer, after: str = "") -> Response:
    editions, following = queries.editions(session, viewer, after)
    return page(
        request, "contests/list.html", editions=editions, following=following, is_open=rules.is_open, words=words,
        may_add=viewer.is_secretary,
    )  # fmt: skip


@router.get("/contests/new")
@allow(Relation.SECRETARY)
def new_edition(request: Request) -> Response:
    return _edit_page(request, blank(EditionForm, **_defaults()))


@router.post("/contests/new")
@allow(Relation.SECRETARY)
def create_edition(
    form: Annotated[Sent[EditionFields], Depends(sent(EditionForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
) -> Response:
    if form.data is not None and queries.is_taken(session, form.data.slug):
        form = form.refused("slug", TAKEN)
    if form.data is None:
        return _edit_page(request, form, 422)
    edition = actions.draft_edition(session, form.data, by=viewer)
    return go(request, f"/contests/{edition.slug}", _("The edition is saved as a draft. Publish it when it is right."))


@router.get("/contests/{slug}")
@allow(Relation.VISITOR)
def show_edition(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    return page(request, "contests/show.html", edition=edition, words=words, rules=rules, **_may(viewer, edition))


def _may(viewer: Viewer, edition: Edition) -> dict[str, bool]:
    return {
        "is_open": rules.is_open(edition, now()),
        "may_edit": rules.may_edit(viewer, edition),
        "may_publish": rules.may_take(viewer, EditionStep.PUBLISH, edition),
        "may_close": rules.may_take(viewer, EditionStep.CLOSE, edition),
        "may_see_essays": rules.may_see_essays(viewer, edition),
        "may_screen": rules.may_screen(viewer, edition),
        "screens": rules.may_see_author(viewer, edition),
    }


@router.get("/contests/{slug}/edit")
@allow(Relation.SECRETARY)
def edit_edition(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = _editable(queries.get_visible(session, viewer, slug), viewer)
    return _edit_page(request, blank(EditionForm, **_values(edition)), edition=edition)


@router.post("/contests/{slug}/edit")
@allow(Relation.SECRETARY)
def change_edition(
    form: Annotated[Sent[EditionFields], Depends(sent(EditionForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = _editable(queries.lock_visible(session, viewer, slug), viewer)
    if form.data is not None and form.data.slug != slug and queries.is_taken(session, form.data.slug):
        form = form.refused("slug", TAKEN)
    if form.data is None:
        return _edit_page(request, form, 422, edition=edition)
    try:
        actions.change_edition(session, edition, form.data, by=viewer)
    except Conflict as conflict:
        return _edit_page(request, form.refused("", conflict.reason), 409, edition=edition)
    return go(request, f"/contests/{edition.slug}", _("The edition is saved."))


def _editable(edition: Edition, viewer: Viewer) -> Edition:
    if not viewer.is_secretary:
        raise NotAllowed
    if not rules.may_edit(viewer, edition):
        raise Conflict(N_("This edition is closed and is kept as it was."))
    return edition


@router.post("/contests/{slug}/publish")
@allow(Relation.SECRETARY)
def publish_edition(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    actions.take_edition_step(session, edition, EditionStep.PUBLISH, by=viewer)
    return go(request, f"/contests/{slug}", _("The edition is published. It opens by itself on its date."))


@router.post("/contests/{slug}/close")
@allow(Relation.SECRETARY)
def close_edition(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    actions.take_edition_step(session, edition, EditionStep.CLOSE, by=viewer)
    return go(request, f"/contests/{slug}", _("The edition is closed."))


def _edit_page(request: Request, form: Sent[Any], status: int = 200, edition: Edition | None = None) -> Response:
    return page(
        request, "contests/edit.html", status, form=form, edition=edition, zones=words.ZONES, key=key,
        all_languages=LANGUAGES, criteria=range(1, CRITERIA + 1), anchors=ANCHORS,
    )  # fmt: skip


def _defaults() -> dict[str, Any]:
    """A new edition as the last ones were."""
    values: dict[str, Any] = {"zone": words.ZONES[0], "ages": "\n".join(f"{a}-{b}" for a, b in words.AGES)}
    values.update({f"limit_{key(code)}": most for code, most in words.LIMITS.items()})
    for n, (name, weight, anchors) in enumerate(words.RUBRIC, 1):
        values.update(_criterion_values(n, name, weight, anchors))
    return values


def _criterion_values(n: int, name: str, weight: int, anchors: dict[str, str]) -> dict[str, Any]:
    return {f"criterion_{n}": name, f"weight_{n}": weight, **{f"anchor_{n}_{at}": text for at, text in anchors.items()}}


def _values(edition: Edition) -> dict[str, Any]:
    """An edition as its form shows it."""
    values: dict[str, Any] = {"slug": edition.slug, "zone": edition.zone, "reference_on": edition.reference_on}
    for name in ("opens_at", "due_at", "judging_due_at"):
        values[name] = to_local(getattr(edition, name), edition.zone)
    values["ages"] = "\n".join(f"{category.age_from}-{category.age_to}" for category in edition.categories)
    values.update({f"limit_{key(limit.language)}": limit.most for limit in edition.limits})
    for criterion in edition.criteria:
        anchors = _in_english(criterion)
        values.update(_criterion_values(criterion.position, criterion.name(SOURCE), criterion.weight, anchors))
    return values | _translations(edition)


def _in_english(criterion: Criterion) -> dict[str, str]:
    return {at: names[SOURCE] for at, names in criterion.anchors.items()}


def _translations(edition: Edition) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for code in LANGUAGES:
        values[f"title_{key(code)}"] = edition.titles.get(code, "")
        values[f"text_{key(code)}"] = edition.texts.get(code, "")
        values[f"themes_{key(code)}"] = _joined(edition.themes, code)
        values[f"category_names_{key(code)}"] = _joined(edition.categories, code)
        values[f"criterion_names_{key(code)}"] = _joined(edition.criteria, code) if code != "en" else ""
    return values


def _joined(rows: list[Any], code: str) -> str:
    return "\n".join(row.names[code] for row in rows if code in row.names)
