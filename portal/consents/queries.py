"""Reading consents."""

import uuid

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
    guardian = select(ConsentGuardian).where(
        ConsentGuardian.case_id == case.id, col(ConsentGuardian.replaced_at).is_(None)
    )
    current = select(Consent).where(Consent.case_id == case.id, col(Consent.ended_at).is_(None))
    return rules.standing(ward, now(), case, session.exec(guardian).one_or_none(), session.exec(current).all())


def case_of(session: Session, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Case | None:
    found = select(Case).where(Case.person_id == person_id, Case.programme == programme, Case.round_id == round_id)
    return session.exec(found).one_or_none()


def current(session: Session, case: Case, purpose: Purpose) -> Consent | None:
    found = select(Consent).where(
        Consent.case_id == case.id, Consent.purpose == purpose, col(Consent.ended_at).is_(None)
    )
    return session.exec(found).one_or_none()
