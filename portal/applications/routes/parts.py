"""The pages of the parts, each filled in and saved on its own: the same for all that are plain forms."""

import uuid
from collections.abc import Callable
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import actions, queries, rules, words
from portal.applications.forms import FORMS
from portal.applications.models import Application
from portal.applications.rules import Step
from portal.applications.words import Part
from portal.clock import now
from portal.errors import Conflict
from portal.i18n import N_
from portal.registry import words as registry_words
from portal.registry.models import Country
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SAVED = N_("Saved. You can go on now or later.")
STALE = N_("This was changed somewhere else after you opened the page. Compare both below, then save again.")


def editing(session: sqlmodel.Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    application = queries.get_own(session, viewer, application_id)
    reason = rules.why_not(Step.SAVE, application, now())
    if reason is not None:
        raise Conflict(reason)
    return application


def part_page(
    request: Request, session: sqlmodel.Session, application: Application, part: Part, form: Sent[Any],
    status: int = 200, *, is_stale: bool = False,
) -> Response:  # fmt: skip
    needs: dict[Part, Callable[[], dict[str, Any]]] = {
        Part.HOME: lambda: {
            "governments": queries.governments(session),
            "countries": {code: registry_words.country(code) for code in Country},
        },
    }
    return page(
        request, "applications/part.html", status, application=application, part=part, form=form, words=words,
        rules=rules, version=rules.version(rules.values(application, part)), is_stale=is_stale,
        **(needs[part]() if part in needs else {}),
    )  # fmt: skip


def _routes_of(part: Part) -> None:
    """The page of one part and its saving: the same for all but the documents."""
    form_of = FORMS[part]

    @router.get(f"/applications/{{application_id}}/{part}", name=f"show_{part}")
    @allow(Relation.APPLICANT)
    def show_part(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
        application = editing(session, viewer, application_id)
        return part_page(request, session, application, part, blank(form_of, **rules.values(application, part)))

    @router.post(f"/applications/{{application_id}}/{part}", name=f"save_{part}")
    @allow(Relation.APPLICANT)
    def save_part(
        form: Annotated[Sent[Any], Depends(sent(form_of))],
        request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID,
    ) -> Response:  # fmt: skip
        queries.lock_visible(session, viewer, application_id)
        application = editing(session, viewer, application_id)
        if form.data is None:
            return part_page(request, session, application, part, form, 422)
        if rules.is_stale(application, part, form.data):
            return part_page(request, session, application, part, form.refused("", STALE), 409, is_stale=True)
        for name, sentence in queries.objections(session, application, part, form.data).items():
            form = form.refused(name, sentence)
        if form.data is None:
            return part_page(request, session, application, part, form, 422)
        actions.save(session, application, part, form.data, by=viewer)
        return go(request, f"/applications/{application.id}", SAVED)


for each in FORMS:
    if each is not Part.DOCUMENTS:
        _routes_of(each)
