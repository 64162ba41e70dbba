"""The HTML of a message: the same words, our own links alone, and a decision that looks like one."""

import uuid
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from portal import i18n
from portal.mail import markup, unsubscribing, words
from portal.mail.letter import letter
from portal.mail.models import Kind, Message
from portal.settings import Settings

ORIGIN = "https://youth.example.org"


def page(text: str, kind: Kind = Kind.NOTICE) -> str:
    return markup.page(text, kind=kind, language="ko", title="A <b>title</b>", origin=ORIGIN)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.attributes += attrs

    @property
    def links(self) -> list[str | None]:
        return [value for name, value in self.attributes if name == "href"]


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "<img src=x onerror=y>", "a & b < c", "\"'><a href=x>"])
def test_what_somebody_typed_is_text(typed: str) -> None:
    tags = Tags(page(f"Dear reader\n\n{typed}\n\n-- \n{typed}"))
    assert not {"script", "img"} & set(tags.found)
    assert tags.links == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (f"Open {ORIGIN}/verify?token=a&b=c.", [f"{ORIGIN}/verify?token=a&b=c"]),
        (f"（{ORIGIN}/a）そして", [f"{ORIGIN}/a"]),
        (ORIGIN, [ORIGIN]),
        (f"{ORIGIN}.evil.example/x", []),
        (f"{ORIGIN}@evil.example/x", []),
        (f"{ORIGIN}:8000/x", []),
        ("https://evil.example", []),
        (f"{ORIGIN}/a\n{ORIGIN}/b", [f"{ORIGIN}/a", f"{ORIGIN}/b"]),
        (f'{ORIGIN}/a"onclick="x', [f'{ORIGIN}/a"onclick="x']),
    ],
)
def test_only_our_own_addresses_can_be_clicked_on(text: str, links: list[str]) -> None:
    assert Tags(page(text)).links == links


def test_nothing_is_fetched_and_no_colour_of_text_is_set() -> None:
    text = page(f"One.\n\nTwo\nlines {ORIGIN}/x\n\n-- \nWe", Kind.DECISION)
    tags = Tags(text)
    assert not {"img", "link", "script", "style", "iframe"} & set(tags.found)
    assert {name for name, _value in tags.attributes} <= {"lang", "charset", "name", "content", "style", "href"}
    assert "url(" not in text and ";color:#000" not in text
    assert 'content="light dark"' in text
    assert '<html lang="ko">' in text


def test_paragraphs_and_lines_are_kept() -> None:
    assert page("One.\n\nTwo\nlines").count("<p ") == 3  # the word of its kind is the first
    assert "Two<br>\nlines" in page("One.\n\nTwo\nlines")


def test_the_signature_stands_apart() -> None:
    assert "border-top" in page("Text\n\n-- \nWe") and "border-top" not in page("Text")


def test_a_decision_looks_like_nothing_else() -> None:
    look = markup.LOOKS[Kind.DECISION]
    for kind in set(Kind) - {Kind.DECISION}:
        other = markup.LOOKS[kind]
        assert look.bar > other.bar and look.word > other.word
        assert words.KINDS[kind] != words.KINDS[Kind.DECISION]
    for kind in (Kind.RECEIPT, Kind.REMINDER, Kind.TASK):
        assert markup.LOOKS[kind].colour != look.colour


@pytest.mark.parametrize("kind", list(Kind))
def test_the_word_of_its_kind_can_be_read(kind: Kind) -> None:
    """White on its colour, by WCAG's measure."""
    channels = [int(markup.LOOKS[kind].colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5


def written(settings: Settings, **fields: object) -> EmailMessage:
    given = {"address": "a@example.org", "language": "en", "template": "t", "subject": "s", "text": "Text\n\n-- \nWe\n"}
    return letter(settings, Message(**{**given, **fields}))


def parts(mail: EmailMessage) -> list[str]:
    return [part.get_content() for part in mail.iter_parts()]  # type: ignore[attr-defined]


def test_both_parts_say_what_it_is(settings: Settings) -> None:
    mail = written(settings, kind=Kind.DECISION)
    assert mail.get_content_type() == "multipart/alternative"
    text, html = parts(mail)
    assert text.startswith("[Decision]\n\nText")
    assert ">Decision</strong>" in html
    assert parts(written(settings))[0].startswith("Text")


def test_reminders_alone_can_be_declined(settings: Settings) -> None:
    message_id = uuid.uuid4()
    mail = written(settings, id=message_id, kind=Kind.REMINDER)
    address = settings.public_origin + unsubscribing.path(settings.key, message_id)
    assert mail["List-Unsubscribe"] == f"<{address}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = parts(mail)
    assert address in text
    assert Tags(html).links == [address]
    for kind in set(Kind) - {Kind.REMINDER}:
        other = written(settings, kind=kind)
        assert other["List-Unsubscribe"] is None
        assert "/unsubscribe/" not in other.as_string()


def test_it_speaks_its_readers_language(settings: Settings) -> None:
    with i18n.speaking("zh-Hans"):
        word = str(words.KINDS[Kind.DECISION])
    mail = written(settings, kind=Kind.DECISION, language="zh-Hans")
    assert f"[{word}]" in parts(mail)[0]
    assert '<html lang="zh-Hans">' in parts(mail)[1]


def test_lines_are_short_enough_for_any_server(settings: Settings) -> None:
    mail = written(settings, text="x" * 5000 + "字" * 3000)
    assert max(map(len, mail.as_bytes().split(b"\r\n"))) <= 998
