import hashlib
import io
import re
import string
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
import segno

from portal.certificates import paper, rules
from portal.documents import codes, typesetting
from portal.i18n import LANGUAGES
from tests.certificates.contents import PEOPLE, content

ROOT = Path(__file__).parent.parent.parent
ORIGIN = "https://youth.example.org"
CODE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def signs(made: bytes) -> set[str]:
    """Every sign that the file maps a glyph of its faces to."""
    found: set[str] = set()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        maps = [each.ToUnicode.read_bytes() for each in pdf.objects if _is_mapped(each)]
    for table in maps:
        for _glyph, sign in CODE.findall(table):
            found |= set(bytes.fromhex(sign.decode()).decode("utf-16-be"))
    return found


def _is_mapped(each: object) -> bool:
    return isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_set_on_one_page_with_every_glyph(language: str) -> None:
    """The standards for archives refuse a file with a missing glyph; then it would be set without them."""
    said = content(language)
    made = paper.pdf(said, ORIGIN)
    assert b"pdfaid" in made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
    printed = said["native_name"] + said["roman_name"] + said["host"] + said["opening"] + said["number"]
    printed += "".join(each["body"] for each in paper.page(said, ORIGIN)["tongues"])
    assert set(printed) - set(string.whitespace + "\N{NO-BREAK SPACE}") <= signs(made)


def test_mongolian_letters_come_from_a_face_that_has_them() -> None:
    assert {"Ө", "ө", "Ү", "ү"} <= signs(paper.pdf(content("mn", native_name="Өөрийн Үүрийнтуяа"), ORIGIN))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_data_give_the_same_bytes_also_after_a_restart(language: str) -> None:
    once, again = (paper.pdf(content(language), ORIGIN) for _time in range(2))
    assert once == again
    told = "import hashlib; from portal.certificates import paper; from tests.certificates.contents import content; "
    told += f"print(hashlib.sha256(paper.pdf(content({language!r}), {ORIGIN!r})).hexdigest())"
    restarted = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert restarted.stdout.strip() == hashlib.sha256(once).hexdigest()


def test_other_data_give_other_bytes() -> None:
    usual = paper.pdf(content("mn"), ORIGIN)
    assert paper.pdf(content("mn", hours=321), ORIGIN) != usual != paper.pdf(content("mn"), "https://other.example")


def test_the_code_leads_to_the_public_page() -> None:
    """Nothing here reads a picture: the drawing is compared with the matrix of that address."""
    drawn = paper.page(content("ja"), ORIGIN)["qr"]
    address = f"{ORIGIN}/certificates/NEAR-7KQ2M-XW3RT-9HCDA"
    assert drawn == codes.svg(address)
    matrix = segno.make(address, error="m", micro=False).matrix
    assert _modules(drawn, len(matrix)) == [[bool(module) for module in row] for row in matrix]


def _modules(drawing: str, size: int) -> list[list[bool]]:
    """The dark modules of an SVG that draws each run as a horizontal stroke of width one."""
    dark = [[False] * size for _row in range(size)]
    x, y = 0, -1
    path = re.search(r' d="([^"]+)"', drawing)
    assert path
    for step, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        given = [float(number) for number in numbers.split()]
        if step == "M":
            x, y = int(given[0]), int(given[1])
        elif step == "m":
            x, y = x + int(given[0]), y + int(given[1])
        else:
            for place in range(x, x + int(given[0])):
                dark[y][place] = True
            x += int(given[0])
    return dark


def test_every_version_of_the_wording_speaks_all_six_languages_and_fills_the_same_gaps() -> None:
    for version in range(1, rules.WORDING + 1):
        words = paper.wording(version)
        assert set(words) == set(LANGUAGES)
        assert len({frozenset(said) for said in words.values()}) == 1
        for said in words.values():
            gaps = {field for _text, field, _spec, _as in string.Formatter().parse(said["body"]) if field}
            assert gaps == {"opening", "host", "government", "first", "last", "hours"}


def test_the_first_wording_never_changes() -> None:
    """Who wants other words writes the next version: certificates of this one must stay as they were."""
    kept = hashlib.sha256((paper.WORDINGS / "1.toml").read_bytes()).hexdigest()
    assert kept == "04bf77589f778108203e45dc30fe70a5e8280ea08fd2845be86553aa2586047e"


def test_very_long_names_still_fit_on_one_page() -> None:
    said = content("ru", native_name="Преображенская-Воскресенская Александра " * 3, host="Министерство " * 12,
                   roman_name="Aleksandra Preobrazhenskaya " * 4, opening="Развитие туризма и дружбы " * 6)  # fmt: skip
    assert len(typesetting.png("certificate", paper.page(said, ORIGIN), ppi=30)) == 1


def test_nothing_that_people_typed_is_markup_or_a_gap() -> None:
    said = content("en", opening="#panic() {hours} {0} *x* $y$", host='@ref <label> \\ #include "x"')
    assert "{hours} {0}" in paper.page(said, ORIGIN)["tongues"][0]["body"]
    assert paper.pdf(said, ORIGIN).startswith(b"%PDF")


def test_people_of_every_language_are_tried() -> None:
    assert set(PEOPLE) == set(LANGUAGES)
