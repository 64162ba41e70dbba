"""When an author may appeal, and who may decide. Pure."""

import datetime as dt
import uuid
from collections.abc import Collection

from portal.accounts.viewer import Viewer
from portal.appeals.models import Appeal
from portal.contests.models import Edition
from portal.contests.rules import oversees
from portal.essays.models import Essay, EssayStatus
from portal.i18n import N_, Lazy

TOO_EARLY = N_("You can appeal once the results are published.")
TOO_LATE = N_("The time for appeals has passed. Write to the secretariat if something kept you from appealing in time.")
NONE_HERE = N_("The rules of this contest allow no appeal.")
NO_RESULT = N_("This essay has no result that an appeal could be about.")
HAD_A_PART = N_("You had a part in this result, so somebody else decides about the appeal.")


def last_moment(edition: Edition, published_at: dt.datetime) -> dt.datetime:
    """Until when appeals arrive, that instant included."""
    return published_at + dt.timedelta(days=edition.appeal_days)


def why_no_appeal(essay: Essay, edition: Edition, published_at: dt.datetime | None, at: dt.datetime) -> Lazy | None:
    """Why its author cannot appeal at this moment, or None. `published_at` is None unless the results are public."""
    if essay.code is None or essay.status is EssayStatus.WITHDRAWN:
        return NO_RESULT
    if not edition.appeal_days:
        return NONE_HERE
    if published_at is None or at < published_at:
        return TOO_EARLY
    return TOO_LATE if at > last_moment(edition, published_at) else None


def may_read(viewer: Viewer, edition: Edition) -> bool:
    """Appeals may say who wrote: who judges the edition never reads them."""
    return oversees(viewer, edition)


def had_a_part(viewer: Viewer, involved: Collection[uuid.UUID | None]) -> bool:
    return viewer.person_id in involved


def may_decide(viewer: Viewer, appeal: Appeal, edition: Edition, involved: Collection[uuid.UUID | None]) -> bool:
    """A secretary who neither judged, screened, decided nor published, and did not write the appeal."""
    if not viewer.is_secretary or viewer.judges(edition.id) or viewer.person_id == appeal.sent_by:
        return False
    return appeal.decided_at is None and not had_a_part(viewer, involved)
