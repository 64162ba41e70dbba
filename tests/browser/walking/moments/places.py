"""Internships: openings, interviews, and placements in states that none of the demonstration's is in today."""

from collections.abc import Iterator

from portal.agreements.models import Party
from portal.applications.models import Status
from portal.clock import now, today
from portal.openings.models import OpeningStatus
from portal.reports import actions as overview
from portal.reports.words import Deed
from portal.stays.models import Visa
from tests import make
from tests.browser.walking.crawl import Moment
from tests.browser.walking.moments.cast import DAY, HOME, HOME_COORDINATOR, HOST_COORDINATOR, SECRETARY, Cast


def draft_opening(cast: Cast) -> Iterator[Moment]:
    """A host writes an opening."""
    opening = cast.opening(cast.call("autumn-2027"), status=OpeningStatus.DRAFT)
    yield Moment(f"/openings/{opening.slug}", HOST_COORDINATOR, what="draft")
    for page in ("edit", "benefits"):
        yield Moment(f"/openings/{opening.id}/{page}", HOST_COORDINATOR)


def proposal_outside_the_match(cast: Cast) -> Iterator[Moment]:
    opening = cast.opening(cast.call("autumn-2026"))
    found = make.application(cast.session, Status.NOMINATED, home=cast.government(HOME), choices=[opening])
    yield Moment(f"/openings/{opening.id}/propose?application_id={found.id}", SECRETARY)


def taken_interview(cast: Cast) -> Iterator[Moment]:
    """A candidate has taken one of the host's half hours."""
    opening = cast.opening(cast.call("spring-2027"))
    found = make.application(cast.session, Status.NOMINATED, home=cast.government(HOME), choices=[opening])
    slot = make.slot(cast.session, opening, taken_by=found, starts_at=now() + 300 * DAY)
    make.slot(cast.session, opening)
    yield Moment(f"/openings/{opening.id}/interviews", HOST_COORDINATOR, what="taken")
    yield Moment(f"/openings/{opening.id}/interviews/{slot.id}/cancel", HOST_COORDINATOR)


def batches(cast: Cast) -> Iterator[Moment]:
    """The secretariat does something for many at once, and reads what it did."""
    governments = f"government={HOME}&government=KR-48"
    yield Moment(f"/calls/autumn-2027/overview/{Deed.REMIND_APPLICANTS}?{governments}", SECRETARY, what="applicants")
    yield Moment(f"/calls/spring-2027/overview/{Deed.REMIND_COORDINATORS}?{governments}", SECRETARY, what="offices")
    yield Moment(f"/calls/spring-2027/overview/{Deed.REFUSE}?{governments}", SECRETARY, what="refuse")
    call, by = cast.call("autumn-2027"), cast.viewer(SECRETARY)
    batch = overview.remind_applicants(cast.session, call, [], by=by, origin=cast.settings.public_origin)
    yield Moment(f"/calls/{call.slug}/overview/done/{batch}", SECRETARY)


def accepted_place(cast: Cast) -> Iterator[Moment]:
    """It can be given back, and its agreement made anew."""
    placement = cast.placement("accepted")
    make.agreement(cast.session, placement, Party.HOST)
    yield Moment(f"/placements/{placement.id}/agreement/remake", SECRETARY)
    yield Moment(f"/placements/{placement.id}/release", SECRETARY)
    yield Moment(f"/placements/{placement.id}/release", cast.applicant_of(placement), what="own")
    for reader in (SECRETARY, HOST_COORDINATOR, HOME_COORDINATOR):
        yield Moment(f"/placements/{placement.id}/agreement", reader, what=f"half agreed, {reader}")


def refused_agreement(cast: Cast) -> Iterator[Moment]:
    placement = cast.placement("accepted")
    refusal = {"refused_at": now(), "refused_party": Party.HOST, "refusal": "The office moves in that month."}
    make.agreement(cast.session, placement, **refusal)
    yield Moment(f"/placements/{placement.id}/agreement", SECRETARY, what="refused")
    yield Moment(f"/placements/{placement.id}/agreement", cast.applicant_of(placement), what="refused, own")


def place_of_somebody_on_paper(cast: Cast) -> Iterator[Moment]:
    """The home government keeps what was signed on paper."""
    opening = cast.opening(cast.call("autumn-2026"))
    by, home = cast.person(HOME_COORDINATOR), cast.government(HOME)
    found = make.paper_application(cast.session, by, Status.NOMINATED, home=home, choices=[opening])
    placement = make.placement(cast.session, "accepted", application=found, opening=opening)
    yield Moment(f"/placements/{placement.id}/agreement/scan", HOME_COORDINATOR)
    yield Moment(f"/placements/{placement.id}/agreement", HOME_COORDINATOR, what="on paper")


def every_state(cast: Cast) -> Iterator[Moment]:
    """The page of a placement says something else in each."""
    for state in ("proposed", "offered", "lapsed", "declined", "refused", "cancelled", "agreed", "ended_early"):
        placement = cast.placement(state)
        yield Moment(f"/placements/{placement.id}", HOST_COORDINATOR, what=state)
        if state == "proposed":
            yield Moment(f"/placements/{placement.id}/refuse", HOST_COORDINATOR)
        if state not in {"proposed", "refused", "cancelled"}:
            yield Moment(f"/placements/{placement.id}", cast.applicant_of(placement), what=f"{state}, own")


def refused_visa(cast: Cast) -> Iterator[Moment]:
    placement = cast.placement("agreed")
    make.stay(cast.session, placement, visa=Visa.REFUSED, visa_on=today() - 3 * DAY)
    yield Moment(f"/placements/{placement.id}/stay/release", HOST_COORDINATOR)
    yield Moment(f"/placements/{placement.id}/stay/release", cast.applicant_of(placement), what="own")
    yield Moment(f"/placements/{placement.id}/stay", HOST_COORDINATOR, what="visa refused")


def first_day(cast: Cast) -> Iterator[Moment]:
    """Everything is prepared, or the secretariat waives what is not."""
    placement = cast.placement("agreed", starts_on=today(), ends_on=today() + 60 * DAY)
    make.prepared_stay(cast.session, placement)
    yield Moment(f"/placements/{placement.id}/stay/start", HOST_COORDINATOR)
    unprepared = cast.placement("agreed", starts_on=today(), ends_on=today() + 60 * DAY)
    yield Moment(f"/placements/{unprepared.id}/stay/waive", SECRETARY)
    yield Moment(f"/placements/{unprepared.id}/stay", HOST_COORDINATOR, what="unprepared")


def last_day(cast: Cast) -> Iterator[Moment]:
    placement = cast.placement("active", starts_on=today() - 60 * DAY, ends_on=today())
    make.prepared_stay(cast.session, placement)
    make.evaluation(cast.session, placement)
    yield Moment(f"/placements/{placement.id}/stay/complete", HOST_COORDINATOR)


def longer_stay(cast: Cast) -> Iterator[Moment]:
    """The intern asks for two weeks more."""
    placement = cast.placement("active", starts_on=today() - 30 * DAY, ends_on=today() + 30 * DAY)
    make.prepared_stay(cast.session, placement)
    make.extension(cast.session, placement)
    yield Moment(f"/placements/{placement.id}/stay", HOST_COORDINATOR, what="extension asked for")
    yield Moment(f"/placements/{placement.id}/stay", cast.applicant_of(placement), what="extension asked for, own")


def final_report(cast: Cast) -> Iterator[Moment]:
    """One to accept or return, and one that was returned."""
    for state in ("submitted", "returned"):
        placement = cast.placement("completed", starts_on=today() - 90 * DAY, ends_on=today() - 10 * DAY)
        make.report(cast.session, state, placement=placement)
        yield Moment(f"/placements/{placement.id}/report", SECRETARY, what=state)
        yield Moment(f"/placements/{placement.id}/report", cast.applicant_of(placement), what=f"{state}, own")
        if state == "submitted":
            yield Moment(f"/placements/{placement.id}/report/return", SECRETARY)


SCENES = (
    draft_opening, proposal_outside_the_match, taken_interview, batches, accepted_place, refused_agreement,
    place_of_somebody_on_paper, every_state, refused_visa, first_day, last_day, longer_stay, final_report,
)  # fmt: skip
