import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import segno
import typst

from portal.documents import codes, typesetting

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = {
    "ja": "「骨直令」と協定書", "ko": "骨直令 협약서", "zh-Hans": "“骨直令”——协议书", "mn": "Өвөр, Үүрийн Өсөхбаяр",
    "ru": "Соглашение Ёжика — «съезд»", "en": "Agreement — “signed”",
}  # fmt: skip


def specimen(**other: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "title": "Agreement", "issuer": "The Association", "number": "NEAR-1", "paragraphs": ["*not bold* #panic()"],
        "facts": [["Host", "Tottori"]], "heads": ["A", "B"], "rows": [["1", "2"]],
        "parties": [{"role": "Host", "name": "Tottori", "note": "on 1 May"}, {"role": "Intern", "name": ""}],
        "qr": codes.svg("https://youth.example.org/"), "tongues": LANGUAGES,
    }  # fmt: skip
    return usual | other


def test_the_same_data_give_the_same_bytes_also_in_another_process() -> None:
    told = (
        "from tests.documents.test_typesetting import specimen; from portal.documents import typesetting; import sys; "
    )
    told += "sys.stdout.buffer.write(typesetting.pdf('specimen', specimen()))"
    again = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, check=True).stdout
    assert typesetting.pdf("specimen", specimen()) == again
    assert typesetting.pdf("specimen", specimen(title="Another")) != again


def test_the_file_is_made_for_archives_and_for_screen_readers() -> None:
    with pikepdf.open(io.BytesIO(typesetting.pdf("specimen", specimen(title="Договор"), language="ru"))) as made:
        meta = made.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
        assert meta["dc:title"] == "Договор"
        assert str(made.Root.Lang) == "ru"
        assert "/StructTreeRoot" in made.Root
        assert not made.Root.get("/AcroForm") and "/JavaScript" not in made.Root.get("/Names", {})


def test_what_people_type_is_never_markup() -> None:
    picture = typesetting.png("specimen", specimen(title="#panic() *a* $x$ \\ <b> @c [d] // e"))
    assert picture[0].startswith(b"\x89PNG")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_glyphs(language: str) -> None:
    """The standards refuse a file with a character that no face can show, so it would be set without them."""
    made = typesetting.pdf("specimen", specimen(title=LANGUAGES[language]), language=language)
    assert b"pdfaid" in made


def test_ja_ko_and_zh_are_drawn_with_faces_of_their_own() -> None:
    names = re.compile(r"NotoSansCJK(?:jp|kr|sc)")
    with pikepdf.open(io.BytesIO(typesetting.pdf("specimen", specimen()))) as made:
        fonts = " ".join(str(each.get("/BaseFont")) for each in made.objects if isinstance(each, pikepdf.Dictionary))
    assert set(names.findall(fonts)) == {"NotoSansCJKjp", "NotoSansCJKkr", "NotoSansCJKsc"}


def test_a_sign_that_no_face_has_does_not_keep_the_document_from_its_owner() -> None:
    made = typesetting.pdf("specimen", specimen(title="Anna 😀"))
    assert made.startswith(b"%PDF") and b"pdfaid" not in made


def test_an_error_in_a_template_is_an_error() -> None:
    with pytest.raises(typst.TypstError):
        typesetting.pdf("specimen", {})


def test_templates_reach_neither_their_neighbours_nor_the_network() -> None:
    for source in ('#read("../mail/placements/offered.txt")', '#import "@preview/cetz:0.3.0"'):
        with pytest.raises(typst.TypstError):
            typst.compile(source.encode(), root=typesetting.TEMPLATES, package_path="", package_cache_path="")


def test_threads_set_documents_side_by_side() -> None:
    titles = [f"Agreement {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda title: typesetting.pdf("specimen", specimen(title=title)), titles))
    assert made == [typesetting.pdf("specimen", specimen(title=title)) for title in titles]


def test_the_code_says_what_it_was_made_of() -> None:
    address = "https://youth.example.org/certificates/NEAR-7KQ2M-XW3RT-9HCDA"
    assert codes.svg(address) == codes.svg(address) != codes.svg(address + "B")
    drawn = segno.make(address, error="m", micro=False)
    assert f'width="{drawn.symbol_size(border=0)[0]}"' in codes.svg(address)


def test_only_the_two_packages_bring_faces() -> None:
    assert all(family.startswith("Noto Sans") for family in typesetting.families())
