"""What goes into a match and what comes out, as files: what is refused, and that no tampering goes unseen."""

import copy
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from portal.placements import instances
from portal.placements.instances import Instance, WrongInstance
from portal.placements.matching import Host, Side
from tests.placements import lists

DATA: dict[str, Any] = {
    "applicants": {"a1": ["h1", "h2"], "a2": ["h2", "h1"], "a3": [], "a4": ["h3"], "a5": ["h3"]},
    "hosts": {
        "h1": {"capacity": 1, "ranking": ["a2", "a1", ["a4", "a5", "a3"]]},
        "h2": {"capacity": 1, "ranking": ["a1", "a2"]},
        "h3": {"capacity": 1, "ranking": [["a4", "a5"]]},
    },
}
ABOUT = {"call": "near-2027", "number": 3, "made_at": "2027-01-05T09:00:00Z"}

Change = Callable[[dict[str, Any]], object]


def changed(data: dict[str, Any], change: Change) -> dict[str, Any]:
    """A copy in which something was done."""
    other = copy.deepcopy(data)
    change(other)
    return other


def test_a_file_is_read_as_it_stands() -> None:
    instance = instances.check(instances.read(json.dumps(DATA).encode()))
    assert instance.applicants == DATA["applicants"]
    assert instance.hosts["h1"] == Host(1, ["a2", "a1", ["a4", "a5", "a3"]])
    assert instance.capacities == {"h1": 1, "h2": 1, "h3": 1}
    assert instances.plain(instance) == DATA


def test_a_byte_order_mark_is_no_hindrance() -> None:
    assert instances.read(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b'{"a": NaN}', '"NaN" where only a finite number'),
        (b'{"a": -Infinity}', '"-Infinity"'),
        (b'{"a": 1e999}', '"1e999"'),
        (b'{"a": ' + b"9" * 5000 + b"}", "too many digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"applicants": {"a1": [], "a2": [], "a1": []}}', 'the key "a1" twice'),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(raw: bytes, words: str) -> None:
    with pytest.raises(WrongInstance, match=re.escape(words)) as caught:
        instances.read(raw)
    assert str(caught.value).endswith(".")


WRONG: list[tuple[Change, str]] = [
    (lambda data: data.pop("hosts"), 'The file lacks "hosts".'),
    (lambda data: data.pop("applicants"), 'The file lacks "applicants".'),
    (lambda data: data.update(extra=1), 'The file has a key "extra", which means nothing here.'),
    (lambda data: data.update(applicants=[]), '"applicants" must be an object.'),
    (lambda data: data.update(hosts=None), '"hosts" must be an object.'),
    (lambda data: data["applicants"].update(a1="h1"), 'The list of applicant "a1" must be a list.'),
    (lambda data: data["applicants"].update(a1=["h9"]), 'The list of applicant "a1" holds "h9", which is no host.'),
    (lambda data: data["applicants"].update(a1=["h1", "h1"]), 'The list of applicant "a1" holds "h1" twice.'),
    (
        lambda data: data["applicants"].update(a1=[["h1"]]),
        'The list of applicant "a1" holds something that is no name.',
    ),
    (lambda data: data["applicants"].update(a1=[1]), 'The list of applicant "a1" holds something that is no name.'),
    (lambda data: data["hosts"].update(h1=[]), 'Host "h1" must be an object.'),
    (lambda data: data["hosts"]["h1"].pop("capacity"), 'Host "h1" lacks "capacity".'),
    (lambda data: data["hosts"]["h1"].pop("ranking"), 'Host "h1" lacks "ranking".'),
    (lambda data: data["hosts"]["h1"].update(name="x"), 'Host "h1" has a key "name", which means nothing here.'),
    (lambda data: data["hosts"]["h1"].update(ranking={}), 'The ranking of host "h1" must be a list.'),
    (lambda data: data["hosts"]["h1"]["ranking"].append("a9"), 'The ranking of host "h1" holds "a9", which is no appl'),
    (lambda data: data["hosts"]["h1"]["ranking"].append("a1"), 'The ranking of host "h1" holds "a1" twice.'),
    (lambda data: data["hosts"]["h1"]["ranking"].append("a5"), 'The ranking of host "h1" holds "a5" twice.'),
    (lambda data: data["hosts"]["h1"]["ranking"][2].append("a4"), 'The ranking of host "h1" holds "a4" twice.'),
    (lambda data: data["hosts"]["h1"]["ranking"].append(["a5"]), 'The ranking of host "h1" holds "a5" twice.'),
    (lambda data: data["hosts"]["h1"]["ranking"].append([]), 'The ranking of host "h1" holds an empty tie.'),
    (lambda data: data["hosts"]["h1"]["ranking"].append([["a3"]]), "holds something that is no name."),
    (lambda data: data["hosts"]["h1"]["ranking"].append(None), "holds something that is no name."),
    (lambda data: data["applicants"].update({"\ud800": []}), '"applicants" has the name "\\ud800", which is no text.'),
    *[
        (lambda data, wrong=wrong: data["hosts"]["h1"].update(capacity=wrong), 'The capacity of host "h1" must be')
        for wrong in (-1, True, 1.0, "1", None, 10**6 + 1, 10**4000)
    ],
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_what_is_wrong_is_told_with_its_place(change: Change, sentence: str) -> None:
    with pytest.raises(WrongInstance, match=re.escape(sentence)) as caught:
        instances.check(changed(DATA, change))
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("data", [None, [], "x", 1, {}])
def test_something_else_altogether_is_refused(data: object) -> None:
    with pytest.raises(WrongInstance, match="The file"):
        instances.check(data)


def test_a_long_name_with_line_breaks_is_told_on_one_short_line() -> None:
    with pytest.raises(WrongInstance) as caught:
        instances.check(changed(DATA, lambda data: data["applicants"].update(a1=["x\ny" * 1000])))
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def test_the_hash_is_what_any_tool_would_compute() -> None:
    """That of the canonical form, whatever the order of the keys; a list in another order is another input."""
    data = {"hosts": {"主": {"ranking": ["b", ["a"]], "capacity": 1}}, "applicants": {"b": ["主"], "a": []}}
    text = '{"applicants":{"a":[],"b":["主"]},"hosts":{"主":{"capacity":1,"ranking":["b",["a"]]}}}'
    instance = instances.check(data)
    assert instances.canonical(instances.plain(instance)) == text
    assert instances.sha256(instance) == hashlib.sha256(text.encode()).hexdigest()
    turned = changed(data, lambda data: data["hosts"]["主"]["ranking"].reverse())
    assert instances.sha256(instances.check(turned)) != instances.sha256(instance)


def exported(**terms: Any) -> dict[str, Any]:
    """A run, once written to a file and read again."""
    given = {"seed": 2, "optimal_for": Side.APPLICANTS, "about": ABOUT, **terms}
    made = instances.document(instances.check(DATA), **given)
    return instances.read(json.dumps(made).encode())


def test_an_exported_run_holds_what_it_takes_to_prove_it() -> None:
    run = exported()
    assert list(run) == list(instances.EXPORTED)
    assert (run["format"], run["about"], run["input"]) == ("near-match/1", ABOUT, DATA)
    assert run["sha256"] == instances.sha256(instances.check(DATA))
    assert (run["seed"], run["optimal_for"], run["blocking_pairs"]) == (2, "applicants", [])
    assert run["matching"]["a1"] == "h1"
    assert run["statistics"]["filled"] == 3


@pytest.mark.parametrize("side", Side)
def test_an_untouched_run_holds(side: Side) -> None:
    run = exported(optimal_for=side)
    assert instances.is_export(run)
    assert instances.objection(run) is None


def test_a_run_holds_in_whatever_order_its_keys_stand() -> None:
    turned = json.loads(json.dumps(exported(), sort_keys=True))
    assert instances.objection(turned) is None


@given(instance=lists.instances())
@settings(deadline=None)
def test_every_run_holds(instance: Instance) -> None:
    for side in Side:
        assert instances.objection(instances.document(instance, seed=1, optimal_for=side, about={})) is None


def other_seed() -> int:
    """One with which somebody else wins the tie for the last place."""
    return next(seed for seed in range(100) if exported(seed=seed)["matching"] != exported()["matching"])


def same_result() -> int:
    return next(seed for seed in range(3, 100) if exported(seed=seed)["matching"] == exported()["matching"])


def nested(deep: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _level in range(deep):
        found = {"x": found}
    return found


TAMPERED: dict[str, tuple[Change, str]] = {
    "format": (lambda run: run.update(format="near-match/2"), "format"),
    "about, as no object": (lambda run: run.update(about="x"), "about"),
    "seed": (lambda run: run.update(seed=other_seed()), "by the rule"),
    "seed, to one with the same result": (lambda run: run.update(seed=same_result()), "seal"),
    "a fact for readers": (lambda run: run["about"].update(run=99), "seal"),
    "facts without end": (lambda run: run.update(about=nested(5000)), "seal"),
    "seal": (lambda run: run.update(seal="0" * 64), "seal"),
    "seal, as nothing": (lambda run: run.update(seal=None), "seal"),
    "seed, as no number": (lambda run: run.update(seed="2"), "seed"),
    "seed, as a truth": (lambda run: run.update(seed=True), "seed"),
    "seed, as a fraction": (lambda run: run.update(seed=2.0), "seed"),
    "the side": (lambda run: run.update(optimal_for="hosts"), "by the rule"),
    "the side, as nobody": (lambda run: run.update(optimal_for=[]), "optimal_for"),
    "hash": (lambda run: run.update(sha256="0" * 64), "hash"),
    "hash, as nothing": (lambda run: run.update(sha256=None), "hash"),
    "an applicant's list": (lambda run: run["input"]["applicants"]["a1"].reverse(), "hash"),
    "a ranking": (lambda run: run["input"]["hosts"]["h1"]["ranking"].reverse(), "hash"),
    "a tie": (lambda run: run["input"]["hosts"]["h1"]["ranking"][2].pop(), "hash"),
    "a capacity": (lambda run: run["input"]["hosts"]["h2"].update(capacity=2), "hash"),
    "one applicant more": (lambda run: run["input"]["applicants"].update(a6=[]), "hash"),
    "an input that is none": (lambda run: run["input"]["applicants"].update(a1=["h9"]), "no host"),
    "a place taken away": (lambda run: run["matching"].update(a1=None), "by the rule"),
    "a place given": (lambda run: run["matching"].update(a3="h2"), "by the rule"),
    "an applicant left out": (lambda run: run["matching"].pop("a3"), "not both"),
    "an applicant added": (lambda run: run["matching"].update(a9=None), "not both"),
    "a place that is no name": (lambda run: run["matching"].update(a1=["h1"]), "matching"),
    "a matching that is none": (lambda run: run.update(matching=[]), "matching"),
    "a figure": (lambda run: run["statistics"].update(filled=4), "statistics"),
    "a figure of another kind": (lambda run: run["statistics"].update(matched=3.0), "statistics"),
    "a figure added": (lambda run: run["statistics"].update(x=1), "statistics"),
    "a figure deep inside": (lambda run: run["statistics"]["by_rank"].update({"1": 0}), "statistics"),
    "figures that are none": (lambda run: run.update(statistics=None), "statistics"),
    "blocking pairs": (lambda run: run.update(blocking_pairs=[["a1", "h1"]]), "blocking_pairs"),
    "blocking pairs that are none": (lambda run: run.update(blocking_pairs=None), "blocking_pairs"),
    "a key added": (lambda run: run.update(x=1), '"x"'),
    **{f"{key} taken away": (lambda run, key=key: run.pop(key), f'lacks "{key}"') for key in instances.EXPORTED},
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_told_in_a_sentence(name: str) -> None:
    change, words = TAMPERED[name]
    objection = instances.objection(changed(exported(), change))
    assert objection is not None
    assert words in objection
    assert objection.endswith(".")


def test_every_field_but_the_free_facts_is_tampered_with_above() -> None:
    def touched(change: Change) -> set[str]:
        before, after = exported(), changed(exported(), change)
        return {key for key in instances.EXPORTED if before[key] != after.get(key, ...)}

    assert set().union(*(touched(change) for change, _words in TAMPERED.values())) == set(instances.EXPORTED)


def test_a_matching_that_the_rule_did_not_make_is_found_even_with_its_own_figures_and_hash() -> None:
    """Somebody exchanges two people and counts everything anew: the file is consistent, and wrong."""
    run = exported()
    run["matching"].update(a1="h2", a2="h1")
    run["statistics"] = exported(optimal_for=Side.HOSTS)["statistics"]
    assert instances.objection(run) == 'Applicant "a1" has "h2" in the file, and by the rule "h1".'


@pytest.mark.parametrize("data", [None, [], 3, "near-match/1", {}, {"format": 1}, {"format": "near-match/2"}, DATA])
def test_what_is_no_export_is_not_taken_for_one(data: object) -> None:
    assert not instances.is_export(data)
    assert instances.objection(data) is not None
