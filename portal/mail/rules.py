"""To whom a message goes."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Recipient:
    """A person as mail needs to know them; `zone` is the one their instants are printed in."""

    address: str
    language: str
    name: str = ""
    person_id: uuid.UUID | None = None
    zone: str = "UTC"
