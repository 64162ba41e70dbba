"""Reminding authors of essays that only they can send. Nobody else learns who they are."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import defer, joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as people
from portal.accounts.models import Grant, Person, Role
from portal.contests.models import Edition, EditionStatus
from portal.contests.subjects import until
from portal.essays import rules
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.i18n import N_
from portal.mail.rules import Recipient
from portal.reminding.rules import Among, Reader, Rule, Step, Subject, asked, register, within


def _own(status: EssayStatus) -> SelectOfScalar[Authorship]:
    """The authorships of such essays, without their texts."""
    light = joinedload(Authorship.essay).options(defer(Essay.text), defer(Essay.notes))  # type: ignore[arg-type]
    found = select(Authorship).join(Essay, col(Essay.id) == col(Authorship.essay_id)).where(Essay.status == status)
    return found.options(light, joinedload(Authorship.person)).order_by(col(Authorship.id))


def _drafts(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    by_edition = {step.subject.id: step for step in steps}
    wanted = _own(EssayStatus.DRAFT).where(
        col(Authorship.edition_id).in_(by_edition), within(Authorship.essay_id, among)
    )
    found = session.exec(wanted).all()
    to = addressees(session, found)
    for own in found:
        step, since = by_edition[own.edition_id], own.essay.created_at
        values = {"edition": step.subject.thing}
        yield Reader(step, to[own.essay_id], values, f"/essays/{own.essay_id}", about=own.essay_id, since=since)


def _to_correct(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    wanted = _own(EssayStatus.RETURNED).join(Edition, col(Edition.id) == col(Authorship.edition_id))
    running = wanted.where(Edition.status == EditionStatus.PUBLISHED)
    for own in session.exec(running.options(joinedload(Authorship.essay).joinedload(Essay.edition))):
        edition = own.essay.edition
        due_at = rules.corrected_by(own.essay, edition)
        if at < due_at <= last:
            zone, title = edition.zone, edition.title
            yield Subject(own.essay_id, due_at, own, zone, title, due_at, edition_id=edition.id)


def _uncorrected(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    found = asked(steps, among)
    to = addressees(session, [step.subject.thing for step in found])
    for step in found:
        own = step.subject.thing
        values, path = {"edition": own.essay.edition}, f"/essays/{own.essay_id}"
        yield Reader(step, to[own.essay_id], values, path, since=own.essay.returned_at)


# To whom


def addressees(session: Session, found: Sequence[Authorship]) -> Mapping[uuid.UUID, Recipient]:
    """By essay: `actions.addressee` of many."""
    from_paper = [own for own in found if not own.person.email]
    helpers = _helpers(session, from_paper) if from_paper else {}
    return {
        own.essay_id: people.recipient(own.person) if own.person.email
        else replace(people.recipient(helpers[own.essay_id]), passes_on_to=own.person.name)
        for own in found
    }  # fmt: skip


def _helpers(session: Session, found: Sequence[Authorship]) -> Mapping[uuid.UUID, Person]:
    """Who entered it from paper, or a colleague once they have left; never a judge of the edition."""
    offices = people.coordinators_of(session, {own.government_id for own in found if own.government_id})
    ids = {own.entered_by for own in found}
    entered_by = {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}
    judges = _ever_judges(session, {own.edition_id for own in found})
    helpers = {}
    for own in found:
        assert own.entered_by is not None, "only on paper one writes without an address"
        office = offices.get(own.government_id, []) if own.government_id else []
        apart = [each for each in office if (each.id, own.edition_id) not in judges]
        first = entered_by[own.entered_by]
        helpers[own.essay_id] = first if first in apart or not apart else apart[0]
    return helpers


def _ever_judges(session: Session, edition_ids: set[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID | None]]:
    found = select(Grant).where(Grant.role == Role.JUDGE, col(Grant.edition_id).in_(edition_ids))
    return {(grant.person_id, grant.edition_id) for grant in session.exec(found) if not grant.never_began}


register(
    Rule("essays", N_("Essays that are not sent yet"), (-7, -2, -1), "essays/draft_waits", until("due_at"), _drafts)
)
register(
    Rule(
        "returned_essays",
        N_("Returned essays that are not corrected yet"),
        (-3, -1),
        "essays/correction_waits",
        _to_correct,
        _uncorrected,
    )
)
