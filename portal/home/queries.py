"""What the first page shows: what waits for the viewer, what is open and until when."""

from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer


def first_page(session: Session, viewer: Viewer) -> dict[str, Any]:
    return {}
