"""Judges of a deal can be compared: its graph hangs together, as evenly as can be."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

from portal.judging import contrasts, mending
from portal.judging.connections import components, strength
from portal.judging.dealing import Deal, Essay, Graph, Judge, deal
from portal.judging.deals import Table
from portal.judging.kinds import Noise
from tests.judging import hands
from tests.judging.hands import ANY, Stage, dealt, english, essays, stages


def test_judges_are_better_compared_than_by_chance() -> None:
    """Random dealing of so many gives 0.47, the best conceivable is 0.31."""
    (graph,) = deal(essays(200), english(20), readings=3, seed=1).graphs
    assert graph.components == 1
    assert graph.worst_contrast < 0.33
    assert graph.connectivity > 15
    assert graph.anchors is None


def test_each_group_is_judged_by_itself() -> None:
    these, those = hands.contest(240, 20, seed=4, categories=2, languages="en mn")
    graphs = deal(these, those, readings=3, seed=1).graphs
    assert [graph.group for graph in graphs] == ["0/en", "0/mn", "1/en", "1/mn"]
    assert sum(graph.essays for graph in graphs) == 240
    assert all(graph.components == 1 for graph in graphs)


def test_who_would_read_too_little_of_a_group_reads_none_of_it() -> None:
    """Ten read both languages. Even loads leave them 15 readings of Mongolian: one or two have them, not ten."""
    both = [Judge(f"b{n}", frozenset(["en", "mn"]), 999) for n in range(10)]
    mongolian = [Judge(f"m{n}", frozenset(["mn"]), 999) for n in range(4)]
    these = [*essays(195, group="en"), *essays(85, "mn", group="mn")]
    found = deal(these, [*both, *mongolian], readings=3, seed=1)
    assert max(found.loads.values()) - min(found.loads.values()) <= 1
    graph = next(graph for graph in found.graphs if graph.group == "mn")
    assert graph.is_sound
    assert len(graph.judges) <= 6


def small_connected() -> list[tuple[Stage, bool, Deal]]:
    """Random small stages, whether a deal with loads as even hangs together, and what is dealt."""
    dice, found = random.Random(3), []
    while len(found) < 120:
        ids = [f"j{n}" for n in range(dice.randint(3, 5))]
        those = [Judge(name, frozenset(dice.choice([["en"], ["en", "mn"], ["mn"]])), 9) for name in ids]
        these = [Essay(f"e{n}", dice.choice(["en", "mn"])) for n in range(dice.randint(3, 5))]
        stage = Stage(these, those, 2, {}, {})
        if (made := dealt(stage, seed=len(found))) is None:
            continue
        even = (p for p in stage.deals() if sum(x**2 for x in stage.loads(p).values()) == made.objective)
        found.append((stage, any(_hangs_together(p) for p in even), made))
    return found


def _hangs_together(pairs: hands.Pairs) -> bool:
    names = sorted({name for some in pairs for name in some})
    return int(components(np.array([[float(name in some) for name in names] for some in pairs])).max()) == 0


def test_a_deal_hangs_together_where_one_can_or_anchors_are_named() -> None:
    cases = small_connected()
    assert all(made.graphs[0].components == 1 or made.graphs[0].anchors for _stage, _can, made in cases)
    connectable = [made for _stage, can, made in cases if can]
    assert len(connectable) > 60
    assert all(made.graphs[0].components == 1 for made in connectable)


@settings(max_examples=100, deadline=None)
@given(stages(), ANY)
def test_figures_are_those_of_the_connections(stage: Stage, seed: int) -> None:
    made = dealt(stage, seed)
    assume(made)
    assert made
    for graph in made.graphs:
        names = [essay.id for essay in stage.essays if essay.group == graph.group and made.pairs[essay.id]]
        table = np.array([[float(judge in made.pairs[name]) for judge in graph.judges] for name in names])
        if names:
            assert graph.components == int(components(table).max()) + 1
            assert (graph.connectivity, graph.worst_contrast) == pytest.approx(strength(table), abs=1e-9)


def panels(number: int, judges: int) -> dict[str, list[str]]:
    """Fixed panels of three: the graph falls apart."""
    return {f"en{n}": [f"j{(3 * n + k) % judges}" for k in range(3)] for n in range(number)}


def test_exchanges_join_panels_and_keep_limits_and_even_loads() -> None:
    these = [essay._replace(barred=frozenset([f"j{n % 5}"]) if n % 7 == 0 else frozenset()) for n, essay in
             enumerate(essays(120))]  # fmt: skip
    table = Table.of(these, english(12), 3, {}, {})
    at = {name: n for n, name in enumerate(table.judges)}
    given = np.zeros_like(table.may)
    for row, essay in enumerate(table.essays):
        given[row, [at[name] for name in panels(120, 12)[essay.id]]] = True
    fixed = given.copy()
    given &= table.may  # a barred reader falls out; the rest is what is exchanged
    squares = (given.sum(axis=0) ** 2).sum()
    (graph,) = mending.graphs(table, given, Noise(1))
    assert contrasts.Figures.of(fixed).components == 4
    assert graph.components == 1
    assert graph.worst_contrast <= 0.5
    assert graph.swaps > 0
    assert graph.anchors is None
    assert (given.sum(axis=0) ** 2).sum() == squares
    assert not (given & ~table.may).any()


def test_anchors_mend_what_exchanges_cannot() -> None:
    """All is kept, in fixed panels: nothing can be exchanged. Read by all, the proposed essays suffice; one less
    would not."""
    found = deal(essays(120), english(12), readings=3, seed=1, kept=panels(120, 12))
    (graph,) = found.graphs
    assert graph.components == 4
    assert graph.worst_contrast == float("inf")
    assert graph.swaps == 0
    assert graph.anchors
    assert graph.anchors.worst_contrast <= 0.5
    assert graph.anchors.readings == 9 * len(graph.anchors.added)
    after = _with_anchors(graph, found, len(graph.anchors.added))
    assert after.is_sound
    assert after.worst_contrast == pytest.approx(graph.anchors.worst_contrast)
    assert not _with_anchors(graph, found, len(graph.anchors.added) - 1).is_sound


def _with_anchors(graph: Graph, found: Deal, count: int) -> Graph:
    assert graph.anchors
    kept = dict(found.pairs)
    for essay, added in list(graph.anchors.added.items())[:count]:
        kept[essay] = (*kept[essay], *added)
    return deal(essays(120), english(12), readings=3, seed=1, kept=kept).graphs[0]


def test_anchors_are_read_by_nobody_who_may_not() -> None:
    barred = [essay._replace(barred=frozenset(["j0"])) if n < 115 else essay for n, essay in enumerate(essays(120))]
    kept = panels(120, 12)
    (graph,) = deal(barred, english(12), readings=3, seed=1, kept=kept).graphs
    assert graph.anchors
    conflicts = {essay.id for essay in barred if essay.barred}
    assert all("j0" not in added for essay, added in graph.anchors.added.items() if essay in conflicts)
    everybody = {f"j{n}" for n in range(12)}
    assert set() in [everybody - set(kept[essay]) - set(added) for essay, added in graph.anchors.added.items()]


def test_one_reading_an_essay_compares_nobody() -> None:
    (graph,) = deal(essays(40), english(4), readings=1, seed=1).graphs
    assert graph.components == 4
    assert graph.anchors
    assert len(graph.anchors.added) == 8


def test_a_single_judge_needs_no_comparison() -> None:
    (graph,) = deal(essays(5), english(1), readings=1, seed=1).graphs
    assert (graph.components, graph.worst_contrast, graph.anchors) == (1, 0.0, None)


def test_a_deal_can_be_changed_by_nobody() -> None:
    with pytest.raises(AttributeError):
        deal([], [], readings=1, seed=0).objective = 1  # type: ignore[misc]
    assert replace(deal([], [], readings=1, seed=0), objective=1).objective == 1
