"""What keeps a confirmed meeting from being reopened, as features higher up the street know it (results are public)."""

import uuid
from collections.abc import Callable

from sqlmodel import Session

from portal.i18n import Lazy

Hindrance = Callable[[Session, uuid.UUID], Lazy | None]
_known: list[Hindrance] = []


def hindrance(asked: Hindrance) -> Hindrance:
    """Has reopening ask this function too: a sentence if it speaks against it for that edition, else None."""
    _known.append(asked)
    return asked


def first(session: Session, edition_id: uuid.UUID) -> Lazy | None:
    return next((why for each in _known if (why := each(session, edition_id))), None)
