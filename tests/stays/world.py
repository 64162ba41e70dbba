"""A stay of the cast: their intern, their host, their home government."""

import datetime as dt
from typing import Any

from sqlmodel import Session

from portal.accounts.models import Person
from portal.applications.models import Status
from portal.clock import today
from portal.placements.models import Placement
from tests import make
from tests.people import Cast


def placed(session: Session, cast: Cast, state: str, *, entered_by: Person | None = None, **fields: Any) -> Placement:
    """Committed, and everybody has their role."""
    _ = cast.host_coordinator, cast.home_coordinator, cast.secretary
    opening = make.opening(session, make.call(session), cast.host)
    given = {"applicant": cast.applicant, "home": cast.home, "choices": [opening]}
    if entered_by is None:
        application = make.application(session, Status.NOMINATED, **given)
    else:
        del given["applicant"]
        application = make.paper_application(session, entered_by, Status.NOMINATED, **given)
    made = make.placement(session, state, application=application, opening=opening, **fields)
    session.commit()
    return made


def agreed(session: Session, cast: Cast, *, in_days: int = 10, **fields: Any) -> Placement:
    """Agreed, to begin in so many days."""
    starts_on = today() + dt.timedelta(days=in_days)
    return placed(session, cast, "agreed", starts_on=starts_on, ends_on=starts_on + dt.timedelta(days=90), **fields)


def running(session: Session, cast: Cast, *, day: int = 7, days: int = 90, **fields: Any) -> Placement:
    """Active since so many days."""
    starts_on = today() - dt.timedelta(days=day)
    given = {"state": "active", "starts_on": starts_on, "ends_on": starts_on + dt.timedelta(days=days), **fields}
    return placed(session, cast, **given)
