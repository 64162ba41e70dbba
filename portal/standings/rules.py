"""Which marks count, within what essays are compared, where the line runs, who may. Pure."""

import datetime as dt
from collections.abc import Iterable

from portal.accounts.viewer import Viewer
from portal.contests.models import Award, AwardScope, Edition, OrderRule
from portal.contests.rules import oversees
from portal.i18n import N_, Lazy
from portal.judging import rules as judging
from portal.judging.models import Round


def may_exclude(viewer: Viewer, edition: Edition) -> bool:
    """Takes a judge's marks out: nobody who knows whom that lifts."""
    return judging.may_appoint(viewer, edition) and not viewer.screens(edition.id)


def may_order_extra(viewer: Viewer, edition: Edition) -> bool:
    """The portal, not they, says which essays."""
    return judging.may_appoint(viewer, edition)


def may_take_away(viewer: Viewer, edition: Edition) -> bool:
    """The bundle of all marks: not for somebody who could put names to its codes."""
    return oversees(viewer, edition) and not viewer.screens(edition.id)


def last_round(edition: Edition) -> Round:
    """The one that decides on awards."""
    return judging.rounds(edition)[-1]


def rule(edition: Edition, round_: Round) -> OrderRule:
    return edition.final_rule if round_ is Round.FINAL else edition.order_rule


def is_across_languages(edition: Edition, round_: Round) -> bool:
    return round_ is Round.FINAL and edition.award_scope is AwardScope.CATEGORY


def line(edition: Edition, round_: Round, awards: Iterable[Award]) -> int:
    """After which place of a group the line runs: of the finalists, or of the awards; 0 where there is none."""
    if round_ is Round.FIRST and edition.finalists is not None:
        return edition.finalists
    return sum(award.places for award in awards)


def why_no_extra(edition: Edition, at: dt.datetime, *, used: int, awaited: int, is_deal_under_way: bool) -> Lazy | None:
    """What keeps a round of extra readings from being ordered: `used` of the budget, `awaited` still without marks."""
    if edition.extra_readings == 0:
        return N_("This edition has no extra readings.")
    if at >= edition.judging_due_at:
        return N_("The first round is over. No judge can read more in it.")
    if is_deal_under_way:
        return N_("Essays are being dealt to judges at this moment. Wait until that is done.")
    if awaited:
        return N_("Extra readings that were ordered have no marks yet. They may settle what is open: wait for them.")
    if used >= edition.extra_readings:
        return N_("The extra readings that were fixed before the opening are used up.")
    return None
