import datetime as dt
import uuid
from typing import Any

import pytest

from portal.contests import rules, words
from portal.contests.models import Category, Criterion, Edition, EditionStatus
from portal.contests.rules import Move
from portal.contests.words import Phase, Subject
from portal.i18n import LANGUAGES

OPENS = dt.datetime(2027, 1, 10, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
DUE, JUDGED = OPENS + 80 * DAY, OPENS + 140 * DAY


def edition(status: EditionStatus = EditionStatus.PUBLISHED, **fields: Any) -> Edition:
    given = {
        "slug": "one", "titles": {"en": "One"}, "texts": {"en": "Write."}, "opens_at": OPENS, "due_at": DUE,
        "judging_due_at": JUDGED, "reference_on": DUE.date(), "created_by": uuid.uuid4(), "status": status,
    }  # fmt: skip
    made = Edition(**{**given, **fields})
    made.themes, made.categories, made.limits, made.criteria, made.awards = [], [], [], [], []
    return made


def criterion(weight: int) -> Criterion:
    return Criterion(edition_id=uuid.uuid4(), position=1, names={"en": "Idea"}, weight=weight)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - DAY, Phase.UPCOMING),
        (OPENS, Phase.OPEN),
        (DUE, Phase.OPEN),
        (DUE + dt.timedelta(microseconds=1), Phase.JUDGING),
        (JUDGED, Phase.JUDGING),
        (JUDGED + DAY, Phase.OVER),
    ],
)
def test_a_published_edition_stands_where_its_dates_say(at: dt.datetime, phase: Phase) -> None:
    assert rules.phase(edition(), at) is phase
    assert rules.is_open(edition(), at) is (phase is Phase.OPEN)
    assert rules.phase(edition(EditionStatus.DRAFT), at) is Phase.DRAFT
    assert rules.phase(edition(EditionStatus.CLOSED), at) is Phase.CLOSED


def test_it_is_being_judged_until_its_last_date() -> None:
    final, results = JUDGED + 20 * DAY, JUDGED + 30 * DAY
    assert rules.phase(edition(finalists=9, final_due_at=final), final) is Phase.JUDGING
    assert rules.phase(edition(results_at=results), results) is Phase.JUDGING
    assert rules.phase(edition(results_at=results), results + DAY) is Phase.OVER


def test_only_the_dates_that_it_has_are_named_in_order() -> None:
    assert [stage.column for stage in rules.stages(edition())] == ["opens_at", "due_at", "judging_due_at"]
    full = edition(finalists=3, final_due_at=JUDGED + DAY, jury_on=dt.date(2027, 6, 10), results_at=JUDGED + 20 * DAY)
    assert [stage.column for stage in rules.stages(full)] == list(words.DATES)


def test_the_jury_meets_by_the_days_of_the_editions_zone() -> None:
    """The marks are due on 1 June at 16:00 in London and on 2 June at 01:00 in Tokyo."""
    given = {"judging_due_at": dt.datetime(2027, 6, 1, 16, tzinfo=dt.UTC), "jury_on": dt.date(2027, 6, 1)}
    assert rules.out_of_order("Asia/Tokyo", given).keys() == {"jury_on"}
    assert rules.out_of_order("UTC", given) == {}


def test_a_copy_keeps_the_distance_of_its_later_stages() -> None:
    earlier = edition(finalists=3, final_due_at=JUDGED + 30 * DAY, jury_on=dt.date(2027, 7, 4), results_at=None)
    later = JUDGED + 400 * DAY
    found = rules.later_stages(earlier, "Asia/Seoul", later)
    assert found == {
        "final_due_at": later + 30 * DAY, "results_at": None, "jury_on": dt.date(2027, 7, 4) + 400 * DAY
    }  # fmt: skip


def test_a_jury_day_that_would_come_too_early_is_left_open() -> None:
    earlier = edition(finalists=3, final_due_at=JUDGED + 2 * DAY, jury_on=(JUDGED + 2 * DAY).date())
    found = rules.later_stages(earlier, "Asia/Seoul", JUDGED + 400 * DAY + dt.timedelta(hours=14, minutes=59))
    assert found["jury_on"] == (JUDGED + 402 * DAY).date()
    found = rules.later_stages(earlier, "Asia/Kamchatka", JUDGED + 400 * DAY + dt.timedelta(hours=11))
    assert found["jury_on"] is not None
    assert not rules.out_of_order("Asia/Seoul", {**found, "judging_due_at": JUDGED + 400 * DAY, "finalists": 3})


def test_what_an_empty_draft_lacks_is_told_by_page() -> None:
    empty = edition(EditionStatus.DRAFT, texts={"en": ""})
    assert [subject for subject, _sentence in rules.lacking(empty, OPENS)] == [
        Subject.TEXTS, Subject.THEMES, Subject.CATEGORIES, Subject.LANGUAGES, Subject.CRITERIA,
    ]  # fmt: skip
    assert Subject.DATES in dict(rules.lacking(empty, DUE))


@pytest.mark.parametrize(("weights", "lacks"), [((100,), False), ((60, 40), False), ((60, 41), True), ((99,), True)])
def test_weights_add_up_to_a_hundred(weights: tuple[int, ...], lacks: bool) -> None:
    made = edition(EditionStatus.DRAFT)
    made.criteria = [criterion(weight) for weight in weights]
    assert any("100" in sentence for _subject, sentence in rules.lacking(made, OPENS)) is lacks


def test_a_missing_language_is_found_in_any_of_several_texts() -> None:
    made = edition(titles=dict.fromkeys(LANGUAGES, "One"))
    made.criteria = [criterion(50), criterion(50)]
    made.criteria[0].anchors = {"2": dict.fromkeys(LANGUAGES, "weak"), "10": {"en": "strong", "ko": "강하다"}}
    found = {str(what): missing for what, missing in rules.untranslated(made)}
    assert found["Title"] == frozenset()
    assert found["What earns how many points"] == set(LANGUAGES) - {"en", "ko"}
    assert "Awards" not in found


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [(9, 11, False), (9, 12, True), (13, 13, True), (14, 15, True), (15, 18, False), (5, 99, True)],
)
def test_age_categories_do_not_overlap(first: int, last: int, overlaps: bool) -> None:
    category = Category(edition_id=uuid.uuid4(), age_from=12, age_to=14, names={"en": "Young"})
    assert (rules.overlapped([category], first, last) is category) is overlaps
    assert rules.overlapped([category], first, last, but=category.id) is None


def test_rows_move_a_place_and_stop_at_the_ends() -> None:
    assert rules.moved("abc", "b", Move.UP) == ["b", "a", "c"]
    assert rules.moved("abc", "b", Move.DOWN) == ["a", "c", "b"]
    assert rules.moved("abc", "a", Move.UP) == rules.moved("abc", "c", Move.DOWN) == ["a", "b", "c"]


@pytest.mark.parametrize(("at", "years"), [(OPENS - 500 * DAY, 1), (OPENS, 1), (OPENS + 400 * DAY, 2)])
def test_a_copy_opens_in_a_year_that_lies_ahead(at: dt.datetime, years: int) -> None:
    assert rules.years_on(edition(), at) == years


def test_what_a_new_edition_begins_with_fits_its_own_rules() -> None:
    assert sum(each["weight"] for each in words.RUBRIC) == rules.WHOLE
    assert all(set(each["anchors"]) == set(rules.ANCHORS) for each in words.RUBRIC)
    assert words.ages(12, 14)["ko"] == "만 12~14세 부문"
    assert set(words.LIMITS) == set(LANGUAGES)
