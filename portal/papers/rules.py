"""Who enters applications from paper, and who sees their scans. Pure."""

from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application


def may_see_scans(viewer: Viewer, application: Application, *, seen_whole: bool) -> bool:
    """Home coordinators and the secretariat: neither hosts nor the applicant, who signed the paper."""
    own = viewer.person_id == application.applicant_id
    return applications.is_from_paper(application) and seen_whole and not own
