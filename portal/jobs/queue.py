"""Asking for background work, in the transaction of the event that needs it."""

from sqlmodel import Session


def enqueue(session: Session, job: str, *arguments: str) -> None:
    """`job` runs after this transaction has committed, and only if it does. Arguments are plain text."""
