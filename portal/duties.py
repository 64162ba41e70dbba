"""Every job and every rule of reminding, imported once, for whoever runs, queues or shows them."""

from portal.accounts import jobs as accounts
from portal.agreements import reminders as agreements
from portal.applications import reminders as applications
from portal.circulars import jobs as circulars
from portal.consenting import reminders as consenting
from portal.deals import jobs as deals
from portal.diplomas import jobs as diplomas
from portal.essays import reminders as essays
from portal.files import jobs as files
from portal.final_reports import reminders as final_reports
from portal.interviews import jobs as interviews
from portal.interviews import reminders as coming_interviews
from portal.judging import reminders as judging
from portal.mail import jobs as mail
from portal.manuscripts import jobs as manuscripts
from portal.matches import jobs as matches
from portal.namesakes import jobs as namesakes
from portal.nominations import jobs as nominations
from portal.nominations import reminders as undecided
from portal.openings import reminders as openings
from portal.panels import reminders as panels
from portal.passages import jobs as passages
from portal.placements import jobs as placements
from portal.placements import reminders as offers
from portal.rankings import reminders as rankings
from portal.references import reminders as references
from portal.reminding import jobs as reminding
from portal.results import jobs as results
from portal.stays import reminders as stays

__all__ = [
    "accounts", "agreements", "applications", "circulars", "coming_interviews", "consenting", "deals",
    "diplomas", "essays", "files", "final_reports", "interviews", "judging", "mail", "manuscripts",
    "matches", "namesakes", "nominations", "offers", "openings", "panels", "passages", "placements",
    "rankings", "references", "reminding", "results", "stays", "undecided",
]  # fmt: skip
