import hashlib
import io
import string

import pikepdf
import pytest

from portal.diplomas import paper, rules
from portal.documents import codes, typesetting
from portal.i18n import LANGUAGES
from tests.certificates.test_paper import signs
from tests.diplomas.contents import AWARD, content

ORIGIN = "https://youth.example.org"
BOTH = pytest.mark.parametrize("award", [AWARD, {}], ids=["award", "participation"])


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_set_on_one_page_with_every_glyph(language: str, award: dict[str, str]) -> None:
    said = content(language, award=award)
    made = paper.pdf(said, ORIGIN)
    assert made == paper.pdf(said, ORIGIN), "the same data give the same bytes"
    assert b"pdfaid" in made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
    printed = said["native_name"] + said["roman_name"] + said["essay"] + said["number"]
    printed += "".join(each["body"] for each in paper.page(said, ORIGIN)["tongues"])
    assert set(printed) - set(string.whitespace + "\N{NO-BREAK SPACE}") <= signs(made)


@BOTH
def test_what_it_says(award: dict[str, str]) -> None:
    page = paper.page(content("ko", award=award), ORIGIN)
    english, korean = page["tongues"]
    assert english["title"] == ("Certificate of Award" if award else "Certificate of Participation")
    assert ("Grand Prize" in english["body"]) == ("대상" in korean["body"]) == bool(award)
    assert page["quoted"]["text"].join(korean["around"]) == korean["body"]
    assert page["qr"] == codes.svg(f"{ORIGIN}/diplomas/ESSAY-7KQ2M-XW3RT-9HCDA")
    assert page["page"] == "youth.example.org/certificates/check"


def test_every_version_of_the_wording_speaks_all_six_languages_and_fills_the_same_gaps() -> None:
    for version in range(1, rules.WORDING + 1):
        words = paper.wording(version)
        assert set(words) == set(LANGUAGES)
        assert len({frozenset(said) for said in words.values()}) == 1
        for said in words.values():
            gaps = {
                kind: {field for _text, field, _spec, _as in string.Formatter().parse(said[kind]) if field}
                for kind in ("award", "participation")
            }
            assert gaps["award"] == {"award", "category", "contest", "essay"}
            assert gaps["participation"] == {"contest", "essay"}
            assert all(said[kind].count("{essay}") == 1 for kind in gaps)


def test_the_first_wording_never_changes() -> None:
    kept = hashlib.sha256((paper.WORDINGS / "1.toml").read_bytes()).hexdigest()
    assert kept == "91578c02cccf671d89df5085b2d3143bc2634c9a23f63d6a907573a851255471"


def test_very_long_names_and_titles_still_fit_on_one_page() -> None:
    said = content("ru", native_name="Преображенская-Воскресенская Александра " * 3, essay="Реки без границ " * 10,
                   roman_name="Aleksandra Preobrazhenskaya " * 4)  # fmt: skip
    assert len(typesetting.png("certificate", paper.page(said, ORIGIN), ppi=30)) == 1


def test_nothing_that_people_typed_is_markup_or_a_gap() -> None:
    said = content("en", essay="#panic() {award} {0} *x* $y$", native_name='@ref <label> \\ #include "x"')
    assert "{award} {0}" in paper.page(said, ORIGIN)["tongues"][0]["body"]
    assert paper.pdf(said, ORIGIN).startswith(b"%PDF")
