"""Deciding, purpose by purpose."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portal.clock import now
from portal.consents import queries
from portal.consents.models import Case, Consent, Method, Programme, Purpose
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
