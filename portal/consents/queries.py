"""Reading consents."""

import uuid
from collections import defaultdict
from collections.abc import Mapping

from sqlmodel import Session, col, select

from portal.clock import now
from portal.consents import rules
from portal.consents.models import Case, Consent, ConsentGuardian, Programme, Purpose
from portal.consents.rules import Standing, Ward


def standing(session: Session, ward: Ward, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Standing:
    """Where this person's consents for this edition or call stand now."""
    case = case_of(session, person_id, programme, round_id)
    if case is None:
        return Standing(ward, now())
    current = select(Consent).where(Consent.case_id == case.id, col(Consent.ended_at).is_(None))
    return rules.standing(ward, now(), case, guardian_of(session, case), session.exec(current).all())


def guardian_of(session: Session, case: Case) -> ConsentGuardian | None:
    """Whom the minor named last."""
    found = select(ConsentGuardian).where(
        ConsentGuardian.case_id == case.id, col(ConsentGuardian.replaced_at).is_(None)
    )
    return session.exec(found).one_or_none()


def was_entered(session: Session, case: Case, scan_id: uuid.UUID, name: str) -> bool:
    """Whether the answers of this scan, signed with this name, were entered before."""
    found = select(Consent.id).where(Consent.case_id == case.id, Consent.scan_id == scan_id, Consent.name == name)
    return session.exec(found.limit(1)).first() is not None


def standings(
    session: Session, wards: Mapping[uuid.UUID, Ward], programme: Programme, round_id: uuid.UUID
) -> dict[uuid.UUID, Standing]:
    """The same for many people (by their ids) of one edition or call, in three queries."""
    if not wards:
        return {}
    found = select(Case).where(
        Case.programme == programme, Case.round_id == round_id, col(Case.person_id).in_(wards)
    )  # fmt: skip
    cases = {case.person_id: case for case in session.exec(found)}
    guardians, consents = _current_of(session, [case.id for case in cases.values()])
    at, standings_ = now(), {}
    for person_id, ward in wards.items():
        case = cases.get(person_id)
        known = (guardians.get(case.id), consents[case.id]) if case else (None, [])
        standings_[person_id] = rules.standing(ward, at, case, *known)
    return standings_


def _current_of(
    session: Session, case_ids: list[uuid.UUID]
) -> tuple[dict[uuid.UUID, ConsentGuardian], dict[uuid.UUID, list[Consent]]]:
    guardians = select(ConsentGuardian).where(
        col(ConsentGuardian.case_id).in_(case_ids), col(ConsentGuardian.replaced_at).is_(None)
    )
    current = select(Consent).where(col(Consent.case_id).in_(case_ids), col(Consent.ended_at).is_(None))
    by_case: dict[uuid.UUID, list[Consent]] = defaultdict(list)
    for consent in session.exec(current):
        by_case[consent.case_id].append(consent)
    return {each.case_id: each for each in session.exec(guardians)}, by_case


def case_of(session: Session, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Case | None:
    found = select(Case).where(Case.person_id == person_id, Case.programme == programme, Case.round_id == round_id)
    return session.exec(found).one_or_none()


def current(session: Session, case: Case, purpose: Purpose) -> Consent | None:
    found = select(Consent).where(
        Consent.case_id == case.id, Consent.purpose == purpose, col(Consent.ended_at).is_(None)
    )
    return session.exec(found).one_or_none()
