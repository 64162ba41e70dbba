"""The contest's certificate as a PDF: its content in the words of its own version of the wording. Pure but for the
fonts."""

from pathlib import Path
from typing import Any

from portal.documents import certificates
from portal.documents.certificates import Words, name_in
from portal.registry.sources import organisation

WORDINGS = Path(__file__).parent / "wordings"


def pdf(content: dict[str, Any], origin: str) -> bytes:
    """The same content and the same address of the portal give the same bytes."""
    return certificates.pdf(page(content, origin), content["issued_on"])


def page(content: dict[str, Any], origin: str) -> dict[str, Any]:
    """What the template prints."""
    address = f"{origin}/diplomas/{content['number']}"
    return certificates.page(content, wording(content["wording"]), address, lambda *given: _tongue(content, *given))


def wording(version: int) -> Words:
    return certificates.wording(WORDINGS, version)


def _tongue(content: dict[str, Any], language: str, words: dict[str, str]) -> dict[str, str]:
    kind = content["kind"]
    said = {key: name_in(content[key], language) for key in ("contest", "category", "award")}
    return {
        "title": words[f"title_{kind}"],
        "body": words[kind].format(essay=content["essay"], **said),
        "association": name_in(organisation()["names"], language),
    }
