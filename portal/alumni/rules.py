"""Who may stand on the list of alumni, and who may hide an entry. Pure."""

from portal.accounts.viewer import Viewer
from portal.alumni.models import Alumnus
from portal.applications.models import Application
from portal.certificates.rules import is_holder
from portal.i18n import N_

NOT_ON_IT = N_("You are not on the list of alumni, so there is nothing to leave.")
HIDDEN_ALREADY = N_("This entry is hidden already. Reload the list to see why.")
NOT_HIDDEN = N_("This entry is not hidden. Reload the list to see it.")


def may_join(viewer: Viewer, application: Application) -> bool:
    """Themselves only: nobody else can agree to it for them."""
    return is_holder(viewer, application)


def may_hide(viewer: Viewer) -> bool:
    return viewer.is_secretary


def is_on_it(alumnus: Alumnus | None) -> bool:
    return alumnus is not None and alumnus.left_at is None
