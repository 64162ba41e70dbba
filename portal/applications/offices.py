"""To whom messages about several applications go, in a few queries however many they are."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.applications.models import Application, Kinship
from portal.mail.rules import Recipient


@dataclass(frozen=True)
class Offices:
    """`coordinators` by government; `kin` and who entered it from paper by application."""

    coordinators: Mapping[uuid.UUID, Sequence[Person]]
    kin: Mapping[uuid.UUID, Collection[uuid.UUID]]
    entered_by: Mapping[uuid.UUID, Person]

    def addressee(self, application: Application) -> Recipient:
        """The applicant (who is loaded); for one without an address a coordinator, who is told to pass it on."""
        if application.applicant.email:
            return accounts.recipient(application.applicant)
        helper = accounts.recipient(self._helper(application))
        return replace(helper, passes_on_to=application.applicant.name)

    def _helper(self, application: Application) -> Person:
        office = self.coordinators.get(application.home_id, ()) if application.home_id else ()
        entered_by = self.entered_by[application.id]
        return entered_by if entered_by in office or not office else office[0]

    def officials(self, application: Application, government_id: uuid.UUID | None) -> list[Recipient]:
        """Who may act on it for this government: not the applicant, and nobody who is kin."""
        office = self.coordinators.get(government_id, ()) if government_id else ()
        apart = {application.applicant_id, *self.kin.get(application.id, ())}
        return [accounts.recipient(person) for person in office if person.id not in apart and person.email]


def offices(session: Session, applications: Sequence[Application], governments: Collection[uuid.UUID] = ()) -> Offices:
    """Of the applications' home governments and of these besides."""
    homes = {each.home_id for each in applications if each.home_id is not None}
    return Offices(
        accounts.coordinators_of(session, {*homes, *governments}),
        _kin(session, applications),
        _entered_by(session, applications),
    )


def _kin(session: Session, applications: Sequence[Application]) -> Mapping[uuid.UUID, set[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    ids = {each.id for each in applications}
    for kinship in session.exec(select(Kinship).where(col(Kinship.application_id).in_(ids))):
        found[kinship.application_id].add(kinship.person_id)
    return found


def _entered_by(session: Session, applications: Sequence[Application]) -> Mapping[uuid.UUID, Person]:
    ids = {each.entered_by for each in applications if each.entered_by is not None}
    people = {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}
    return {each.id: people[each.entered_by] for each in applications if each.entered_by is not None}
