import time

import pytest

from portal.essays import scripts
from portal.i18n import LANGUAGES
from tests.texts import TEXTS, Labelled, all_of


def essay_of(text: Labelled) -> str:
    """As long as an essay: what else there is in its language comes after it."""
    return "\n".join([text.text, *(other.text for other in all_of(text.language)[:5])])


@pytest.mark.parametrize("declared", LANGUAGES)
def test_120_texts_warn_if_another_language_was_chosen_and_only_then(declared: str) -> None:
    for text in TEXTS:
        for written in (text.text, essay_of(text)):
            warned = scripts.warning(written, declared) is not None
            assert warned == (declared != text.language), (declared, text.language, written)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("quoted", LANGUAGES)
def test_a_quotation_of_up_to_a_third_does_not_warn(language: str, quoted: str) -> None:
    """Three texts of ten are in another language."""
    own, other = all_of(language), all_of(quoted)
    for n in range(10):
        written = "\n".join(text.text for text in [*own[n : n + 7], *other[n : n + 2]])
        assert scripts.warning(written, language) is None


def test_the_sentence_names_both_languages() -> None:
    sentence = scripts.warning(all_of("mn")[0].text, "ru")
    assert sentence and "Русский" in sentence and "Монгол" in sentence
    traditional = "我們住在大江邊上，江水不認識國界。每年春天，冰從上游漂下來，孩子們數著冰塊，漁民補漁網。"
    assert scripts.warning(traditional, "zh-Hans") == str(scripts.LOOKS_TRADITIONAL)
    other = "Nous habitons au bord d'un grand fleuve et il ne connaît pas les frontières du pays."
    romanised = "Bid tom goliin ereg deer amidardag. Manai hot jijig, getel setgel tom."
    assert (
        scripts.warning(other, "en")
        == scripts.warning(romanised, "en")
        == scripts.LOOKS_OTHER % {"declared": "English"}
    )
    assert scripts.warning("ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ " * 9, "mn") is not None


def test_a_traditional_quotation_in_a_simplified_essay_is_one() -> None:
    essay = "\n".join(text.text for text in all_of("zh-Hans")[:4])
    assert scripts.warning(essay + "古人說：「讀萬卷書，行萬里路。」", "zh-Hans") is None


@pytest.mark.parametrize("text", ["", " \n ", "1993", "?!", "Я"])
def test_too_little_says_nothing(text: str) -> None:
    assert all(scripts.warning(text, declared) is None for declared in LANGUAGES)


@pytest.mark.parametrize("piece", ["a", "а", "市", "a. ", "өө", "\u0301", "1. "])
def test_the_longest_text_takes_no_longer(piece: str) -> None:
    began = time.process_time()
    scripts.warning((piece * 50_000)[:50_000], "en")
    assert time.process_time() - began < 2
