"""Reading what the jury decided."""

from sqlmodel import Session, col, select

from portal.contests.models import Edition
from portal.juries.models import Meeting, Verdict


def is_confirmed(session: Session, edition: Edition) -> bool:
    """Whether a second person has confirmed what the jury of the edition decided."""
    found = select(Meeting.id).where(Meeting.edition_id == edition.id, col(Meeting.confirmed_at).is_not(None))
    return session.exec(found).first() is not None


def confirmed(session: Session, edition: Edition) -> list[Verdict]:
    """Every decision of the jury once they are confirmed; until then none."""
    if not is_confirmed(session, edition):
        return []
    return list(session.exec(select(Verdict).where(Verdict.edition_id == edition.id).order_by(col(Verdict.essay_id))))
