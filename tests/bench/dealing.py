"""How long dealing takes, how even it is and how well its judges can be compared.

    python -m tests.bench.dealing

Essays in six languages and three categories, judges of 76 governments who read one or two languages and none of their
own government's authors. Each line is dealt by a process of its own: processor seconds and seconds by the clock, once,
with OR-Tools already loaded, and the peak of the process with its input. `even` says by how much loads differ, and
whether any deal could have a smaller sum of squares: the same flow of essays, each for itself, without kinds, must
agree. Ends with 1 if it does not, if a group falls apart, or if a whole deal takes longer than the limit.
"""

import json
import resource
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from portal.judging.dealing import Deal, Essay, Judge, deal
from portal.judging.deals import Table
from tests.judging import hands

LANGUAGES = "en zh ja ko mn ru"
SECONDS = 2.0
STAGES = (500, 24), (2_000, 60), (10_000, 200)
SEEDS = 1, 2, 3
CHANGES = "a judge is lost", "a fifth gets one more", "each gets one more"


class Measured(NamedTuple):
    processor: float
    clock: float
    megabytes: float
    least: int
    most: int
    is_best: bool | None
    groups: int
    parts: int
    worst: float
    swaps: int
    anchors: int


def stage(essays: int, judges: int, seed: int) -> tuple[list[Essay], list[Judge]]:
    return hands.contest(essays, judges, seed=seed, categories=3, languages=LANGUAGES)


def best_squares(essays: list[Essay], judges: list[Judge], top: int) -> int:
    """The smallest sum of squared loads, by the flow as the textbook has it: an arc for each essay and judge."""
    table = Table.of(essays, judges, 3, {}, {})
    rows, columns = np.nonzero(table.may)
    count, width = table.may.shape
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        rows.astype(np.int32), (count + columns).astype(np.int32), *(np.full(len(rows), n, np.int64) for n in (1, 0))
    )  # fmt: skip
    tails = np.repeat(np.arange(width), top)
    flow.add_arcs_with_capacity_and_unit_cost(
        (count + tails).astype(np.int32), np.full(len(tails), count + width, np.int32), np.ones(len(tails), np.int64),
        np.tile(2 * np.arange(top) + 1, width).astype(np.int64),
    )  # fmt: skip
    supply = np.concatenate([table.lack, np.zeros(width), [-table.lack.sum()]]).astype(np.int64)
    flow.set_nodes_supplies(np.arange(count + width + 1, dtype=np.int32), supply)
    assert flow.solve() == flow.OPTIMAL
    return int(flow.optimal_cost())


def child(essays: int, judges: int, seed: int, change: str) -> Measured:
    these, those = stage(essays, judges, seed)
    found, processor, clock = timed(these, those, {})
    is_best = None
    if change:
        these, those, kept = changed(these, those, found, change)
        found, processor, clock = timed(these, those, kept)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if not change:
        is_best = best_squares(these, those, max(found.loads.values()) + 5) == found.objective
    loads = [found.loads[judge.id] for judge in those]
    return Measured(
        processor, clock, peak, min(loads), max(loads), is_best, len(found.graphs),
        sum(graph.components > 1 for graph in found.graphs), max(graph.worst_contrast for graph in found.graphs),
        sum(graph.swaps for graph in found.graphs),
        sum(len(graph.anchors.added) for graph in found.graphs if graph.anchors),
    )  # fmt: skip


def timed(essays: list[Essay], judges: list[Judge], kept: dict[str, tuple[str, ...]]) -> tuple[Deal, float, float]:
    began, clock = time.process_time(), time.perf_counter()
    found = deal(essays, judges, readings=3, seed=1, kept=kept)
    return found, time.process_time() - began, time.perf_counter() - clock


def changed(
    essays: list[Essay], judges: list[Judge], found: Deal, change: str
) -> tuple[list[Essay], list[Judge], dict[str, tuple[str, ...]]]:
    kept = dict(found.pairs)
    if change == CHANGES[0]:
        lost = judges[0].id
        return essays, judges[1:], {essay: tuple(j for j in names if j != lost) for essay, names in kept.items()}
    every = 5 if change == CHANGES[1] else 1
    return [essay._replace(needs=4 - (n % every > 0)) for n, essay in enumerate(essays)], judges, kept


def line(essays: int, judges: int, seed: int, change: str) -> bool:
    command = [sys.executable, "-m", "tests.bench.dealing", str(essays), str(judges), str(seed), change]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    one = Measured(*json.loads(done.stdout))
    even = f"{one.least}-{one.most}" + {None: "", True: ", optimal", False: ", NOT OPTIMAL"}[one.is_best]
    mended = f"{one.swaps} exchanges, {one.anchors} anchors"
    cells = f"{essays:,} x {judges}, {seed}", change or "whole", f"{one.processor:.2f} s", f"{one.clock:.2f} s"
    more = f"{one.megabytes:.0f} MB", even, f"{one.groups - one.parts} of {one.groups}", f"{one.worst:.2f}", mended
    print(f"| {' | '.join((*cells, *more))} |", flush=True)
    return one.is_best is not False and not one.parts and (bool(change) or one.clock <= SECONDS)


def main() -> int:
    heads = "essays x judges, seed", "what", "processor", "clock", "peak", "loads", "groups whole", "worst", "mended by"
    print(f"| {' | '.join(heads)} |")
    print("| --- | --- | ---: | ---: | ---: | --- | ---: | ---: | --- |")
    fits = [line(*size, seed, "") for size in STAGES for seed in SEEDS]
    fits += [line(*STAGES[-1], SEEDS[0], change) for change in CHANGES]
    return int(not all(fits))


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(child(*map(int, sys.argv[1:4]), sys.argv[4])))
    else:
        sys.exit(main())
