"""The links in the header, by who looks."""

from dataclasses import dataclass

from portal.accounts.viewer import VISITOR, Viewer
from portal.i18n import N_, Lazy


@dataclass(frozen=True)
class Link:
    href: str
    text: Lazy
    current: bool


def for_viewer(viewer: Viewer | None, path: str) -> list[Link]:
    return [Link(href, text, path == href or path.startswith(href + "/")) for href, text in _links(viewer or VISITOR)]


def _links(viewer: Viewer) -> list[tuple[str, Lazy]]:
    everybody = [("/calls", N_("Internships")), ("/contests", N_("Essay contest")), ("/governments", N_("Governments"))]
    return [*everybody, ("/people", N_("People"))] if viewer.is_secretary or viewer.is_auditor else everybody
