"""Whether an edition's results are public, as a feature higher up the street knows it: said there, asked here."""

from collections.abc import Callable

from sqlmodel import Session

from portal.contests.models import Edition

Answer = Callable[[Session, Edition], bool]
_known: list[Answer] = []


def answers(asked: Answer) -> Answer:
    """Has `has_results` ask this function too."""
    _known.append(asked)
    return asked


def has_results(session: Session, edition: Edition) -> bool:
    return any(each(session, edition) for each in _known)
