"""The links in the header, by who looks."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Viewer
from portal.i18n import N_
from portal.i18n import gettext as _


@dataclass(frozen=True)
class Link:
    href: str
    text: str
    current: bool


def for_viewer(viewer: Viewer | None, path: str) -> list[Link]:
    return [Link(href, text, path == href or path.startswith(href + "/")) for href, text in _links(viewer or VISITOR)]


def _links(viewer: Viewer) -> Iterator[tuple[str, str]]:
    yield "/calls", N_("Internships")
    yield "/contests", N_("Essay contest")
    yield "/governments", N_("Governments")
    if viewer.is_signed_in and not viewer.held:
        yield "/applications", N_("Your applications")
        yield "/essays", N_("Your essays")
    if viewer.holds(Role.COORDINATOR) or viewer.is_secretary or viewer.is_auditor:
        yield "/nominations", N_("Nominations")
        yield "/placements", N_("Placements")
        yield "/stays", N_("Stays")
    if viewer.holds(Role.JUDGE):
        yield "/judging", N_("Judging")
    if viewer.is_signed_in:
        yield "/inbox", _messages(viewer.unread)
    if viewer.is_secretary or viewer.is_auditor:
        yield "/certificates", N_("Certificates")
        yield "/people", N_("People")
        yield "/circulars", N_("Circulars")
        yield "/messages", N_("Mail queue")


def _messages(unread: int) -> str:
    return _("Messages (%(count)s)") % {"count": unread} if unread else _("Messages")
