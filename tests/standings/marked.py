"""Editions with marks: whole panels at once, by plain rows."""

import datetime as dt
import random
import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from portal.clock import now
from portal.contests.models import Award, Edition, EditionStatus, OrderRule
from portal.essays.models import Essay, EssayStatus
from portal.judging.models import Appointment, Judge, Mark, Round
from tests import make

Points = tuple[int, int, int, int, int]


def edition(session: Session, places: int = 2, **fields: Any) -> Edition:
    """Closed for essays, the first round's marks still coming in; `places` awards in all."""
    begun = now() - dt.timedelta(days=40)
    given = {
        "status": EditionStatus.PUBLISHED, "opens_at": begun, "due_at": begun + dt.timedelta(days=20),
        "judging_due_at": now() + dt.timedelta(days=20), "seed": 7, "order_rule": OrderRule.MODEL,
    }  # fmt: skip
    made = make.edition(session, **{**given, **fields})
    if places:
        made.awards = [Award(position=1, names={"en": "Gold"}, places=places)]
    return make.saved(session, made)  # type: ignore[no-any-return]


def essays(session: Session, edition: Edition, count: int, **fields: Any) -> list[Essay]:
    """In judging, without texts or authors; codes in the order of the list."""
    given = {
        "edition_id": edition.id, "category_id": edition.categories[1].id, "language": "en",
        "status": EssayStatus.IN_JUDGING, "submitted_at": now(),
    }  # fmt: skip
    sign = secrets.token_hex(2).upper()
    made = [Essay(code=f"{sign}{n:05}", **{**given, **fields}) for n in range(count)]
    session.add_all(made)
    session.flush()
    return made


def judges(session: Session, edition: Edition, count: int) -> list[Judge]:
    return [make.judge(session, edition, name=f"Judge {n}") for n in range(count)]


def give(
    session: Session, edition: Edition, marks: Mapping[tuple[Essay, Judge], Points] | Iterable[Any],
    round_: Round = Round.FIRST, **fields: Any,
) -> None:  # fmt: skip
    """Submitted marks, in bulk: ((essay, judge), points)."""
    pairs = list(marks.items() if isinstance(marks, Mapping) else marks)
    begun = now() - dt.timedelta(days=5)
    appointments, points = [], []
    for n, ((essay, judge), given) in enumerate(pairs):
        made = {
            "id": uuid.uuid4(), "essay_id": essay.id, "judge_id": judge.id, "round": round_,
            "alias": secrets.token_hex(12), "appointed_at": begun, "appointed_by": judge.person_id,
            "opened_at": begun + dt.timedelta(minutes=10 * n),
            "locked_at": begun + dt.timedelta(minutes=10 * n + 5 + n % 3), "comment": "", "private_note": "", **fields,
        }  # fmt: skip
        appointments.append(made)
        points += [
            {"id": uuid.uuid4(), "appointment_id": made["id"], "criterion_id": criterion.id, "points": each}
            for criterion, each in zip(edition.criteria, given, strict=True)
        ]
    session.execute(sa.insert(Appointment), appointments)
    session.execute(sa.insert(Mark), points)
    session.flush()


def panel(
    session: Session, edition: Edition, *, essays_: int = 12, judges_: int = 4, readings: int = 3, seed: int = 1,
    **fields: Any,
) -> tuple[list[Essay], list[Judge]]:  # fmt: skip
    """Essays of known quality (the first is the best) read by judges of whom the first is strict, the last lenient."""
    chance = random.Random(seed)
    written, reading = essays(session, edition, essays_, **fields), judges(session, edition, judges_)
    give(session, edition, dealt(chance, written, reading, readings))
    return written, reading


def dealt(
    chance: random.Random, written: list[Essay], reading: list[Judge], readings: int
) -> Iterable[tuple[tuple[Essay, Judge], Points]]:
    for n, essay in enumerate(written):
        quality = 8 - 5 * n / len(written)
        for k in chance.sample(range(len(reading)), readings):
            level = quality + 2 * (k / max(1, len(reading) - 1) - 0.5)
            drawn = [min(10, max(1, round(level + chance.gauss(0, 0.8)))) for _criterion in range(5)]
            yield (essay, reading[k]), tuple(drawn)  # type: ignore[misc]
