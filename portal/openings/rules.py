"""Which steps an opening has, who may take them, and what may still change. Pure."""

import enum

from portal.accounts.viewer import Viewer
from portal.openings.models import Opening, OpeningStatus

EDITABLE = frozenset({OpeningStatus.DRAFT, OpeningStatus.PUBLISHED})


class Step(enum.StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"


STEPS: dict[tuple[OpeningStatus, Step], OpeningStatus] = {
    (OpeningStatus.DRAFT, Step.PUBLISH): OpeningStatus.PUBLISHED,
    (OpeningStatus.PUBLISHED, Step.CLOSE): OpeningStatus.CLOSED,
}


def is_theirs(viewer: Viewer, opening: Opening) -> bool:
    return viewer.coordinates(opening.government_id)


def may(viewer: Viewer, step: Step, opening: Opening) -> bool:
    return is_theirs(viewer, opening) and (opening.status, step) in STEPS


def may_edit(viewer: Viewer, opening: Opening) -> bool:
    return is_theirs(viewer, opening) and opening.status in EDITABLE


def least_capacity(opening: Opening) -> int:
    """Places once promised may already be taken, and that is known only further up the street."""
    return 1 if opening.status is OpeningStatus.DRAFT else opening.capacity
