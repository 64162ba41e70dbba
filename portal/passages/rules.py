"""Who compares essays, and which text was fingerprinted. Pure."""

import hashlib

from portal.accounts.viewer import Viewer
from portal.contests import rules as contests
from portal.contests.models import Edition
from portal.passages import winnowing


def may_compare(viewer: Viewer, edition: Edition) -> bool:
    """Screeners alone: a text beside another tells who wrote it as well as a name does."""
    return contests.may_see_author(viewer, edition)


def may_see_other_author(viewer: Viewer, edition: Edition) -> bool:
    """Of the other essay, in `edition`: only if they screen that edition too."""
    return contests.may_see_author(viewer, edition)


def digest(text: str) -> str:
    """SHA-256 (hex) of a text and of the way in which it is fingerprinted."""
    return hashlib.sha256(f"{winnowing.VERSION}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
