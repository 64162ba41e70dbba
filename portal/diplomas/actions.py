"""Issuing and revoking certificates of the contest, and what their holders let strangers see."""

import datetime as dt
import uuid
from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.diplomas import queries, rules, words
from portal.diplomas.models import Diploma
from portal.diplomas.rules import Entry
from portal.documents import certificates, numbers
from portal.documents.certificates import Signatory
from portal.errors import Conflict, NotAllowed
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.models import Authorship, Essay
from portal.history.actions import record
from portal.history.rules import changes
from portal.jobs.queue import enqueue
from portal.results import queries as results

ISSUE = "diplomas.issue"
AT_ONCE = 50  # certificates in one transaction


def issue_many(
    session: Session, edition: Edition, ids: Collection[uuid.UUID], signatory: Signatory, *, by: Viewer, origin: str
) -> list[Diploma]:
    """All of them or none. Callers hold the edition locked. `origin` is the portal's address, for the mails."""
    _ensure(session, edition, by=by)
    found = queries.chosen(session, edition, ids, by.id)
    if len(found) < len(set(ids)):
        raise Conflict(words.LIST_CHANGED)
    return [_issue(session, edition, entry, signatory, by=by.id, origin=origin) for entry in found]


def order_all(session: Session, edition: Edition, signatory: Signatory, *, by: Viewer) -> None:
    """A job issues those of all essays that never had one."""
    _ensure(session, edition, by=by)
    record(session, "ordered all certificates", "edition", edition.id, by=by.id)
    enqueue(session, ISSUE, str(edition.id), str(by.id), *signatory)


def issue_some(session: Session, edition_id: uuid.UUID, signatory: Signatory, *, by: uuid.UUID, origin: str) -> bool:
    """Some of all, for the job, and whether there may be more. Certificate and mail are of one transaction: a second
    run issues none twice."""
    edition = queries.lock_edition(session, edition_id)
    found = queries.never_issued(session, edition, by, AT_ONCE) if results.is_public(session, edition) else []
    for entry in found:
        _issue(session, edition, entry, signatory, by=by, origin=origin)
    return len(found) == AT_ONCE


def _ensure(session: Session, edition: Edition, *, by: Viewer) -> None:
    if not rules.may_issue(by, edition):
        raise NotAllowed
    if not results.is_public(session, edition):
        raise Conflict(words.NOT_OUT)


def _issue(
    session: Session, edition: Edition, entry: Entry, signatory: Signatory, *, by: uuid.UUID, origin: str
) -> Diploma:
    at, number = now(), numbers.new(rules.PREFIX)
    said = rules.content(edition, entry, number, signatory, on=_day(at, edition))
    diploma = Diploma(
        essay_id=entry.essay.id, edition_id=edition.id, kind=rules.kind(entry.award), number=number, issued_at=at,
        issued_by=by, content=said, digest=certificates.digest(said),
    )  # fmt: skip
    session.add(diploma)
    session.flush()
    record(session, "certificate issued", "essay", entry.essay.id, by=by, number=number, digest=diploma.digest)
    _tell(session, entry.own, entry.essay, diploma, "diplomas/issued", origin)
    return diploma


def _day(at: dt.datetime, edition: Edition) -> dt.date:
    return at.astimezone(ZoneInfo(edition.zone)).date()


def revoke(session: Session, edition: Edition, diploma: Diploma, *, by: Viewer, reason: str, origin: str) -> None:
    """From this moment the public page says so. A new certificate has a new number."""
    _ensure(session, edition, by=by)
    if diploma.revoked_at is not None:
        raise Conflict(words.REVOKED_ALREADY)
    diploma.revoked_at, diploma.revoked_by, diploma.revoked_reason = now(), by.id, reason
    session.add(diploma)
    record(session, "certificate revoked", "essay", diploma.essay_id, by=by.id, number=diploma.number)
    essay = session.get_one(Essay, diploma.essay_id)
    _tell(session, essay_queries.author_of(session, essay), essay, diploma, "diplomas/revoked", origin)


def choose(
    session: Session, own: Authorship, diploma: Diploma, *, by: Viewer, shows_name: bool, shows_title: bool
) -> None:
    """What strangers with the number may see, as far as its publication is agreed to. Kept in the history of the
    authorship: that of an essay names no author."""
    if not rules.is_holder(by, own):
        raise NotAllowed
    name, text = queries.agreed(session, own)
    if shows_name and not name:
        raise Conflict(words.NO_NAME)
    if shows_title and not text:
        raise Conflict(words.NO_TITLE)
    told = changes(diploma, {"shows_name": shows_name, "shows_title": shows_title})
    diploma.shows_name, diploma.shows_title = shows_name, shows_title
    session.add(diploma)
    if told:
        record(session, "certificate shown otherwise", "authorship", own.id, by=by.id, **told)


def _tell(session: Session, own: Authorship, essay: Essay, diploma: Diploma, template: str, origin: str) -> None:
    link = f"{origin}/essays/{essay.id}/certificate"
    essays.tell(session, own, template, essay, certificate_number=diploma.number, link=link)
