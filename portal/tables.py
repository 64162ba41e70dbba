"""Every table of the portal, imported once, for whoever needs the whole schema."""

from portal.accounts import models as accounts
from portal.agreements import models as agreements
from portal.applications import models as applications
from portal.calls import models as calls
from portal.contests import models as contests
from portal.files import models as files
from portal.history import models as history
from portal.judging import models as judging
from portal.mail import models as mail
from portal.nominations import models as nominations
from portal.openings import models as openings
from portal.placements import models as placements
from portal.registry import models as registry
from portal.web import models as web

__all__ = [
    "accounts", "agreements", "applications", "calls", "contests", "files", "history", "judging", "mail",
    "nominations", "openings", "placements", "registry", "web",
]  # fmt: skip
