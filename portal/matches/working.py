"""One run of the match: its document, its figures, and what it means. Pure."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from portal.matches import verdicts
from portal.matches.inputs import Input, Region
from portal.matches.verdicts import Matching, Outcomes
from portal.placements import instances, matching, statistics
from portal.placements.matching import Side


class Work(NamedTuple):
    """`document` is the file as it is exported; `sha256` that of its input."""

    document: str
    sha256: str
    statistics: dict[str, Any]
    matching: Matching
    lottery: Mapping[str, int]
    outcomes: Outcomes


def sha256(given: Input) -> str:
    return instances.sha256(instances.check(given.instance))


def work(given: Input, *, seed: int, optimal_for: Side, about: Mapping[str, Any]) -> Work:
    """Raises WrongInstance if the input is none: then the portal itself is wrong."""
    document = instances.document(
        instances.check(given.instance), seed=seed, optimal_for=optimal_for, about={**given.about, **about}
    )
    result, lottery = document["matching"], matching.lottery(seed, given.wishes)
    figures = {"overall": document["statistics"], **_by_group(given, result)}
    written = json.dumps(document, ensure_ascii=False, indent=1)
    means = verdicts.outcomes(given, result, lottery)
    return Work(written, document["sha256"], figures, result, lottery, means)


def _by_group(given: Input, result: Matching) -> dict[str, Any]:
    homes = {number: given.facts.applicants[number].home for number in given.wishes}
    hosts = {slug: given.facts.places[slug].government for slug in given.capacities}
    return {
        "home_countries": statistics.by_group(given.wishes, result, {n: home.country for n, home in homes.items()}),
        "home_governments": statistics.by_group(given.wishes, result, {n: home.code for n, home in homes.items()}),
        "host_governments": _by_host(given, result, hosts),
        "flows": _flows(homes, hosts, result),
    }


def _by_host(given: Input, result: Matching, hosts: Mapping[str, Region]) -> dict[str, dict[str, int]]:
    filled = Counter(slug for slug in result.values() if slug is not None)
    found: dict[str, dict[str, int]] = {}
    for slug, government in sorted(hosts.items(), key=lambda each: (each[1].code, each[0])):
        row = found.setdefault(government.code, {"openings": 0, "places": 0, "filled": 0})
        row["openings"] += 1
        row["places"] += given.capacities[slug]
        row["filled"] += filled[slug]
    return found


def _flows(homes: Mapping[str, Region], hosts: Mapping[str, Region], result: Matching) -> list[list[Any]]:
    """How many go from which country to which."""
    pairs = Counter((homes[n].country, hosts[slug].country) for n, slug in result.items() if slug is not None)
    return [[home, host, count] for (home, host), count in sorted(pairs.items())]


def differing(one: Matching, other: Matching) -> int:
    """How many applicants two runs treat differently; who takes part in one of them only counts too."""
    nowhere = object()
    return sum(one.get(number, nowhere) != other.get(number, nowhere) for number in {*one, *other})
