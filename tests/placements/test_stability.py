"""What judges a match finds every flaw that is planted, and shares nothing with what made the match."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.placements import matching, stability
from portal.placements.instances import Instance
from portal.placements.stability import Kind
from tests.placements import lists
from tests.placements.lists import Matching

APPLICANTS = {"a1": ["h1", "h2"], "a2": ["h1"], "a3": ["h2", "h1"], "a4": ["h1", "h2"]}
CAPACITIES = {"h1": 2, "h2": 1, "h3": 1}
RANKINGS = {"h1": ["a4", "a1", "a2"], "h2": ["a3", "a1"], "h3": ["a1"]}
SOUND = {"a1": "h1", "a2": None, "a3": "h2", "a4": "h1"}

PLANTED: dict[str, tuple[Matching, set[tuple[Kind, str | None, str | None]]]] = {
    "an applicant whom nobody knows": ({**SOUND, "x": None}, {(Kind.UNKNOWN_APPLICANT, "x", None)}),
    "a host that nobody knows": (
        {**SOUND, "a2": "x"},
        {(Kind.UNKNOWN_HOST, "a2", "x"), (Kind.NOT_CHOSEN, "a2", "x")},
    ),
    "an applicant left out": (
        {name: host for name, host in SOUND.items() if name != "a2"},
        {(Kind.MISSING, "a2", None)},
    ),
    "a host that was not chosen": (
        {**SOUND, "a1": "h3"},
        {(Kind.NOT_CHOSEN, "a1", "h3"), (Kind.BLOCKING, "a1", "h1"), (Kind.BLOCKING, "a2", "h1")},
    ),
    "an applicant who was not ranked": (
        {**SOUND, "a1": None, "a3": None, "a4": "h2"},
        {
            (Kind.NOT_RANKED, "a4", "h2"),
            (Kind.BLOCKING, "a4", "h1"),
            (Kind.BLOCKING, "a1", "h1"),
            (Kind.BLOCKING, "a1", "h2"),
            (Kind.BLOCKING, "a2", "h1"),
            (Kind.BLOCKING, "a3", "h2"),
        },
    ),
    "one too many": ({**SOUND, "a2": "h1"}, {(Kind.OVER_CAPACITY, None, "h1")}),
    "a place that somebody would take": (
        {**SOUND, "a3": None},
        {(Kind.BLOCKING, "a3", "h2")},
    ),
    "two who would rather have each other": (
        {"a1": "h1", "a2": "h1", "a3": "h2", "a4": None},
        {(Kind.BLOCKING, "a4", "h1")},
    ),
}


def flaws(found: stability.Matching) -> list[stability.Flaw]:
    return stability.flaws(APPLICANTS, CAPACITIES, RANKINGS, found)


def test_a_stable_matching_has_no_flaw() -> None:
    assert flaws(SOUND) == []
    assert flaws(list(SOUND.items())) == []


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_flaw_is_found_and_nothing_else(name: str) -> None:
    wrong, expected = PLANTED[name]
    found = flaws(wrong)
    assert {flaw[:3] for flaw in found} == expected
    for flaw in found:
        assert flaw.sentence.endswith(".")
        assert all(word in flaw.sentence for word in (flaw.applicant, flaw.host) if word)


def test_somebody_with_two_places_is_found() -> None:
    found = flaws([*SOUND.items(), ("a1", "h1")])
    assert {flaw[:3] for flaw in found} == {(Kind.TWICE, "a1", None), (Kind.OVER_CAPACITY, None, "h1")}


def test_every_kind_of_flaw_is_planted_above() -> None:
    assert {kind for _wrong, expected in PLANTED.values() for kind, *_who in expected} | {Kind.TWICE} == set(Kind)


def test_blocking_pairs_are_sorted_pairs_of_names() -> None:
    nobody = dict.fromkeys(APPLICANTS)
    pairs = stability.blocking_pairs(APPLICANTS, CAPACITIES, RANKINGS, nobody)
    assert pairs == [("a1", "h1"), ("a1", "h2"), ("a2", "h1"), ("a3", "h2"), ("a4", "h1")]


def test_a_host_without_places_blocks_nothing() -> None:
    assert stability.flaws({"a": ["h"]}, {"h": 0}, {"h": ["a"]}, {"a": None}) == []


@given(instance=lists.instances(applicants=4, hosts=3), data=st.data())
@settings(deadline=None)
def test_it_agrees_with_the_definition_on_any_matching(instance: Instance, data: st.DataObject) -> None:
    """Also where people are given what they did not list."""
    anywhere = st.sampled_from([*instance.hosts, None])
    given_out = {name: data.draw(anywhere) for name in instance.applicants}
    rankings = matching.strict(instance.hosts, instance.applicants, 0)
    terms = (instance.applicants, instance.capacities, rankings, given_out)
    assert (stability.flaws(*terms) == []) is lists.is_stable(*terms)


@pytest.mark.parametrize("number", range(40))
def test_any_change_of_a_match_for_one_applicant_is_found(number: int) -> None:
    """In a stable matching who is matched, and where, hangs together: moving one person alone always shows."""
    instance = lists.at_random(number, ties=True)
    rankings = matching.strict(instance.hosts, instance.applicants, number)
    sound = matching.match(instance.applicants, instance.hosts, seed=number)
    for name, host in sound.items():
        for other in {*instance.hosts, None} - {host}:
            moved = {**sound, name: other}
            assert stability.flaws(instance.applicants, instance.capacities, rankings, moved), (name, other)


def test_it_imports_nothing_of_the_portal() -> None:
    tree = ast.parse(Path(stability.__file__).read_text())
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert names == {"collections", "collections.abc", "enum", "typing"}
