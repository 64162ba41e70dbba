"""Why somebody got a place or did not, who waits, and why places stay empty. Pure."""

from typing import Any

import pytest

from portal.applications.models import Outcome
from portal.matches import inputs, rules, working
from portal.matches.inputs import Applicant, Facts, Place, Region, Why
from portal.matches.models import Vacant
from portal.matches.verdicts import Code, Outcomes, Verdict
from portal.matches.words import VERDICTS
from portal.placements.matching import Side, lottery

MN, KR = Region("MN-1", "MN"), Region("KR-47", "KR")


def outcomes(wishes: dict[str, str], places: dict[str, tuple[int, Any]], seed: int = 1, **fields: Any) -> Outcomes:
    """`wishes` as "hi", `places` as (capacity, ["a", "bc"]): one letter is one name."""
    facts = Facts(
        call="c", applicants={name: Applicant(MN, tuple(letters)) for name, letters in wishes.items()},
        places={slug: Place(KR, size, True, [list(tier) for tier in tiers]) for slug, (size, tiers) in places.items()},
        **fields,
    )  # fmt: skip
    return working.work(inputs.build(facts), seed=seed, optimal_for=Side.APPLICANTS, about={}).outcomes


def codes(found: Outcomes, name: str) -> list[Code]:
    return [verdict.code for verdict in found.verdicts[name]]


def test_each_choice_has_its_reason() -> None:
    found = outcomes({"a": "hi", "b": "hij", "c": "jhi"}, {"h": (1, ["a", "b"]), "i": (1, ["b"]), "j": (1, ["b"])})
    assert codes(found, "a") == [Code.MATCHED, Code.LATER]
    assert codes(found, "b") == [Code.BETTER_RANKED, Code.MATCHED, Code.LATER]
    assert codes(found, "c") == [Code.NOT_LISTED, Code.NOT_LISTED, Code.NOT_LISTED]
    assert found.verdicts["b"][0].number == 1


def test_among_equals_the_lottery_decided() -> None:
    found = outcomes({"a": "h", "b": "h", "c": "h"}, {"h": (2, ["abc"])})
    unlucky = max("abc", key=lambda name: lottery(1, "abc")[name])
    assert codes(found, unlucky) == [Code.LOTTERY]
    assert found.verdicts[unlucky][0].number == 2
    assert found.waiting["h"] == [unlucky]


def test_some_ranked_above_and_some_equally() -> None:
    found = outcomes({"a": "h", "b": "h", "c": "h"}, {"h": (2, ["a", "bc"])})
    unlucky = max("bc", key=lambda name: lottery(1, "bc")[name])
    assert codes(found, unlucky) == [Code.LOTTERY]


def test_places_that_others_have_already() -> None:
    found = outcomes({"a": "h", "b": "h"}, {"h": (1, ["b", "a"])}, fixed={"a": "h"})
    assert codes(found, "b") == [Code.TAKEN]
    assert codes(found, "a") == [Code.PLACED]
    kept = outcomes({"a": "h", "b": "h"}, {"h": (1, ["b", "a"])}, kept={"a": "h"})
    assert (codes(kept, "a"), codes(kept, "b")) == ([Code.MATCHED], [Code.TAKEN])


def test_who_left_and_pairs_that_were_tried() -> None:
    found = outcomes({"a": "h", "b": "h"}, {"h": (2, ["ab"])}, left={"a"}, over={("b", "h"): Why.REFUSED})
    assert (codes(found, "a"), codes(found, "b")) == ([Code.LEFT], [Code.REFUSED])
    assert found.vacancies == {"h": (2, Vacant.ALL_REMOVED)}


def test_who_waits_in_which_order() -> None:
    found = outcomes(dict.fromkeys("abcd", "hi"), {"h": (1, ["d", "b", "c", "a"]), "i": (1, ["cb"])})
    assert found.waiting["h"] == ["b", "c", "a"]
    assert len(found.waiting["i"]) == 1
    assert rules.outcome(found.verdicts["a"], None) is Outcome.RESERVE


def test_why_places_stay_empty() -> None:
    found = outcomes(
        {"a": "hi", "b": "hi", "c": "jk"},
        {"h": (2, ["ab"]), "i": (2, ["ab"]), "j": (1, []), "k": (3, ["c"]), "l": (4, [])},
    )
    assert found.vacancies == {
        "i": (2, Vacant.PREFERRED_OTHERS),
        "j": (1, Vacant.NOBODY_LISTED),
        "k": (2, Vacant.FEW_LISTED),
        "l": (4, Vacant.NOBODY_CHOSE),
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [(Code.LOTTERY, Outcome.RESERVE), (Code.TAKEN, Outcome.RESERVE), (Code.NOT_LISTED, Outcome.UNMATCHED)],
)
def test_who_is_on_the_reserve_list(code: Code, expected: Outcome) -> None:
    assert rules.outcome([Verdict("h", Code.CLOSED), Verdict("i", code)], None) is expected
    assert rules.outcome([Verdict("i", code)], "h") is Outcome.MATCHED


def test_every_code_has_a_sentence() -> None:
    assert set(VERDICTS) == set(Code)
