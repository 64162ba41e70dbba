"""What authors, and the guardians of those who are minors, have decided."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.consenting import actions as consenting
from portal.consenting.queries import Entry
from portal.consents import actions as consents
from portal.consents import wording
from portal.consents.forms import Named
from portal.consents.models import Programme, Purpose
from portal.consents.wording import Reader
from portal.essays.models import Authorship
from portal.i18n import LANGUAGES

# A parent for the authors of each language.
PARENTS = {
    "en": "Alex Morgan",
    "zh-Hans": "周晓岚",
    "ja": "村井 真理",
    "ko": "오정희",
    "mn": "Дамдины Цэцэгмаа",
    "ru": "Ольга Сергеевна Веткина",
}
DOMAIN = "families.demo.near.example"


def decide(session: Session, own: Authorship, row: Mapping[str, Any], *, by: Viewer, origin: str) -> None:
    """`guardian` in the row: "waits" has not answered, "silent_on_name" agrees to all but the name."""
    entry, standing = consenting.hold(session, by, Programme.CONTEST, own.edition_id)
    refused = {Purpose.NAME} if row.get("guardian") == "silent_on_name" else set()
    answers = {purpose: purpose not in refused for purpose in Purpose}
    if not standing.needs_guardian:
        read = wording.reading(entry.about, by.language, Reader.OWN)
        consenting.decide_own(session, entry, standing, answers, by=by, read=read, origin=origin)
        return
    named = _parent(by, row)
    consenting.ask(session, entry, standing, named, by=by, origin=origin)
    if row.get("guardian") != "waits":
        _answer(session, entry, named, answers, by=by)


def _parent(by: Viewer, row: Mapping[str, Any]) -> Named:
    language = by.language if by.language in LANGUAGES else "en"
    address = f"parent.of.{row['roman_name'].lower().replace(' ', '.')}@{DOMAIN}"
    return Named.model_validate({"name": PARENTS[language], "email": address, "language": language})


def _answer(session: Session, entry: Entry, named: Named, answers: Mapping[Purpose, bool], *, by: Viewer) -> None:
    """By the link in the mail, which nobody of the demonstration reads."""
    _entry, standing = consenting.hold(session, by, Programme.CONTEST, entry.round_id)
    assert standing.case is not None and standing.guardian is not None, "they were asked"
    read = wording.reading(entry.about, named.language, Reader.GUARDIAN, guardian=named.name)
    consents.decide_by_link(session, standing.case, standing.guardian, answers, name=named.name, read=read)
