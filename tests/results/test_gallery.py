"""What everybody reads follows each consent by itself, at every request."""

import pytest
from sqlalchemy import event
from sqlmodel import Session

from portal.consents import actions as consents
from portal.consents.models import Method, Purpose
from portal.contests.models import AwardScope
from portal.errors import NotFound
from portal.essays.models import Essay, EssayStatus
from portal.juries.models import Outcome
from portal.results import gallery
from portal.results.gallery import Line
from portal.results.models import Translation
from tests import make
from tests.results.stage import Stage

NAME, TEXT, TRANSLATION, TAKE_PART = Purpose.NAME, Purpose.TEXT, Purpose.TRANSLATION, Purpose.TAKE_PART


def _lines(stage: Stage) -> list[Line]:
    return gallery.lines(stage.session, stage.edition)[0]


def _withdraw(stage: Stage, essay: Essay, purpose: Purpose) -> None:
    author = stage.author(essay)
    case = make.case(stage.session, author, stage.edition)
    told = {"wording": "2026-1", "language": "en", "digest": "0" * 64}
    consents.decide(stage.session, case, {purpose: False}, method=Method.ACCOUNT, by=author.id, **told)


def _translated(stage: Stage, essay: Essay, *codes: str) -> None:
    given = {"title": "t", "text": "t", "entered_by": stage.secretary.id}
    stage.session.add_all([Translation(essay_id=essay.id, language=code, **given) for code in codes])
    stage.session.flush()


@pytest.fixture
def agreed(stage: Stage) -> Essay:
    """With every consent, translated, and public."""
    essay = stage.essay(agreed={})
    _translated(stage, essay, "ko", "mn")
    stage.publish()
    return essay


def test_with_every_consent_all_is_shown(stage: Stage, agreed: Essay) -> None:
    (line,) = _lines(stage)
    assert (line.native_name, line.roman_name, line.title) == ("Болд Батбаяр", "Batbayar Bold", agreed.title)
    assert line.home["en"]
    assert (line.shows_text, line.is_minor) == (True, True)
    assert gallery.languages(stage.session, [line]) == {agreed.id: ["ko", "mn"]}
    read = gallery.read(stage.session, stage.edition, str(agreed.code))
    assert [each.language for each in read.translations] == ["ko", "mn"]


def test_nobody_was_asked_nothing_but_the_government(stage: Stage) -> None:
    essay = stage.essay()
    _translated(stage, essay, "ko")
    stage.publish()
    (line,) = _lines(stage)
    assert (line.native_name, line.roman_name, line.title, line.shows_text) == ("", "", "", False)
    assert line.home["en"]
    assert gallery.languages(stage.session, [line]) == {}
    with pytest.raises(NotFound):
        gallery.read(stage.session, stage.edition, str(essay.code))


def test_a_name_withdrawn_is_gone_by_itself(stage: Stage, agreed: Essay) -> None:
    _withdraw(stage, agreed, NAME)
    (line,) = _lines(stage)
    assert (line.is_named, line.title) == (False, agreed.title)
    assert not gallery.read(stage.session, stage.edition, str(agreed.code)).line.is_named


def test_a_text_withdrawn_takes_title_page_and_translations(stage: Stage, agreed: Essay) -> None:
    _withdraw(stage, agreed, TEXT)
    (line,) = _lines(stage)
    assert (line.is_named, line.title, line.shows_text) == (True, "", False)
    assert gallery.languages(stage.session, [line]) == {}
    with pytest.raises(NotFound):
        gallery.read(stage.session, stage.edition, str(agreed.code))


def test_a_translation_withdrawn_leaves_the_text(stage: Stage, agreed: Essay) -> None:
    _withdraw(stage, agreed, TRANSLATION)
    (line,) = _lines(stage)
    assert line.title == agreed.title
    assert gallery.languages(stage.session, [line]) == {}
    read = gallery.read(stage.session, stage.edition, str(agreed.code))
    assert read.translations == []
    with pytest.raises(NotFound):
        read.in_language("ko")


def test_who_no_longer_takes_part_has_no_line(stage: Stage, agreed: Essay) -> None:
    _withdraw(stage, agreed, TAKE_PART)
    assert _lines(stage) == []
    with pytest.raises(NotFound):
        gallery.read(stage.session, stage.edition, str(agreed.code))


@pytest.mark.parametrize("status", [EssayStatus.WITHDRAWN, EssayStatus.DISQUALIFIED])
def test_who_fell_out_has_no_line(stage: Stage, agreed: Essay, status: EssayStatus) -> None:
    agreed.status = status
    stage.session.flush()
    assert _lines(stage) == []


def test_the_photo_is_nobodys_business_here(stage: Stage, agreed: Essay) -> None:
    before = _lines(stage)
    _withdraw(stage, agreed, Purpose.PHOTO)
    assert _lines(stage) == before


def test_another_editions_consent_counts_for_nothing(stage: Stage, session: Session) -> None:
    essay = stage.essay()
    make.consent(session, stage.author(essay), make.edition(session))
    stage.publish()
    (line,) = _lines(stage)
    assert (line.is_named, line.shows_text) == (False, False)


def test_only_awarded_and_commended(stage: Stage) -> None:
    shown = {str(stage.essay(outcome).code) for outcome in (Outcome.AWARDED, Outcome.COMMENDED)}
    stage.essay(Outcome.NOT_AWARDED)
    stage.publish()
    assert {line.code for line in _lines(stage)} == shown


def test_by_category_language_and_award(stage: Stage) -> None:
    young = stage.edition.categories[0].id
    stage.essay(Outcome.COMMENDED)
    stage.essay(award=stage.silver, language="ko")
    stage.essay(award=stage.silver)
    stage.essay(award=stage.gold)
    stage.essay(award=stage.gold, category_id=young)
    stage.publish()
    found = gallery.grouped(_lines(stage))
    assert [(group.category["en"], group.language) for group in found] == [
        ("Ages 12–14", "en"), ("Ages 15–18", "en"), ("Ages 15–18", "ko"),
    ]  # fmt: skip
    assert [award.names.get("en") for award in found[1].awards] == ["Grand prize", "Silver", None]


def test_across_languages_where_the_edition_awards_so(session: Session) -> None:
    stage = Stage(session, award_scope=AwardScope.CATEGORY)
    stage.essay(language="ko")
    stage.essay(award=stage.silver)
    stage.publish()
    assert [group.language for group in gallery.grouped(_lines(stage))] == [""]


def test_pages_follow_each_other_and_miss_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "PAGE", 3)
    for n in range(8):
        outcome = Outcome.COMMENDED if n % 2 else Outcome.AWARDED
        stage.essay(outcome, category_id=stage.edition.categories[n % 3 == 0].id, language=("en", "ja")[n % 4 == 0])
    stage.publish()
    found, after = [], ""
    while True:
        page, after = gallery.lines(stage.session, stage.edition, after)
        found += [line.code for line in page]
        if not after:
            break
    assert len(found) == len(set(found)) == 8
    monkeypatch.setattr(gallery, "PAGE", 50)
    assert found == [line.code for line in _lines(stage)]


def test_as_many_queries_for_many_as_for_one(stage: Stage, session: Session) -> None:
    def asked() -> int:
        statements: list[str] = []
        event.listen(session.connection(), "before_cursor_execute", lambda *told: statements.append(told[2]))
        gallery.languages(session, _lines(stage))
        return len(statements)

    stage.essay(agreed={})
    stage.publish()
    one = asked()
    for _ in range(3):
        stage.essay(agreed={})
    assert asked() <= 2 * one  # the first listener counts too


def test_withheld_places_without_their_reason(stage: Stage) -> None:
    stage.withhold(stage.silver, 2)
    assert gallery.kept(stage.session, stage.edition) == []
    stage.publish()
    (kept,) = gallery.kept(stage.session, stage.edition)
    assert (kept.award["en"], kept.number, kept.language) == ("Silver", 2, "en")
