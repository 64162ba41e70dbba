"""Which files hold an essay, and how long one is kept that nobody confirms. Pure."""

import datetime as dt

from portal.files.models import Kind
from portal.i18n import N_

KINDS = (Kind.DOCX, Kind.PDF, Kind.HWPX, Kind.TEXT)
UNCONFIRMED = dt.timedelta(days=30)
NO_FILE = N_("Choose a file first.")
REPLACED = N_("This is not the file that you uploaded last. Look at its text below, then confirm it.")
