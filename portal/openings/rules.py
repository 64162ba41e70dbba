"""Which steps an opening has, who may take them, what may still change, and how it is addressed and found. Pure."""

import datetime as dt
import enum
import re
from typing import Any

from portal.accounts.viewer import Viewer
from portal.calls.rules import slug_from
from portal.i18n import N_, Lazy
from portal.openings.models import Benefit, Host, HostKind, Opening, OpeningStatus
from portal.registry.rules import folded

EDITABLE = frozenset({OpeningStatus.DRAFT, OpeningStatus.PUBLISHED})
PLAIN = (
    "host_id", "title", "tasks", "place", "presence", "starts_on", "ends_on", "hours_a_week", "least_age", "education",
    "benefits_note", "has_interview",
)  # fmt: skip
OFFERED = ("what", "note", "amount", "currency", "per", "payer")
SLUG = re.compile("[a-z0-9-]{1,80}")
YEAR = dt.timedelta(weeks=52)  # whole weeks: what began on a Monday begins on a Monday
CLOSED = N_("This opening is closed, so it can no longer be changed. Make a new one instead.")
COUNTED_ON = N_(
    "Applicants have ranked this opening, so it cannot be closed or lose places here. "
    "Write to the secretariat, which can do so and tells everybody concerned."
)
WRONG_STATE = N_("This opening is not in a state for that step. Go back and look at where it stands now.")


class Step(enum.StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"
    WITHDRAW = "withdraw"  # the secretariat closes what applicants count on
    GIVE_UP = "give-up"  # the host does, once both sides' lists are locked


STEPS: dict[tuple[OpeningStatus, Step], OpeningStatus] = {
    (OpeningStatus.DRAFT, Step.PUBLISH): OpeningStatus.PUBLISHED,
    (OpeningStatus.PUBLISHED, Step.CLOSE): OpeningStatus.CLOSED,
    (OpeningStatus.PUBLISHED, Step.WITHDRAW): OpeningStatus.CLOSED,
    (OpeningStatus.PUBLISHED, Step.GIVE_UP): OpeningStatus.CLOSED,
}


def is_theirs(viewer: Viewer, opening: Opening) -> bool:
    return viewer.coordinates(opening.government_id)


def is_who(viewer: Viewer, step: Step, opening: Opening) -> bool:
    """Whether this step is this person's at all, be the moment right or not (templates name steps by their text)."""
    return viewer.is_secretary if step == Step.WITHDRAW else is_theirs(viewer, opening)


def why_not(step: Step, opening: Opening) -> Lazy | None:
    """Why nobody can take this step now; None if it can be taken."""
    if (opening.status, step) not in STEPS:
        return WRONG_STATE
    return COUNTED_ON if step == Step.CLOSE and opening.first_ranked_at else None


def may(viewer: Viewer, step: Step, opening: Opening) -> bool:
    return is_who(viewer, step, opening) and why_not(step, opening) is None


def may_give_up(viewer: Viewer, opening: Opening, at: dt.datetime) -> bool:
    """Whether its host can withdraw it by itself by now; before, only the secretariat can."""
    return may(viewer, Step.GIVE_UP, opening) and at > opening.call.rankings_due_at


def may_edit(viewer: Viewer, opening: Opening) -> bool:
    return is_theirs(viewer, opening) and opening.status in EDITABLE


def may_copy(viewer: Viewer, opening: Opening) -> bool:
    return is_theirs(viewer, opening)


def least_capacity(opening: Opening) -> int:
    """Places that somebody counts on may be taken already, and that is known only further up the street."""
    return opening.capacity if opening.first_ranked_at else 1


def may_keep_hosts(viewer: Viewer, government_id: Any) -> bool:
    return viewer.is_secretary or viewer.coordinates(government_id)


def may_edit_host(viewer: Viewer, host: Host) -> bool:
    """The association's own secretariat describes itself."""
    if host.kind is HostKind.SECRETARIAT:
        return viewer.is_secretary
    return may_keep_hosts(viewer, host.government_id)


def may_read_contact(viewer: Viewer, host: Host) -> bool:
    return viewer.is_auditor or may_keep_hosts(viewer, host.government_id)


def stands(opening: Opening) -> dict[str, Any]:
    """What can be edited of an opening, as plain data."""
    return {
        **{name: getattr(opening, name) for name in PLAIN},
        "languages": {each.language: each.level for each in opening.languages},
        "fields": [each.field for each in opening.fields],
    }


def offered(benefit: Benefit) -> dict[str, Any]:
    return {name: getattr(benefit, name) for name in OFFERED}


def slug(opening: Opening) -> str:
    """A readable address: "gyeongsangbuk-do-tourism-division-guide-3f2a91". Only what is written in Latin is told."""
    parts = (opening.government.name("en"), opening.host.name, opening.title)
    said = [_short(slug_from(part), 22) for part in parts]
    return "-".join([*filter(None, said), opening.id.hex[:6]])


def _short(slug: str, length: int) -> str:
    """Whole words, as many as fit."""
    if len(slug) <= length:
        return slug
    return slug[: length + 1].rpartition("-")[0] or slug[:length]


def search_text(opening: Opening) -> str:
    """Everything this opening is found by, one a line, word by word as searches are compared."""
    said = (opening.title, opening.host.name, opening.place, opening.tasks)
    return "\n".join(_folded_words(text) for text in said)


def _folded_words(text: str) -> str:
    return " ".join(filter(None, map(folded, text.split())))


def next_dates(first: dt.date, last: dt.date, after: dt.date) -> tuple[dt.date, dt.date]:
    """The same weeks of the first year in which they begin after a day."""
    years = 0 if first > after else (after - first) // YEAR + 1
    return first + years * YEAR, last + years * YEAR
