"""Once a judge may read no longer, every address they have kept answers as one that never was."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Grant, Person
from portal.accounts.viewer import viewer_of
from portal.clock import now, today
from portal.contests.models import Edition
from portal.contests.rules import JUDGES_READ_ON
from portal.essays.models import EssayStatus
from portal.judging.models import Appointment
from portal.screening import actions as screening
from portal.screening.models import Part
from tests import make

As = Callable[..., TestClient]
REFERENCE = re.compile(rb"Reference: [0-9a-f]{8}")
UNKNOWN = "0" * 12


@pytest.fixture
def kept(session: Session) -> Appointment:
    """With marks begun, among two essays of this judge."""
    edition = make.edition(session)
    made = make.appointment(session, make.essay(session, "in_judging", edition=edition, text="Built by Boldbaatar."))
    make.appointment(session, make.essay(session, "in_judging", edition=edition), made.judge)
    make.marks(session, made, 1, 2, 3, 4, 5, locked=False)
    session.commit()
    return made


def _role_ends(session: Session, kept: Appointment) -> None:
    grant = session.exec(select(Grant).where(Grant.person_id == kept.judge.person_id)).one()
    grant.ends_on = today() - dt.timedelta(days=1)
    make.saved(session, grant)


def _time_is_over(session: Session, kept: Appointment) -> None:
    edition = session.get_one(Edition, kept.essay.edition_id)
    edition.judging_due_at = now() - JUDGES_READ_ON - dt.timedelta(seconds=1)
    edition.due_at, edition.opens_at = now() - dt.timedelta(days=60), now() - dt.timedelta(days=90)
    make.saved(session, edition)


def _becomes(status: EssayStatus) -> Callable[[Session, Appointment], None]:
    def change(session: Session, kept: Appointment) -> None:
        kept.essay.status = status
        make.saved(session, kept.essay)

    return change


ENDS = {
    "the role ended": _role_ends,
    "the time is over": _time_is_over,
    "disqualified": _becomes(EssayStatus.DISQUALIFIED),
    "withdrawn": _becomes(EssayStatus.WITHDRAWN),
}


def _requests(alias: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    here, points = f"/judging/{alias}", {f"points_{n}": "7" for n in range(1, 6)}
    for headers in ({}, {"hx-request": "true"}, {"if-none-match": '"x"'}, {"accept": "application/json"}):
        yield "GET", here, {"headers": headers}
    yield "HEAD", here, {}
    for path in (here, f"{here}/lock"):
        yield "POST", path, {"data": points}
        yield "POST", path, {"data": {"points_1": "11"}}
        yield "POST", path, {"data": points, "headers": {"sec-fetch-site": "cross-site"}}
        yield "DELETE", path, {}


def _answers(client: TestClient, alias: str) -> list[tuple[Any, ...]]:
    found = [client.request(method, path, **given) for method, path, given in _requests(alias)]
    return [
        (each.status_code, each.headers.multi_items(), REFERENCE.sub(b"", each.content.replace(alias.encode(), b"")))
        for each in found
    ]


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_has_ended_answers_like_what_never_was(
    session: Session, as_: As, kept: Appointment, end: Callable[[Session, Appointment], None]
) -> None:
    client = as_(session.get_one(Person, kept.judge.person_id))
    assert {200, 303, 422} <= {answer[0] for answer in _answers(client, kept.alias)}
    end(session, kept)
    session.commit()
    answers = _answers(client, kept.alias)
    assert answers == _answers(client, UNKNOWN[: len(kept.alias)])
    assert {answer[0] for answer in answers} <= {403, 404, 405}
    assert kept.alias not in client.get("/judging").text


def test_what_is_hidden_later_is_hidden_at_the_same_address(session: Session, as_: As, kept: Appointment) -> None:
    client = as_(session.get_one(Person, kept.judge.person_id))
    here, essay = f"/judging/{kept.alias}", kept.essay
    assert "Boldbaatar" in client.get(here).text
    edition = session.get_one(Edition, essay.edition_id)
    screener = viewer_of(session, make.screener(session, edition))
    begins = essay.text.index("Boldbaatar")
    place = [(Part.TEXT, (begins, begins + 10))]
    screening.hide(session, essay, place, digest=essay.submitted_digest or "", by=screener, reason="It is a name.")
    session.commit()
    for method, path, given in _requests(kept.alias):
        assert "Boldbaatar" not in client.request(method, path, **given).text
    assert "Built by ▇▇▇." in client.get(here).text
