"""A secretary asks somebody to judge an edition."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts import entrance
from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict, NotFound
from portal.i18n import LANGUAGES, N_, language
from portal.judging.models import Judge
from portal.judging.rules import may_appoint
from portal.panels import actions, queries, rules, words
from portal.panels.forms import NOT_OFFERED, AskForm
from portal.registry.words import COUNTRIES, country
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentAsk = Annotated[Sent[AskForm], Depends(sent(AskForm))]
ASKED = N_("The letter is sent. It can be answered for fourteen days.")


def edition_of(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Edition:
    """The edition, for those who see its essays by code; whoever changes its judges holds it."""
    return contests.get_for(session, viewer, slug, rules.may_see, lock=lock)


def choices(session: Session) -> dict[str, Any]:
    """What the forms of a judge's languages, rounds and home offer."""
    return {
        "all_languages": list(LANGUAGES.items()),
        "rounds": [(each.value, name) for each, name in words.ROUNDS.items()],
        "governments": [(each.id, each.name(language())) for each in contests.governments(session)],
        "countries": [(each.value, country(each)) for each in COUNTRIES],
    }


@router.get("/contests/{slug}/judges/new")
@allow(Relation.SECRETARY)
def ask_page(request: Request, session: Session, viewer: CurrentViewer, slug: str, replaces: str = "") -> Response:
    """`replaces` is the code of a judge whose languages, workload and rounds stand in the form then."""
    edition = edition_of(session, viewer, slug)
    before = queries.get_judge(session, viewer, edition, replaces) if replaces else None
    return _page(request, session, viewer, edition, blank(AskForm, **_beginning(edition, before)))


def _beginning(edition: Edition, before: Judge | None) -> dict[str, Any]:
    asked = {"language": language(), "least": 0, "most": 40, "rounds": ["first"], "languages": []}
    if before is None:
        return asked
    terms = {"languages": before.languages, "least": before.least, "most": before.most}
    return {**asked, **terms, "rounds": [each.value for each in rules.rounds(before)], "replaces": before.code}


@router.post("/contests/{slug}/judges/new")
@allow(Relation.SECRETARY)
def ask(form: SentAsk, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = edition_of(session, viewer, slug, lock=True)
    form = _checked(session, viewer, edition, form)
    if form.data is None:
        return _page(request, session, viewer, edition, form, 422)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    try:
        _ask(request, session, viewer, edition, form.data)
    except Conflict as conflict:
        return _page(request, session, viewer, edition, form.refused("email", conflict.reason), 409)
    return arrival.done(f"/contests/{slug}/judges", ASKED)


def _ask(request: Request, session: Session, viewer: Viewer, edition: Edition, typed: AskForm) -> None:
    home = people.government(session, typed.government_id) if typed.government_id else None
    before = queries.get_judge(session, viewer, edition, typed.replaces) if typed.replaces else None
    actions.ask(
        session, edition, typed.terms(), email=typed.email, name=typed.name, language=typed.language, government=home,
        country=typed.country, replaces=before, by=viewer, origin=entrance.settings(request).public_origin,
    )  # fmt: skip


def _checked(session: Session, viewer: Viewer, edition: Edition, form: Sent[AskForm]) -> Sent[AskForm]:
    """With what only the database can find wrong."""
    if form.data is None:
        return form
    wrong = form.data.amiss(has_final=edition.finalists is not None)
    if form.data.government_id and people.government(session, form.data.government_id) is None:
        wrong["government_id"] = NOT_OFFERED
    return form.all_refused(wrong)


def _page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, form: Sent[AskForm], status: int = 200
) -> Response:
    if not may_appoint(viewer, edition):
        raise NotFound
    code = form.values.get("replaces") or ""
    before = queries.get_judge(session, viewer, edition, code) if code else None
    return page(
        request, "panels/ask.html", status, edition=edition, form=form, before=before, **choices(session)
    )  # fmt: skip
