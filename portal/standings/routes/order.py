"""The order that the marks make, extra readings, and the bundle to take away."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import now
from portal.contests import queries as contests
from portal.contests.models import Edition, OrderRule
from portal.errors import NotFound
from portal.i18n import N_, _
from portal.judging import alternatives
from portal.judging.alternatives import Rule
from portal.judging.models import Round
from portal.standings import actions, bundle, keeping, more, queries, rules
from portal.standings.orders import Group
from portal.standings.routes.pages import STAFF, round_of, standings_page
from portal.standings.telling import Sheet
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.transaction import Session

router = APIRouter()
LINES = {True: N_("Line of the final round"), False: N_("Line of the awards")}
AskedRound = Annotated[str, Query(alias="round")]


@router.get("/contests/{slug}/order")
@allow(*STAFF)
def show_order(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, asked: AskedRound = "",
    group: Annotated[int, Query(ge=0)] = 0, start: Annotated[int, Query(alias="from", ge=1)] = 1,
) -> Response:  # fmt: skip
    """Every group's first fifty; or one group, from a row on."""
    edition = queries.get_visible(session, viewer, slug)
    round_ = round_of(edition, asked)
    groups = queries.groups(session, edition, round_)
    if group > len(groups):
        raise NotFound
    sheets = [Sheet(n, each, start if group else 1) for n, each in enumerate(groups, 1) if group in (0, n)]
    goes_on = round_ is Round.FIRST and edition.finalists is not None
    return standings_page(
        request, "order", viewer, edition, round_, N_("Order by the marks"), "order", sheets=sheets,
        rule=rules.rule(edition, round_), line_name=LINES[goes_on], excluded=queries.excluded(session, edition),
        few={sheet.number: _resting_on_few(sheet.group) for sheet in sheets},
        extra=_extra(session, viewer, edition, round_, groups),
    )  # fmt: skip


def _resting_on_few(group: Group) -> int:
    is_median = group.rule is OrderRule.MEDIAN
    return len(alternatives.resting_on_few(Rule.MEDIAN, group.pool.given)) if is_median else 0


def _extra(
    session: Session, viewer: Viewer, edition: Edition, round_: Round, groups: list[Group]
) -> dict[str, Any] | None:
    """The panel of the first round, if the edition has extra readings."""
    if round_ is not Round.FIRST or edition.extra_readings == 0:
        return None
    had = queries.readings(session, edition)
    left = max(0, edition.extra_readings - had.used)
    return {
        "budget": edition.extra_readings,
        "used": had.used,
        "awaited": had.awaited,
        "left": left,
        "open": more.open_essays(groups, most=edition.most_readings, given=had.given, unread=had.unread),
        "why_not": rules.why_no_extra(
            edition, now(), used=had.used, awaited=had.awaited, is_deal_under_way=had.is_deal_under_way
        ),
        "may_order": rules.may_order_extra(viewer, edition),
    }


@router.post("/contests/{slug}/order/extra")
@allow(Relation.SECRETARY)
def order_extra(_form: Pressed, session: Session, viewer: CurrentViewer, request: Request, slug: str) -> Response:
    edition = queries.get_visible(session, viewer, slug, lock=True)
    actions.order_extra(session, edition, by=viewer)
    return go(request, f"/contests/{slug}/order#extra", _("The extra readings are ordered. Judges get them soon."))


@router.get("/contests/{slug}/order/bundle.zip")
@allow(Relation.JURY, Relation.AUDITOR)
def take_bundle(session: Session, viewer: CurrentViewer, slug: str, asked: AskedRound = "") -> Response:
    """Of the round that decides, unless another is asked for."""
    edition = contests.get_for(session, viewer, slug, rules.may_take_away)
    round_ = round_of(edition, asked) if asked else rules.last_round(edition)
    groups = queries.groups(session, edition, round_)
    made = bundle.bundle(edition, round_, groups, keeping.all_kept(session, edition))
    name = f'attachment; filename="{edition.slug}-{round_.value}.zip"'
    headers = {"content-disposition": name, "cache-control": "no-store"}
    return Response(made, media_type="application/zip", headers=headers)
