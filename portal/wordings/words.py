"""What the parts of the portal are called that write messages."""

from portal.i18n import N_

FOLDERS = {
    "": N_("Around every message"),
    "accounts": N_("Accounts"),
    "agreements": N_("Agreements"),
    "alumni": N_("Alumni"),
    "appeals": N_("Appeals"),
    "applications": N_("Applications"),
    "certificates": N_("Certificates"),
    "checkins": N_("Check-ins"),
    "circulars": N_("Circulars"),
    "consents": N_("Consents"),
    "contests": N_("Essay contest"),
    "cutbacks": N_("Closed and withdrawn openings"),
    "deals": N_("Dealing of essays"),
    "diplomas": N_("Certificates of the contest"),
    "essays": N_("Essays"),
    "final_reports": N_("Final reports"),
    "interviews": N_("Interviews"),
    "invitations": N_("Invitations"),
    "judging": N_("Judging"),
    "matches": N_("Matches"),
    "nominations": N_("Nominations"),
    "openings": N_("Openings"),
    "panels": N_("Panels of judges"),
    "placements": N_("Placements"),
    "private_lines": N_("Private lines"),
    "rankings": N_("Rankings"),
    "references": N_("Letters of recommendation"),
    "reports": N_("Reminders by hand"),
    "results": N_("Results of the contest"),
    "stays": N_("Stays"),
}
LAYOUT = N_("Signature, and whom a message is for")
ELSEWHERE = N_("The words of this message are kept elsewhere")
