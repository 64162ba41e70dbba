"""The secretariat's editor: an edition from scratch or from an earlier one, its task list, and its own pages."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import now, today
from portal.consents import ages
from portal.contests import actions, queries, rules, words
from portal.contests.forms import pages as forms
from portal.contests.forms.pages import (
    DatesForm,
    LanguagesFields,
    LanguagesForm,
    NewEditionForm,
    RulesFields,
    RulesForm,
    TextsFields,
    TextsForm,
)
from portal.contests.models import Edition
from portal.contests.rules import EditionStep
from portal.contests.words import Subject
from portal.errors import Conflict
from portal.forms import SUFFIXES
from portal.i18n import N_
from portal.registry.words import LANGUAGE_NAMES
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentNew = Annotated[Sent[NewEditionForm], Depends(sent(NewEditionForm))]
SentTexts = Annotated[Sent[TextsFields], Depends(sent(TextsForm))]
SentDates = Annotated[Sent[DatesForm], Depends(sent(DatesForm))]
SentLanguages = Annotated[Sent[LanguagesFields], Depends(sent(LanguagesForm))]
SentRules = Annotated[Sent[RulesFields], Depends(sent(RulesForm))]
TAKEN = N_("Another edition has this address. Choose another.")
DRAFTED = N_("The edition is saved as a draft. Complete what the list shows, then publish it.")
SAVED = N_("Your changes are saved.")


@router.get("/contests/new")
@allow(Relation.SECRETARY)
def new_edition(request: Request) -> Response:
    return _beginning(request, blank(NewEditionForm, **forms.proposal(today())))


@router.post("/contests/new")
@allow(Relation.SECRETARY)
def create_edition(form: SentNew, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    return _create(request, session, viewer, form)


@router.get("/contests/{slug}/copy")
@allow(Relation.SECRETARY)
def begin_copy(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    earlier = queries.get_visible(session, viewer, slug)
    return _beginning(request, blank(NewEditionForm, **forms.of_copy(earlier, now())), earlier)


@router.post("/contests/{slug}/copy")
@allow(Relation.SECRETARY)
def copy_edition(form: SentNew, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    return _create(request, session, viewer, form, queries.get_visible(session, viewer, slug))


def _create(
    request: Request, session: Session, viewer: Viewer, form: Sent[NewEditionForm], earlier: Edition | None = None
) -> Response:
    if form.data is None:
        return _beginning(request, form, earlier)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    slug = form.data.slug
    if queries.is_taken(session, slug):
        return _beginning(request, form.refused("slug", TAKEN), earlier)
    if earlier:
        actions.copy_edition(session, earlier, slug, by=viewer, **form.data.copied(earlier))
    else:
        actions.draft_edition(session, slug, by=viewer, **form.data.fresh())
    return arrival.done(f"/contests/{slug}/edit", DRAFTED)


@router.get("/contests/{slug}/edit")
@allow(Relation.SECRETARY)
def edit_edition(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    return task_list(request, viewer, editable(session, viewer, slug))


@router.get("/contests/{slug}/edit/texts")
@allow(Relation.SECRETARY)
def edit_texts(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = editable(session, viewer, slug)
    return _texts(request, blank(TextsForm, **forms.of_texts(edition)), edition)


@router.post("/contests/{slug}/edit/texts")
@allow(Relation.SECRETARY)
def save_texts(form: SentTexts, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    form = form.all_refused(form.data.amiss(edition)) if form.data else form
    if form.data is None:
        return _texts(request, form, edition)
    wanted = slug if rules.is_fixed(edition) else form.data.slug or slug
    if wanted != slug and queries.is_taken(session, wanted):
        return _texts(request, form.refused("slug", TAKEN), edition)
    actions.edit_edition(session, edition, by=viewer, slug=wanted, **form.data.facts())
    return go(request, f"/contests/{wanted}/edit", SAVED)


@router.get("/contests/{slug}/edit/dates")
@allow(Relation.SECRETARY)
def edit_dates(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = editable(session, viewer, slug)
    return _dates(request, blank(DatesForm, **forms.of_dates(edition)), edition)


@router.post("/contests/{slug}/edit/dates")
@allow(Relation.SECRETARY)
def save_dates(form: SentDates, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    form = form.all_refused(form.data.amiss()) if form.data else form
    if form.data is None:
        return _dates(request, form, edition)
    try:
        actions.edit_edition(session, edition, by=viewer, **form.data.facts())
    except Conflict as conflict:
        return _dates(request, form.refused("", conflict.reason), edition, 409)
    return go(request, f"/contests/{slug}/edit", SAVED)


@router.get("/contests/{slug}/edit/languages")
@allow(Relation.SECRETARY)
def edit_languages(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = editable(session, viewer, slug)
    return _languages(request, blank(LanguagesForm, **forms.of_languages(edition)), edition)


@router.post("/contests/{slug}/edit/languages")
@allow(Relation.SECRETARY)
def save_languages(
    form: SentLanguages, request: Request, session: Session, viewer: CurrentViewer, slug: str
) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    form = form.all_refused(form.data.amiss()) if form.data else form
    if form.data is None:
        return _languages(request, form, edition)
    try:
        actions.set_limits(session, edition, form.data.limits(), by=viewer)
    except Conflict as conflict:
        return _languages(request, form.refused("", conflict.reason), edition, 409)
    return go(request, f"/contests/{slug}/edit", SAVED)


@router.get("/contests/{slug}/edit/rules")
@allow(Relation.SECRETARY)
def edit_rules(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = editable(session, viewer, slug)
    return _rules(request, blank(RulesForm, **forms.of_rules(edition)), edition)


@router.post("/contests/{slug}/edit/rules")
@allow(Relation.SECRETARY)
def save_rules(form: SentRules, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = editable(session, viewer, slug, lock=True)
    form = form.all_refused(form.data.amiss(edition)) if form.data else form
    if form.data is None:
        return _rules(request, form, edition)
    try:
        actions.edit_edition(session, edition, by=viewer, **form.data.facts())
    except Conflict as conflict:
        return _rules(request, form.refused("", conflict.reason), edition, 409)
    return go(request, f"/contests/{slug}/edit", SAVED)


def editable(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Edition:
    """The edition, if this person may change it now."""
    edition = (queries.lock_visible if lock else queries.get_visible)(session, viewer, slug)
    actions.ensure_editable(edition, by=viewer)
    return edition


def task_list(request: Request, viewer: Viewer, edition: Edition, *, status: int = 200) -> Response:
    """What there is to do, what is missing, and in which languages."""
    counts = {part: len(getattr(edition, part)) for part in words.Part}
    return page(
        request, "contests/edit.html", status, edition=edition, words=words, counts=counts,
        lacking=rules.lacking(edition, now()), untranslated=rules.untranslated(edition), written_in=LANGUAGE_NAMES,
        may_publish=rules.may_take(viewer, EditionStep.PUBLISH, edition), is_refused=status == 409,
    )  # fmt: skip


def subject_page(
    request: Request, subject: Subject, form: Sent[Any] | None, edition: Edition, status: int = 200, **context: Any
) -> Response:
    """A page of the editor; with what was typed and 422 if the form is wrong."""
    status = 422 if form and form.errors and status == 200 else status
    return page(
        request, f"contests/{subject}.html", status, form=form, edition=edition, title=words.SUBJECTS[subject],
        is_fixed=rules.is_fixed(edition), suffixes=SUFFIXES, words=words, **context,
    )  # fmt: skip


def _beginning(request: Request, form: Sent[NewEditionForm], earlier: Edition | None = None) -> Response:
    status = 422 if form.errors else 200
    return page(request, "contests/new.html", status, form=form, earlier=earlier, zones=words.ZONES, words=words)


def _texts(request: Request, form: Sent[TextsFields], edition: Edition) -> Response:
    return subject_page(request, Subject.TEXTS, form, edition)


def _dates(request: Request, form: Sent[DatesForm], edition: Edition, status: int = 200) -> Response:
    return subject_page(
        request, Subject.DATES, form, edition, status, zones=words.ZONES, has_opened=rules.has_opened(edition, now())
    )


def _languages(request: Request, form: Sent[LanguagesFields], edition: Edition, status: int = 200) -> Response:
    in_characters = rules.COUNTED_IN_CHARACTERS
    return subject_page(request, Subject.LANGUAGES, form, edition, status, in_characters=in_characters)


def _rules(request: Request, form: Sent[RulesFields], edition: Edition, status: int = 200) -> Response:
    usual = ages.known()
    known = [
        (code, forms.of_country(code), usual[code], dt.date.fromisoformat(usual[code].reviewed_on))
        for code in forms.COUNTRIES
    ]
    return subject_page(
        request, Subject.RULES, form, edition, status, known=known, first_rules=forms.FIRST_RULES,
        has_opened=rules.has_opened(edition, now()),
    )  # fmt: skip
