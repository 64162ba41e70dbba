"""What a message says, in whose language, and what a stranger cannot make it say."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from portal import i18n
from portal.i18n import N_
from portal.mail import composing
from portal.mail.composing import Composed, compose
from portal.mail.rules import Recipient

READER = Recipient("reader@example.org", "en", "Reader", uuid.uuid4(), "Asia/Seoul")
Write = Callable[..., Composed]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Composes a template given as text."""
    real = composing.TEMPLATES
    monkeypatch.setattr(composing, "TEMPLATES", tmp_path)
    composing._environment.cache_clear()
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/_layout.txt").write_text((real / "mail/_layout.txt").read_text())

    def do(template: str, to: Recipient = READER, **values: object) -> Composed:
        (tmp_path / "mail" / f"{len(template)}.txt").write_text(template)
        return compose(str(len(template)), to, values)

    yield do
    composing._environment.cache_clear()


@dataclass
class Thing:
    reason: str
    at: dt.datetime = dt.datetime(2027, 3, 31, 9, 0, tzinfo=dt.UTC)

    def title(self, language: str) -> str:
        return f"{self.reason} {language}"


def test_the_first_line_is_the_subject(write: Write) -> None:
    made = write("\nThe subject\n\n\n\nOne.\n\n\n\nTwo.\n")
    assert made.subject == "The subject"
    assert made.text.startswith("One.\n\nTwo.\n\n-- \n")


def test_instants_are_printed_in_the_readers_zone_and_language(write: Write) -> None:
    template = "S\n{{ thing.at | instant(zone) }}"
    assert "18:00 (UTC+9)" in write(template, thing=Thing("")).text
    assert i18n.language() == "en"


def test_a_lazy_sentence_and_our_own_links_stay_whole(write: Write) -> None:
    link = "https://youth.example.org/verify?token=" + "x" * 100
    made = write("S\n{{ why }} {{ link }} {{ origin }}/a {{ reset_link }}", why=N_("An e.g. sentence, " + "long " * 30),
                 link=link, origin="https://youth.example.org", reset_link=link)  # fmt: skip
    assert made.text.count(link) == 2
    assert "https://youth.example.org/a" in made.text
    assert "long " * 30 in made.text


INJECTIONS = [
    "a\r\nBcc: victim@example.org",
    "a\nBcc: victim@example.org",
    "a\rBcc: victim@example.org",
    "a\x0bBcc: x",
    "a\x0cBcc: x",
    "a\x85Bcc: x",
    "a\u2028Bcc: x",
    "a\u2029Bcc: x",
    "a\0b",
    "a\x1b[31mb",
    "a\u202eb",
    "=?utf-8?b?DQpCY2M6IHg=?=\r\n Bcc: x",
]


@pytest.mark.parametrize("payload", INJECTIONS)
def test_no_value_can_add_a_line(write: Write, payload: str) -> None:
    for value in (payload, Thing(payload)):
        shown = "{{ v.reason if v is not string else v }}"
        made = write(f"S {shown}\nBody {shown} end", v=value)
        assert composing.one_line(made.subject) == made.subject
        assert len(made.text.split("\n\n-- \n")[0].splitlines()) == 1


LINKS = ["http://evil.example/x", "https:\\\\evil.example", "www.evil.example", "evil.example", "me@evil.example",
         "ftp://evil.example", "evil。example"]  # fmt: skip


@pytest.mark.parametrize("payload", LINKS)
def test_a_value_cannot_be_clicked_on(write: Write, payload: str) -> None:
    template = (
        "S\n{{ typed }} {{ thing.reason }} {{ thing.title('en') }} {{ names[0] }} {{ by_name['a'] }} "
        "{% trans x=thing.reason %}It says {{ x }}.{% endtrans %}"
    )
    text = write(template, typed=payload, thing=Thing(payload), names=[payload], by_name={"a": payload}).text
    for part in ("://", ":\\", "evil.example", "@", "evil。"):
        assert part not in text, text


def test_a_value_is_short(write: Write) -> None:
    text = write("S\n{{ thing.reason }}", thing=Thing("x" * 500)).text
    assert "x" * 79 + "…" in text
    assert "x" * 80 not in text


def test_what_is_harmless_is_left_alone() -> None:
    for text in ("Ганбаатар Оюунчимэг", "青森県", "3.5 of 4.0", "It is so. Really", "O'Brien & Söhne"):
        assert composing.harmless(text) == text


def test_a_missing_value_is_noticed_when_composing(write: Write) -> None:
    with pytest.raises(UndefinedError):
        write("S\n{{ nothing }}")


def test_a_long_subject_fits_its_column(write: Write) -> None:
    assert len(write("{{ _('word ' * 100) }}\nbody").subject) <= 200


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("path", sorted(composing.TEMPLATES.glob("mail/*/*.txt")), ids=lambda path: path.stem)
def test_our_own_sentences_are_never_cut(path: Path, language: str) -> None:
    """Only what somebody typed is short: each sentence of the template stands in its message whole."""
    sentences = re.findall(r"\{% trans %\}(.*?)\{% endtrans %\}", path.read_text(), re.DOTALL)
    source = "A subject\n" + "\n".join(f"{{% trans %}}{sentence}{{% endtrans %}}" for sentence in sentences)
    written = composing._environment().from_string(source)
    with i18n.speaking(language):
        shown = written.render()
        for sentence in sentences:
            assert i18n.gettext(sentence.strip()) in shown
