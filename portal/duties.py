"""Every job of the portal, imported once, for whoever runs or queues them."""

from portal.accounts import jobs as accounts
from portal.agreements import jobs as agreements
from portal.circulars import jobs as circulars
from portal.consenting import jobs as consenting
from portal.deals import jobs as deals
from portal.diplomas import jobs as diplomas
from portal.files import jobs as files
from portal.final_reports import jobs as final_reports
from portal.interviews import jobs as interviews
from portal.mail import jobs as mail
from portal.manuscripts import jobs as manuscripts
from portal.matches import jobs as matches
from portal.namesakes import jobs as namesakes
from portal.nominations import jobs as nominations
from portal.passages import jobs as passages
from portal.placements import jobs as placements
from portal.rankings import jobs as rankings
from portal.results import jobs as results
from portal.stays import jobs as stays

__all__ = [
    "accounts", "agreements", "circulars", "consenting", "deals", "diplomas", "files", "final_reports", "interviews",
    "mail", "manuscripts", "matches", "namesakes", "nominations", "passages", "placements", "rankings", "results",
    "stays",
]  # fmt: skip
