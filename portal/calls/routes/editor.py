"""The secretariat's editor: a call from scratch or from an earlier one, its task list, and a page for each subject."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.calls import actions, queries, rules, words
from portal.calls.forms import pages as forms
from portal.calls.forms.pages import DatesForm, EligibilityForm, NewCallForm, QuotasForm, TextsForm
from portal.calls.models import Call, CallStatus
from portal.calls.words import Subject
from portal.clock import now, today
from portal.consents import ages
from portal.forms import SUFFIXES
from portal.i18n import N_
from portal.registry import queries as registry
from portal.registry.models import Country
from portal.registry.words import LANGUAGE_NAMES, country
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentNew = Annotated[Sent[NewCallForm], Depends(sent(NewCallForm))]
SentTexts = Annotated[Sent[TextsForm], Depends(sent(TextsForm))]
SentDates = Annotated[Sent[DatesForm], Depends(sent(DatesForm))]
SentEligibility = Annotated[Sent[EligibilityForm], Depends(sent(EligibilityForm))]
SentQuotas = Annotated[Sent[QuotasForm], Depends(sent(QuotasForm))]
TAKEN = N_("Another call has this address. Choose another.")
DRAFTED = N_("The call is saved as a draft. Complete what the list shows, then publish it.")
SAVED = N_("Your changes are saved.")


@router.get("/calls/new")
@allow(Relation.SECRETARY)
def new_call(request: Request) -> Response:
    return _beginning(request, blank(NewCallForm, **forms.proposal(today())))


@router.post("/calls/new")
@allow(Relation.SECRETARY)
def create_call(form: SentNew, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    return _create(request, session, viewer, form)


@router.get("/calls/{slug}/copy")
@allow(Relation.SECRETARY)
def begin_copy(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    earlier = queries.get_visible(session, viewer, slug)
    return _beginning(request, blank(NewCallForm, **forms.of_copy(earlier, now())), earlier)


@router.post("/calls/{slug}/copy")
@allow(Relation.SECRETARY)
def copy_call(form: SentNew, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    return _create(request, session, viewer, form, queries.get_visible(session, viewer, slug))


def _create(
    request: Request, session: Session, viewer: Viewer, form: Sent[NewCallForm], earlier: Call | None = None
) -> Response:
    if form.data is None:
        return _beginning(request, form, earlier)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    slug = form.data.wanted_slug
    if queries.is_taken(session, slug):
        return _beginning(request, form.refused("slug", TAKEN), earlier)
    if earlier:
        actions.copy_call(session, earlier, slug, by=viewer, **form.data.copied(earlier))
    else:
        actions.draft_call(session, slug, by=viewer, **form.data.fresh())
    return arrival.done(f"/calls/{slug}/edit", DRAFTED)


@router.get("/calls/{slug}/edit")
@allow(Relation.SECRETARY)
def edit_call(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    """The task list."""
    call = editable(session, viewer, slug)
    documents, questions = queries.documents(session, call.id), queries.questions(session, call.id)
    criteria = queries.criteria(session, call.id)
    return page(
        request, "calls/edit.html", call=call, documents=documents, questions=questions, words=words,
        criteria=criteria,
        lacking=rules.lacking(call, now()), untranslated=rules.untranslated(call, documents, questions, criteria),
        written_in=LANGUAGE_NAMES, may_publish=rules.may(viewer, rules.Step.PUBLISH, call),
    )  # fmt: skip


@router.get("/calls/{slug}/edit/texts")
@allow(Relation.SECRETARY)
def edit_texts(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    return _texts(request, blank(TextsForm, **forms.of_texts(call)), call)


@router.post("/calls/{slug}/edit/texts")
@allow(Relation.SECRETARY)
def save_texts(form: SentTexts, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug, lock=True)
    if form.data is None:
        return _texts(request, form, call)
    wanted = (form.data.slug or slug) if call.status is CallStatus.DRAFT else slug
    if wanted != slug and queries.is_taken(session, wanted):
        return _texts(request, form.refused("slug", TAKEN), call)
    actions.edit_call(session, call, by=viewer, slug=wanted, **form.data.facts())
    return go(request, f"/calls/{wanted}/edit", SAVED)


@router.get("/calls/{slug}/edit/dates")
@allow(Relation.SECRETARY)
def edit_dates(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    return _dates(request, blank(DatesForm, **forms.of_dates(call)), call)


@router.post("/calls/{slug}/edit/dates")
@allow(Relation.SECRETARY)
def save_dates(form: SentDates, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug, lock=True)
    if form.data is None:
        return _dates(request, form, call)
    actions.edit_call(session, call, by=viewer, **form.data.facts())
    return go(request, f"/calls/{slug}/edit", SAVED)


@router.get("/calls/{slug}/edit/eligibility")
@allow(Relation.SECRETARY)
def edit_eligibility(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    return _eligibility(request, session, blank(EligibilityForm, **forms.of_eligibility(call)), call)


@router.post("/calls/{slug}/edit/eligibility")
@allow(Relation.SECRETARY)
def save_eligibility(
    form: SentEligibility, request: Request, session: Session, viewer: CurrentViewer, slug: str
) -> Response:
    call = editable(session, viewer, slug, lock=True)
    if form.data is not None and not registry.are_known(session, form.data.governments):
        form = form.refused("governments", forms.CHOOSE)
    if form.data is None:
        return _eligibility(request, session, form, call)
    actions.edit_call(session, call, by=viewer, **form.data.facts())
    return go(request, f"/calls/{slug}/edit", SAVED)


@router.get("/calls/{slug}/edit/quotas")
@allow(Relation.SECRETARY)
def edit_quotas(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    return _quotas(request, blank(QuotasForm, **forms.of_quotas(call)), call)


@router.post("/calls/{slug}/edit/quotas")
@allow(Relation.SECRETARY)
def save_quotas(form: SentQuotas, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug, lock=True)
    if form.data is None:
        return _quotas(request, form, call)
    actions.edit_call(session, call, by=viewer, **form.data.facts())
    return go(request, f"/calls/{slug}/edit", SAVED)


def editable(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Call:
    """The call, if this person may change it now."""
    call = (queries.lock_visible if lock else queries.get_visible)(session, viewer, slug)
    actions.ensure_editable(call, by=viewer)
    return call


def subject_page(request: Request, subject: Subject, form: Sent[Any] | None, call: Call, **context: Any) -> Response:
    """A page of the editor; with what was typed and 422 if the form is wrong."""
    status = 422 if form and form.errors else 200
    return page(
        request, f"calls/{subject}.html", status, form=form, call=call, title=words.SUBJECTS[subject], **context
    )


def _beginning(request: Request, form: Sent[NewCallForm], earlier: Call | None = None) -> Response:
    status = 422 if form.errors else 200
    return page(
        request, "calls/new.html", status, form=form, earlier=earlier, zones=words.ZONES, deadlines=words.DEADLINES
    )


def _texts(request: Request, form: Sent[TextsForm], call: Call) -> Response:
    return subject_page(request, Subject.TEXTS, form, call, suffixes=SUFFIXES)


def _dates(request: Request, form: Sent[DatesForm], call: Call) -> Response:
    return subject_page(request, Subject.DATES, form, call, zones=words.ZONES, deadlines=words.DEADLINES)


def _eligibility(request: Request, session: Session, form: Sent[EligibilityForm], call: Call) -> Response:
    return subject_page(
        request, Subject.ELIGIBILITY, form, call, governments=registry.governments(session), words=words,
        countries=[(each.value, country(each)) for each in Country], spoken=list(LANGUAGE_NAMES.items()),
        age_fields=forms.AGE_FIELDS, known_ages=ages.known(), oldest=ages.OLDEST,
    )  # fmt: skip


def _quotas(request: Request, form: Sent[QuotasForm], call: Call) -> Response:
    return subject_page(request, Subject.QUOTAS, form, call, countries=list(Country))
