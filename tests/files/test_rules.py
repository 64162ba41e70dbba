"""Names, kinds and headers."""

from email.message import Message
from urllib.parse import unquote

import pytest

from portal.files import rules
from portal.files.models import Kind


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
     ("pdf", None), ("a.pdf.exe", None), ("a.html", None)],
)  # fmt: skip
def test_the_kind_a_name_claims(name: str, kind: Kind | None) -> None:
    assert rules.kind_named(name) == kind


def test_every_refusal_is_a_sentence() -> None:
    words = ["kind", "nonsense", *rules.VERDICTS]
    for word in words:
        for kinds in ((Kind.PDF,), (Kind.PDF, Kind.DOCX)):
            assert rules.refusal(word, kinds).endswith(".")
    assert "PDF, DOCX" in rules.refusal("kind", (Kind.PDF, Kind.DOCX))


def test_a_person_may_keep_so_much() -> None:
    assert rules.fits(0, 0)
    assert not rules.fits(rules.OWN_FILES, 0)
    assert not rules.fits(1, rules.OWN_BYTES)
