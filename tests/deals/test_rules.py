import datetime as dt

import pytest

from portal.contests.models import Edition
from portal.deals import computing, rules, words
from portal.deals.inputs import Given
from portal.deals.models import Deal, DealKind, DealStatus
from portal.deals.rules import STEPS, Step
from portal.judging.deals import Essay, Judge, Limit
from portal.judging.models import Round

ROUND, AGAIN, EXTRA = DealKind.ROUND, DealKind.AGAIN, DealKind.EXTRA


@pytest.mark.parametrize(
    ("kinds", "owed"),
    [
        ([], 0),
        ([ROUND, ROUND, ROUND], 3),
        ([ROUND, ROUND, AGAIN], 3),  # one of the round's could not be given
        ([ROUND, ROUND, ROUND, EXTRA], 4),
        ([ROUND, ROUND, ROUND, EXTRA, AGAIN, AGAIN], 4),
        ([None, None], 2),
        ([None, None, AGAIN], 2),
        ([None, None, None, None], 3),
        ([None, ROUND, ROUND], 3),
    ],
)
def test_what_an_essay_is_owed(kinds: list[DealKind | None], owed: int) -> None:
    assert rules.owed(3, kinds) == owed


def test_what_it_needs() -> None:
    kinds: list[DealKind | None] = [ROUND, ROUND, ROUND, EXTRA]
    assert rules.needs(ROUND, 3, kinds, 2, is_named=False) == 4
    assert rules.needs(AGAIN, 3, kinds, 2, is_named=True) == 4
    assert rules.needs(AGAIN, 3, kinds, 2, is_named=False) == 2
    assert rules.needs(AGAIN, 3, [ROUND], 5, is_named=True) == 5
    assert rules.needs(EXTRA, 3, kinds, 4, is_named=True) == 5


def test_every_step_leads_somewhere_and_a_dealt_deal_stays() -> None:
    assert {status for status, _step in STEPS} == set(DealStatus) - {DealStatus.DEALT, DealStatus.DISCARDED}
    assert {step for _status, step in STEPS} == set(Step)
    deal = Deal(status=DealStatus.READY, round=Round.FIRST, kind=ROUND, seed=1, readings=3)
    assert rules.may_take(Step.DEAL, deal) and not rules.may_take(Step.FINISH, deal)


def test_every_limit_has_its_sentence() -> None:
    assert set(words.LIMITS) == {*Limit, "final"}
    for limit in words.LIMITS:
        told = words.limit({"limit": limit, "needed": 3, "available": 2})
        assert "3" in told and "2" in told


def test_a_round_ends_with_its_own_date() -> None:
    at = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    edition = Edition(judging_due_at=at, finalists=5, final_due_at=at + dt.timedelta(days=9))
    assert not rules.is_time(edition, Round.FIRST, at)
    assert rules.is_time(edition, Round.FINAL, at)
    assert not rules.is_time(Edition(judging_due_at=at), Round.FINAL, at)


# The final round, and what a page is told


def judges(*ids: str, languages: tuple[str, ...] = ("en",), **fields: object) -> list[Judge]:
    return [Judge(each, frozenset(languages), most=9, **fields) for each in ids]  # type: ignore[arg-type]


def test_everybody_reads_what_nothing_bars() -> None:
    essays = (Essay("a", "en", homes=frozenset({"x"})), Essay("b", "en", barred=frozenset({"j"})), Essay("c", "ru"))
    panel = (*judges("j", "k"), *judges("l", languages=("ru", "en"), shuns=frozenset({"x"})))
    given = Given(Round.FINAL, ROUND, 1, essays, panel, kept={"a": ("j",)}, past={"b": ("k",)})
    work = computing.work(given, 1)
    assert work.pairs == [["a", "k"], ["b", "l"], ["c", "l"]]
    assert work.figures["avoided"] == 2
    rows = {row["id"]: (row["load"], row["new"]) for row in work.figures["judges"]}
    assert rows == {"j": (1, 0), "k": (1, 1), "l": (2, 2)}


def test_who_is_not_asked_about_gets_nothing() -> None:
    given = Given(Round.FINAL, AGAIN, 1, (Essay("a", "en", needs=0), Essay("b", "en")), tuple(judges("j")))
    assert computing.work(given, 1).pairs == [["b", "j"]]


def test_figures_hold_only_what_json_knows() -> None:
    """Two judges without a common essay: a piece each, and no finite error."""
    essays = (Essay("a", "en", group="c:en"), Essay("b", "ru", group="c:en"))
    panel = (*judges("j"), *judges("k", languages=("ru",)))
    work = computing.work(Given(Round.FIRST, ROUND, 1, essays, panel, codes={"a": "A", "b": "B"}), 1)
    graph = work.figures["graphs"][0]
    assert (graph["components"], graph["worst"], graph["is_sound"]) == (2, None, False)


def test_many_that_are_short_are_counted() -> None:
    essays = tuple(Essay(f"e{n:03}", "en") for n in range(40))
    given = Given(Round.FIRST, ROUND, 2, essays, tuple(judges("j")), codes={each.id: each.id for each in essays})
    short = computing.work(given, 1).problem["short"][0]
    assert (len(short["essays"]), short["more"], short["limit"]) == (30, 10, "too_few_judges")
