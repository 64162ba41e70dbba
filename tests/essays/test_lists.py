"""Lists of the contest ask as often for three rows as for one."""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.contests.models import Edition
from portal.essays.models import Essay
from tests import make
from tests.counting import queries_of
from tests.people import Cast

As = Callable[..., TestClient]


def one_more(session: Session, cast: Cast, first: Essay) -> None:
    """One more of everything that the lists show."""
    edition = make.edition(session)
    make.essay(session, edition=edition, author=cast.stranger)
    make.consented(session, cast.stranger, edition, token=edition.slug)
    make.paper_essay(session, cast.home_coordinator, edition=edition)
    make.shared_passages(session, first, make.essay(session, edition=edition))
    session.commit()


def test_three_rows_cost_no_more_queries_than_one(database: Any, session: Session, cast: Cast, as_: As) -> None:
    first = make.essay(session, edition=make.edition(session))
    edition = session.get_one(Edition, first.edition_id)
    passages = f"/contests/{edition.slug}/screening/{first.id}/passages"
    asked = [
        (as_(cast.stranger), "/essays"),
        (as_(cast.stranger), "/account/data"),
        (as_(cast.home_coordinator), "/contests/paper"),
        (as_(make.screener(session, edition)), passages),
    ]

    def counts() -> list[int]:
        return [queries_of(database, lambda c=c, p=p: c.get(p)) for c, p in asked]

    one_more(session, cast, first)
    one = counts()
    for _ in range(2):
        one_more(session, cast, first)
    assert counts() == one
