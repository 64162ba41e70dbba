"""Where somebody who was asked to judge stands, and what rounds are called."""

import enum

from portal.i18n import LANGUAGES, N_, Lazy, listing
from portal.judging import words as judging


class Standing(enum.StrEnum):
    """An offer's status and, as long as nobody has answered it, whether its letter still opens."""

    ASKED = "asked"
    EXPIRED = "expired"
    TAKEN_BACK = "taken_back"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"
    EXCLUDED = "excluded"


STANDINGS: dict[Standing, tuple[Lazy, str]] = {
    Standing.ASKED: (N_("Asked"), "blue"),
    Standing.EXPIRED: (N_("No answer in time"), "orange"),
    Standing.TAKEN_BACK: (N_("Taken back"), "grey"),
    Standing.ACCEPTED: (N_("Has accepted"), "green"),
    Standing.DECLINED: (N_("Said no"), "red"),
    Standing.LEFT: (N_("Left"), "grey"),
    Standing.EXCLUDED: (N_("Marks taken out"), "grey"),
}
ROUNDS = judging.ROUNDS


def languages(codes: list[str]) -> str:
    """Languages, each named in itself."""
    return listing(LANGUAGES.get(code, code) for code in codes)
