"""What secretaries write, what is refused, and how templates are read."""

import pytest

from portal import i18n
from portal.i18n import LANGUAGES
from portal.mail import composing
from portal.mail.composing import Passage
from portal.mail.models import Kind
from portal.mail.rules import Recipient
from portal.mail.wording import Words
from portal.wordings import rules, templates
from portal.wordings.templates import Sentence

SUBJECT = Sentence("Receipt: %(number)s", "", is_subject=True)
PLAIN = Sentence("Here it is.", "", is_subject=False)
LINKED = Sentence("Open %(page_link)s or ask %(name)s.", "", is_subject=False)
COUNTED = Sentence("%(count)s thing", "%(count)s things", is_subject=False)


@pytest.mark.parametrize(
    ("sentence", "text", "said"),
    [
        (SUBJECT, "", "Write a subject"),
        (SUBJECT, "Got {numbr}", "There is no {numbr} in this sentence. Use only: {number}."),
        (PLAIN, "Here {number}", "It has no placeholders"),
        (PLAIN, "Here {", "A brace stands alone"),
        (PLAIN, "Here }", "A brace stands alone"),
        (SUBJECT, "{number", "A brace stands alone"),
        (SUBJECT, "{{number}}", "A brace stands alone"),
        (SUBJECT, "{number!r}", "A brace stands alone"),
        (SUBJECT, "{number.real}", "A brace stands alone"),
        (SUBJECT, "{{ 7*7 }}", "A brace stands alone"),
        (SUBJECT, "${7*7}", "A brace stands alone"),
        (SUBJECT, "{% raw %}", "A brace stands alone"),
        (LINKED, "Ask {name}.", "Keep {page_link} in it"),
        (LINKED, "", "Keep {page_link} in it"),
        (PLAIN, "a\u202eb", "cannot be seen"),
        (PLAIN, "\ue000body\ue001", "cannot be seen"),
        (PLAIN, "a\u2028b", "cannot be seen"),
    ],
)
def test_what_is_amiss_is_said(sentence: Sentence, text: str, said: str) -> None:
    assert said in rules.amiss(sentence, [text])[0]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (SUBJECT, "Got {number}, 100 %"),
        (SUBJECT, "Without its number"),
        (PLAIN, ""),
        (PLAIN, "Two\nlines"),
        (PLAIN, "<%= 7*7 %> #set $x ((7)) %(name)s %s %%"),
        (LINKED, "{page_link}"),
    ],
)
def test_what_is_right_comes_back_as_it_was_written(sentence: Sentence, text: str) -> None:
    assert rules.amiss(sentence, [text]) == {}
    form = rules.kept(text)
    assert rules.written(form) == text
    said = composing.say(Passage(sentence.text, {"number": "7", "page_link": "L", "name": "{number}"}),
                         {sentence.text: Words((form,))})  # fmt: skip
    assert said == text.replace("{number}", "7").replace("{page_link}", "L")


def test_a_percent_sign_is_a_percent_sign() -> None:
    """Python's own notation is nothing that people write: it reaches the reader as it stands."""
    said = composing.say(Passage("x", {"name": "N"}), {"x": Words((rules.kept("%(name)s is 5 % of %s"),))})
    assert said == "%(name)s is 5 % of %s"


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    said = composing.say(
        Passage("x", {"name": "{number} %(number)s {{7*7}}"}), {"x": Words((rules.kept("For {name}"),))}
    )
    assert said == "For {number} %(number)s {{7*7}}"


def test_all_forms_or_none() -> None:
    assert rules.amiss(COUNTED, ["{count} Ding", "{count} Dinge"]) == {}
    assert rules.amiss(COUNTED, ["", ""]) == {}
    assert list(rules.amiss(COUNTED, ["{count} Ding", ""])) == [1]


@pytest.mark.parametrize(
    ("language", "expected"), [("en", 2), ("zh-Hans", 1), ("ja", 1), ("ko", 1), ("mn", 2), ("ru", 3)]
)
def test_each_language_counts_in_its_own_way(language: str, expected: int) -> None:
    assert i18n.plural_forms(language) == expected == len(rules.portals_own(COUNTED, language))
    firsts = [numbers[0] for numbers in rules.counted(language)]
    assert firsts == {1: [1], 2: [1, 2], 3: [1, 2, 5]}[expected]
    words = Words(tuple(f"form {place}" for place in range(expected)), language)
    assert [words.form(number) for number in firsts] == list(words.forms)


def test_russian_counts_right_though_the_message_around_is_in_english() -> None:
    words = Words(("%(count)s заявка", "%(count)s заявки", "%(count)s заявок"), "ru")
    with i18n.speaking("ru"):
        said = [composing.say(Passage("a", {"count": str(n)}, "b", n), {"a": words}) for n in (1, 3, 5, 21)]
    assert said == ["1 заявка", "3 заявки", "5 заявок", "21 заявка"]


EVERY = [each.name for each in templates.every()]


@pytest.mark.parametrize("name", EVERY)
def test_our_own_words_can_be_shown_and_saved_unchanged(name: str) -> None:
    for sentence in templates.read(name).sentences:
        for language in LANGUAGES:
            ours = rules.portals_own(sentence, language)
            texts = [rules.written(form) for form in ours]
            assert rules.amiss(sentence, texts) == {}
            assert tuple(rules.kept(text) for text in texts) == ours
            assert [text.strip() for text in texts] == texts


@pytest.mark.parametrize("name", EVERY)
def test_every_template_has_a_subject_and_every_sample_can_be_said(name: str) -> None:
    template = templates.read(name)
    subject, text = composing.put_together(template.sample, {})
    assert text.strip() and "\ue000" not in subject + text
    assert template.is_layout or subject
    assert template.is_layout or name == "consents/guardian" or any(each.is_subject for each in template.sentences)


def test_what_a_message_said_is_among_the_sentences_of_its_template() -> None:
    """The template of one with conditions and loops is composed in earnest and compared."""

    class Home:
        def name(self, _language: str) -> str:
            return "Tuv"

    rows = [{"home": Home(), "undecided": 2, "has_coordinator": False}]
    call = {
        "title": lambda _language: "Spring",
        "zone": "UTC",
        "nominations_due_at": i18n.dt.datetime(2027, 1, 1, tzinfo=i18n.dt.UTC),
    }
    made = composing.compose("nominations/silence", Recipient("a@b.org", "en"), {"days": 3, "call": call, "rows": rows})
    said = [part.text for part in (*made.parts["subject"], *made.parts["body"]) if isinstance(part, Passage)]
    assert said == [each.text for each in templates.read("nominations/silence").sentences]


def test_an_included_file_is_read_in_its_place() -> None:
    found = [each.text for each in templates.read("nominations/refused").sentences]
    assert found[-1] == "The secretariat acted in place of your home government."
    assert templates.read("nominations/refused").kind is Kind.DECISION


def test_a_sentence_known_only_in_a_value_is_not_offered() -> None:
    assert "[sentence]" in composing.put_together(templates.read("stays/late").sample, {})[1]
    assert templates.find("stays/none") is None
    assert templates.find("nominations/_in_place") is None
    assert templates.find("../mail/stays/late") is None


def test_a_case_hides_its_reader_and_what_its_links_open() -> None:
    parts = {
        "body": ["Dear Anu Bold, a@b.org ", Passage("To %(x)s", {"x": "Anu Bold: https://us.example/a/secret?t=1."})]
    }
    shown = rules.masked(parts, {"Anu Bold", "a@b.org"})
    assert shown == {"body": ["Dear …, … ", Passage("To %(x)s", {"x": "…: https://us.example/…"})]}
