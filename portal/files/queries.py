"""Reading about files."""

import uuid

from sqlmodel import Session, col, func, select

from portal.files.models import StoredFile

AT_ONCE = 500


def in_use(session: Session, owner_id: uuid.UUID) -> tuple[int, int]:
    """How many files a person has, and how many bytes in all."""
    found = select(func.count(), func.coalesce(func.sum(StoredFile.size), 0)).where(StoredFile.owner_id == owner_id)
    files, size = session.exec(found).one()
    return files, int(size)


def ids_by_key(session: Session) -> dict[str, uuid.UUID]:
    """Every row's id by the key of its bytes."""
    return dict(session.exec(select(StoredFile.key, StoredFile.id)).all())


def known(session: Session, wanted: list[str]) -> set[str]:
    """Which of these keys have a row."""
    return set(session.exec(select(StoredFile.key).where(col(StoredFile.key).in_(wanted))))
