"""How a message reads on a page, and an address to somebody who may not be its owner."""

import pytest

from portal.inbox.rules import masked, pieces

OURS = "https://youth.example.org"


def hrefs(text: str) -> list[str]:
    return [each.href for each in pieces(text, OURS) if each.href]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Open {OURS}/stays/1.", [f"{OURS}/stays/1"]),
        (f"{OURS}", [OURS]),
        (f"({OURS}/a?b=c&d=e), and {OURS}/f", [f"{OURS}/a?b=c&d=e", f"{OURS}/f"]),
        ("https://youth.example.org.evil.example/x", []),
        ("https://evil.example/?https://youth.example.org/", []),
        ("http://youth.example.org/x", []),
        ("javascript:alert(1) youth.example.org", []),
    ],
)
def test_only_our_own_addresses_can_be_clicked_on(text: str, expected: list[str]) -> None:
    assert hrefs(text) == expected


def test_nothing_of_the_text_is_lost() -> None:
    text = f"One\n\n{OURS}/x two <b> {OURS}/y."
    assert "".join(each.text for each in pieces(text, OURS)) == text


def test_an_address_is_known_to_its_owner_alone() -> None:
    assert masked("oyun@university.example.org") == "o•••@u•••"
    assert masked("nothing") == "•••@n•••"
