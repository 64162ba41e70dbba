"""Who issues certificates of the contest and whose they are, what they say, and what strangers see of them. Pure."""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.contests.models import Award, Category, Edition
from portal.contests.rules import oversees
from portal.diplomas.models import Diploma, DiplomaKind
from portal.documents import certificates
from portal.documents.certificates import Signatory
from portal.essays.models import Authorship, Essay
from portal.judging import rules as judging
from portal.registry.models import Government
from portal.registry.words import SCRIPTS

PREFIX = "ESSAY"
WORDING = 2  # the newest of diplomas/wordings


class Entry(NamedTuple):
    """An essay with its author and what it got; no award means that it took part."""

    essay: Essay
    own: Authorship
    author: Person
    home: Government | None
    category: Category | None
    award: Award | None


class Shown(NamedTuple):
    """What anybody with the number sees. Of a void one no more than that; names and titles are empty unless the holder
    lets them be seen and has agreed to their publication."""

    number: str
    issued_on: dt.date
    revoked_on: dt.date | None = None
    kind: DiplomaKind | None = None
    contest: dict[str, str] | None = None
    award: dict[str, str] | None = None
    native_name: str = ""
    roman_name: str = ""
    title: str = ""
    title_language: str = ""

    @property
    def tells_more(self) -> bool:
        return bool(self.native_name or self.title)


def may_issue(viewer: Viewer, edition: Edition) -> bool:
    return judging.may_appoint(viewer, edition)


def may_list(viewer: Viewer, edition: Edition) -> bool:
    return oversees(viewer, edition)


def is_holder(viewer: Viewer, own: Authorship) -> bool:
    """What strangers may see is for the author alone to say: the office that entered the essay from paper may not."""
    return viewer.is_signed_in and viewer.person_id == own.person_id


def kind(award: object) -> DiplomaKind:
    return DiplomaKind.AWARD if award else DiplomaKind.PARTICIPATION


def content(edition: Edition, entry: Entry, number: str, signatory: Signatory, *, on: dt.date) -> dict[str, Any]:
    """What it says, so that it can be set again whatever becomes of the essay, the edition or the wording."""
    essay, own, home = entry.essay, entry.own, entry.home
    scripts = [SCRIPTS[home.country]] if home else []
    languages = certificates.languages(entry.author.language, *scripts)
    return {
        "wording": WORDING,
        "number": number,
        "issued_on": on.isoformat(),
        "kind": kind(entry.award).value,
        "native_name": own.native_name,
        "roman_name": own.roman_name,
        "name_language": scripts[0] if scripts else languages[-1],
        "home": home.names if home else {},
        "contest": edition.titles,
        "category": entry.category.names if entry.category else {},
        "award": entry.award.names if entry.award else {},
        "essay": essay.title,
        "essay_language": essay.language,
        "languages": languages,
        "signatory": signatory.name,
        "office": signatory.office,
    }


def shown(diploma: Diploma, zone: str, *, name_agreed: bool, text_agreed: bool) -> Shown:
    """Days are those of the edition's zone, in which it was issued."""
    said = diploma.content
    public = Shown(diploma.number, dt.date.fromisoformat(said["issued_on"]))
    if diploma.revoked_at is not None:
        return public._replace(revoked_on=diploma.revoked_at.astimezone(ZoneInfo(zone)).date())
    public = public._replace(kind=diploma.kind, contest=said["contest"], award=said["award"])
    if diploma.shows_name and name_agreed:
        public = public._replace(native_name=said["native_name"], roman_name=said["roman_name"])
    if diploma.shows_title and text_agreed:
        public = public._replace(title=said["essay"], title_language=said["essay_language"])
    return public
