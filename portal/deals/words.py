"""What the kinds and states of a deal are called, and what stands in the way of one."""

from collections.abc import Mapping
from typing import Any

from portal.deals.models import DealKind, DealStatus
from portal.i18n import N_, Lazy
from portal.judging import words as judging

ROUNDS = judging.ROUNDS
KINDS: dict[DealKind, Lazy] = {
    DealKind.ROUND: N_("What the round still needs"),
    DealKind.AGAIN: N_("What a conflict or a lost judge left undone"),
    DealKind.EXTRA: N_("One more reading near the award line"),
}
STATUSES: dict[DealStatus, tuple[Lazy, str]] = {
    DealStatus.WAITING: (N_("Being computed"), "yellow"),
    DealStatus.READY: (N_("To look at"), "blue"),
    DealStatus.IMPOSSIBLE: (N_("Impossible"), "red"),
    DealStatus.DEALING: (N_("Being dealt"), "yellow"),
    DealStatus.DEALT: (N_("Dealt"), "green"),
    DealStatus.DISCARDED: (N_("Discarded"), "grey"),
}
# Each says what is short and what to do; the essays are listed after it by their codes.
LIMITS: dict[str, Lazy] = {
    "too_few_judges": N_(
        "Each of these essays needs %(needed)s judges, and the whole panel of this round has only %(available)s who "
        "read. Invite more judges, or ask for fewer readings."
    ),
    "language": N_(
        "Each of these essays needs %(needed)s judges, and only %(available)s of the panel read its language. Invite "
        "judges who read it."
    ),
    "conflict": N_(
        "Each of these essays needs %(needed)s judges, and conflicts of interest leave only %(available)s who may "
        "read it. Invite judges from elsewhere who read its language."
    ),
    "already_read": N_(
        "Each of these essays needs %(needed)s judges, and only %(available)s are left who did not have it before. "
        "Invite a judge who reads its language."
    ),
    "workload_most": N_(
        "These essays together need %(needed)s more readings, and the judges who may read them have room for only "
        "%(available)s. Raise how many essays these judges read at most, or invite more judges."
    ),
    "workload_least": N_(
        "These judges are to read %(needed)s more essays at least, and there are only %(available)s for them. Lower "
        "how many essays they read at least."
    ),
    "final": N_(
        "Each of these finalists needs %(needed)s judges of the final round, and only %(available)s may read it. Let "
        "more judges read in the final round, or ask for fewer readings."
    ),
}
PROBLEMS: dict[str, Lazy] = {
    "nothing": N_("Every essay of this round has its judges already. There is nothing to deal."),
    "overtaken": N_(
        "A conflict was declared or a judge was lost meanwhile, so what was computed is out of date. Compute it anew."
    ),
    "fault": N_("The computation stopped because of a fault in the portal. Compute it anew."),
}


def limit(shortfall: Mapping[str, Any]) -> str:
    """The sentence for one thing that is short, in the language of the page."""
    return str(LIMITS[shortfall["limit"]]) % shortfall
