"""Reading about uploaded files: their author's own, and for screeners what an essay was sent with."""

import datetime as dt
import uuid
from typing import NamedTuple

from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.contests import rules as contest_rules
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays.models import Authorship, Essay, Manuscript, Submission
from portal.files.models import StoredFile

AT_ONCE = 200


class Upload(NamedTuple):
    """A manuscript and its file."""

    manuscript: Manuscript
    file: StoredFile


class Own(NamedTuple):
    """An author's: `pending` waits for their word, `confirmed` is where the text came from."""

    pending: Upload | None
    confirmed: Upload | None


def own_uploads(session: Session, own: Authorship) -> Own:
    """Callers have found `own` among what the viewer wrote."""
    found = select(Manuscript, StoredFile).join(StoredFile, col(StoredFile.id) == Manuscript.file_id)
    current = found.where(Manuscript.essay_id == own.essay_id, col(Manuscript.replaced_at).is_(None))
    uploads = [Upload(*row) for row in session.exec(current)]
    return Own(
        pending=next((one for one in uploads if one.manuscript.confirmed_at is None), None),
        confirmed=next((one for one in uploads if one.manuscript.confirmed_at is not None), None),
    )


def was_sent(session: Session, manuscript: Manuscript) -> bool:
    """Whether its essay was sent since it was confirmed, so that the file is the original of what was sent."""
    if manuscript.confirmed_at is None:
        return False
    later = select(Submission.id).where(
        Submission.essay_id == manuscript.essay_id, Submission.submitted_at >= manuscript.confirmed_at
    )
    return session.exec(later.limit(1)).first() is not None


def unconfirmed_before(session: Session, at: dt.datetime) -> list[Upload]:
    found = select(Manuscript, StoredFile).join(StoredFile, col(StoredFile.id) == Manuscript.file_id)
    old = found.where(col(Manuscript.confirmed_at).is_(None), Manuscript.uploaded_at < at)
    return [Upload(*row) for row in session.exec(old.order_by(col(Manuscript.uploaded_at)).limit(AT_ONCE))]


# For screeners


def sent_with(viewer: Viewer, edition: Edition) -> SelectOfScalar[Manuscript]:
    """What essays of this edition were last sent with, for those who may know who wrote them."""
    if not contest_rules.may_see_author(viewer, edition):
        raise NotFound
    essay = select(Manuscript).join(Essay, col(Essay.id) == Manuscript.essay_id).where(Essay.edition_id == edition.id)
    return essay.where(col(Manuscript.confirmed_at) <= col(Essay.submitted_at)).order_by(
        col(Manuscript.confirmed_at).desc()
    )


def came_as_file(session: Session, viewer: Viewer, edition: Edition, essay_id: uuid.UUID) -> bool:
    found = sent_with(viewer, edition).where(Manuscript.essay_id == essay_id)
    return session.scalar(select(exists(found.order_by(None)))) is True


def get_original(session: Session, viewer: Viewer, edition: Edition, essay_id: uuid.UUID) -> StoredFile:
    manuscript = session.exec(sent_with(viewer, edition).where(Manuscript.essay_id == essay_id).limit(1)).first()
    if manuscript is None:
        raise NotFound
    return session.get_one(StoredFile, manuscript.file_id)
