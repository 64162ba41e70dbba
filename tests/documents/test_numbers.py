import math

import pytest

from portal.documents import numbers

NUMBER = "NEAR-7KQ2M-XW3RT-9HCD"  # a sign too few


def test_a_number_is_drawn_from_more_than_sixty_bits_and_reads_as_itself() -> None:
    assert numbers.DRAWN * math.log2(len(numbers.SIGNS)) > 60
    drawn = {numbers.new("NEAR") for _each in range(200)}
    assert len(drawn) == 200
    assert {numbers.read(number, "NEAR") for number in drawn} == drawn


def test_no_sign_looks_like_another() -> None:
    assert not set("01OIL") & set(numbers.SIGNS)
    assert len(set(numbers.SIGNS)) == 31


@pytest.mark.parametrize(
    "spelling",
    [str.lower, lambda n: n.replace("-", " "), lambda n: n.replace("-", "\u2013"), lambda n: n[5:],
     lambda n: f"  {n}\n", lambda n: n.replace("N", "\uff2e", 1), lambda n: n.replace("-", "")],
)  # fmt: skip
def test_case_spaces_hyphens_and_the_prefix_do_not_matter(spelling) -> None:  # type: ignore[no-untyped-def]
    number = numbers.new("NEAR")
    assert numbers.read(spelling(number), "NEAR") == number


def test_every_single_wrong_sign_is_noticed() -> None:
    number = numbers.new("NEAR")
    for place, sign in enumerate(number):
        if place < 5 or sign == "-":
            continue
        for other in set(numbers.SIGNS) - {sign}:
            assert numbers.read(number[:place] + other + number[place + 1 :], "NEAR") is None


def test_two_signs_that_changed_places_are_noticed() -> None:
    signs = numbers.new("NEAR").removeprefix("NEAR-").replace("-", "")
    for place in range(len(signs) - 1):
        swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
        expected = numbers.read(signs, "NEAR") if swapped == signs else None
        assert numbers.read(swapped, "NEAR") == expected


@pytest.mark.parametrize(
    "text", ["", "NEAR", "NEAR-", NUMBER, NUMBER + "00", "\x00", "a" * 5000, "NEAR-ЖЖЖЖЖ-ЖЖЖЖЖ-ЖЖЖЖЖ"]
)
def test_what_cannot_be_a_number_is_none(text: str) -> None:
    assert numbers.read(text, "NEAR") is None


def test_what_was_typed_is_of_the_kind_of_its_prefix_or_of_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "kinds", {})
    for prefix in ("NEAR", "ESSAY"):
        numbers.kind(prefix, f"/{prefix}/")(lambda _session, _number: True)
    number = numbers.new("ESSAY")
    bare = number.removeprefix("ESSAY-")
    assert [(kind.path, read) for kind, read in numbers.meant(number)] == [("/ESSAY/", number)]
    assert [read for _kind, read in numbers.meant(bare)] == [f"NEAR-{bare}", number]
    assert numbers.meant("nothing") == []
