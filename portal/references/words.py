"""Where a letter stands, and what a requested letter is called."""

import enum

from portal.calls.models import RequestedDocument
from portal.i18n import N_, SOURCE, Lazy
from portal.i18n import gettext as _


class LetterState(enum.StrEnum):
    ASKED = "asked"
    EXPIRED = "expired"
    DECLINED = "declined"
    ARRIVED = "arrived"


STATES: dict[LetterState, Lazy] = {
    LetterState.ASKED: N_("Asked"),
    LetterState.EXPIRED: N_("Expired"),
    LetterState.DECLINED: N_("Declined"),
    LetterState.ARRIVED: N_("Arrived"),
}
COLOURS: dict[LetterState, str] = {
    LetterState.ASKED: "yellow",
    LetterState.EXPIRED: "grey",
    LetterState.DECLINED: "red",
    LetterState.ARRIVED: "green",
}


def title(requested: RequestedDocument, language: str) -> str:
    return requested.titles.get(language) or requested.titles.get(SOURCE) or _("Recommendation letter")
