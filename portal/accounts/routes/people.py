"""People and their roles, for the secretariat."""

import uuid
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from portal import i18n
from portal.accounts import actions, forms, queries, rules, words
from portal.accounts.access import Relation, allow
from portal.accounts.models import Person, Role
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import today
from portal.i18n import _
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentRole = Annotated[Sent[forms.RoleForm], Depends(sent(forms.RoleForm))]


@router.get("/people")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def people(
    request: Request, session: Session, viewer: CurrentViewer, q: str = "", after: uuid.UUID | None = None
) -> Response:
    term = " ".join(q.split())[:100]
    found = queries.people(session, viewer, term, after)
    shown = found[: queries.PAGE]
    following = urlencode({"q": term, "after": str(shown[-1].id)}) if len(found) > len(shown) else ""
    held = queries.roles_today(session, shown)
    values: dict[str, Any] = {"held": held, "roles": words.ROLES, "may_invite": viewer.is_secretary}
    form = blank(forms.PeopleFilter, q=term)
    return page(request, "accounts/people.html", people=shown, form=form, following=following, **values)


@router.get("/people/{person_id}")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def person(request: Request, person_id: uuid.UUID, session: Session, viewer: CurrentViewer) -> Response:
    found = queries.get_visible(session, viewer, person_id)
    form = blank(forms.RoleForm, begins_on=today())
    return _person_page(request, session, viewer, found, form)


@router.post("/people/{person_id}/roles")
@allow(Relation.SECRETARY)
def give_role(
    request: Request, person_id: uuid.UUID, form: SentRole, session: Session, viewer: CurrentViewer
) -> Response:
    found = queries.get_visible(session, viewer, person_id)
    if form.data and form.data.government and queries.government(session, form.data.government) is None:
        form = form.refused("government", _("Choose one from the list."))
    if form.data is None:
        return _person_page(request, session, viewer, found, form, 422)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    typed = form.data
    actions.grant_role(
        session, found, typed.role, by=viewer,
        government_id=typed.government, begins_on=typed.begins_on, ends_on=typed.ends_on,
    )  # fmt: skip
    return arrival.done(f"/people/{person_id}", _("The role is given. The person gets a message."))


@router.post("/people/{person_id}/roles/{grant_id}/end")
@allow(Relation.SECRETARY)
def end_role(
    request: Request, person_id: uuid.UUID, grant_id: uuid.UUID, _form: Pressed, session: Session, viewer: CurrentViewer
) -> Response:
    grant = queries.get_grant(session, viewer, person_id, grant_id)
    actions.end_role(session, grant, by=viewer)
    return go(request, f"/people/{person_id}", _("The role has ended. The person gets a message."))


def _person_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    shown: Person,
    form: Sent[forms.RoleForm],
    status: int = 200,
) -> Response:
    grants = queries.roles(session, shown.id)
    values = {
        "grants": [(grant, rules.may(viewer, rules.Step.END, grant)) for grant in grants],
        "roles": words.ROLES,
        "given_here": [(role.value, words.ROLES[role]) for role in Role if role not in rules.FOR_AN_EDITION],
        "governments": [(each.id, each.name(i18n.language())) for each in queries.governments(session)],
        "may_grant": rules.may(viewer, rules.Step.GRANT),
        "today": today(),
    }
    return page(request, "accounts/person.html", status, person=shown, form=form, **values)
