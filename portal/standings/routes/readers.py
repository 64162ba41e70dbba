"""How judges mark, whether they favour their own, and taking a judge's marks out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests.models import Edition
from portal.i18n import N_, _
from portal.judging import rules as judging
from portal.judging.models import Judge, Round
from portal.standings import actions, pictures, queries, rules
from portal.standings.favour import favour
from portal.standings.forms import ReasonForm
from portal.standings.readers import readers
from portal.standings.routes.order import AskedRound
from portal.standings.routes.pages import STAFF, round_of, standings_page
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.transaction import Session

router = APIRouter()
SentReason = Annotated[Sent[ReasonForm], Depends(sent(ReasonForm))]


@router.get("/contests/{slug}/order/judges")
@allow(*STAFF)
def list_readers(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, asked: AskedRound = ""
) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    round_ = round_of(edition, asked)
    found = [(group, readers(group)) for group in queries.groups(session, edition, round_)]
    groups = [(group, rows, pictures.strips(group, rows)) for group, rows in found]
    return standings_page(
        request, "judges", viewer, edition, round_, N_("How each judge marks"), "judges", groups=groups,
        excluded=queries.excluded(session, edition),
    )  # fmt: skip


@router.get("/contests/{slug}/order/bias")
@allow(*STAFF)
def show_bias(request: Request, session: Session, viewer: CurrentViewer, slug: str, asked: AskedRound = "") -> Response:
    edition = queries.get_visible(session, viewer, slug)
    round_ = round_of(edition, asked)
    groups, own = queries.groups(session, edition, round_), queries.own(session, edition, round_)
    return standings_page(
        request, "bias", viewer, edition, round_, N_("Whether judges favour their own"), "bias",
        country=favour(groups, own.country), spoken=favour(groups, own.language),
    )  # fmt: skip


@router.get("/contests/{slug}/order/judges/{judge_code}")
@allow(*STAFF)
def show_reader(request: Request, session: Session, viewer: CurrentViewer, slug: str, judge_code: str) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    judge = queries.get_judge(session, edition, judge_code)
    return _reader_page(request, session, viewer, edition, judge, blank(ReasonForm))


def _reader_page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, judge: Judge, form: Sent[ReasonForm],
    status: int = 200,
) -> Response:  # fmt: skip
    found = [
        (round_, group, reader)
        for round_ in judging.rounds(edition)
        for group in queries.groups(session, edition, round_)
        for reader in readers(group)
        if reader.judge.judge == judge.code
    ]
    return standings_page(
        request, "judge", viewer, edition, Round.FIRST, _("Judge %(code)s") % {"code": judge.code}, "judge", status,
        judge=judge, found=found, form=form, may_exclude=rules.may_exclude(viewer, edition),
        is_secretary=viewer.is_secretary,
    )  # fmt: skip


@router.post("/contests/{slug}/order/judges/{judge_code}/exclude")
@allow(Relation.SECRETARY)
def exclude_judge(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, slug: str, judge_code: str
) -> Response:
    edition, judge = _locked(session, viewer, slug, judge_code)
    if form.data is None:
        return _reader_page(request, session, viewer, edition, judge, form, 422)
    actions.exclude(session, edition, judge, form.data.reason, by=viewer)
    told = _("The marks of this judge are taken out. Both orders are kept; compare them here.")
    return go(request, f"/contests/{slug}/order/kept", told)


@router.post("/contests/{slug}/order/judges/{judge_code}/restore")
@allow(Relation.SECRETARY)
def restore_judge(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, slug: str, judge_code: str
) -> Response:
    edition, judge = _locked(session, viewer, slug, judge_code)
    if form.data is None:
        return _reader_page(request, session, viewer, edition, judge, form, 422)
    actions.restore(session, edition, judge, form.data.reason, by=viewer)
    return go(request, f"/contests/{slug}/order/judges/{judge_code}", _("The marks of this judge count again."))


def _locked(session: Session, viewer: Viewer, slug: str, judge_code: str) -> tuple[Edition, Judge]:
    edition = queries.get_visible(session, viewer, slug, lock=True)
    return edition, queries.get_judge(session, edition, judge_code, lock=True)
