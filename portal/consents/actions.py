"""Deciding, purpose by purpose."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portal.clock import now
from portal.consents import queries
from portal.consents.models import Case, Consent, ConsentGuardian, Method, Programme, Purpose
from portal.files.models import StoredFile
from portal.history.actions import record


def open_case(session: Session, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Case:
    """The one case of this person in this edition or call."""
    case = queries.case_of(session, person_id, programme, round_id)
    if case is None:
        case = Case(person_id=person_id, programme=programme, round_id=round_id)
        session.add(case)
        session.flush()
    return case


def decide(
    session: Session, case: Case, answers: Mapping[Purpose, bool], *, method: Method, by: uuid.UUID | None,
    wording: str, language: str, digest: str, **evidence: Any,
) -> None:  # fmt: skip
    """Keeps each answer as a row of its own and ends the one it follows. `by` is None for a guardian by link.

    `evidence`: guardian_id, entered_by, scan_id, name.
    """
    at = now()
    for purpose, is_given in answers.items():
        earlier = queries.current(session, case, purpose)
        if earlier is not None:
            earlier.ended_at = at
            session.add(earlier)
            session.flush()
        session.add(Consent(
            case_id=case.id, purpose=purpose, is_given=is_given, method=method, wording=wording, language=language,
            digest=digest, decided_at=at, **evidence,
        ))  # fmt: skip
        deed = "consented" if is_given else "did not consent"
        record(session, deed, "consent", case.id, by=by, purpose=purpose.value, method=method.value, wording=wording)
    session.flush()


# What was signed on paper: its wording is what stands on the scan, whose SHA-256 is kept as the digest.
ON_PAPER = "paper"


def enter_from_paper(
    session: Session, case: Case, answers: Mapping[Purpose, bool], *, guardian_name: str, language: str,
    scan_id: uuid.UUID, by: uuid.UUID,
) -> None:  # fmt: skip
    """Answers as they stand on a signed paper, by a minor's guardian, or without one by the person."""
    guardian = _guardian_on_paper(session, case, guardian_name, language) if guardian_name else None
    scan = session.get_one(StoredFile, scan_id)
    decide(
        session, case, answers, method=Method.PAPER, by=by, wording=ON_PAPER, language=language, digest=scan.sha256,
        guardian_id=guardian.id if guardian else None, entered_by=by, scan_id=scan_id, name=guardian_name,
    )  # fmt: skip


def _guardian_on_paper(session: Session, case: Case, name: str, language: str) -> ConsentGuardian:
    """In the place of whoever was named before; there is no link, since the answer is there."""
    at = now()
    before = queries.guardian_of(session, case)
    if before is not None:
        before.replaced_at = at
        session.add(before)
        session.flush()
    made = ConsentGuardian(
        case_id=case.id, name=name, language=language, asked_at=at, sent_at=at, expires_at=at, answered_at=at
    )
    session.add(made)
    session.flush()
    return made
