import time

import pytest

from portal.essays.differences import marked


def own(pieces: list) -> list[str]:
    return [piece.text for piece in pieces if piece.is_own]


@pytest.mark.parametrize(
    ("one", "other", "ones", "others"),
    [
        ("The river is wide.", "The river is narrow.", ["wide"], ["narrow"]),
        ("江水很宽。", "江水不宽。", ["很"], ["不"]),
        ("강물은 넓다", "강물은 좁다", ["넓"], ["좁"]),
        ("NEAR的会议开始", "NEAR的会谈开始", ["议"], ["谈"]),
        ("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.", [], ["\n\nThree."]),
        ("same", "same", [], []),
        ("", "all of it", [], ["all of it"]),
    ],
)
def test_what_stands_in_one_text_only_is_marked(one: str, other: str, ones: list[str], others: list[str]) -> None:
    first, second = marked(one, other)
    assert (own(first), own(second)) == (ones, others)
    assert ("".join(piece.text for piece in first), "".join(piece.text for piece in second)) == (one, other)


def test_no_pair_of_texts_takes_long() -> None:
    begun = time.monotonic()
    marked("的了" * 8000, "了的了" * 5000)
    marked("a b " * 6000, "b a a " * 4000)
    assert time.monotonic() - begun < 5
