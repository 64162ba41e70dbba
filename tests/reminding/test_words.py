import datetime as dt

import pytest
from sqlmodel import Session

from portal.reminding import queries
from portal.reminding.rules import RULES
from portal.reminding.words import moment
from portal.web.templating import render
from tests import make


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (-7, "7 days before"),
        (-1, "1 day before"),
        (0, "at the moment itself"),
        (1, "1 day after"),
        (14, "14 days after"),
    ],
)
def test_moments_are_told_in_days(days: int, told: str) -> None:
    assert moment(days) == told


def shown(session: Session, until: dt.datetime) -> str:
    planned = queries.upcoming(session, until)
    return render("reminding/_upcoming.html", planned=planned, rules=RULES, moment=moment, zone="Asia/Seoul")


def test_the_secretariat_reads_what_is_coming_and_by_which_rules(session: Session, noon: dt.datetime) -> None:
    call = make.call(session, applications_due_at=noon + dt.timedelta(days=10))
    make.application(session, call=call)
    page = shown(session, noon + dt.timedelta(days=9))
    assert "Applications that are not submitted yet: 7 days before" in page
    assert call.title("en") in page and "12:00 (UTC+9)" in page
    assert "Agreements to confirm: 3 days after, 7 days after, 14 days after" in page
    nothing = shown(session, noon + dt.timedelta(days=1))
    assert "No reminder is planned in this time." in nothing and "Agreements to confirm" in nothing
