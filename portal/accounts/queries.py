"""Reading about people."""

from portal.accounts.models import Person
from portal.mail.rules import Recipient


def recipient(person: Person) -> Recipient:
    return Recipient(person.email, person.language, person.name, person.id, person.zone)
