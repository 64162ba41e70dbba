"""How long a match of a whole call takes, and how much memory, beside the package `matching`.

    python -m tests.bench.matching

Each applicant lists 5 of 76 hosts; every host ranks all who list it, in ties of three; there is a place for each
applicant, or for every fifth. Each line is measured in a process of its own: seconds of processor time, the best of
three, with ties broken and lists checked for each other, and the peak of the process with its input in megabytes. The
package gets strict lists, at most two minutes, and not the largest match. Ends with 1 if that is above the limits.
"""

import json
import random
import resource
import subprocess
import sys
import time
from typing import NamedTuple

from portal.placements import matching
from portal.placements.instances import Instance
from portal.placements.matching import Host, Side

SIZES = 1_000, 10_000, 100_000
LARGEST_BESIDE = 10_000  # the package takes a hundred times as long for ten times as many
HOSTS, CHOICES, TIE = 76, 5, 3
SECONDS, MEGABYTES, PATIENCE = 1.5, 400, 120


class Measured(NamedTuple):
    seconds: float
    megabytes: float


def instance(size: int, *, applicants_a_place: int) -> Instance:
    dice = random.Random(size)
    hosts = [f"h{number}" for number in range(HOSTS)]
    applicants = {f"a{number}": dice.sample(hosts, CHOICES) for number in range(size)}
    asked: dict[str, list[str]] = {host: [] for host in hosts}
    for name, choices in applicants.items():
        for host in choices:
            asked[host].append(name)
    for names in asked.values():
        dice.shuffle(names)
    places = size // HOSTS // applicants_a_place
    return Instance(applicants, {host: Host(places, _in_ties(names)) for host, names in asked.items()})


def _in_ties(names: list[str]) -> list[list[str]]:
    return [names[begin : begin + TIE] for begin in range(0, len(names), TIE)]


def ours(made: Instance, side: Side) -> float:
    return min(_one(made, side) for _attempt in range(3))


def _one(made: Instance, side: Side) -> float:
    began = time.process_time()
    matching.match(made.applicants, made.hosts, seed=1, optimal_for=side)
    return time.process_time() - began


def theirs(made: Instance, side: Side) -> float:
    """Once only: it takes long. Making the game is counted, for that is where it checks the lists."""
    from matching.games import HospitalResident

    rankings = matching.strict(made.hosts, made.applicants, 1)
    began = time.process_time()
    game = HospitalResident.create_from_dictionaries(dict(made.applicants), rankings, made.capacities)
    game.solve(optimal="resident" if side is Side.APPLICANTS else "hospital")
    return time.process_time() - began


def child(way: str, size: int, applicants_a_place: int, side: str) -> None:
    made = instance(size, applicants_a_place=applicants_a_place)
    seconds = {"ours": ours, "theirs": theirs}[way](made, Side(side))
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def measured(*terms: object) -> Measured | None:
    """What a process of its own found; None if it took longer than anybody would wait."""
    command = [sys.executable, "-m", "tests.bench.matching", *map(str, terms)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    except subprocess.TimeoutExpired:
        return None
    return Measured(*json.loads(done.stdout))


def line(size: int, applicants_a_place: int, side: Side) -> tuple[str, Measured]:
    mine = measured("ours", size, applicants_a_place, side)
    assert mine is not None
    other = measured("theirs", size, applicants_a_place, side) if size <= LARGEST_BESIDE else None
    package = f"{other.seconds:.2f} s, {other.megabytes:.0f} MB" if other else "-"
    ratio = f"{other.seconds / mine.seconds:,.0f}" if other else "-"
    places = "each" if applicants_a_place == 1 else f"every {applicants_a_place}th"
    cells = f"{size:,}", places, side, f"{mine.seconds:.3f} s", f"{mine.megabytes:.0f} MB", package, ratio
    return f"| {' | '.join(cells)} |", mine


def main() -> int:
    print("| applicants | a place for | best for | ours | peak | package `matching` | ratio |")
    print("| ---: | --- | --- | ---: | ---: | ---: | ---: |")
    fits = True
    for size in SIZES:
        for applicants_a_place in 1, 5:
            for side in Side:
                text, mine = line(size, applicants_a_place, side)
                fits = fits and mine.seconds <= SECONDS and mine.megabytes <= MEGABYTES
                print(text, flush=True)
    return int(not fits)


if __name__ == "__main__":
    if sys.argv[1:]:
        child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        sys.exit(main())
