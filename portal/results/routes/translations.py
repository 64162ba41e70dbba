"""Translations of essays whose authors agreed to it. A secretary enters them, and learns nothing of the author."""

from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import words as contest_words
from portal.contests.models import Edition
from portal.errors import Conflict, NotFound
from portal.essays.models import Essay
from portal.i18n import LANGUAGES, N_
from portal.results import actions, queries, rules, words
from portal.results.forms import TranslationForm
from portal.results.routes.publication import edition_of
from portal.screening import queries as screening
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SAVED = N_("The translation is saved. Everybody reads it once the results are public.")
REMOVED = N_("The translation is removed.")


def _essay(
    session: sqlmodel.Session, viewer: Viewer, slug: str, code: str, *, lock: bool = False
) -> tuple[Edition, Essay]:
    edition = edition_of(session, viewer, slug)
    if not rules.may_publish(viewer, edition):
        raise NotFound
    return edition, (screening.lock_by_code if lock else screening.get_essay)(session, viewer, edition, code)


def _into(essay: Essay, language: str) -> str:
    if language not in LANGUAGES or language == essay.language:
        raise NotFound
    return language


@router.get("/contests/{slug}/essays/{code}/translations")
@allow(Relation.SECRETARY)
def list_translations(request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str) -> Response:
    edition, essay = _essay(session, viewer, slug, code)
    return page(
        request, "results/translations.html", edition=edition, essay=essay, language_name=contest_words.language,
        translations=queries.translations(session, essay), may_be=queries.may_be_translated(session, essay),
        others=[each for each in LANGUAGES if each != essay.language], words=words,
    )  # fmt: skip


@router.get("/contests/{slug}/essays/{code}/translations/{language}")
@allow(Relation.SECRETARY)
def edit_translation(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str, language: str
) -> Response:
    edition, essay = _essay(session, viewer, slug, code)
    found = queries.translations(session, essay).get(_into(essay, language))
    if not queries.may_be_translated(session, essay):
        raise Conflict(words.NO_CONSENT)
    values = {name: getattr(found, name) for name in TranslationForm.model_fields} if found else {}
    return _edit_page(request, session, edition, essay, language, blank(TranslationForm, **values))


def _edit_page(
    request: Request, session: sqlmodel.Session, edition: Edition, essay: Essay, language: str,
    form: Sent[TranslationForm], status: int = 200,
) -> Response:  # fmt: skip
    return page(
        request, "results/translation.html", status, edition=edition, essay=essay, into=language, form=form,
        copy=screening.fair_copy(session, essay), language_name=contest_words.language,
        is_there=language in queries.translations(session, essay),
    )  # fmt: skip


@router.post("/contests/{slug}/essays/{code}/translations/{language}")
@allow(Relation.SECRETARY)
def save_translation(
    form: Annotated[Sent[TranslationForm], Depends(sent(TranslationForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
    language: str,
) -> Response:
    edition, essay = _essay(session, viewer, slug, code, lock=True)
    _into(essay, language)
    if form.data is None:
        return _edit_page(request, session, edition, essay, language, form, 422)
    try:
        actions.translate(session, essay, language, form.data, by=viewer)
    except Conflict as conflict:
        return _edit_page(request, session, edition, essay, language, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/essays/{code}/translations", SAVED)


@router.post("/contests/{slug}/essays/{code}/translations/{language}/remove")
@allow(Relation.SECRETARY)
def remove_translation(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str, language: str
) -> Response:
    _edition, essay = _essay(session, viewer, slug, code, lock=True)
    actions.remove_translation(session, essay, _into(essay, language), by=viewer)
    return go(request, f"/contests/{slug}/essays/{code}/translations", REMOVED)
