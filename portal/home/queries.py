"""What the first page shows: what waits for the viewer, what is open and until when, the map."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlmodel import Session

from portal.accounts.models import Role
from portal.accounts.viewer import Viewer
from portal.agreements import queries as agreements
from portal.appeals import queries as appeals
from portal.applications import queries as applications
from portal.calls import queries as calls
from portal.certificates import queries as certificates
from portal.checkins import queries as checkins
from portal.clock import now
from portal.contests import queries as contests
from portal.deals import queries as deals
from portal.diplomas import queries as diplomas
from portal.essays import queries as essays
from portal.final_reports import queries as final_reports
from portal.i18n import N_, Lazy, language
from portal.interviews import queries as interviews
from portal.judging import queries as judging
from portal.juries import queries as juries
from portal.matches import queries as matches
from portal.namesakes import queries as namesakes
from portal.paper_essays import queries as paper_essays
from portal.papers import queries as papers
from portal.placements import queries as placements
from portal.private_lines import queries as private_lines
from portal.rankings import queries as rankings
from portal.registry import maps
from portal.registry import queries as registry
from portal.results import queries as results
from portal.screening import queue as screening
from portal.stays import queries as stays
from portal.trainings import queries as trainings
from portal.waiting import Waiting, in_order


def first_page(session: Session, viewer: Viewer) -> dict[str, Any]:
    return {
        "waiting": waiting_for(session, viewer),
        "possible": list(possible_for(viewer)),
        "calls": calls.open_calls(session, now()),
        "editions": contests.open_editions(session, now()),
        "news": results.news(session),
        "regions": maps.region_map(registry.governments(session), language()),
    }


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """From both streets, nothing that is empty; what is due first comes first."""
    if not viewer.is_signed_in:
        return []
    rooms = (
        applications, papers, namesakes, rankings, interviews, matches, placements, agreements, stays,
        checkins, private_lines, final_reports, certificates, essays, paper_essays, screening, trainings, judging,
        deals, juries, results, appeals, diplomas,
    )  # fmt: skip
    found = [waiting for room in rooms for waiting in room.waiting_for(session, viewer)]
    return in_order((waiting for waiting in found if waiting.count), now())


class Possible(NamedTuple):
    """What somebody may do for whom nothing waits."""

    text: Lazy
    href: str


def possible_for(viewer: Viewer) -> Iterator[Possible]:
    if viewer.is_secretary or viewer.is_auditor:
        yield Possible(N_("Look at the calls and how far they are"), "/calls")
        yield Possible(N_("Look at the contests and how far they are"), "/contests")
    if viewer.holds(Role.COORDINATOR):
        yield Possible(N_("Read the applications of your government"), "/nominations")
        yield Possible(N_("Offer openings of your government"), "/openings/mine")
    if viewer.holds(Role.JUDGE):
        yield Possible(N_("Read the essays again that you marked"), "/judging")
    if not viewer.held:
        yield Possible(N_("Look for an internship"), "/openings")
        yield Possible(N_("Take part in the essay contest"), "/contests")
