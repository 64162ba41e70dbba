"""Reading about people."""

import uuid
from collections.abc import Collection

from sqlmodel import Session, col, select

from portal.accounts.models import Person
from portal.mail.rules import Recipient


def recipient(person: Person) -> Recipient:
    return Recipient(person.email, person.language, person.name, person.id, person.zone)


def names(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    """What the people with these ids are called."""
    if not ids:
        return {}
    return {person.id: person.name for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}
