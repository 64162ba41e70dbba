"""What keeps somebody from a role, as features higher up the street know it: said there once, asked here always.

Whatever way a role comes (a page, an invitation, a task taken on), `actions.give` asks.
"""

import uuid
from collections.abc import Callable

from sqlmodel import Session

from portal.accounts.models import Person, Role
from portal.i18n import Lazy

Hindrance = Callable[[Session, Person, Role, uuid.UUID | None], Lazy | None]
_known: list[Hindrance] = []


def hindrance(asked: Hindrance) -> Hindrance:
    """Has `give` ask this function too: a sentence if it speaks against the role (for that edition), else None."""
    _known.append(asked)
    return asked


def first(session: Session, person: Person, role: Role, edition_id: uuid.UUID | None) -> Lazy | None:
    return next((why for each in _known if (why := each(session, person, role, edition_id))), None)
