"""Every table of the portal, imported once, for whoever needs the whole schema."""

from portal.accounts import models as accounts
from portal.agreements import models as agreements
from portal.alumni import models as alumni
from portal.appeals import models as appeals
from portal.applications import models as applications
from portal.calls import models as calls
from portal.certificates import models as certificates
from portal.checkins import models as checkins
from portal.circulars import models as circulars
from portal.consents import models as consents
from portal.contests import models as contests
from portal.deals import models as deals
from portal.diplomas import models as diplomas
from portal.essays import models as essays
from portal.feeds import models as feeds
from portal.files import models as files
from portal.final_reports import models as final_reports
from portal.history import models as history
from portal.interviews import models as interviews
from portal.jobs import models as jobs
from portal.judging import models as judging
from portal.juries import models as juries
from portal.mail import models as mail
from portal.matches import models as matches
from portal.nominations import models as nominations
from portal.openings import models as openings
from portal.passages import models as passages
from portal.placements import models as placements
from portal.private_lines import models as private_lines
from portal.rankings import models as rankings
from portal.registry import models as registry
from portal.reminding import models as reminding
from portal.results import models as results
from portal.screening import models as screening
from portal.standings import models as standings
from portal.stays import models as stays
from portal.trainings import models as trainings
from portal.web import models as web

__all__ = [
    "accounts", "agreements", "alumni", "appeals", "applications", "calls", "certificates", "checkins",
    "circulars", "consents", "contests", "deals", "diplomas", "essays", "feeds", "files", "final_reports",
    "history", "interviews", "jobs", "judging", "juries", "mail", "matches", "nominations", "openings",
    "passages", "placements", "private_lines", "rankings", "registry", "reminding", "results", "screening",
    "standings", "stays", "trainings", "web",
]  # fmt: skip
