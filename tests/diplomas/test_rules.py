import datetime as dt
import uuid

import pytest

from portal.accounts.models import Person, Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.contests.models import Award, Category, Edition
from portal.diplomas import rules
from portal.diplomas.models import Diploma, DiplomaKind
from portal.documents.certificates import Signatory
from portal.essays.models import Authorship, Essay
from portal.registry.models import Country, Government
from tests.diplomas.contents import content

EDITION = Edition(titles={"en": "Contest"}, zone="Asia/Seoul")
SIGNED = Signatory("Lim Byung-jin", "secretary_general")
DAY = dt.date(2027, 9, 14)


def _entry(spoken: str = "en", country: Country | None = Country.MN, award: Award | None = None) -> rules.Entry:
    home = Government(country=country, names={"en": "Home"}) if country else None
    own = Authorship(native_name="Болд", roman_name="Bold")
    essay = Essay(title="Across the river", language="mn")
    return rules.Entry(essay, own, Person(language=spoken), home, Category(names={"en": "Ages 15–18"}), award)


@pytest.mark.parametrize(
    ("spoken", "country", "languages", "of_the_name"),
    [
        ("en", Country.MN, ["en", "mn"], "mn"),
        ("ru", Country.MN, ["en", "ru"], "mn"),
        ("ja", Country.JP, ["en", "ja"], "ja"),
        ("ko", None, ["en", "ko"], "ko"),
        ("en", None, ["en"], "en"),
    ],
)
def test_in_english_and_the_authors_language_or_that_of_their_country(
    spoken: str, country: Country | None, languages: list[str], of_the_name: str
) -> None:
    said = rules.content(EDITION, _entry(spoken, country), "ESSAY-1", SIGNED, on=DAY)
    assert (said["languages"], said["name_language"]) == (languages, of_the_name)


def test_an_award_makes_it_one_of_an_award() -> None:
    took_part = rules.content(EDITION, _entry(), "ESSAY-1", SIGNED, on=DAY)
    assert (took_part["kind"], took_part["award"]) == ("participation", {})
    awarded = rules.content(EDITION, _entry(award=Award(names={"en": "Gold"})), "ESSAY-1", SIGNED, on=DAY)
    assert (awarded["kind"], awarded["award"]) == ("award", {"en": "Gold"})
    assert awarded["issued_on"] == "2027-09-14"


def _diploma(**fields: object) -> Diploma:
    said = content("mn")
    return Diploma(number=said["number"], kind=DiplomaKind.AWARD, content=said, **fields)


@pytest.mark.parametrize("name_agreed", [True, False])
@pytest.mark.parametrize("text_agreed", [True, False])
@pytest.mark.parametrize("chosen", [True, False])
def test_strangers_see_what_is_both_chosen_and_agreed_to(name_agreed: bool, text_agreed: bool, chosen: bool) -> None:
    diploma = _diploma(shows_name=chosen, shows_title=chosen)
    shown = rules.shown(diploma, "Asia/Seoul", name_agreed=name_agreed, text_agreed=text_agreed)
    assert bool(shown.native_name) == bool(shown.roman_name) == (chosen and name_agreed)
    assert bool(shown.title) == (chosen and text_agreed)
    assert shown.tells_more == (chosen and (name_agreed or text_agreed))
    assert shown.kind is DiplomaKind.AWARD


def test_of_a_void_one_only_the_days_are_seen_in_the_editions_zone() -> None:
    at = dt.datetime(2027, 9, 30, 16, tzinfo=dt.UTC)  # in Seoul the first of October
    diploma = _diploma(shows_name=True, shows_title=True, revoked_at=at)
    shown = rules.shown(diploma, "Asia/Seoul", name_agreed=True, text_agreed=True)
    assert shown == rules.Shown(diploma.number, DAY, dt.date(2027, 10, 1))


def _viewer(*held: Held) -> Viewer:
    return Viewer(uuid.uuid4(), "Somebody", held=frozenset(held))


def test_secretaries_issue_auditors_look_and_judges_do_neither() -> None:
    edition = Edition(id=uuid.uuid4())
    judges = Held(Role.JUDGE, edition_id=edition.id)
    secretary, auditor = Held(Role.SECRETARY), Held(Role.AUDITOR)
    given = {
        _viewer(secretary): (True, True), _viewer(auditor): (False, True), _viewer(secretary, judges): (False, False),
        _viewer(auditor, judges): (False, False), _viewer(): (False, False), VISITOR: (False, False),
    }  # fmt: skip
    for viewer, (may_issue, may_list) in given.items():
        assert (rules.may_issue(viewer, edition), rules.may_list(viewer, edition)) == (may_issue, may_list)
