"""Names, kinds and headers."""

from email.message import Message
from urllib.parse import unquote

import pytest

from portal.files import rules
from portal.files.models import Kind
from portal.files.uploads import Uploaded


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("cv.pdf", "cv.pdf"),
        ("CV.PDF", "CV.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\cv.pdf", "cv.pdf"),
        ("cv\u202efdp.exe.pdf", "cvfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        (".hidden.pdf", "hidden.pdf"),
        (".pdf", "file.pdf"),
        ("   .pdf", "file.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ('"quoted";name.pdf', "_quoted_;name.pdf"),
        ("履歴書 (最終版).pdf", "履歴書 (最終版).pdf"),
    ],
)
def test_a_name_is_made_harmless(given: str, kept: str) -> None:
    assert rules.clean_name(given, Kind.PDF) == kept


def test_a_picture_has_one_ending() -> None:
    assert rules.clean_name("a.JPEG", Kind.JPEG) == rules.clean_name("a.jpg", Kind.JPEG) == "a.jpg"


def test_a_long_name_keeps_its_extension_and_whole_characters() -> None:
    name = rules.clean_name("靑" * 300 + ".docx", Kind.DOCX)
    assert len(name.encode()) <= rules.NAME_BYTES
    assert name.startswith("靑靑")
    assert name.endswith("靑.docx")


@pytest.mark.parametrize("name", ["cv.pdf", "履歴書.pdf", 'a"b;c%d\\e.pdf', "Ө Ү.pdf", "a'b.pdf"])
def test_the_header_says_attachment_and_the_same_name(name: str) -> None:
    header = rules.disposition(name)
    assert header.isascii() and "\n" not in header
    assert unquote(header.split("filename*=UTF-8''")[1]) == name
    read = Message()
    read["content-disposition"] = header
    assert read.get_content_disposition() == "attachment"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.pdf", Kind.PDF), ("a.PDF", Kind.PDF), ("a.docx", Kind.DOCX), ("a.txt", Kind.TEXT), ("a.docm", None),
     ("a.jpg", Kind.JPEG), ("a.JPEG", Kind.JPEG), ("a.png", Kind.PNG), ("a.hwpx", Kind.HWPX), ("a.hwp", None),
     ("pdf", None), ("a.pdf.exe", None), ("a.html", None)],
)  # fmt: skip
def test_the_kind_a_name_claims(name: str, kind: Kind | None) -> None:
    assert rules.kind_named(name) == kind


@pytest.mark.parametrize("kind", Kind)
def test_every_refusal_is_a_sentence(kind: Kind) -> None:
    for word in ["kind", "nonsense", *rules.VERDICTS]:
        assert rules.refusal(word, kind).endswith(".")
    assert rules.not_among((kind,)).endswith(".")
    assert "PDF, PNG" in rules.not_among((Kind.PDF, Kind.PNG))


def test_where_fewer_kinds_are_accepted_than_were_let_in() -> None:
    taken = Uploaded(rules.Checked("k", "a.png", Kind.PNG, 1, ""), present=True, named=Kind.PNG)
    assert taken.wrong_for((Kind.PNG,)) == ""
    assert taken.wrong_for((Kind.PDF, Kind.DOCX)) == rules.not_among((Kind.PDF, Kind.DOCX))
    assert Uploaded(error="E", present=True, named=Kind.PDF).wrong_for((Kind.PDF,)) == "E"
    assert Uploaded(error="E", present=True).wrong_for((Kind.PDF,)) == rules.not_among((Kind.PDF,))
    assert Uploaded().wrong_for((Kind.PDF,)) == ""


def test_a_field_offers_the_endings_of_its_kinds() -> None:
    assert rules.accept((Kind.PDF, Kind.JPEG)) == ".pdf,.jpg,.jpeg"
    assert set(rules.FORMATS) == set(Kind)


def test_a_person_may_keep_so_much() -> None:
    assert rules.fits(0, 0)
    assert not rules.fits(rules.OWN_FILES, 0)
    assert not rules.fits(1, rules.OWN_BYTES)
