"""Who enters essays from paper, and when. Pure."""

import datetime as dt

from portal.contests import rules as contests
from portal.contests.models import Edition
from portal.essays.models import Authorship
from portal.i18n import N_, Lazy

JUDGES_HERE = N_("You judge this edition or did, so you cannot enter an essay for it. Ask a colleague of your office.")
NOT_OPEN = N_("This contest is not open for essays now. Its page says from when to when it is.")
NOT_PAPER = N_("This essay was not entered from paper.")
NO_SCAN = N_("Upload the scan of the essay first. Then compare the text with it.")
NO_TEXT = N_("There is no text yet. Type it from the paper first.")
ELSEWHERE = N_("The text was changed since you opened this page. Compare it again.")
UNKNOWN_AUTHOR = N_(
    "Fill in the page about the author first: their age and where they live decide who signs the consent."
)


def why_not_entered(edition: Edition, at: dt.datetime, *, has_judged: bool) -> Lazy | None:
    """Why this coordinator cannot begin an essay from paper now; None if they can."""
    if has_judged:
        return JUDGES_HERE
    return None if contests.is_open(edition, at) else NOT_OPEN


def is_author_known(own: Authorship) -> bool:
    return own.born_on is not None and bool(own.nationality)
