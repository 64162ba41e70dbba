"""Editions: the public list and page, the calendar file, and the steps of an edition's life."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal import calendars
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.calendars import Moment
from portal.clock import now
from portal.consents import ages
from portal.contests import actions, publicity, queries, rules, words
from portal.contests.forms.pages import COUNTRIES, of_country
from portal.contests.models import Edition
from portal.contests.routes.editor import task_list
from portal.contests.rules import EditionStep
from portal.i18n import _, language
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/contests")
@allow(Relation.VISITOR)
def list_editions(request: Request, session: Session, viewer: CurrentViewer, after: str = "") -> Response:
    editions, following = queries.editions(session, viewer, after)
    at = now()
    return page(
        request, "contests/list.html", editions=editions, following=following, words=words,
        phase=lambda edition: rules.phase(edition, at), may_add=viewer.is_secretary,
    )  # fmt: skip


@router.get("/contests/{slug}")
@allow(Relation.VISITOR)
def show_edition(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    asked = [(of_country(code), ages.of(edition.consent_ages, code)) for code in COUNTRIES]
    return page(
        request, "contests/show.html", edition=edition, words=words, rules=rules, ages=asked,
        phase=rules.phase(edition, now()), wanting=rules.unready(edition, now()),
        has_results=publicity.has_results(session, edition), **_may(viewer, edition),
    )  # fmt: skip


def _may(viewer: Viewer, edition: Edition) -> dict[str, bool]:
    return {
        "may_edit": rules.may_edit(viewer, edition),
        "may_copy": viewer.is_secretary,
        "may_publish": rules.may_take(viewer, EditionStep.PUBLISH, edition),
        "may_close": rules.may_take(viewer, EditionStep.CLOSE, edition),
        "may_see_essays": rules.may_see_essays(viewer, edition),
        "may_screen": rules.may_screen(viewer, edition),
        "screens": rules.may_see_author(viewer, edition),
    }


@router.get("/contests/{slug}/dates.ics")
@allow(Relation.VISITOR)
def show_calendar(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    made = calendars.calendar(edition.title(language()), _moments(edition, request.app.state.settings.public_origin))
    name = {"Content-Disposition": f'attachment; filename="{edition.slug}.ics"'}
    return Response(made, media_type=calendars.TYPE, headers=name)


def _moments(edition: Edition, origin: str) -> list[Moment]:
    title, url = edition.title(language()), f"{origin}/contests/{edition.slug}"
    told = _("%(deadline)s: %(call)s")
    return [
        Moment(calendars.uid(edition.id, column), told % {"deadline": name, "call": title}, at, url, str(meaning))
        for column, name, at, meaning in rules.stages(edition)
    ]


@router.post("/contests/{slug}/publish")
@allow(Relation.SECRETARY)
def publish_edition(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    if rules.may_take(viewer, EditionStep.PUBLISH, edition) and rules.unready(edition, now()):
        return task_list(request, viewer, edition, status=409)
    actions.take_edition_step(session, edition, EditionStep.PUBLISH, by=viewer)
    return go(request, f"/contests/{slug}", _("The edition is published. It opens by itself on its date."))


@router.post("/contests/{slug}/close")
@allow(Relation.SECRETARY)
def close_edition(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    actions.take_edition_step(session, edition, EditionStep.CLOSE, by=viewer)
    return go(request, f"/contests/{slug}", _("The edition is closed."))
