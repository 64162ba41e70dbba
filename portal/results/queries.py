"""Reading publications, what they rest on, translations, members' parts, and what waits."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.consents import queries as consents
from portal.consents.models import Programme, Purpose
from portal.contests import publicity
from portal.contests.models import Edition, EditionStatus
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.essays.rules import BEFORE_JUDGES, JUDGED
from portal.i18n import N_, Lazy
from portal.juries import hindrances
from portal.juries import queries as juries
from portal.juries import rules as jury_rules
from portal.juries.models import Outcome, Verdict, Withheld
from portal.registry.models import Government
from portal.results import rules, words
from portal.results.models import MemberAward, Publication, Translation
from portal.waiting import Waiting

NEWS_FOR = dt.timedelta(days=30)
NEWS = 10


# Publications


def publication(session: Session, edition: Edition) -> Publication | None:
    return session.exec(select(Publication).where(Publication.edition_id == edition.id)).one_or_none()


def lock(session: Session, publication_id: uuid.UUID) -> Publication | None:
    found = select(Publication).where(Publication.id == publication_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).one_or_none()


@publicity.answers
def is_public(session: Session, edition: Edition) -> bool:
    return rules.is_public(publication(session, edition), now())


def published_at(session: Session, edition: Edition) -> dt.datetime | None:
    """The instant of the publication that was confirmed; it may lie ahead."""
    found = publication(session, edition)
    return found.publish_at if found is not None and found.confirmed_at is not None else None


def public(at: dt.datetime) -> sa.Select[uuid.UUID]:
    """The editions whose results are public at this instant: `rules.is_public` in the database's words."""
    return sa.select(col(Publication.edition_id)).where(
        col(Publication.confirmed_at).is_not(None), col(Publication.publish_at) <= at
    )


def due(session: Session) -> list[uuid.UUID]:
    """Publications whose instant has come and of which not everybody was told."""
    found = select(Publication.id).where(
        col(Publication.publish_at) <= now(), col(Publication.confirmed_at).is_not(None),
        col(Publication.done_at).is_(None),
    )  # fmt: skip
    return list(session.exec(found))


def news(session: Session) -> list[Edition]:
    """Editions whose results came out lately, the newest first."""
    at = now()
    found = select(Edition).join(Publication, col(Publication.edition_id) == Edition.id).where(
        col(Edition.id).in_(public(at)), col(Publication.publish_at) > at - NEWS_FOR,
        Edition.status != EditionStatus.DRAFT,
    )  # fmt: skip
    return list(session.exec(found.order_by(col(Publication.publish_at).desc(), col(Edition.id)).limit(NEWS)))


def digest(session: Session, edition: Edition) -> str:
    """Of what the jury decided and of the awards to members, as both are now."""
    found = select(Verdict).where(Verdict.edition_id == edition.id)
    verdicts = [("verdict", each.essay_id, each.outcome, each.award_id) for each in session.exec(found)]
    kept = [("withheld", w.award_id, w.category_id, w.language, w.number) for w in withheld(session, edition)]
    given = [("member", each.government_id, each.entries) for each in members(session, edition)]
    return rules.digest([*verdicts, *kept, *given])


def is_decided(session: Session, edition: Edition) -> bool:
    """Whether a second person has confirmed what the jury of the edition decided."""
    meeting = juries.meeting(session, edition.id)
    return meeting is not None and meeting.confirmed_at is not None


@hindrances.hindrance
def why_decisions_stand(session: Session, edition_id: uuid.UUID) -> Lazy | None:
    """What is published, or will be, rests on them."""
    found = session.exec(select(Publication).where(Publication.edition_id == edition_id)).one_or_none()
    if rules.is_public(found, now()):
        return words.PUBLIC
    return words.ORDERED if found is not None else None


def sees_decisions(session: Session, viewer: Viewer, edition: Edition) -> bool:
    """Who sees the jury's decisions; from the instant on everybody who gets this far."""
    if is_public(session, edition):
        return True
    return jury_rules.may_look(viewer, edition) and not juries.is_barred(session, viewer, edition)


def figures(session: Session, edition: Edition) -> Counter[Outcome]:
    """How many essays have which outcome. Those that never came before the jury are not awarded."""
    found = Counter(verdict.outcome for verdict in juries.confirmed(session, edition))
    if found:
        found[Outcome.NOT_AWARDED] += _count(session, edition, JUDGED) - found.total()
    return found


def left_out(session: Session, edition: Edition) -> int:
    """How many essays were sent and never given to a judge: they have no result, and their authors are told of none."""
    return _count(session, edition, jury_rules.TO_COME)


def _count(session: Session, edition: Edition, states: Collection[EssayStatus]) -> int:
    found = select(func.count(col(Essay.id))).where(Essay.edition_id == edition.id, col(Essay.status).in_(states))
    return session.exec(found).one()


def withheld(session: Session, edition: Edition) -> list[Withheld]:
    found = select(Withheld).where(Withheld.edition_id == edition.id, col(Withheld.confirmed_at).is_not(None))
    return list(session.exec(found.order_by(col(Withheld.id))))


def untold(session: Session, edition_id: uuid.UUID, at_most: int) -> list[Essay]:
    """Essays whose state does not tell their result yet, locked."""
    found = select(Essay).where(Essay.edition_id == edition_id, col(Essay.status).in_(BEFORE_JUDGES))
    return list(session.exec(found.order_by(col(Essay.id)).limit(at_most).with_for_update()))


def authors(session: Session, essays: list[Essay]) -> dict[uuid.UUID, Authorship]:
    """Who is told, by essay."""
    found = select(Authorship).where(col(Authorship.essay_id).in_([essay.id for essay in essays]))
    return {own.essay_id: own for own in session.exec(found)}


# Translations


def may_be_translated(session: Session, essay: Essay) -> bool:
    """Whether the author's consent to it stands now. Nothing else about the author leaves this function."""
    author = sa.tuple_(col(Authorship.person_id), col(Authorship.edition_id))
    allowing = consents.allowing(Purpose.TRANSLATION, Programme.CONTEST)
    found = select(Authorship.id).where(Authorship.essay_id == essay.id, author.in_(allowing))
    return session.exec(found).first() is not None


def translations(session: Session, essay: Essay) -> dict[str, Translation]:
    found = select(Translation).where(Translation.essay_id == essay.id).order_by(col(Translation.language))
    return {each.language: each for each in session.exec(found)}


# Members


@dataclass(frozen=True)
class Part:
    """The part that a government's young people took."""

    government: Government
    entries: int
    share: float  # of all admitted essays, 0 to 1


def parts(session: Session, edition: Edition) -> list[Part]:
    """Governments by the number of admitted essays, the most first."""
    counted = (
        sa.select(col(Authorship.government_id).label("government_id"), func.count().label("entries"))
        .join(Essay, col(Authorship.essay_id) == col(Essay.id))
        .where(col(Essay.edition_id) == edition.id, col(Essay.status).in_(rules.ADMITTED))
        .group_by(col(Authorship.government_id))
        .subquery()
    )
    listed = sa.select(Government, counted.c.entries).join(counted, counted.c.government_id == col(Government.id))
    ordered = listed.order_by(counted.c.entries.desc(), col(Government.position), col(Government.code))
    rows = [(government, entries) for government, entries in session.execute(ordered)]
    total = sum(entries for _government, entries in rows)
    return [Part(government, entries, entries / total) for government, entries in rows]


def members(session: Session, edition: Edition) -> list[MemberAward]:
    wanted = joinedload(MemberAward.government)
    found = select(MemberAward).where(MemberAward.edition_id == edition.id).options(wanted)
    return list(session.exec(found.join(Government).order_by(col(Government.position), col(Government.code))))


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """Publications that a colleague ordered; where only one waits, the line leads to it."""
    if not viewer.is_secretary:
        return []
    found = select(Edition.slug).join(Publication, col(Publication.edition_id) == Edition.id).where(
        col(Publication.confirmed_at).is_(None), col(Publication.ordered_by) != viewer.id,
        col(Edition.id).not_in(viewer.judged),
    )  # fmt: skip
    slugs = session.exec(found.order_by(col(Publication.publish_at))).all()
    return [Waiting(len(slugs), N_("Publications to confirm"), f"/contests/{slugs[0]}/publication")] if slugs else []
