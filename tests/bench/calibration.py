"""What calibration is worth, and how long it takes.

    python -m tests.bench.calibration

Marks are simulated with known truth: 200 entries, 20 judges. First, how much nearer to the true order the scores lie
than raw means, as Kendall's tau, at three shares of the judges in the variance of a mark. Then, with 600 marks at most,
how many of the true top ten are found by three marks for each, and by two for each and further ones where the award is
open. Last, the seconds for 2,000 entries, 100 judges and 5 marks each, chances included. Ends with 1 if the scores are
no better, if the further marks find no more, or if a second is not enough.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from portal.judging.calibration import Calibration, Given, calibrate
from portal.judging.extra import open_entries

ENTRIES, JUDGES, MARKS, TOP = 200, 20, 3, 10
OF_ENTRIES = 0.45
SHARES = 0.06, 0.15, 0.35
RUNS = 100
FIRST, MOST = 2, 6
LARGE = 2_000, 100, 5
SECONDS = 1.0


class Contest:
    """Entries and judges as they truly are, and what each judge would give each entry."""

    def __init__(self, seed: int, *, entries: int, judges: int, share: float) -> None:
        self.random = np.random.default_rng(seed)
        self.quality = self.random.standard_normal(entries) * OF_ENTRIES**0.5
        leniency = self.random.standard_normal(judges) * share**0.5
        rest = self.random.standard_normal((entries, judges)) * (1 - OF_ENTRIES - share) ** 0.5
        self.marks = self.quality[:, None] + leniency + rest
        self.load = np.zeros(judges)
        self.given: list[Given] = []
        self.has_read = np.zeros(self.marks.shape, dtype=bool)

    def read(self, entries: Iterable[int]) -> None:
        """Each of the entries by one more judge: who has the least to read, by lot among equals."""
        for entry in self.random.permutation(list(entries)):
            burden = np.where(self.has_read[entry], np.inf, self.load + self.random.random(len(self.load)))
            judge = int(burden.argmin())
            self.has_read[entry, judge] = True
            self.load[judge] += 1
            self.given.append(Given(f"e{entry:04}", f"j{judge:03}", float(self.marks[entry, judge])))


def evenly(contest: Contest, marks: int) -> Calibration:
    for _round in range(marks):
        contest.read(range(len(contest.quality)))
    return calibrate(contest.given, top=TOP)


def where_open(contest: Contest, budget: int) -> Calibration:
    """Two marks each, then one more for each entry that is open, in rounds."""
    found = evenly(contest, FIRST)
    while left := budget - len(contest.given):
        entries = open_entries(found, contest.given, most=MOST)
        if not entries:
            break
        contest.read(int(entry[1:]) for entry in entries[:left])
        found = calibrate(contest.given, top=TOP)
    return found


class Found(NamedTuple):
    tau: float
    top: float  # share of the true top ten
    best: float  # 1 if the best is first
    marks: float


def found(contest: Contest, scores: np.ndarray) -> Found:
    order, true = np.argsort(-scores), np.argsort(-contest.quality)
    top = len(set(order[:TOP]) & set(true[:TOP])) / TOP
    return Found(tau(contest.quality, scores), top, float(order[0] == true[0]), len(contest.given))


def tau(one: np.ndarray, other: np.ndarray) -> float:
    """Kendall's, of values without ties."""
    signs = np.sign(one[:, None] - one) * np.sign(other[:, None] - other)
    return float(signs.sum()) / (len(one) * (len(one) - 1))


def adjusted(calibration: Calibration) -> np.ndarray:
    return np.array([entry.adjusted for entry in calibration.entries])


def raw(calibration: Calibration) -> np.ndarray:
    return np.array([entry.raw_mean for entry in calibration.entries])


def mean(results: list[Found]) -> Found:
    return Found(*np.mean(results, axis=0))


def correction(share: float) -> bool:
    """A line of the first table, and whether the scores are better."""
    of_raw, of_adjusted = [], []
    for seed in range(RUNS):
        contest = Contest(seed, entries=ENTRIES, judges=JUDGES, share=share)
        calibration = evenly(contest, MARKS)
        of_raw.append(found(contest, raw(calibration)))
        of_adjusted.append(found(contest, adjusted(calibration)))
    before, after = mean(of_raw), mean(of_adjusted)
    wins = Counter(a.tau > b.tau for a, b in zip(of_adjusted, of_raw, strict=True))[True]
    print(
        f"| {share:.2f} | {before.tau:.3f} | {after.tau:.3f} | {after.tau - before.tau:+.3f} | {wins} of {RUNS} "
        f"| {before.top:.2f} | {after.top:.2f} |",
        flush=True,
    )
    return after.tau > before.tau


def reading() -> bool:
    """The second table, and whether reading where the award is open finds more of the top."""
    ways = {
        f"{FIRST} each": lambda contest: evenly(contest, FIRST),
        f"{MARKS} each": lambda contest: evenly(contest, MARKS),
        f"{FIRST} each, then where open": lambda contest: where_open(contest, MARKS * ENTRIES),
    }
    results = {}
    for name, way in ways.items():
        runs = []
        for seed in range(RUNS):
            contest = Contest(seed, entries=ENTRIES, judges=JUDGES, share=0.15)
            runs.append(found(contest, adjusted(way(contest))))
        results[name] = mean(runs)
        figures = results[name]
        print(
            f"| {name} | {figures.marks:.0f} | {figures.top:.2f} | {figures.best:.2f} | {figures.tau:.3f} |", flush=True
        )
    *_few, even, adaptive = results.values()
    return adaptive.top > even.top and adaptive.marks <= even.marks


def seconds() -> tuple[float, float]:
    """Of processor time and by the clock, the best of five."""
    entries, judges, marks = LARGE
    contest = Contest(1, entries=entries, judges=judges, share=0.15)
    for _round in range(marks):
        contest.read(range(entries))
    taken = []
    for _attempt in range(5):
        begun = time.process_time(), time.perf_counter()
        calibrate(contest.given, top=TOP)
        taken.append((time.process_time() - begun[0], time.perf_counter() - begun[1]))
    processor, clock = (min(times) for times in zip(*taken, strict=True))
    return processor, clock


def main() -> int:
    print("| judges' share | tau, raw mean | tau, score | gain | better in | top ten, raw mean | top ten, score |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    is_better = [correction(share) for share in SHARES]
    print("\n| marks | in all | of the true top ten | the best is first | tau |")
    print("| --- | ---: | ---: | ---: | ---: |")
    finds_more = reading()
    processor, clock = seconds()
    print("\n{:,} entries, {} judges, {} marks each:".format(*LARGE), f"{processor:.2f} s of processor time,", end=" ")
    print(f"{clock:.2f} s by the clock")
    return int(not (all(is_better) and finds_more and processor <= SECONDS))


if __name__ == "__main__":
    sys.exit(main())
