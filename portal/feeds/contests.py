"""The dates that somebody has in the essay contest: as author, judge, or in the secretariat.

A judge's are those of the edition, whatever they read: they tell nothing of any essay.
"""

import datetime as dt
from collections.abc import Collection, Iterator

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from portal import calendars
from portal.accounts.viewer import Viewer
from portal.contests import rules as contests
from portal.contests.models import Edition, EditionStatus
from portal.essays import rules as essays
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.feeds.entries import Entry
from portal.i18n import _, language
from portal.judging.models import Judge, JudgeStatus

MOST = 200
YEAR = dt.timedelta(days=366)
GONE = {EssayStatus.WITHDRAWN, EssayStatus.DISQUALIFIED}


def entries(session: Session, viewer: Viewer, since: dt.datetime) -> Iterator[Entry]:
    yield from _as_author(session, viewer)
    yield from _as_judge(session, viewer)
    yield from _as_staff(session, viewer, since)


def _as_author(session: Session, viewer: Viewer) -> Iterator[Entry]:
    own = select(Authorship).join(Essay, col(Essay.id) == col(Authorship.essay_id))
    own = own.where(Authorship.person_id == viewer.person_id, col(Essay.status).not_in(GONE))
    for each in session.exec(own.options(joinedload(Authorship.essay).joinedload(Essay.edition)).limit(MOST)):
        edition = each.essay.edition
        if edition.status is EditionStatus.PUBLISHED:
            yield from _of_essay(each.essay, edition)


def _of_essay(essay: Essay, edition: Edition) -> Iterator[Entry]:
    yield from _dates(edition, {"due_at", "results_at"})
    if essay.status is EssayStatus.RETURNED:
        title = _("Correct your essay: %(edition)s") % {"edition": edition.title(language())}
        at, uid = essays.corrected_by(essay, edition), calendars.uid(essay.id, "correction")
        yield Entry(uid, title, at, f"/essays/{essay.id}", edition.zone)


def _as_judge(session: Session, viewer: Viewer) -> Iterator[Entry]:
    """Also where no role is theirs any more they were asked once; who left has nothing due."""
    own = select(Judge, Edition).join(Edition, col(Edition.id) == col(Judge.edition_id))
    own = own.where(Judge.person_id == viewer.person_id, Judge.status == JudgeStatus.ACCEPTED)
    for judge, edition in session.exec(own.where(Edition.status == EditionStatus.PUBLISHED).limit(MOST)):
        first = {"judging_due_at"} if judge.in_first else set()
        final = {"final_due_at"} if judge.in_final else set()
        yield from _dates(edition, first | final)


def _as_staff(session: Session, viewer: Viewer, since: dt.datetime) -> Iterator[Entry]:
    if not (viewer.is_secretary or viewer.is_auditor):
        return
    running = select(Edition).where(Edition.status == EditionStatus.PUBLISHED, col(Edition.opens_at) >= since - YEAR)
    for edition in session.exec(running.limit(MOST)):
        yield from _dates(edition, None)


def _dates(edition: Edition, columns: Collection[str] | None) -> Iterator[Entry]:
    """These of the edition's dates, or all."""
    told = _("%(deadline)s: %(call)s")
    for column, name, at, meaning in contests.stages(edition):
        if columns is None or column in columns:
            title = told % {"deadline": name, "call": edition.title(language())}
            uid = calendars.uid(edition.id, column)
            yield Entry(uid, title, at, f"/contests/{edition.slug}", edition.zone, str(meaning))
