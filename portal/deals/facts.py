"""Reading what a deal is computed from: a fixed number of queries, however many essays and judges there are.

Who wrote what is looked at here, and nobody sees it: only tokens of where essays come from leave, and who is barred.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from portal.accounts.models import Grant, Person, Role
from portal.accounts.queries import in_force
from portal.accounts.rules import mailbox
from portal.clock import today
from portal.consents.models import Case, ConsentGuardian, Programme
from portal.contests.models import ConflictRule, Edition
from portal.deals import rules
from portal.deals.inputs import Given
from portal.deals.models import Deal, DealKind
from portal.essays.models import Authorship, Essay
from portal.judging import deals
from portal.judging import rules as judging
from portal.judging.models import Appointment, DeclaredConflict, Judge, Round
from portal.registry.models import Government
from portal.screening import queries as screening


class Had(NamedTuple):
    """An appointment, as dealing looks at it; `kind` of the deal that gave it, None if somebody did by hand."""

    judge: str
    is_kept: bool
    kind: DealKind | None


def given(session: Session, edition: Edition, round_: Round, kind: DealKind, named: Collection[str] = ()) -> Given:
    """All that decides about such a deal, as it is now; `named` are the essays that a deal AGAIN or EXTRA is about."""
    readings, every = rules.readings_of(edition, round_), _judges(session, edition)
    panel = _panel(session, edition, round_, every)
    conflicts = _conflicts(session, edition)
    essays = _essays(session, edition, round_)
    had, barred = _had(session, edition, round_), _barred(session, edition, panel, conflicts)
    from_where = _homes(session, edition.conflict_rule)
    kept = {each: tuple(one.judge for one in rows if one.is_kept) for each, rows in had.items()}
    return Given(
        round_, kind, readings,
        tuple(
            deals.Essay(
                str(row.id), row.language, from_where[row.government_id], frozenset(barred.get(row.id, ())),
                f"{row.category_id}:{row.language}",
                _needs(round_, kind, readings, had.get(str(row.id), ()), is_named=str(row.id) in named),
            )
            for row in essays
        ),
        tuple(_judge(each, conflicts, edition.conflict_rule, kind) for each in panel),
        {each: judges for each, judges in kept.items() if judges},
        {each: tuple(one.judge for one in rows if not one.is_kept) for each, rows in had.items()},
        {str(row.id): row.code for row in (*essays, *every)},
    )  # fmt: skip


def _needs(
    round_: Round, kind: DealKind, readings: int, had: Sequence[Had], *, is_named: bool
) -> int | None:  # fmt: skip
    if rules.is_direct(round_, kind) and (kind is DealKind.ROUND or is_named):
        return None
    kept = sum(one.is_kept for one in had)
    return rules.needs(kind, readings, [one.kind for one in had], kept, is_named=is_named)


def _judge(
    judge: Judge, conflicts: Sequence[DeclaredConflict], rule: ConflictRule, kind: DealKind
) -> deals.Judge:  # fmt: skip
    """How much somebody reads at least counts when a round is dealt, not when a few readings are."""
    least = judge.least if kind is DealKind.ROUND else 0
    shuns = judging.shuns(judge, conflicts, rule)
    return deals.Judge(str(judge.id), frozenset(judge.languages), judge.most, least, shuns)


def _judges(session: Session, edition: Edition) -> Sequence[Judge]:
    return session.exec(select(Judge).where(Judge.edition_id == edition.id).order_by(col(Judge.id))).all()


def _panel(session: Session, edition: Edition, round_: Round, every: Sequence[Judge]) -> list[Judge]:
    """Who reads in this round: accepted, still in the role, and without knowing who wrote."""
    in_role = select(Grant.person_id).where(
        Grant.edition_id == edition.id, Grant.role == Role.JUDGE, in_force(today())
    )  # fmt: skip
    hold = set(session.exec(in_role))
    people = {judge.person_id for judge in every if judge.person_id is not None}
    knowing = screening.knowing_authors(session, people, edition)
    here = (judge for judge in every if judging.is_here(judge) and judging.is_in_round(judge, round_))
    return [judge for judge in here if judge.person_id in hold and judge.person_id not in knowing]


def _conflicts(session: Session, edition: Edition) -> Sequence[DeclaredConflict]:
    found = select(DeclaredConflict).join(Judge, col(DeclaredConflict.judge_id) == Judge.id)
    return session.exec(found.where(Judge.edition_id == edition.id)).all()


def _essays(session: Session, edition: Edition, round_: Round) -> Sequence[Any]:
    found = sa.select(
        col(Essay.id), col(Essay.code), col(Essay.language), col(Essay.category_id), col(Authorship.government_id)
    ).join(Authorship, col(Authorship.essay_id) == Essay.id)
    dealt_to = rules.DEALT_TO[round_]
    return session.execute(found.where(col(Essay.edition_id) == edition.id, col(Essay.status).in_(dealt_to))).all()


def _had(session: Session, edition: Edition, round_: Round) -> dict[str, list[Had]]:
    rows = (
        sa.select(col(Appointment.essay_id), col(Appointment.judge_id), col(Appointment.ended_at), col(Deal.kind))
        .join(Essay, col(Appointment.essay_id) == Essay.id)
        .outerjoin(Deal, col(Appointment.deal_id) == Deal.id)
        .where(
            col(Essay.edition_id) == edition.id, col(Appointment.round) == round_,
            col(Essay.status).in_(rules.DEALT_TO[round_]),
        )
        .order_by(col(Appointment.judge_id))
    )  # fmt: skip
    found: dict[str, list[Had]] = defaultdict(list)
    for essay_id, judge_id, ended_at, kind in session.execute(rows):
        found[str(essay_id)].append(Had(str(judge_id), ended_at is None, kind))
    return found


def _homes(session: Session, rule: ConflictRule) -> Mapping[uuid.UUID | None, frozenset[str]]:
    found: dict[uuid.UUID | None, frozenset[str]] = {None: frozenset()}
    return found | {each.id: judging.homes(each, rule) for each in session.exec(select(Government))}


def _barred(
    session: Session, edition: Edition, panel: Sequence[Judge], conflicts: Sequence[DeclaredConflict]
) -> dict[uuid.UUID, set[str]]:  # fmt: skip
    """By essay, the judges who declared a conflict with it or are its author's guardian."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for each in conflicts:
        if each.essay_id is not None:
            found[each.essay_id].add(str(each.judge_id))
    boxes = _mailboxes(session, panel)
    guardians = sa.select(col(Authorship.essay_id), col(ConsentGuardian.email)).join(
        Case, col(Case.person_id) == Authorship.person_id
    ).join(ConsentGuardian, col(ConsentGuardian.case_id) == Case.id)  # fmt: skip
    named = guardians.where(
        col(Authorship.edition_id) == edition.id, col(Case.programme) == Programme.CONTEST,
        col(Case.round_id) == edition.id, col(ConsentGuardian.email) != "",
    )  # fmt: skip
    for essay_id, email in session.execute(named):
        found[essay_id] |= boxes.get(mailbox(email), set())
    return found


def _mailboxes(session: Session, panel: Sequence[Judge]) -> dict[str, set[str]]:
    people = select(Person.id, Person.email).where(col(Person.id).in_([judge.person_id for judge in panel]))
    addresses = dict(session.exec(people).all())
    found: dict[str, set[str]] = defaultdict(set)
    for judge in panel:
        address = addresses.get(judge.person_id) if judge.person_id else None
        if address:
            found[mailbox(address)].add(str(judge.id))
    return found
