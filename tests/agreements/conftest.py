"""A placement that its candidate has accepted, and the same of a minor."""

import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session

from portal.clock import now
from portal.openings.models import Benefit, Payer, Per, What
from portal.placements.models import Placement
from tests import make
from tests.people import Cast

MINOR = {"born_on": now().date() - dt.timedelta(days=17 * 365)}


def accepted(session: Session, cast: Cast, state: str = "accepted", **application: Any) -> Placement:
    """Of the cast's applicant, home and host."""
    stipend = Benefit(position=1, what=What.STIPEND, amount=900_000, currency="KRW", per=Per.MONTH, payer=Payer.HOST)
    opening = make.opening(session, make.call(session, zone="Asia/Seoul"), cast.host, benefits=[stipend])
    given = {"applicant": cast.applicant, "home": cast.home, "choices": [opening], **application}
    nominated = make.application(session, "nominated", **given)
    _ = cast.home_coordinator, cast.host_coordinator, cast.secretary, cast.auditor, cast.stranger
    _ = cast.other_coordinator
    made = make.placement(session, state, application=nominated, opening=opening)
    session.commit()
    return made


@pytest.fixture
def placement(session: Session, cast: Cast) -> Placement:
    return accepted(session, cast)


@pytest.fixture
def minors(session: Session, cast: Cast) -> Placement:
    return accepted(session, cast, **MINOR)
