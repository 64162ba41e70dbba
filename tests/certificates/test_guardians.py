"""What is published of a minor waits for a guardian, and goes when the guardian says so."""

import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session

from portal.accounts.viewer import viewer_of
from portal.alumni import actions as alumni
from portal.alumni import queries as listed
from portal.alumni.forms import Entry
from portal.applications.models import Application
from portal.certificates import actions as certificates
from portal.clock import today
from portal.errors import Conflict
from portal.final_reports import actions as reports
from portal.final_reports import queries as published
from portal.final_reports.models import ReportStatus
from portal.placements import queries as placements
from tests import make
from tests.people import Cast

EVERYTHING = {"shows_name": True, "shows_host": True, "shows_dates": True}


@pytest.fixture
def stay(session: Session, cast: Cast) -> Any:
    """A minor's, certified, with an accepted report that may be published."""
    made = make.certificate(session, make.completed_stay(session, applicant=cast.applicant))
    placement = placements.get_visible(session, viewer_of(session, cast.secretary), made.placement_id)
    placement.application.born_on = today() - dt.timedelta(days=365 * 16)
    report = published.of(session, placement)
    report.may_publish, report.status = True, ReportStatus.ACCEPTED
    session.flush()
    return placement, made, report


def test_a_guardian_comes_first_and_takes_it_down(session: Session, cast: Cast, stay: Any) -> None:
    placement, certificate, report = stay
    application: Application = placement.application
    own, secretary = viewer_of(session, cast.applicant), viewer_of(session, cast.secretary)
    entry = Entry(name="Туул", sentence="A good summer.", consent=True)

    def publish_all() -> None:
        reports.publish(session, placement, report, by=secretary)
        alumni.join(session, placement, certificate, entry, by=own)
        certificates.choose(session, placement, certificate, by=own, **EVERYTHING)

    for attempt in (
        lambda: reports.publish(session, placement, report, by=secretary),
        lambda: alumni.join(session, placement, certificate, entry, by=own),
        lambda: certificates.choose(session, placement, certificate, by=own, **EVERYTHING),
    ):
        with pytest.raises(Conflict):
            attempt()
    make.guardians_word(session, application, agrees=True)
    publish_all()
    session.flush()
    assert published.experiences(session)[0]
    assert listed.alumni(session, own)[0]
    certificates.hide_of(session, cast.stranger.id, application.call_id)
    assert certificate.shows_name, "somebody else's"
    certificates.hide_of(session, application.applicant_id, application.call_id)
    assert not any((certificate.shows_name, certificate.shows_host, certificate.shows_dates))
