"""Who is a minor, who confirms for whom, when somebody is reminded, and that the text is whole in every language."""

import datetime as dt
import json
import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.agreements import rules, wording
from portal.agreements.models import Agreement, Guardian, Party, Signature
from portal.agreements.rules import Standing
from portal.i18n import LANGUAGES
from portal.placements.models import PlacementStatus

BORN = dt.date(2009, 3, 1)
HOST, HOME = uuid.uuid4(), uuid.uuid4()
AT = dt.datetime(2027, 5, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("countries", "age"),
    [(["CN"], 18), (["JP"], 18), (["KR"], 19), (["KP"], 17), (["MN"], 18), (["RU"], 18), (["DE"], 18),
     (["MN", "KR"], 19), (["KP", "RU"], 18), (["KP", "KP"], 17), (["*", "KP"], 18)],
)  # fmt: skip
def test_the_strictest_age_counts(countries: list[str], age: int) -> None:
    assert rules.majority(countries) == age
    assert all(law["source"] for law in rules.MAJORITY.values())


@pytest.mark.parametrize(
    ("day", "is_minor"),
    [(dt.date(2027, 2, 28), True), (dt.date(2027, 3, 1), False), (dt.date(2027, 3, 2), False)],
)
def test_a_minor_is_of_age_on_the_birthday(day: dt.date, is_minor: bool) -> None:
    assert rules.is_minor(BORN, ["MN"], day) is is_minor
    assert rules.is_minor(BORN, ["KR"], day), "a year later"


def test_who_was_born_on_29_february_and_whose_birth_date_is_unknown() -> None:
    leap = dt.date(2008, 2, 29)
    assert rules.is_minor(leap, ["MN"], dt.date(2026, 2, 28))
    assert not rules.is_minor(leap, ["MN"], dt.date(2026, 3, 1))
    assert rules.is_minor(None, ["MN"], dt.date(2026, 3, 1))


def test_the_day_is_that_of_the_home_government() -> None:
    application: Any = SimpleNamespace(nationality="MN", born_on=BORN)
    home: Any = SimpleNamespace(country="MN", zone="Asia/Ulaanbaatar")
    midnight = dt.datetime(2027, 2, 28, 16, 0, tzinfo=dt.UTC)
    assert rules.needs_guardian(application, home, midnight - dt.timedelta(seconds=1))
    assert not rules.needs_guardian(application, home, midnight)


def viewer(*governments: uuid.UUID, person_id: uuid.UUID | None = None) -> Viewer:
    held = frozenset(Held(Role.COORDINATOR, government_id=each) for each in governments)
    return Viewer(person_id or uuid.uuid4(), held=held)


def placement(status: PlacementStatus = PlacementStatus.ACCEPTED, **application: Any) -> Any:
    given = {"applicant_id": uuid.uuid4(), "home_id": HOME, "entered_by": None, **application}
    opening = SimpleNamespace(government_id=HOST)
    return SimpleNamespace(id=uuid.uuid4(), status=status, application=SimpleNamespace(**given), opening=opening,
                           answered_at=AT)  # fmt: skip


def standing(*signed: Party, minor: bool = False, made: bool = True, **fields: Any) -> Standing:
    content = {"needs_guardian": minor, "facts": {}, "texts": {"en": {}}, "wording": "x"}
    given = {"placement_id": uuid.uuid4(), "number": "AG", "wording": "x", "needs_guardian": minor, "content": content,
             "digest": "", "signatures": []}  # fmt: skip
    agreement = Agreement(**{**given, **fields.pop("agreement", {})})
    for party in signed:
        agreement.signatures.append(
            Signature(agreement_id=agreement.id, party=party, name="", person_id=uuid.uuid4(), digest="")
        )
    guardian = fields.pop("guardian", None)
    return Standing(placement(**fields), agreement if made else None, guardian, content)


def test_parties_are_represented_by_their_own() -> None:
    found = placement()
    assert rules.represents(viewer(HOST), found) == {Party.HOST}
    assert rules.represents(viewer(HOME), found) == {Party.HOME}
    assert rules.represents(viewer(HOST, HOME), found) == {Party.HOST, Party.HOME}
    assert rules.represents(viewer(uuid.uuid4()), found) == set()
    intern = found.application.applicant_id
    assert rules.represents(viewer(HOST, HOME, person_id=intern), found) == {Party.INTERN}, "not for an office as well"


def test_the_office_keeps_a_scan_and_never_confirms_for_who_applied_on_paper() -> None:
    found = standing(made=False, entered_by=uuid.uuid4())
    office = viewer(HOME)
    assert rules.confirmable(office, found) == [Party.HOME]
    assert rules.Step.SCAN in rules.possible(office, found)
    assert rules.Step.SCAN not in rules.possible(viewer(HOST), found)
    assert rules.Step.SCAN not in rules.possible(office, standing(made=False))


def test_nobody_confirms_for_two_parties_nor_twice() -> None:
    found = standing(Party.HOST)
    signer = found.signatures[0].person_id
    both = viewer(HOST, HOME, person_id=signer)
    assert rules.why_not_for(Party.HOME, found, person_id=signer) is rules.SAME_PERSON
    assert rules.confirmable(both, found) == []
    assert rules.Step.CONFIRM not in rules.possible(both, found)
    assert rules.why_not_for(Party.HOST, found, person_id=uuid.uuid4()) is rules.ALREADY
    assert rules.why_not_for(Party.HOME, found, person_id=uuid.uuid4()) is None


def test_a_guardian_is_no_other_party() -> None:
    asked = Guardian(placement_id=uuid.uuid4(), name="", email="mother+near@example.org", token_digest="", sent_at=AT,
                     expires_at=AT)  # fmt: skip
    found = standing(minor=True, guardian=asked)
    reason = rules.why_not_for(Party.HOME, found, person_id=uuid.uuid4(), mailbox="mother@example.org")
    assert reason is rules.SAME_PERSON
    assert rules.why_not_for(Party.GUARDIAN, standing(), person_id=None) is rules.NO_GUARDIAN


def test_a_minor_needs_four_and_the_others_three() -> None:
    assert standing().parties == [Party.INTERN, Party.HOST, Party.HOME]
    assert standing(Party.HOST, minor=True).awaited == [Party.INTERN, Party.HOME, Party.GUARDIAN]


@pytest.mark.parametrize(
    ("status", "made", "reason"),
    [(PlacementStatus.OFFERED, False, rules.NOT_ACCEPTED), (PlacementStatus.AGREED, True, rules.CONFIRMED),
     (PlacementStatus.ACTIVE, True, rules.CONFIRMED), (PlacementStatus.CANCELLED, True, rules.OVER),
     (PlacementStatus.CANCELLED, False, rules.NOT_ACCEPTED), (PlacementStatus.ACCEPTED, True, None)],
)  # fmt: skip
def test_only_an_accepted_place_is_agreed_on(status: PlacementStatus, made: bool, reason: object) -> None:
    assert rules.why_closed(standing(made=made, status=status)) is reason


def test_what_was_refused_only_the_secretariat_moves() -> None:
    found = standing(agreement={"refused_at": AT, "refused_party": Party.HOST, "refusal": "No."})
    for step in (rules.Step.CONFIRM, rules.Step.REFUSE, rules.Step.SCAN, rules.Step.NAME_GUARDIAN):
        assert rules.why_not(step, found) is rules.REFUSED
    assert rules.why_not(rules.Step.REMAKE, found) is None
    assert rules.why_not(rules.Step.PREPARE, found) is rules.MADE
    assert rules.why_not(rules.Step.REMAKE, standing(made=False)) is rules.NOT_MADE


def test_the_days_count_from_the_acceptance_or_from_the_new_text() -> None:
    later = AT + dt.timedelta(days=5)
    assert rules.open_since(standing(agreement={"made_at": later})) == AT
    assert rules.open_since(standing(agreement={"made_at": later, "remade_reason": "Other days."})) == later


# The words


def _shape(text: Any) -> Any:
    if isinstance(text, dict):
        return {key: _shape(value) for key, value in text.items()}
    if isinstance(text, list):
        return [_shape(value) for value in text]
    assert text.strip() == text != ""
    return sorted({each for each in ("{what}", "{note}", "{amount}", "{payer}") if each in text})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_as_much_as_english(language: str) -> None:
    for version in wording.FOLDER.iterdir():
        found = wording.text(version.name, language)
        assert _shape(found) == _shape(wording.text(version.name, "en"))
        assert len(found["sections"]) == 14
        if language != "en":
            same = [
                head for head, _words in found["sections"] if head in dict(wording.text(version.name, "en")["sections"])
            ]
            assert same == []


def test_a_signed_wording_never_changes() -> None:
    """New sentences are a new version: whoever changes these texts changes what people have signed."""
    told = {version: {code: wording.text(version, code) for code in LANGUAGES} for version in ("2027-1", "2027-2")}
    assert wording.digest(told["2027-1"]) == "82c1d6e37f218726b6da8162c0b57be8a44a41cfcb79ef651d208cb46112ee81"
    assert wording.digest(told["2027-2"]) == "0497dc18475434b815e58a264767e79101b9f911bbb24a73dcf67840f3864c7a"


FACTS: dict[str, Any] = {
    "call": {"en": "Call", "ko": "모집"}, "intern": "Туул", "home": {"en": "Home", "ko": "몽골"},
    "host": "Tourism", "host_government": {"en": "Gyeongsangbuk-do", "ko": "경상북도"}, "opening": "Guide",
    "tasks": "Help.", "place": "Andong", "presence": "both", "starts_on": "2027-07-01", "ends_on": "2027-09-30",
    "hours": 35, "benefits_note": "",
    "benefits": [
        {"what": "stipend", "note": "before tax", "amount": 900000, "currency": "KRW", "per": "month",
         "payer": "host_government"},
        {"what": "housing", "note": "", "amount": None, "currency": None, "per": "once", "payer": "host"},
    ],
}  # fmt: skip


def test_the_content_tells_of_the_facts_in_each_language() -> None:
    made = wording.content(FACTS, ["en", "ko"], needs_guardian=False)
    english, korean = dict(made["texts"]["en"]["rows"]), dict(made["texts"]["ko"]["rows"])
    assert english["First day"] == "1 July 2027"
    assert english["What the intern is given"].splitlines() == [
        "Stipend (before tax): KRW 900,000 a month. Paid or provided by: the government of the host",
        "Housing: in kind. Paid or provided by: the host organisation",
    ]
    assert korean["시작일"] == "2027년 7월 1일"
    assert korean["수용 지방정부"] == "경상북도"
    nothing = wording.content({**FACTS, "benefits": []}, ["en"], needs_guardian=False)
    assert dict(nothing["texts"]["en"]["rows"])["What the intern is given"] == "Nothing is promised."


def test_the_digest_is_that_of_the_content_and_survives_the_database() -> None:
    made = wording.content(FACTS, ["en", "ko"], needs_guardian=False)
    assert wording.digest(json.loads(json.dumps(made))) == wording.digest(made)
    for other in ({**FACTS, "hours": 36}, {**FACTS, "intern": "Tuul"}):
        changed = wording.content(other, ["en", "ko"], needs_guardian=False)
        assert wording.digest(changed) != wording.digest(made)
        assert wording.is_outdated(made, changed)
    assert not wording.is_outdated({**made, "wording": "2026-1"}, made)
    assert wording.is_outdated(made, wording.content(FACTS, ["en"], needs_guardian=False))


def test_languages_are_english_and_those_of_the_parties_once_each() -> None:
    assert wording.languages("en", "ko", "mn") == ["en", "ko", "mn"]
    assert wording.languages("mn", "ko", "mn") == ["en", "mn", "ko"]
