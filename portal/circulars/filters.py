"""What groups are narrowed by, and the choices there are."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from portal.accounts.viewer import Viewer
from portal.applications import words as application_words
from portal.applications.models import Status
from portal.calls.models import Call, CallStatus
from portal.contests.models import Edition, EditionStatus
from portal.i18n import N_, Lazy, language
from portal.panels import queries as panels
from portal.placements import words as placement_words
from portal.placements.models import PlacementStatus
from portal.registry import words as registry_words
from portal.registry.models import Country, Membership

MOST = 50
Options = list[tuple[str, str]]
STAYS = (
    PlacementStatus.ACCEPTED, PlacementStatus.AGREED, PlacementStatus.ACTIVE, PlacementStatus.COMPLETED,
    PlacementStatus.ENDED_EARLY, PlacementStatus.CERTIFIED,
)  # fmt: skip


class Stand(enum.StrEnum):
    """How far an author's essay is. What a jury decided is nobody's to choose by before it is public."""

    DRAFT = "draft"
    RETURNED = "returned"
    SENT = "sent"
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"


class Work(enum.StrEnum):
    OPEN = "open"
    DONE = "done"


STANDS: dict[Stand, Lazy] = {
    Stand.DRAFT: N_("Not sent yet"),
    Stand.RETURNED: N_("Returned for correction"),
    Stand.SENT: N_("Sent, and not withdrawn or disqualified"),
    Stand.AWARDED: N_("Awarded or commended, once the results are public"),
    Stand.NOT_AWARDED: N_("Not awarded, once the results are public"),
}
WORKS: dict[Work, Lazy] = {
    Work.OPEN: N_("With essays that they have not marked yet"),
    Work.DONE: N_("Who have marked all their essays"),
}


@dataclass(frozen=True)
class Filter:
    """`name` is the field of the form; without a choice everybody is meant, unless one is required."""

    name: str
    options: Callable[[Session, Viewer], Options]
    required: bool = False


def _calls(session: Session, _viewer: Viewer) -> Options:
    known = select(Call).where(Call.status != CallStatus.DRAFT).order_by(col(Call.opens_at).desc()).limit(MOST)
    return [(str(call.id), call.title(language())) for call in session.exec(known)]


def _editions(session: Session, viewer: Viewer) -> Options:
    """Without those that the viewer judges: where few write, the number of authors tells who they are."""
    known = select(Edition).where(
        Edition.status != EditionStatus.DRAFT, col(Edition.id).not_in(panels.kept_from(session, viewer))
    )
    newest = known.order_by(col(Edition.opens_at).desc()).limit(MOST)
    return [(str(edition.id), edition.title(language())) for edition in session.exec(newest)]


def _countries(_session: Session, _viewer: Viewer) -> Options:
    return [(each.value, registry_words.country(each)) for each in Country]


def _memberships(_session: Session, _viewer: Viewer) -> Options:
    return [(each.value, registry_words.status(each)) for each in (Membership.MEMBER, Membership.OBSERVER)]


def _statuses(_session: Session, _viewer: Viewer) -> Options:
    return [(each.value, str(application_words.STATUSES[each])) for each in Status]


def _stays(_session: Session, _viewer: Viewer) -> Options:
    return [(each.value, str(placement_words.STATUSES[each])) for each in STAYS]


def _stands(_session: Session, _viewer: Viewer) -> Options:
    return [(each.value, str(told)) for each, told in STANDS.items()]


def _works(_session: Session, _viewer: Viewer) -> Options:
    return [(each.value, str(told)) for each, told in WORKS.items()]


CALL = Filter("call", _calls, required=True)
EDITION = Filter("edition", _editions, required=True)
COUNTRY = Filter("country", _countries)
MEMBERSHIP = Filter("membership", _memberships)
STATUS = Filter("status", _statuses)
STAY = Filter("stay", _stays)
STAND = Filter("stand", _stands)
WORK = Filter("work", _works)
