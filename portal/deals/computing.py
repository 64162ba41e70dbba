"""From what is given to a deal and what its page shows of it, or to why there is none. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from portal.deals import rules
from portal.deals.inputs import Given
from portal.judging import deals as dealt
from portal.judging.deals import Essay, Graph, NotDealt, Shortfall

NAMED = 30  # of the essays that something is short for; the others are counted


class Work(NamedTuple):
    """`pairs` are new readings, [essay id, judge id]; where `problem` is not empty there are none."""

    pairs: list[list[str]]
    figures: dict[str, Any]
    problem: dict[str, Any]


def work(given: Given, seed: int) -> Work:
    """The same input and seed, the same deal."""
    return _everybody_reads(given) if rules.is_direct(given.round, given.kind) else _chosen(given, seed)


def _chosen(given: Given, seed: int) -> Work:
    from portal.judging import dealing  # noqa: PLC0415 - it loads OR-Tools, which the portal starts without

    try:
        found = dealing.deal(
            given.essays, given.judges, readings=given.readings, seed=seed, kept=given.kept, past=given.past
        )
    except NotDealt as none:
        return Work([], {}, {"short": [_short(given, each) for each in none.shortfalls]})
    return _told(given, found.dealt, found.graphs, found.conflicts_avoided)


# The final round


def _everybody_reads(given: Given) -> Work:
    """Every judge every essay that nothing bars. An essay that says what it needs is none of those asked about."""
    may = {essay.id: _may_read(given, essay) for essay in given.essays if essay.needs is None}
    by_count: dict[int, list[str]] = defaultdict(list)
    for essay, judges in may.items():
        count = len(judges) + len(given.kept.get(essay, ()))
        if count < given.readings:
            by_count[count].append(essay)
    if by_count:
        return Work([], {}, {"short": [_few(given, essays, count) for count, essays in sorted(by_count.items())]})
    return _told(given, may, (), _avoided(given))


def _may_read(given: Given, essay: Essay) -> tuple[str, ...]:
    gone = {*essay.barred, *given.kept.get(essay.id, ()), *given.past.get(essay.id, ())}
    speak = (judge for judge in given.judges if essay.language in judge.languages and judge.id not in gone)
    return tuple(sorted(judge.id for judge in speak if judge.shuns.isdisjoint(essay.homes)))


def _avoided(given: Given) -> int:
    return sum(
        essay.language in judge.languages and (judge.id in essay.barred or not judge.shuns.isdisjoint(essay.homes))
        for essay in given.essays
        for judge in given.judges
    )


# What is short


def _short(given: Given, each: Shortfall) -> dict[str, Any]:
    return _named(given, each.limit.value, each.essays, each.judges, each.needed, each.available)


def _few(given: Given, essays: Collection[str], available: int) -> dict[str, Any]:
    return _named(given, "final", essays, (), given.readings, available)


def _named(
    given: Given, limit: str, essays: Collection[str], judges: Collection[str], needed: int, available: int
) -> dict[str, Any]:
    codes = sorted(given.codes.get(each, "") for each in essays)
    return {
        "limit": limit, "needed": needed, "available": available, "essays": codes[:NAMED],
        "more": max(0, len(codes) - NAMED), "judges": sorted(given.codes.get(each, "") for each in judges),
    }  # fmt: skip


# What the page shows


def _told(given: Given, new: Mapping[str, Collection[str]], graphs: Iterable[Graph], avoided: int) -> Work:
    pairs = [[essay, judge] for essay, judges in sorted(new.items()) for judge in judges]
    fresh = Counter(judge for _essay, judge in pairs)
    readings = sum(map(len, given.kept.values())) + len(pairs)
    figures = {
        "essays": len({essay for essay, _judge in pairs}), "new": len(pairs), "readings": readings,
        "avoided": avoided, "judges": _judges(given, new, fresh), "languages": _languages(given, new),
        "graphs": [_graph(given, graph) for graph in graphs],
    }  # fmt: skip
    return Work(pairs, figures, {} if pairs else {"sentence": "nothing"})


def _judges(given: Given, new: Mapping[str, Collection[str]], fresh: Counter[str]) -> list[dict[str, Any]]:
    loads: dict[str, Counter[str]] = defaultdict(Counter)
    for essay in given.essays:
        for judge in (*given.kept.get(essay.id, ()), *new.get(essay.id, ())):
            loads[judge][essay.language] += 1
    bounds = {judge.id: judge for judge in given.judges}
    rows = [
        {
            "id": each, "code": given.codes.get(each, ""), "load": loads[each].total(), "new": fresh[each],
            "most": bounds[each].most if each in bounds else None, "languages": dict(sorted(loads[each].items())),
        }
        for each in {*bounds, *loads}
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["load"], row["code"]))


def _languages(given: Given, new: Mapping[str, Collection[str]]) -> list[dict[str, Any]]:
    essays, readings = Counter[str](), Counter[str]()
    for essay in given.essays:
        essays[essay.language] += 1
        readings[essay.language] += len(given.kept.get(essay.id, ())) + len(new.get(essay.id, ()))
    judges = Counter(language for judge in given.judges for language in judge.languages)
    return [
        {"language": each, "essays": essays[each], "readings": readings[each], "judges": judges[each]}
        for each in sorted(essays)
    ]


def _graph(given: Given, graph: dealt.Graph) -> dict[str, Any]:
    anchors = graph.anchors
    return {
        "group": graph.group, "essays": graph.essays, "judges": len(graph.judges), "components": graph.components,
        "connectivity": _number(graph.connectivity), "worst": _number(graph.worst_contrast), "swaps": graph.swaps,
        "anchors": sorted(given.codes.get(each, "") for each in anchors.added) if anchors else [],
        "anchored": _number(anchors.worst_contrast) if anchors else None, "is_sound": graph.is_sound,
    }  # fmt: skip


def _number(value: float) -> float | None:
    """None where it has none: JSON knows no infinity."""
    return round(float(value), 4) if math.isfinite(value) else None
