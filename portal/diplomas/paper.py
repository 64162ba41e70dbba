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
    words = wording(content["wording"])
    made = certificates.page(content, words, address, lambda *given: _tongue(content, *given))
    return {**made, "quoted": {"text": content["essay"], "language": content["essay_language"]}}


def wording(version: int) -> Words:
    return certificates.wording(WORDINGS, version)


def _tongue(content: dict[str, Any], language: str, words: dict[str, str]) -> dict[str, Any]:
    """`around` is what stands before and after the title of the essay, which keeps its own language."""
    kind = content["kind"]
    said = {key: name_in(content[key], language) for key in ("contest", "category", "award")}
    before, after = (part.format(**said) for part in words[kind].split("{essay}"))
    return {
        "title": words[f"title_{kind}"],
        "body": f"{before}{content['essay']}{after}",
        "around": [before, after],
        "association": name_in(organisation()["names"], language),
    }
