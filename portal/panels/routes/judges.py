"""The judges of an edition: the list, and a page for each one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts import entrance
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.i18n import N_
from portal.judging.models import Judge
from portal.judging.rules import may_appoint, takes_judges
from portal.panels import actions, queries, rules, words
from portal.panels.forms import TermsForm
from portal.panels.routes.asking import choices, edition_of
from portal.panels.rules import Step
from portal.registry.words import country
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
HERE = "/contests/{slug}/judges/{code}"
SentTerms = Annotated[Sent[TermsForm], Depends(sent(TermsForm))]
SAVED = N_("It is saved. Essays that this judge has already stay with them.")
SENT_AGAIN = N_("The letter is sent again. The link in the earlier one is dead.")
TAKEN_BACK = N_("The question is taken back. Its link is dead.")


@router.get("/contests/{slug}/judges")
@allow(*STAFF)
def list_judges(request: Request, session: Session, viewer: CurrentViewer, slug: str, after: str = "") -> Response:
    edition = edition_of(session, viewer, slug)
    members, following = queries.members(session, viewer, edition, after)
    return page(
        request, "panels/judges.html", edition=edition, members=members, following=following, words=words,
        rounds=rules.rounds, country=country, may_ask=may_appoint(viewer, edition) and takes_judges(edition),
    )  # fmt: skip


@router.get(HERE)
@allow(*STAFF)
def show_judge(request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str) -> Response:
    edition = edition_of(session, viewer, slug)
    judge = queries.get_judge(session, viewer, edition, code)
    terms = rules.terms_of(judge)._asdict()
    form = blank(TermsForm, **terms, rounds=[each.value for each in rules.rounds(judge)])
    return _page(request, session, viewer, edition, judge, form)


def _page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, judge: Judge, form: Sent[TermsForm],
    status: int = 200,
) -> Response:  # fmt: skip
    [member] = queries.told(session, [judge])
    at = now()
    return page(
        request, "panels/judge.html", status, edition=edition, member=member, judge=judge, form=form, words=words,
        may={step.value for step in Step if rules.may(viewer, edition, judge, step, at)}, country=country,
        replaced=queries.replaced(session, judge), declared=queries.declared(session, [judge.id]),
        has=rules.rounds(judge), **choices(session),
    )  # fmt: skip


@router.post(HERE)
@allow(Relation.SECRETARY)
def change_judge(
    form: SentTerms, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str
) -> Response:
    edition = edition_of(session, viewer, slug)
    judge = queries.get_judge(session, viewer, edition, code, lock=True)
    form = form.all_refused(form.data.amiss(has_final=edition.finalists is not None)) if form.data else form
    if form.data is None:
        return _page(request, session, viewer, edition, judge, form, 422)
    actions.change_terms(session, edition, judge, form.data.terms(), by=viewer)
    return go(request, HERE.format(slug=slug, code=code), SAVED)


@router.post(f"{HERE}/send-again")
@allow(Relation.SECRETARY)
def send_again(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str
) -> Response:
    edition = edition_of(session, viewer, slug, lock=True)
    judge = queries.get_judge(session, viewer, edition, code, lock=True)
    actions.send_again(session, edition, judge, by=viewer, origin=entrance.settings(request).public_origin)
    return go(request, HERE.format(slug=slug, code=code), SENT_AGAIN)


@router.post(f"{HERE}/take-back")
@allow(Relation.SECRETARY)
def take_back(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str
) -> Response:
    edition = edition_of(session, viewer, slug)
    judge = queries.get_judge(session, viewer, edition, code, lock=True)
    actions.take_back(session, edition, judge, by=viewer)
    return go(request, HERE.format(slug=slug, code=code), TAKEN_BACK)
