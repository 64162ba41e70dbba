"""Every deal keeps all limits, with loads as even as can be; where there is none, exactly what is short is named."""

import random
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.judging.dealing import Essay, Judge, Limit, NotDealt, Shortfall, deal
from tests.judging import hands
from tests.judging.hands import ANY, Stage, dealt, english, essays, stages


def short(*given: object, **terms: object) -> tuple[Shortfall, ...]:
    with pytest.raises(NotDealt) as refused:
        deal(*given, **{"readings": 2, "seed": 0, **terms})  # type: ignore[arg-type]
    return refused.value.shortfalls


# Against all deals there are


@settings(max_examples=300, deadline=None)
@given(stages(), ANY)
def test_there_is_a_deal_if_and_only_if_trying_all_finds_one(stage: Stage, seed: int) -> None:
    squares = [sum(load**2 for load in stage.loads(pairs).values()) for pairs in stage.deals()]
    found = dealt(stage, seed)
    assert (found is None) == (not squares)
    if found:
        assert found.objective == min(squares) == sum(load**2 for load in found.loads.values())


@settings(max_examples=200, deadline=None)
@given(stages(), ANY)
def test_every_deal_keeps_all_limits(stage: Stage, seed: int) -> None:
    found = dealt(stage, seed)
    assume(found)
    assert found
    for essay in stage.essays:
        new, kept = found.dealt[essay.id], stage.kept.get(essay.id, frozenset())
        assert len(new) == len(set(new)) == stage.lack(essay)
        assert set(new) <= set(stage.may(essay))
        assert set(found.pairs[essay.id]) == set(new) | kept
        assert len(found.pairs[essay.id]) == len(new) + len(kept)
    count = Counter(name for readers in found.pairs.values() for name in readers)
    assert found.loads == {name: count[name] for name in found.loads}
    for judge in stage.judges:
        if judge.is_active:
            assert judge.least <= found.loads[judge.id] <= max(judge.most, stage.load(judge.id))
        assert sum(found.languages[judge.id].values()) == found.loads[judge.id]


@settings(max_examples=150, deadline=None)
@given(stages())
def test_what_is_short_is_short_by_trying_all(stage: Stage) -> None:
    try:
        deal(stage.essays, stage.judges, seed=0, **stage.terms)
    except NotDealt as refused:
        assert refused.shortfalls
        for one in refused.shortfalls:
            assert one.available < one.needed
        few = {essay.id for essay in stage.essays if len(stage.may(essay)) < stage.lack(essay)}
        assert few == {name for one in refused.shortfalls if one.limit in list(Limit)[:4] for name in one.essays}


@settings(max_examples=150, deadline=None)
@given(stages(most_essays=3))
def test_exactly_those_essays_are_named_that_may_go_short(stage: Stage) -> None:
    """In one of the largest partial deals; so nobody is named who could be served whatever happens to the others."""
    stage = stage._replace(judges=[judge._replace(least=0) for judge in stage.judges])
    assume(all(len(stage.may(essay)) >= stage.lack(essay) for essay in stage.essays))
    sizes = [(sum(map(len, pairs)), pairs) for pairs in stage.partial_deals()]
    largest = max(size for size, _pairs in sizes)
    going_short = {
        essay.id
        for size, pairs in sizes
        if size == largest
        for essay, readers in zip(stage.essays, pairs, strict=True)
        if len(readers) < stage.lack(essay)
    }
    found = () if dealt(stage) else short(stage.essays, stage.judges, **stage.terms)
    assert {name for one in found for name in one.essays} == going_short
    assert sum(one.needed - one.available for one in found) == sum(map(stage.lack, stage.essays)) - largest


# The same seed, the same deal


@settings(max_examples=60, deadline=None)
@given(stages(), ANY, st.randoms(use_true_random=False))
def test_order_does_not_matter(stage: Stage, seed: int, dice: random.Random) -> None:
    shuffled = stage._replace(
        essays=dice.sample(stage.essays, len(stage.essays)), judges=dice.sample(stage.judges, len(stage.judges))
    )
    assert dealt(stage, seed) == dealt(shuffled, seed)


def test_order_does_not_matter_to_a_large_deal_that_is_mended() -> None:
    these, those = hands.contest(300, 24, seed=5, categories=2, languages="en mn ja")
    one = deal(these, those, readings=3, seed=11)
    random.Random(1).shuffle(these)
    assert one == deal(these, those[::-1], readings=3, seed=11)
    assert one.pairs != deal(these, those, readings=3, seed=12).pairs


SCRIPT = """
from tests.judging import hands
from portal.judging.dealing import deal
print(deal(*hands.contest(200, 20, seed=3, languages="en mn"), readings=3, seed=9))
"""


def test_another_process_deals_the_same() -> None:
    """Another order of sets and dictionaries changes nothing."""
    told = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={"PYTHONHASHSEED": hashing}, capture_output=True, check=True, timeout=60
        ).stdout
        for hashing in ("1", "2")
    }
    assert len(told) == 1


# Loads


@pytest.mark.parametrize(("number", "judges", "readings"), [(200, 20, 3), (100, 7, 2), (31, 5, 4), (10, 30, 2)])
def test_loads_differ_by_one_at_most_where_nothing_stands_in_the_way(number: int, judges: int, readings: int) -> None:
    loads = deal(essays(number), english(judges), readings=readings, seed=4).loads.values()
    assert max(loads) - min(loads) <= 1
    assert sum(loads) == number * readings


def test_what_is_kept_counts_as_load() -> None:
    kept = {f"en{n}": ["j0", "j1"] for n in range(10)}
    found = deal(essays(20), english(4), readings=2, seed=1, kept=kept)
    assert found.loads == {"j0": 10, "j1": 10, "j2": 10, "j3": 10}


def test_bounds_are_kept_at_both_ends() -> None:
    those = [Judge("busy", frozenset(["en"]), 3), Judge("keen", frozenset(["en"]), 99, 20), *english(4)]
    loads = deal(essays(25), those, readings=2, seed=1).loads
    assert loads["busy"] == 3
    assert loads["keen"] == 20
    assert {loads[f"j{n}"] for n in range(4)} <= {6, 7}


# What was dealt before


@settings(max_examples=40, deadline=None)
@given(stages(bounded=False), ANY, st.data())
def test_a_lost_judge_re_deals_only_what_is_undone(stage: Stage, seed: int, data: st.DataObject) -> None:
    first = dealt(stage, seed)
    assume(first)
    assert first
    lost = data.draw(st.sampled_from([judge.id for judge in stage.judges]))
    theirs = [essay.id for essay in stage.essays if lost in first.pairs[essay.id]]
    undone = set(data.draw(st.lists(st.sampled_from(theirs), unique=True))) if theirs else set()
    kept = {essay: frozenset(names) - ({lost} if essay in undone else set()) for essay, names in first.pairs.items()}
    rest = stage._replace(judges=[judge for judge in stage.judges if judge.id != lost], kept=kept)
    second = dealt(rest, seed)
    is_possible = next(rest.deals(), None) is not None
    assert (second is not None) == is_possible
    if second:
        assert {essay for essay, names in second.dealt.items() if names} == undone
        assert all(kept[essay] <= set(names) for essay, names in second.pairs.items())
        assert all(lost not in names for names in second.dealt.values())


def test_one_lost_judge_of_twenty() -> None:
    these, those = hands.contest(200, 20, seed=8)
    first = deal(these, those, readings=3, seed=1)
    theirs = [essay for essay, names in first.pairs.items() if "j7" in names]
    undone = theirs[10:]
    kept = {essay: set(names) - ({"j7"} if essay in undone else set()) for essay, names in first.pairs.items()}
    second = deal(these, [j for j in those if j.id != "j7"], readings=3, seed=2, kept=kept)
    assert sorted(essay for essay, names in second.dealt.items() if names) == sorted(undone)
    loads = [load for name, load in second.loads.items() if name != "j7"]
    assert second.loads["j7"] == 10
    assert max(loads) - min(loads) <= 2
    assert second.graphs[0].is_sound


def test_one_more_reading_goes_to_new_judges_and_to_no_other_essay() -> None:
    these, those = hands.contest(100, 10, seed=2)
    first = deal(these, those, readings=2, seed=1)
    more = [essay._replace(needs=3 if n < 20 else None) for n, essay in enumerate(these)]
    second = deal(more, those, readings=2, seed=2, kept=first.pairs)
    assert {essay for essay, names in second.dealt.items() if names} == {essay.id for essay in these[:20]}
    assert all(set(first.pairs[essay.id]) < set(second.pairs[essay.id]) for essay in these[:20])


def test_an_essay_with_enough_readers_is_left_as_it_is_whoever_they_are() -> None:
    found = deal(essays(1), english(3), readings=2, seed=1, kept={"en0": ["x", "y", "z"]})
    assert found.pairs == {"en0": ("x", "y", "z")}
    assert found.loads == {"j0": 0, "j1": 0, "j2": 0, "x": 1, "y": 1, "z": 1}


# What is short


def test_nobody_reads_the_language() -> None:
    found = short([*essays(2), *essays(3, "mn")], [*english(4), Judge("m", frozenset(["mn", "en"]), 9)])
    assert found == (Shortfall(Limit.LANGUAGE, ("mn0", "mn1", "mn2"), ("m",), 2, 1),)


def test_there_are_too_few_judges_at_all() -> None:
    off = Judge("off", frozenset(["en"]), 9, is_active=False)
    assert short(essays(1), [*english(1), off]) == (Shortfall(Limit.TOO_FEW_JUDGES, ("en0",), ("j0",), 2, 1),)


def test_conflicts_leave_too_few() -> None:
    those = [judge._replace(shuns=frozenset(["north"])) if judge.id < "j2" else judge for judge in english(4)]
    these = [*essays(2), Essay("x", "en", frozenset(["north", "asia"]), frozenset(["j3"]))]
    assert short(these, those) == (Shortfall(Limit.CONFLICT, ("x",), ("j2",), 2, 1),)


def test_those_who_are_left_have_read_it() -> None:
    found = short(essays(2), english(3), kept={"en0": ["j0"]}, past={"en0": ["j1", "j2"]})
    assert found == (Shortfall(Limit.ALREADY_READ, ("en0",), ("j0",), 2, 1),)


def test_the_workload_of_those_who_read_a_language_is_used_up() -> None:
    mongolian = [Judge(f"m{n}", frozenset(["mn"]), 10) for n in range(3)]
    found = short([*essays(20), *essays(16, "mn")], [*english(5), *mongolian])
    names = tuple(sorted(f"mn{n}" for n in range(16)))
    assert found == (Shortfall(Limit.WORKLOAD_MOST, names, ("m0", "m1", "m2"), 32, 30),)


def test_two_languages_that_are_short_are_told_apart() -> None:
    those = [Judge(f"{language}-{n}", frozenset([language]), 3) for language in ("en", "ja", "mn") for n in range(2)]
    found = short([*essays(4), *essays(3, "ja"), *essays(5, "mn")], those)
    assert [(one.limit, one.judges, one.needed, one.available) for one in found] == [
        (Limit.WORKLOAD_MOST, ("en-0", "en-1"), 8, 6),
        (Limit.WORKLOAD_MOST, ("mn-0", "mn-1"), 10, 6),
    ]


def test_a_judge_must_read_more_than_there_is() -> None:
    keen = Judge("keen", frozenset(["mn"]), 9, 5)
    found = short([*essays(9), *essays(3, "mn")], [*english(3), keen, Judge("m", frozenset(["mn"]), 9)])
    assert found == (Shortfall(Limit.WORKLOAD_LEAST, ("mn0", "mn1", "mn2"), ("keen",), 5, 3),)


def test_judges_must_read_more_together_than_there_is() -> None:
    found = short(essays(4), [Judge(f"j{n}", frozenset(["en"]), 9, 3) for n in range(3)])
    assert found == (Shortfall(Limit.WORKLOAD_LEAST, ("en0", "en1", "en2", "en3"), ("j0", "j1", "j2"), 9, 8),)


@pytest.mark.parametrize(
    "given",
    [
        ([*essays(1), *essays(1)], english(2), 1, 0),
        (essays(1), [*english(2), *english(1)], 1, 0),
        (essays(1), english(2), -1, 0),
        (essays(1), english(2), 1, -1),
        (essays(1), [Judge("j", frozenset(["en"]), 2, 3)], 1, 0),
    ],
    ids=["essay twice", "judge twice", "readings", "seed", "least above most"],
)
def test_what_makes_no_sense_is_refused(given: tuple[list[Essay], list[Judge], int, int]) -> None:
    these, those, readings, seed = given
    with pytest.raises(ValueError, match=r"twice|negative|more than"):
        deal(these, those, readings=readings, seed=seed)


def test_nothing_to_deal() -> None:
    assert deal([], english(2), readings=3, seed=0).loads == {"j0": 0, "j1": 0}


def test_conflicts_that_were_avoided_are_counted() -> None:
    """Only among those who read the language."""
    those = [judge._replace(shuns=frozenset(["north"])) if judge.id == "j0" else judge for judge in english(4)]
    those.append(Judge("m", frozenset(["mn"]), 9, 0, frozenset(["north"])))
    these = [Essay("x", "en", frozenset(["north"]), frozenset(["j1"])), Essay("y", "en", frozenset(["north"]))]
    assert deal(these, those, readings=2, seed=0).conflicts_avoided == 3
