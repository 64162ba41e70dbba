"""Entering essays from paper: begun, scanned, consented to, and compared line by line."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal import i18n
from portal.accounts import queries as people
from portal.accounts import words as account_words
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.clock import now
from portal.consents.models import Purpose
from portal.consents.rules import is_minor
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.essays import actions as essay_actions
from portal.essays import queries as essays
from portal.essays import rules as essay_rules
from portal.essays import words as essay_words
from portal.essays.models import Authorship
from portal.files import actions as files
from portal.files.downloads import download
from portal.files.models import Kind
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_
from portal.paper_essays import actions, queries, rules, words
from portal.paper_essays.forms import Comparison, Newcomer, Paper, Signed
from portal.registry.models import Government
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
KINDS = (Kind.PDF, Kind.PNG, Kind.JPEG)
SentNewcomer = Annotated[Sent[Newcomer], Depends(sent(Newcomer))]
SentComparison = Annotated[Sent[Comparison], Depends(sent(Comparison))]
SentSigned = Annotated[Sent[Signed], Depends(sent(Signed))]
Scan = Annotated[Uploaded, Depends(uploaded("scan", *KINDS))]
OFFICE = (Relation.HOME, Relation.HOST)  # every coordinator is home coordinator of somebody
ENTERED = N_("The essay is begun. Upload its scan, then fill in the rest from the paper.")
KEPT = N_("The scan is saved.")
COMPARED = N_("It is kept that you compared the text with the scan.")
CONSENTED = N_("The answers of the signed consent are saved.")
CHOOSE = N_("Choose a PDF file or a picture first.")
KNOWN = N_("This address belongs to an account. Ask the person to sign in and write there, or leave the address empty.")
ON_LIST = N_("Choose one from the list.")
WHO_SIGNED = N_("The author is not of age. Enter who signed as parent or guardian.")


@router.get("/contests/paper")
@allow(*OFFICE)
def list_entered(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    found, following = queries.entered(session, viewer, after=after)
    open_ = [own for own in found if essay_rules.may_be_written(own.essay, own.essay.edition, now())]
    standings = queries.standings(session, open_)
    wanting = {own.id: _wanting(essay_actions.checks(own, standings[own.id])) for own in open_}
    return page(
        request, "paper_essays/list.html", found=found, following=following, wanting=wanting, words=words,
        essay_words=essay_words, corrected_by=essay_rules.corrected_by,
    )  # fmt: skip


def _wanting(checks: list[essay_rules.Check]) -> list[str]:
    """The pages with something to finish, each once."""
    return list(dict.fromkeys(check.task for check in checks))


@router.get("/contests/{slug}/paper")
@allow(*OFFICE)
def show_enter(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    homes = list(queries.homes(session, viewer))
    why_not = queries.why_not_entered(session, viewer, edition)
    if why_not is not None:
        raise Conflict(why_not)
    return _enter_page(request, edition, homes, blank(Newcomer, home_id=homes[0].id, language=i18n.language()))


@router.post("/contests/{slug}/paper")
@allow(*OFFICE)
def enter(form: SentNewcomer, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    homes = list(queries.homes(session, viewer))
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    form = _checked(session, homes, form)
    if form.data is None:
        return _enter_page(request, edition, homes, form, 422)
    home = next(home for home in homes if home.id == form.data.home_id)
    try:
        own = actions.enter(session, edition, home, form.data, by=viewer)
    except Conflict as conflict:
        return _enter_page(request, edition, homes, form.refused("", conflict.reason), 409)
    return arrival.done(f"/essays/{own.essay_id}/paper", ENTERED)


def _checked(session: sqlmodel.Session, homes: list[Government], form: Sent[Newcomer]) -> Sent[Newcomer]:
    typed = form.data
    if typed is not None and typed.home_id not in {home.id for home in homes}:
        form = form.refused("home_id", ON_LIST)
    if typed is not None and typed.email and people.by_email(session, typed.email) is not None:
        form = form.refused("email", KNOWN)
    return form


def _enter_page(
    request: Request, edition: Edition, homes: list[Government], form: Sent[Newcomer], status: int = 200
) -> Response:
    choices = [(home.id, home.name(i18n.language())) for home in homes]
    return page(
        request, "paper_essays/enter.html", status, edition=edition, homes=choices, form=form,
        all_languages=account_words.languages(),
    )  # fmt: skip


# The scan of the essay


@router.get("/essays/{essay_id}/paper")
@allow(*OFFICE)
def show_paper(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    return _paper_page(request, queries.get_entered(session, viewer, essay_id), blank(Paper))


@router.post("/essays/{essay_id}/paper")
@allow(*OFFICE)
def keep_scan(
    scan: Scan, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID
) -> Response:  # fmt: skip
    own = queries.get_entered(session, viewer, essay_id, lock=True)
    if scan.checked is None:
        return _paper_page(request, own, blank(Paper).refused("scan", scan.error or CHOOSE), 422)
    try:
        actions.keep_scan(session, own, scan.checked, by=viewer)
    except Conflict as conflict:
        return _paper_page(request, own, blank(Paper).refused("", conflict.reason), 409)
    return go(request, f"/essays/{essay_id}", KEPT)


def _paper_page(request: Request, own: Authorship, form: Sent[Paper], status: int = 200) -> Response:
    return page(request, "paper_essays/paper.html", status, own=own, essay=own.essay, form=form)


@router.get("/essays/{essay_id}/paper/scan")
@allow(*OFFICE)
def read_scan(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    return download(request, queries.scan_of(session, viewer, essay_id))


@router.get("/essays/{essay_id}/paper/consent")
@allow(*OFFICE)
def read_consent(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    return download(request, queries.consent_scan_of(session, viewer, essay_id))


# The comparison


@router.get("/essays/{essay_id}/compare")
@allow(*OFFICE)
def show_comparison(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_entered(session, viewer, essay_id)
    return _comparison_page(request, own, _unconfirmed(own))


@router.post("/essays/{essay_id}/compare")
@allow(*OFFICE)
def confirm_comparison(
    form: SentComparison, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID
) -> Response:
    own = queries.get_entered(session, viewer, essay_id, lock=True)
    if form.data is None:
        return _comparison_page(request, own, form, 422)
    try:
        actions.confirm_comparison(session, own, version=form.data.version, by=viewer)
    except Conflict as conflict:
        # The box must be ticked again, below the text as it now is.
        return _comparison_page(request, own, _unconfirmed(own).refused("", conflict.reason), 409)
    return go(request, f"/essays/{essay_id}", COMPARED)


def _unconfirmed(own: Authorship) -> Sent[Comparison]:
    return blank(Comparison, version=own.essay.version, is_compared=essay_rules.is_compared(own))


def _comparison_page(request: Request, own: Authorship, form: Sent[Comparison], status: int = 200) -> Response:
    return page(
        request, "paper_essays/compare.html", status, own=own, essay=own.essay, form=form,
        may_compare=essay_rules.may_be_written(own.essay, own.essay.edition, now()),
    )  # fmt: skip


# The signed consent


@router.get("/essays/{essay_id}/signed")
@allow(*OFFICE)
def show_signed(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_entered(session, viewer, essay_id)
    kept = queries.signed(essays.consents_of(session, own))
    answers = {purpose.value: "yes" if is_given else "no" for purpose, is_given in kept.answers.items()}
    return _signed_page(request, session, own, blank(Signed, guardian_name=kept.guardian_name, **answers))


@router.post("/essays/{essay_id}/signed")
@allow(*OFFICE)
def enter_consents(
    form: SentSigned, scan: Scan, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID
) -> Response:
    own = queries.get_entered(session, viewer, essay_id, lock=True)
    if not rules.is_author_known(own):
        return _signed_page(request, session, own, form.refused("", rules.UNKNOWN_AUTHOR), 409)
    kept = queries.signed(essays.consents_of(session, own))
    form = _with_scan(form, scan, own, is_needed=kept.scan_id is None)
    if form.data is None:
        return _signed_page(request, session, own, form, 422)
    new = files.keep(session, scan.checked, owner_id=own.person_id).id if scan.checked else kept.scan_id
    assert new is not None, "one was asked for"
    actions.enter_consents(session, own, form.data, new, by=viewer)
    return go(request, f"/essays/{essay_id}", CONSENTED)


def _with_scan(form: Sent[Signed], scan: Uploaded, own: Authorship, *, is_needed: bool) -> Sent[Signed]:
    if scan.error or (is_needed and not scan.present):
        form = form.refused("scan", scan.error or CHOOSE)
    if form.data is not None and _needs_guardian(own) and not form.data.guardian_name:
        form = form.refused("guardian_name", WHO_SIGNED)
    return form


def _needs_guardian(own: Authorship) -> bool:
    return is_minor(essay_rules.ward_of(own), now())


def _signed_page(
    request: Request, session: sqlmodel.Session, own: Authorship, form: Sent[Any], status: int = 200
) -> Response:
    kept = queries.signed(essays.consents_of(session, own))
    return page(
        request, "paper_essays/signed.html", status, own=own, essay=own.essay, form=form, kept=kept,
        purposes=list(Purpose), needs_guardian=_needs_guardian(own), is_author_known=rules.is_author_known(own),
    )  # fmt: skip
