"""Reading what was sent, its fingerprints and what essays share. Drafts are no texts here."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.contests.models import Edition, Theme
from portal.contests.rules import COUNTED_IN_CHARACTERS
from portal.errors import NotFound
from portal.essays.models import Authorship, Essay, Submission
from portal.passages import pairing, rules, winnowing
from portal.passages.folding import CJK_UNITS, Numbers, are_in, fold
from portal.passages.models import Fingerprint, Fingerprinted, SharedPassages

PAGE = 50
PARAMETERS = 20_000  # of one statement; SQLite takes 32,766
SAMPLE = 48
NOBODYS = np.array([], np.int64)

# Texts


class Sent(NamedTuple):
    """The text of an essay as it was sent last. Withdrawn and disqualified ones remain earlier texts."""

    essay_id: uuid.UUID
    edition_id: uuid.UUID
    text: str


def sent_texts(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Sent]:
    each = aliased(Submission)
    last = sa.select(func.max(col(each.number))).where(col(each.essay_id) == Essay.id).correlate(Essay)
    is_last = sa.and_(col(Submission.essay_id) == Essay.id, col(Submission.number) == last.scalar_subquery())
    text = func.coalesce(Submission.text, Essay.text)
    found = sa.select(col(Essay.id), col(Essay.edition_id), text).outerjoin(Submission, is_last)
    rows = session.execute(found.where(col(Essay.id).in_(ids), col(Essay.submitted_at).is_not(None)))
    return {row[0]: Sent(*row) for row in rows}


def sent_ids(session: Session, edition_id: uuid.UUID | None) -> list[uuid.UUID]:
    found = select(Essay.id).where(col(Essay.submitted_at).is_not(None)).order_by(col(Essay.id))
    return list(session.exec(found if edition_id is None else found.where(Essay.edition_id == edition_id)))


def given(session: Session, edition_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Numbers]:
    """The grams of what each edition itself gave to everybody: its title, its invitation, its themes."""
    editions = select(Edition.id, Edition.titles, Edition.texts).where(col(Edition.id).in_(edition_ids))
    themes = select(Theme.edition_id, Theme.names).where(col(Theme.edition_id).in_(edition_ids))
    texts: dict[uuid.UUID, list[str]] = {}
    for edition_id, titles, invitation in session.exec(editions):
        texts[edition_id] = [*titles.values(), *invitation.values()]
    for edition_id, names in session.exec(themes):
        texts[edition_id].extend(names.values())
    return {edition_id: _grams_of(found) for edition_id, found in texts.items()}


def _grams_of(texts: Iterable[str]) -> Numbers:
    return np.unique(np.concatenate([winnowing.grams(fold(text)).hashes for text in texts] or [NOBODYS]))


# Fingerprints


def hashes_of(known: Fingerprinted) -> Numbers:
    return np.frombuffer(known.hashes, "<i8").astype(np.int64)


def fingerprinted(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Fingerprinted]:
    found = session.exec(select(Fingerprinted).where(col(Fingerprinted.essay_id).in_(ids)))
    return {known.essay_id: known for known in found}


def by_number(session: Session, numbers: Collection[int]) -> list[Fingerprinted]:
    found = select(Fingerprinted).where(col(Fingerprinted.number).in_(numbers))
    return list(session.exec(found.order_by(col(Fingerprinted.number))))


def sizes(session: Session) -> dict[int, tuple[uuid.UUID, int]]:
    """Every fingerprinted essay by its number: which it is, and how many fingerprints it has."""
    length = func.length(Fingerprinted.hashes) / 8
    found = sa.select(col(Fingerprinted.number), col(Fingerprinted.essay_id), length)
    return {number: (essay_id, int(size)) for number, essay_id, size in session.execute(found)}


def most_common(session: Session) -> int:
    return pairing.most_common(session.exec(select(func.count(col(Fingerprinted.essay_id)))).one())


def common(session: Session, hashes: Numbers | None = None) -> Numbers:
    """Of these hashes (of all there are) those that too many essays share, in order."""
    found = select(Fingerprint.hash).group_by(col(Fingerprint.hash)).having(func.count() > most_common(session))
    if hashes is None:
        return np.array(session.exec(found.order_by(col(Fingerprint.hash))).all(), np.int64)
    listed = [hashes[begin : begin + PARAMETERS].tolist() for begin in range(0, len(hashes), PARAMETERS)]
    return np.array(
        sorted(each for some in listed for each in session.exec(found.where(col(Fingerprint.hash).in_(some)))), np.int64
    )


def holders(session: Session, hashes: Numbers, *, but: int) -> pairing.Rows:
    """Who else has one of these hashes."""
    found = _rows().where(col(Fingerprint.hash).in_(hashes.tolist()), col(Fingerprint.number) != but)
    return _as_rows(session.execute(found))


def fullest(session: Session, hashes: Numbers, *, but: int, most: int) -> list[int]:
    """The essays that have half of these hashes and more, however many others have them; told from a sample."""
    hashes = hashes[:: max(len(hashes) // SAMPLE, 1)]
    count = func.count().label("count")
    found = sa.select(col(Fingerprint.number), count).where(col(Fingerprint.hash).in_(hashes.tolist()))
    found = found.where(col(Fingerprint.number) != but).group_by(col(Fingerprint.number))
    rows = session.execute(found.order_by(count.desc(), col(Fingerprint.number)).limit(most))
    return [number for number, shared in rows if shared * 2 >= len(hashes)]


def in_common(session: Session) -> pairing.Rows:
    """Every fingerprint that two essays share, and not too many."""
    between = func.count().between(2, most_common(session))
    shared = sa.select(col(Fingerprint.hash)).group_by(col(Fingerprint.hash)).having(between)
    found = _rows().where(col(Fingerprint.hash).in_(shared))
    return _as_rows(session.execute(found.order_by(col(Fingerprint.hash), col(Fingerprint.number))))


def _rows() -> Any:
    return sa.select(col(Fingerprint.hash), col(Fingerprint.number), col(Fingerprint.position))


def _as_rows(found: sa.Result[Any]) -> pairing.Rows:
    return pairing.Rows(*np.fromiter(chain.from_iterable(found), np.int64).reshape(-1, 3).T)


def barred(one: Fingerprinted, other: Fingerprinted, common: Numbers, given: Iterable[Numbers]) -> Numbers:
    """The grams that no passage of these two may rest on, in order: what was given, and what very many quote."""
    ours, theirs = hashes_of(one), hashes_of(other)
    both = len(np.intersect1d(ours, theirs, assume_unique=True))
    own = NOBODYS if pairing.are_one_text(len(ours), len(theirs), both) else np.concatenate([ours, theirs])
    return np.sort(np.concatenate([*given, own[are_in(own, common)], NOBODYS]))


def barred_for(session: Session, texts: Collection[Sent]) -> Numbers:
    """The same, of two texts that were compared before."""
    known = list(fingerprinted(session, [sent.essay_id for sent in texts]).values())
    if len(known) < 2:
        return NOBODYS
    own = np.concatenate([hashes_of(each) for each in known])
    editions = given(session, {sent.edition_id for sent in texts})
    return barred(known[0], known[1], common(session, own), editions.values())


# What screeners see


@dataclass(frozen=True)
class Other:
    """An essay that shares passages with the one that is screened; shares are 0 to 1, of each whole text."""

    pair_id: uuid.UUID
    essay: Essay
    share: float
    other_share: float
    longest: int
    is_by_the_same: bool
    was_sent_first: bool

    @property
    def percent(self) -> int:
        return round(self.share * 100)

    @property
    def other_percent(self) -> int:
        return round(self.other_share * 100)

    @property
    def longest_passage(self) -> int:
        """In letters, or in characters of Chinese, Japanese or Korean writing."""
        return self.longest // (CJK_UNITS if self.essay.language in COUNTED_IN_CHARACTERS else 1)


def get_screened(session: Session, viewer: Viewer, edition: Edition, essay_id: uuid.UUID) -> Essay:
    if not rules.may_compare(viewer, edition):
        raise NotFound
    found = select(Essay).where(Essay.id == essay_id, Essay.edition_id == edition.id)
    essay = session.exec(found.where(col(Essay.submitted_at).is_not(None))).one_or_none()
    if essay is None:
        raise NotFound
    return essay


def is_compared(session: Session, essay: Essay) -> bool:
    """Whether what was sent last has been compared, and not only something earlier."""
    sent, known = sent_texts(session, [essay.id]), fingerprinted(session, [essay.id]).get(essay.id)
    if known is None or known.compared_at is None:
        return False
    return essay.id in sent and known.digest == rules.digest(sent[essay.id].text)


def shared_page(
    session: Session, essay: Essay, *, viewer: Viewer | None = None, after: uuid.UUID | None = None
) -> tuple[list[Other], str]:
    """A page of those that share passages with it, and the cursor of the next.

    Pages give the viewer: who judges the other edition is shown nothing of it, since beside a text whose author they
    know it would tell them whom they judge.
    """
    listed = _pairs_of(essay).where(_is_seen_by(viewer))
    greatest, id_ = _greatest(), col(SharedPassages.id)
    if after is not None:
        last = sa.select(greatest, id_).where(id_ == after).subquery()
        listed = listed.where(sa.tuple_(greatest, id_) < sa.select(*last.c).scalar_subquery())
    rows = session.exec(listed.order_by(greatest.desc(), id_.desc()).limit(PAGE + 1)).all()
    return _others(session, essay, rows[:PAGE]), str(rows[PAGE - 1].id) if len(rows) > PAGE else ""


def count(session: Session, essay: Essay, viewer: Viewer) -> int:
    """With how many others that the viewer may see it shares passages."""
    seen = _pairs_of(essay).where(_is_seen_by(viewer)).subquery()
    return session.exec(select(func.count()).select_from(seen)).one()


def hidden_count(session: Session, essay: Essay, viewer: Viewer) -> int:
    """How many others are of editions that the viewer judges."""
    if not viewer.judged:
        return 0
    hidden = _pairs_of(essay).where(sa.not_(_is_seen_by(viewer))).subquery()
    return session.exec(select(func.count()).select_from(hidden)).one()


def get_other(session: Session, viewer: Viewer, essay: Essay, other_id: uuid.UUID) -> Other:
    """Only what shares passages: the texts of other editions are not for browsing."""
    is_theirs = or_(SharedPassages.essay_id == other_id, SharedPassages.other_id == other_id)
    rows = session.exec(_pairs_of(essay).where(is_theirs, _is_seen_by(viewer))).all()
    if not rows or other_id == essay.id:
        raise NotFound
    return _others(session, essay, rows)[0]


def _pairs_of(essay: Essay) -> SelectOfScalar[SharedPassages]:
    return select(SharedPassages).where(
        or_(SharedPassages.essay_id == essay.id, SharedPassages.other_id == essay.id),
    )


def _is_seen_by(viewer: Viewer | None) -> sa.ColumnElement[bool]:
    """Not of an edition that the viewer judges, on either side."""
    judged = viewer.judged if viewer else frozenset()
    if not judged:
        return sa.true()
    there = aliased(Essay)
    either = or_(col(there.id) == SharedPassages.essay_id, col(there.id) == SharedPassages.other_id)
    return ~sa.exists().where(either, col(there.edition_id).in_(judged))


def _greatest() -> sa.Case[float]:
    share, other = col(SharedPassages.share), col(SharedPassages.other_share)
    return sa.case((share >= other, share), else_=other)


def _others(session: Session, essay: Essay, rows: Iterable[SharedPassages]) -> list[Other]:
    pairs = list(rows)
    ids = {each for pair in pairs for each in (pair.essay_id, pair.other_id)}
    wanted = select(Essay).where(col(Essay.id).in_(ids)).options(joinedload(Essay.edition))
    essays = {found.id: found for found in session.exec(wanted)}
    authors, firsts = _authors(session, ids), _first_sent(session, ids)
    return [_seen_from(essay, pair, essays, authors, firsts) for pair in pairs]


def _seen_from(
    essay: Essay, pair: SharedPassages, essays: Mapping[uuid.UUID, Essay], authors: Mapping[uuid.UUID, uuid.UUID],
    firsts: Mapping[uuid.UUID, Any],
) -> Other:  # fmt: skip
    is_one = pair.essay_id == essay.id
    other = essays[pair.other_id if is_one else pair.essay_id]
    shares = (pair.share, pair.other_share) if is_one else (pair.other_share, pair.share)
    same = authors.get(other.id) is not None and authors.get(other.id) == authors.get(essay.id)
    return Other(pair.id, other, *shares, pair.longest, same, firsts[other.id] < firsts[essay.id])


def _authors(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    found = select(Authorship.essay_id, Authorship.person_id).where(col(Authorship.essay_id).in_(ids))
    return dict(session.exec(found).all())


def _first_sent(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """When each was sent for the first time."""
    first = select(func.min(Submission.submitted_at)).where(Submission.essay_id == Essay.id).scalar_subquery()
    found = select(Essay.id, func.coalesce(first, Essay.submitted_at)).where(col(Essay.id).in_(ids))
    return dict(session.exec(found).all())
