"""Uploading a manuscript, confirming its text, taking it back."""

import uuid

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.errors import Conflict
from portal.essays import paragraphs
from portal.essays import rules as essay_rules
from portal.essays.actions import ELSEWHERE
from portal.essays.models import Authorship, Essay, Manuscript, SetAside, Source
from portal.files import actions as files
from portal.files import rules as file_rules
from portal.files.models import StoredFile
from portal.files.rules import Checked, Prose
from portal.history.actions import record
from portal.manuscripts import queries, rules
from portal.manuscripts.queries import Upload


def receive(session: Session, own: Authorship, checked: Checked, prose: Prose, *, by: Viewer) -> Manuscript:
    """Keeps a file and what was read from it, until its author says what to do. Nothing of the essay changes."""
    _in_time(own.essay)
    text = paragraphs.cleaned(prose.text)
    if not text:
        raise Conflict(file_rules.VERDICTS["wordless"])
    stored = files.keep(session, checked, owner_id=by.id)
    _forget_pending(session, own)
    made = Manuscript(essay_id=own.essay_id, file_id=stored.id, text=text, notes=prose.notes)
    session.add(made)
    session.flush()
    record(session, "uploaded a manuscript", "authorship", own.id, by=by.id)
    return made


def confirm(session: Session, own: Authorship, manuscript_id: uuid.UUID, *, version: int, by: Viewer) -> None:
    """From here on its text counts. What stood there before is set aside. Title and theme stay; so do the notes,
    unless the file has its own.
    """
    pending, confirmed = queries.own_uploads(session, own)
    if confirmed is not None and confirmed.manuscript.id == manuscript_id:
        return  # pressed twice
    _in_time(own.essay)
    if pending is None or pending.manuscript.id != manuscript_id:
        raise Conflict(rules.REPLACED)
    if version != own.essay.version:
        raise Conflict(ELSEWHERE)
    if confirmed is not None:
        _replace(session, confirmed)
    pending.manuscript.confirmed_at = now()
    session.add(pending.manuscript)
    _take_over(session, own.essay, pending.manuscript)
    session.flush()
    record(session, "confirmed a manuscript", "authorship", own.id, by=by.id, version=own.essay.version)


def take_back(session: Session, own: Authorship, *, by: Viewer) -> None:
    """The author would rather type, or nothing was meant by it."""
    _in_time(own.essay)
    if _forget_pending(session, own):
        record(session, "took a manuscript back", "authorship", own.id, by=by.id)


def note_reading(session: Session, essay_id: uuid.UUID, *, by: Viewer) -> None:
    record(session, "read the manuscript", "essay", essay_id, by=by.id)


def forget_unconfirmed(session: Session) -> int:
    """What nobody has confirmed for a month; returns how many files that were."""
    old = queries.unconfirmed_before(session, now() - rules.UNCONFIRMED)
    for upload in old:
        _forget(session, upload.manuscript, upload.file)
    return len(old)


def _in_time(essay: Essay) -> None:
    why_not = essay_rules.why_not_written(essay, essay.edition, now())
    if why_not:
        raise Conflict(why_not)


def _take_over(session: Session, essay: Essay, manuscript: Manuscript) -> None:
    notes = manuscript.notes or essay.notes
    if (essay.text, essay.notes) != (manuscript.text, notes) and (essay.text or essay.notes):
        session.add(SetAside(essay_id=essay.id, title=essay.title, text=essay.text, notes=essay.notes))
    essay.text, essay.notes, essay.source = manuscript.text, notes, Source.FILE
    essay.saved_at = now()
    essay.version += 1
    session.add(essay)


def _forget_pending(session: Session, own: Authorship) -> bool:
    pending, _confirmed = queries.own_uploads(session, own)
    if pending is not None:
        _forget(session, *pending)
    return pending is not None


def _replace(session: Session, earlier: Upload) -> None:
    """The secretariat keeps the original of what was sent; of everything else there is no need."""
    if not queries.was_sent(session, earlier.manuscript):
        _forget(session, *earlier)
        return
    earlier.manuscript.replaced_at = now()
    session.add(earlier.manuscript)
    session.flush()


def _forget(session: Session, manuscript: Manuscript, file: StoredFile) -> None:
    session.delete(manuscript)
    session.flush()
    files.forget(session, file)
