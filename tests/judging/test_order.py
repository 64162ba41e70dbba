"""Neither aliases nor the order of a desk say anything about the order in which essays came.

That of codes is in `tests/screening/test_actions.py`.
"""

import datetime as dt
import math
from collections.abc import Sequence

import pytest
from sqlmodel import Session

from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now
from portal.contests.models import Edition
from portal.essays.models import Essay, EssayStatus
from portal.judging import actions, reading
from portal.judging.models import Judge
from portal.screening.models import FairCopy
from tests import make

pytestmark = pytest.mark.slow
MANY = 500
# Under independence z is normal with mean 0 and deviation 1: beyond 5 it comes once in 1.7 million times. (p > .01, as
# one would ask of a single experiment, would make this test fail once in a hundred runs.)
MOST = 5.0


def z(values: Sequence[str]) -> float:
    """Kendall's tau between these different values and the order they stand in, in deviations from 0."""
    n = len(values)
    balance = sum(1 if a < b else -1 for i, a in enumerate(values) for b in values[i + 1 :])
    return balance / math.sqrt(n * (n - 1) * (2 * n + 5) / 18)


def test_an_order_in_time_would_be_noticed() -> None:
    numbered = [f"{n:05}" for n in range(MANY)]
    assert z(numbered) > 30
    assert z(numbered[::-1]) < -30
    assert z([*numbered[::2], *numbered[1::2]]) > MOST


def _essays(session: Session, edition: Edition) -> list[Essay]:
    """Sent one minute after the other; the title says which it is."""
    first = now() - dt.timedelta(days=9)
    made = [
        Essay(
            edition_id=edition.id, language="en", code=f"C{n:04}", status=EssayStatus.IN_JUDGING,
            submitted_at=first + dt.timedelta(minutes=n),
        )
        for n in range(MANY)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    session.add_all([FairCopy(essay_id=essay.id, title=str(essay.code), text="Text") for essay in made])
    return made


def _desk(session: Session, judge: Judge) -> dict[str, str]:
    """Titles by alias in the order of the desk, page after page."""
    viewer, found, after = viewer_of(session, judge.person), {}, ""
    while True:
        page, after = reading.desk(session, viewer, after)
        found |= {each.alias: each.title for each in page}
        if not after:
            return found


def test_neither_alias_nor_place_on_the_desk_says_when_an_essay_came(session: Session) -> None:
    edition = make.edition(session)
    secretary: Viewer = viewer_of(session, make.secretary(session))
    judges, essays = [make.judge(session, edition) for _ in range(2)], _essays(session, edition)
    for judge in judges:
        session.add_all([actions._appointment(essay, judge, by=secretary) for essay in essays])
    session.flush()
    one, other = (_desk(session, judge) for judge in judges)
    for desk in (one, other):
        assert len(desk) == MANY
        assert abs(z(list(desk.values()))) < MOST
        alias_of = {title: alias for alias, title in desk.items()}
        assert abs(z([alias_of[title] for title in sorted(alias_of)])) < MOST
    assert not one.keys() & other.keys()
    place = {title: f"{n:03}" for n, title in enumerate(other.values())}
    assert abs(z([place[title] for title in one.values()])) < MOST
