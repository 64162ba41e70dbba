"""The order of a group, without a database."""

import datetime as dt
import uuid
from collections.abc import Sequence

import pytest

from portal.contests.models import AwardScope, Edition, OrderRule
from portal.judging import rules as judging
from portal.judging.models import Round
from portal.standings import comparing, content, more, orders, pictures, rules, telling
from portal.standings.orders import Marked, Pool
from portal.standings.readers import readers

AT = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def pool(*marks: tuple[str, str, float], line: int = 1, points: Sequence[tuple[int, ...]] = ()) -> Pool:
    """Marks as (essay, judge, total); points are those of two criteria, the second of which is the heavier."""
    given = [
        Marked(uuid.uuid4(), essay, judge, total, points[n] if points else (5, 5), AT, AT + dt.timedelta(minutes=n))
        for n, (essay, judge, total) in enumerate(marks)
    ]
    ids = {mark.essay: mark.essay_id for mark in given}
    return Pool(uuid.uuid4(), {"en": "Ages 12–14"}, "en", line, ids, given, [1, 0])


def table(**rows: Sequence[float]) -> list[tuple[str, str, float]]:
    return [(essay, f"J{n}", mark) for essay, marks in rows.items() for n, mark in enumerate(marks)]


FIVE = table(A=[90, 80, 85, 88, 84], B=[70, 75, 99, 71, 72], C=[60, 62, 61, 64, 60], D=[40, 42, 41, 45, 44])


@pytest.mark.parametrize("rule", OrderRule)
def test_every_rule_orders_a_complete_panel(rule: OrderRule) -> None:
    group = orders.settle(pool(*FIVE, line=2), rule, 1)
    assert group.refused is None
    assert [(placed.code, placed.rank) for placed in group.order] == [("A", 1), ("B", 2), ("C", 3), ("D", 4)]
    assert [placed.recommended for placed in group.order] == [1, 2, 3, 4]


def test_scores_are_those_of_the_rule() -> None:
    by = {rule: orders.settle(pool(*FIVE), rule, 1).order[1].score for rule in OrderRule}
    assert by[OrderRule.RAW_MEAN] == pytest.approx(77.4)
    assert by[OrderRule.MEDIAN] == 72
    assert by[OrderRule.TRIMMED_MEAN] == pytest.approx((75 + 71 + 72) / 3)
    assert by[OrderRule.MEAN_RANK] == pytest.approx(9 / 5)
    assert (by[OrderRule.KEMENY], by[OrderRule.BORDA]) == (2, 11)


@pytest.mark.parametrize(
    ("rule", "why", "number"),
    [
        (OrderRule.TRIMMED_MEAN, "few", 2),
        (OrderRule.MEAN_RANK, "incomplete", 1),
        (OrderRule.KEMENY, "incomplete_judges", 1),
        (OrderRule.BORDA, "incomplete_judges", 1),
    ],
)
def test_a_rule_that_lacks_marks_gives_no_rank(rule: OrderRule, why: str, number: int) -> None:
    group = orders.settle(pool(*table(A=[90, 80], B=[70])), rule, 1)
    assert group.refused is not None and (group.refused.why, group.refused.number) == (why, number)
    assert [(placed.rank, placed.score, placed.recommended) for placed in group.order] == [
        (None, None, 1),
        (None, None, 2),
    ]
    assert [placed.place for placed in group.order] == [1, 2]


def test_more_than_sixteen_have_no_kemeny_order() -> None:
    rows = {f"E{n:02}": [n, n + 1] for n in range(17)}
    group = orders.settle(pool(*table(**rows)), OrderRule.KEMENY, 1)
    assert group.refused is not None and group.refused.why == "large"


def test_essays_that_change_places_among_the_best_orders_share_one() -> None:
    group = orders.settle(pool(*table(A=[90, 80], B=[80, 90], C=[10, 20])), OrderRule.KEMENY, 1)
    assert group.optima == 2
    assert [(placed.code, placed.rank) for placed in group.order] == [("A", 1), ("B", 1), ("C", 3)]
    assert group.band == {"A", "B"}


def test_parts_that_no_judge_connects_have_no_common_rank() -> None:
    marks = [("A", "J0", 50), ("B", "J0", 40), ("A", "J1", 52), ("B", "J1", 44), ("C", "J2", 90), ("C", "J3", 80)]
    for rule in (OrderRule.MODEL, OrderRule.RAW_MEAN):
        group = orders.settle(pool(*marks), rule, 1)
        assert not group.has_one_order
        assert [[placed.code for placed in part] for part in group.components] == [["A", "B"], ["C"]]
        assert [placed.place for placed in group.order] == [1, 2, 1]
        assert {placed.rank for placed in group.order} == {None} and group.band == frozenset()
        assert {placed.p_top for placed in group.order} == {None}


def test_equal_scores_are_told_apart_by_the_heaviest_criterion_and_then_share() -> None:
    marks = table(A=[50, 50], B=[50, 50], C=[50, 50], D=[10, 10])
    points = [(9, 5), (9, 5), (1, 6), (1, 6), (9, 5), (9, 5), (1, 1), (1, 1)]
    group = orders.settle(pool(*marks, line=2, points=points), OrderRule.RAW_MEAN, 1)
    assert [(placed.code, placed.rank) for placed in group.order] == [("B", 1), ("A", 2), ("C", 2), ("D", 4)]
    assert {"A", "C"} <= group.band


def test_without_a_line_nobody_goes_to_the_jury() -> None:
    group = orders.settle(pool(*FIVE, line=0), OrderRule.MODEL, 1)
    assert group.band == frozenset() and {placed.p_top for placed in group.order} == {None}


def test_the_order_of_rows_and_judges_names_change_nothing() -> None:
    one = orders.settle(pool(*FIVE, line=2), OrderRule.MODEL, 5)
    renamed = [(essay, judge.replace("J", "Z") if judge != "J0" else "ZZ", mark) for essay, judge, mark in FIVE]
    other = orders.settle(pool(*reversed(renamed), line=2), OrderRule.MODEL, 5)
    told = lambda group: [(p.code, p.rank, p.adjusted, p.p_top, p.ranks) for p in group.order]  # noqa: E731
    assert told(one) == told(other)


# Rules


def edition(**fields: object) -> Edition:
    given = {"slug": "e", "titles": {}, "texts": {}, "judging_due_at": AT, "finalists": None, "final_due_at": None}
    return Edition(**{**given, **fields})


def test_the_line_is_that_of_the_finalists_or_of_the_awards() -> None:
    from portal.contests.models import Award

    awards = [Award(places=1), Award(places=5)]
    two = edition(finalists=12, final_due_at=AT + dt.timedelta(days=9))
    assert rules.line(edition(), Round.FIRST, awards) == 6
    assert (rules.line(two, Round.FIRST, awards), rules.line(two, Round.FINAL, awards)) == (12, 6)
    assert rules.line(edition(), Round.FIRST, []) == 0
    assert rules.last_round(edition()) is Round.FIRST and rules.last_round(two) is Round.FINAL
    assert judging.due_at(two, Round.FINAL) == two.final_due_at and judging.due_at(two, Round.FIRST) == AT


def test_languages_meet_in_the_final_round_alone() -> None:
    across = edition(award_scope=AwardScope.CATEGORY)
    assert [rules.is_across_languages(across, round_) for round_ in Round] == [False, True]
    assert not rules.is_across_languages(edition(), Round.FINAL)


@pytest.mark.parametrize(
    ("fields", "had", "is_free"),
    [
        ({}, {}, True),
        ({"extra_readings": 0}, {}, False),
        ({"judging_due_at": AT}, {}, False),
        ({}, {"used": 10}, False),
        ({}, {"used": 9}, True),
        ({}, {"awaited": 1}, False),
        ({}, {"is_deal_under_way": True}, False),
    ],
)
def test_when_extra_readings_are_ordered(fields: dict, had: dict, is_free: bool) -> None:
    made = edition(**{"extra_readings": 10, "judging_due_at": AT + dt.timedelta(days=1), **fields})
    given = {"used": 0, "awaited": 0, "is_deal_under_way": False, **had}
    assert (rules.why_no_extra(made, AT, **given) is None) is is_free


def test_open_essays_leave_out_who_waits_and_who_was_read_enough() -> None:
    marks = table(A=[90, 91], B=[60, 75], C=[61, 70], D=[62, 68], E=[10, 14])
    group = orders.settle(pool(*marks, line=2), OrderRule.MODEL, 1)
    found = lambda **left: [one.placed.code for one in more.open_essays([group], most=3, **left)]  # noqa: E731
    every = found(given={}, unread={})
    assert set(every) >= {"B", "C", "D"} and "E" not in every
    assert "B" not in found(given={"B": 3}, unread={}) and "C" not in found(given={}, unread={"C": 1})
    assert (
        more.open_essays([orders.settle(pool(*marks, line=0), OrderRule.MODEL, 1)], most=3, given={}, unread={}) == []
    )


# What is shown, and kept


def test_judges_stand_from_the_strictest_on() -> None:
    marks = [(f"E{n}", judge, 50 + n + by) for n in range(8) for judge, by in (("MILD", 9), ("EVEN", 0), ("HARD", -9))]
    marks[0] = (*marks[0][:2], 61.0)
    found = readers(orders.settle(pool(*marks), OrderRule.MODEL, 1))
    assert [reader.judge.judge for reader in found] == ["HARD", "EVEN", "MILD"]
    assert all(reader.drift is not None and reader.minutes is not None for reader in found)


@pytest.mark.parametrize(("entries", "line"), [(1, 1), (40, 20), (500, 36), (20, 20), (30, 0)])
def test_the_picture_shows_fifteen_on_either_side_of_the_line(entries: int, line: int) -> None:
    rows = {f"E{n:03}": [90 - n / 6, 88 - n / 6 + n % 3] for n in range(entries)}
    group = orders.settle(pool(*table(**rows), line=line), OrderRule.MODEL, 1)
    drawn = pictures.dots(group, group.order)
    assert len(drawn.rows) <= 2 * pictures.BESIDE
    assert drawn.left_above + len(drawn.rows) + drawn.left_below == entries
    assert (drawn.line is not None) is (0 < line < entries)
    for dot in drawn.rows:
        assert pictures.LEFT <= dot.score.begin <= dot.score.middle <= dot.score.end <= pictures.WIDTH
    strips = pictures.strips(group, readers(group))
    assert len(strips.rows) == 2 and strips.height > 2 * pictures.ROW


@pytest.mark.parametrize("marks", [table(A=[50]), table(A=[50], B=[50]), table(A=[50, 50], B=[50, 50]), FIVE])
@pytest.mark.parametrize("rule", OrderRule)
def test_whatever_the_marks_a_sheet_can_be_shown_and_kept(marks: list, rule: OrderRule) -> None:
    group = orders.settle(pool(*marks), rule, 1)
    sheet = telling.Sheet(1, group)
    assert len(sheet.figures) == 9 and all(figure.value and figure.meaning for figure in sheet.figures)
    assert sheet.parts and readers(group)
    kept = content.content(edition(seed=1), Round.FIRST, [group])
    assert content.digest(kept) == content.digest(kept)


def test_one_mark_an_essay_is_not_identified_in_words() -> None:
    group = orders.settle(pool(*table(A=[50], B=[60])), OrderRule.MODEL, 1)
    values = {str(figure.name): figure.value for figure in telling.Sheet(1, group).figures}
    assert values["Krippendorff's alpha"] == "not defined" and values["Separation"] == "not identified"


def test_two_orders_stand_side_by_side() -> None:
    before = content.content(edition(seed=1), Round.FIRST, [orders.settle(pool(*FIVE, line=2), OrderRule.MODEL, 1)])
    after = content.content(
        edition(seed=1), Round.FIRST,
        [orders.settle(pool(*[row for row in FIVE if row[0] != "A"], line=2), OrderRule.MODEL, 1)],
    )  # fmt: skip
    for each in (before, after):
        each["groups"][0]["category_id"] = "same"
    (group,) = comparing.compared(after, before, start=1, page=50)
    assert [(row.code, row.crosses) for row in group.rows] == [("B", ""), ("C", "up"), ("D", ""), ("A", "down")]
    assert group.rows[-1].now is None and not group.has_more
    assert len(comparing.compared(after, None, start=1, page=2)[0].rows) == 2


def test_groups_of_one_name_are_told_apart_in_files() -> None:
    groups = [orders.settle(pool(*FIVE), OrderRule.MODEL, 1) for _ in range(2)]
    assert len(content.named(groups)) == 2
    assert list(content.named(groups[:1])) == ["Ages 12–14, en"]
