"""Reading consents."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer, token_digest
from portal.clock import now
from portal.consents import rules
from portal.consents.models import Case, Consent, ConsentGuardian, Method, Programme, Purpose
from portal.consents.rules import Standing, Ward
from portal.errors import NotFound

PAGE = 20
# Who reads of it again and again was told of an expired link long ago.


# Where a case stands


def standing(session: Session, ward: Ward, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Standing:
    """Where this person's consents for this edition or call stand now."""
    case = case_of(session, person_id, programme, round_id)
    if case is None:
        return Standing(ward, now())
    return _of_case(ward, case, guardians(session, [case]), currents(session, [case]))


def standings(
    session: Session, wards: Mapping[uuid.UUID, Ward], programme: Programme, round_id: uuid.UUID
) -> dict[uuid.UUID, Standing]:
    """The same for many people (by their ids) of one edition or call, in three queries."""
    placed = {(round_id, person_id): ward for person_id, ward in wards.items()}
    found = standings_of_rounds(session, placed, programme)
    return {person_id: standing for (_, person_id), standing in found.items()}


def standings_of_rounds(
    session: Session, wards: Mapping[tuple[uuid.UUID, uuid.UUID], Ward], programme: Programme
) -> dict[tuple[uuid.UUID, uuid.UUID], Standing]:
    """The same for people of several editions or calls, by the ids of round and person, in three queries."""
    if not wards:
        return {}
    rounds, people = ({place[half] for place in wards} for half in (0, 1))
    found = select(Case).where(
        Case.programme == programme, col(Case.round_id).in_(rounds), col(Case.person_id).in_(people)
    )  # fmt: skip
    cases = {(case.round_id, case.person_id): case for case in session.exec(found)}
    asked, decided = guardians(session, list(cases.values())), currents(session, list(cases.values()))
    return {place: _of_case(ward, cases.get(place), asked, decided) for place, ward in wards.items()}


def _of_case(
    ward: Ward, case: Case | None, asked: Mapping[uuid.UUID, ConsentGuardian],
    decided: Mapping[uuid.UUID, list[Consent]],
) -> Standing:  # fmt: skip
    if case is None:
        return Standing(ward, now())
    return rules.standing(ward, now(), case, asked.get(case.id), decided.get(case.id, []))


def was_entered(session: Session, case: Case, scan_id: uuid.UUID, name: str) -> bool:
    """Whether the answers of this scan, signed with this name, were entered before."""
    found = select(Consent.id).where(Consent.case_id == case.id, Consent.scan_id == scan_id, Consent.name == name)
    return session.exec(found.limit(1)).first() is not None


def case_of(session: Session, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Case | None:
    return session.exec(_case(person_id, programme, round_id)).one_or_none()


def lock_case(session: Session, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Case | None:
    """Held until this transaction ends: whoever else asks or decides in this case waits."""
    return session.exec(_case(person_id, programme, round_id).with_for_update(of=Case)).one_or_none()


def _case(person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> SelectOfScalar[Case]:
    return select(Case).where(Case.person_id == person_id, Case.programme == programme, Case.round_id == round_id)


def guardians(session: Session, cases: Sequence[Case]) -> Mapping[uuid.UUID, ConsentGuardian]:
    """Whom each minor named last, by case; read anew, so that after a lock nothing is from before it."""
    found = select(ConsentGuardian).where(
        col(ConsentGuardian.case_id).in_([case.id for case in cases]), col(ConsentGuardian.replaced_at).is_(None)
    )
    return {each.case_id: each for each in session.exec(found.execution_options(populate_existing=True))}


def currents(session: Session, cases: Sequence[Case]) -> Mapping[uuid.UUID, list[Consent]]:
    """What is decided now, by case."""
    found: dict[uuid.UUID, list[Consent]] = defaultdict(list)
    ids = [case.id for case in cases]
    rows = select(Consent).where(col(Consent.case_id).in_(ids), col(Consent.ended_at).is_(None))
    for consent in session.exec(rows.execution_options(populate_existing=True)):
        found[consent.case_id].append(consent)
    return found


def current(session: Session, case: Case, purpose: Purpose) -> Consent | None:
    found = select(Consent).where(
        Consent.case_id == case.id, Consent.purpose == purpose, col(Consent.ended_at).is_(None)
    )
    return session.exec(found).one_or_none()


# By a guardian's link


def is_known(session: Session, token: str) -> bool:
    return session.exec(_by_token(token)).first() is not None


def by_token(session: Session, token: str) -> ConsentGuardian:
    """With the case. Raises NotFound for a link that is none of ours, or was replaced before it was answered."""
    whole = _by_token(token).options(joinedload(ConsentGuardian.case))
    found = session.exec(whole.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_by_token(session: Session, token: str) -> ConsentGuardian:
    """The same, once the case is held: a second arrival sees what the first has decided."""
    case = by_token(session, token).case
    lock_case(session, case.person_id, case.programme, case.round_id)
    return by_token(session, token)


def _by_token(token: str) -> SelectOfScalar[ConsentGuardian]:
    """Who has answered keeps the link for good, also when somebody else was named since."""
    alive = or_(col(ConsentGuardian.replaced_at).is_(None), col(ConsentGuardian.answered_at).is_not(None))
    return select(ConsentGuardian).where(ConsentGuardian.token_digest == token_digest(token), alive)


# What may be published


def allowing(purpose: Purpose, programme: Programme) -> sa.Select[uuid.UUID, uuid.UUID]:
    """(person, round) of those whose consent to this purpose stands now, for `tuple_(…).in_(…)` in published lists:
    so that what was withdrawn is gone on the next request.

    `actions` takes a yes only from a guardian or from somebody of age. A row without a digest was moved from the time
    when nobody was asked for their age, so it publishes nothing.
    """
    read = or_(col(Consent.method) != Method.ACCOUNT, col(Consent.digest) != "")
    return _decided(purpose, programme).where(col(Consent.is_given).is_(True), read)


def refusing(purpose: Purpose, programme: Programme) -> sa.Select[uuid.UUID, uuid.UUID]:
    """(person, round) of those who said no, or withdrew their yes. Who was not asked is not among them."""
    return _decided(purpose, programme).where(col(Consent.is_given).is_(False))


def refused(session: Session, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> set[Purpose]:
    """What this person, or their guardian, said no to here, or withdrew."""
    found = select(Consent).join(Consent.case).where(col(Consent.ended_at).is_(None), col(Consent.is_given).is_(False))
    mine = Case.person_id == person_id, Case.programme == programme, Case.round_id == round_id
    return {each.purpose for each in session.exec(found.where(*mine))}


def _decided(purpose: Purpose, programme: Programme) -> sa.Select[uuid.UUID, uuid.UUID]:
    return (
        sa.select(col(Case.person_id), col(Case.round_id))
        .join(Consent, col(Consent.case_id) == col(Case.id))
        .where(col(Case.programme) == programme, col(Consent.purpose) == purpose, col(Consent.ended_at).is_(None))
        .correlate(None)
    )


# One's own


def cases(
    session: Session, viewer: Viewer, *, after: uuid.UUID | None = None
) -> tuple[Sequence[Case], uuid.UUID | None]:
    """A page of one's own cases, the latest first, and where the next page begins."""
    order = col(Case.opened_at), col(Case.id)
    query = select(Case).where(Case.person_id == viewer.person_id)
    if after is not None:
        last = select(*order).where(Case.id == after, Case.person_id == viewer.person_id)
        query = query.where(sa.tuple_(*order) < last.scalar_subquery())
    ordered = query.order_by(*(column.desc() for column in order))
    found = session.exec(ordered.limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def get_own(session: Session, viewer: Viewer, consent_id: uuid.UUID) -> Consent:
    """One decision in a case of the viewer's, also one that was ended since."""
    query = select(Consent).join(Consent.case).where(Consent.id == consent_id, Case.person_id == viewer.person_id)
    found = session.exec(query.options(joinedload(Consent.case))).one_or_none()
    if found is None:
        raise NotFound
    return found


def guardian_names(session: Session, consents: Sequence[Consent]) -> Mapping[uuid.UUID, str]:
    ids = {consent.guardian_id for consent in consents} - {None}
    found = select(ConsentGuardian.id, ConsentGuardian.name).where(col(ConsentGuardian.id).in_(ids))
    return dict(session.exec(found).all())


# Reminders


def unanswered(session: Session, *conditions: sa.ColumnElement[bool]) -> Sequence[ConsentGuardian]:
    """Whoever was asked by mail and has not answered, with the case and its person. Not locked."""
    query = select(ConsentGuardian).where(
        col(ConsentGuardian.answered_at).is_(None), col(ConsentGuardian.replaced_at).is_(None),
        col(ConsentGuardian.token_digest).is_not(None), *conditions,
    )  # fmt: skip
    whole = query.options(joinedload(ConsentGuardian.case).joinedload(Case.person))
    return session.exec(whole.order_by(col(ConsentGuardian.id))).all()
