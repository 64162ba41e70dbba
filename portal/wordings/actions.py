"""Keeping a secretary's own words, and going back to ours."""

import uuid
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.errors import NotAllowed
from portal.history.actions import record
from portal.mail.models import Wording
from portal.wordings import rules
from portal.wordings.templates import Sentence, Template


def save(
    session: Session, template: Template, language: str, words: Mapping[Sentence, tuple[str, ...]],
    rows: Iterable[Wording], *, by: Viewer,
) -> int:  # fmt: skip
    """Keeps what differs from `rows`, the words as they are; how many sentences changed."""
    if not rules.may_edit(by):
        raise NotAllowed
    known = {row.passage: row for row in rows}
    changed = 0
    for sentence, forms in words.items():
        row, is_ours = known.get(sentence.text), forms == rules.portals_own(sentence, language)
        if is_ours and row:
            remove(session, row, by=by)
        elif not is_ours and (row is None or tuple(row.forms) != forms):
            _keep(session, template, language, sentence, forms, row, by)
        else:
            continue
        changed += 1
    return changed


def remove(session: Session, row: Wording, *, by: Viewer) -> None:
    """The portal's own words stand there again."""
    if not rules.may_edit(by):
        raise NotAllowed
    _tell(session, row.id, row.template, row.language, row.passage, before=row.forms, after=None, by=by)
    session.execute(sa.delete(Wording).where(col(Wording.id) == row.id))
    session.info.pop("wordings", None)


def _keep(
    session: Session, template: Template, language: str, sentence: Sentence, forms: tuple[str, ...],
    row: Wording | None, by: Viewer,
) -> None:  # fmt: skip
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    place = {"template": template.name, "language": language, "passage": sentence.text}
    fresh = {"forms": list(forms), "edited_by": by.id, "edited_at": now()}
    written = insert(Wording).values({"id": uuid.uuid4(), **place, **fresh})
    written = written.on_conflict_do_update(index_elements=list(place), set_=fresh)
    kept = session.execute(written.returning(col(Wording.id))).scalar_one()
    _tell(session, kept, **place, before=row.forms if row else None, after=list(forms), by=by)
    session.info.pop("wordings", None)


def _tell(
    session: Session, wording_id: uuid.UUID, template: str, language: str, passage: str, *,
    before: list[str] | None, after: list[str] | None, by: Viewer,
) -> None:  # fmt: skip
    """None stands for the portal's own words."""
    told = {"template": template, "language": language, "passage": passage, "before": before, "after": after}
    record(session, "changed the words of a message", "wording", wording_id, by=by.id, **told)
