"""What is read from documents in six languages, by the real child process, and what is no text."""

import importlib.util
import io
import itertools
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx as word
import pikepdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hwpx.tools.text_extractor import TextExtractor

from portal.files import checking, rules
from portal.files.models import Kind
from portal.files.rules import Prose
from portal.files.storage import Folder
from portal.files.uploads import take
from tests.files import hostile, prose, samples
from tests.files.prose import PROSE

pytestmark = pytest.mark.slow
KINDS = (Kind.DOCX, Kind.PDF, Kind.HWPX, Kind.TEXT)
SPACES = re.compile(r"\s+")


def found(folder: Path, kind: Kind, content: bytes) -> Prose | str:
    """As an upload does it: cleaned first, then read."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(content)
    target.unlink(missing_ok=True)
    word = checking.verdict(kind, source, target)
    return checking.read(kind, target, folder / "prose") if word == "clean" else word


def text_of(folder: Path, kind: Kind, content: bytes) -> str:
    said = found(folder, kind, content)
    assert isinstance(said, Prose), said
    return said.text


def squeezed(text: str) -> str:
    return SPACES.sub("", text)


def story(language: str, times: int = 4) -> list[str]:
    return [f"{number}. {each}" for number in range(1, times + 1) for each in PROSE[language]]


# Six languages


@pytest.mark.parametrize("language", PROSE)
def test_word_and_hangul_documents_give_their_paragraphs_as_they_are(tmp_path: Path, language: str) -> None:
    written = story(language)
    assert text_of(tmp_path, Kind.DOCX, prose.docx(written)).split("\n\n") == written
    assert text_of(tmp_path, Kind.HWPX, prose.hwpx(written)).split("\n\n") == written
    assert text_of(tmp_path, Kind.TEXT, "\r\n\r\n".join(written).encode()).split("\n\n") == written


def test_words_parted_at_the_ends_of_lines_are_whole_again(tmp_path: Path) -> None:
    for language in ("en", "ru", "mn"):
        written = [each for each in story(language) if "-" not in each]
        said = text_of(tmp_path, Kind.PDF, prose.pdf(written, language, hyphenate="true"))
        assert said.split() == " ".join(written).split()


LOOKS = {"gap": {}, "indent": {"indent": "2em", "spacing": "0.65em"}, "ragged": {"justify": "false"}}


@pytest.mark.parametrize(("language", "look"), list(itertools.product(PROSE, LOOKS)))
def test_pages_give_their_paragraphs_without_headers_and_numbers(tmp_path: Path, language: str, look: str) -> None:
    written = story(language)
    said = text_of(tmp_path, Kind.PDF, prose.pdf(written, language, **LOOKS[look])).split("\n\n")
    assert squeezed("".join(said)) == squeezed("".join(written))
    if language in {"en", "ru", "mn", "ko"}:  # between other characters, a space is no more than a wider gap
        assert " ".join(said) == " ".join(written)
    # Only where a paragraph ends at the end of a full last line can nobody tell where it ends.
    assert len(set(said) & set(map(str, written))) >= len(written) - 2 or language in {"zh-Hans", "ja"}
    assert abs(len(said) - len(written)) <= 1


def test_text_of_windows_is_read_in_utf_16(tmp_path: Path) -> None:
    for encoded in ("\ufeff안녕, мир".encode("utf-16-le"), "\ufeff안녕, мир".encode("utf-16-be")):
        assert text_of(tmp_path, Kind.TEXT, encoded) == "안녕, мир"
    older = {"cp949": "안녕하세요", "cp1251": "Привет", "shift_jis": "こんにちは", "gb18030": "你好"}
    for encoding, text in older.items():
        assert found(tmp_path, Kind.TEXT, text.encode(encoding)) == "kind", "the sentence says to save it as UTF-8"


# Word


W = nsdecls("w")
NOT_TEXT = (
    '<w:r {w}><w:rPr><w:vanish/></w:rPr><w:t>HIDDEN</w:t></w:r>',
    '<w:del {w} w:id="1" w:author="a"><w:r><w:delText>DELETED</w:delText></w:r></w:del>',
    '<w:moveFrom {w} w:id="1" w:author="a"><w:r><w:t>MOVED</w:t></w:r></w:moveFrom>',
    '<w:r {w}><w:instrText>PAGE</w:instrText></w:r>',
    '<w:r {w}><w:rPr><w:rStyle w:val="Unseen"/></w:rPr><w:t>STYLED</w:t></w:r>',
)  # fmt: skip
TEXT = (
    ('<w:ins {w} w:id="2" w:author="a"><w:r><w:t>inserted</w:t></w:r></w:ins>', "inserted"),
    ('<w:r {w}><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t></w:r>', "seen"),
    ("<w:sdt {w}><w:sdtContent><w:r><w:t>controlled</w:t></w:r></w:sdtContent></w:sdt>", "controlled"),
    ('<w:hyperlink {w} w:anchor="a"><w:r><w:t>linked</w:t></w:r></w:hyperlink>', "linked"),
    ("<w:r {w}><w:t>two</w:t><w:br/><w:t>lines</w:t><w:tab/><w:noBreakHyphen/></w:r>", "two\nlines -"),
    ("<w:r {w}><w:ruby><w:rt><w:r><w:t>かわ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>川</w:t></w:r></w:rubyBase>"
     "</w:ruby></w:r>", "川"),
)  # fmt: skip
UNSEEN = (
    '<w:style {w} w:type="character" w:styleId="Hidden"><w:rPr><w:vanish/></w:rPr></w:style>',
    '<w:style {w} w:type="character" w:styleId="Unseen"><w:basedOn w:val="Hidden"/></w:style>',
    '<w:style {w} w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>',
)


def word_document(change: Callable[[word.document.Document], None]) -> bytes:
    made, written = word.Document(), io.BytesIO()
    change(made)
    made.save(written)
    return written.getvalue()


def test_what_is_text_in_a_word_document_and_what_is_not(tmp_path: Path) -> None:
    def write(made: word.document.Document) -> None:
        for style in UNSEEN:
            made.styles.element.append(parse_xml(style.format(w=W)))
        made.sections[0].footer.paragraphs[0].text = "FOOTER"
        paragraph = made.add_paragraph("begin ")
        made.add_comment(paragraph.runs[0], text="COMMENT")
        for run, _said in TEXT:
            paragraph._p.append(parse_xml(run.format(w=W)))
        for run in NOT_TEXT:
            paragraph._p.append(parse_xml(run.format(w=W)))

    said = text_of(tmp_path, Kind.DOCX, word_document(write))
    assert said == "begin " + "".join(text for _run, text in TEXT)


def test_tables_and_boxes_are_read_in_their_place(tmp_path: Path) -> None:
    box = (
        f'<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        "<mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    deleted_row = (
        f'<w:tr {W}><w:trPr><w:del w:id="1" w:author="a"/></w:trPr>'
        "<w:tc><w:p><w:r><w:t>GONE</w:t></w:r></w:p></w:tc></w:tr>"
    )

    def write(made: word.document.Document) -> None:
        made.add_heading("Title", 1)
        table = made.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
        table._tbl.append(parse_xml(deleted_row))
        made.add_paragraph("after ")._p.append(parse_xml(box))
        joined = made.add_paragraph("one ")
        joined._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {W}><w:del w:id="1" w:author="a"/></w:rPr>'))
        made.add_paragraph("paragraph")

    said = text_of(tmp_path, Kind.DOCX, word_document(write))
    assert said.split("\n\n") == ["Title", "left", "right", "after", "boxed", "one paragraph"]


def with_parts(content: bytes, **parts: str) -> bytes:
    """A document with these parts added (with / written as __ and . as _dot_)."""
    written = io.BytesIO(content)
    with zipfile.ZipFile(written, "a") as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return written.getvalue()


def test_footnotes_and_endnotes_are_notes_in_the_order_of_the_text(tmp_path: Path) -> None:
    def write(made: word.document.Document) -> None:
        paragraph = made.add_paragraph("a")
        for reference in (
            'footnoteReference {w} w:id="3"',
            'endnoteReference {w} w:id="1"',
            'footnoteReference {w} w:id="2"',
        ):
            paragraph._p.append(parse_xml(f"<w:r {W}><w:{reference.format(w=W)}/></w:r>"))

    def notes(kind: str, **texts: str) -> str:
        each = "".join(
            f'<w:{kind} w:id="{key[1:]}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>'
            for key, text in texts.items()
        )
        return f"<w:{kind}s {W}>{each}</w:{kind}s>"

    made = with_parts(
        word_document(write), word__footnotes_dot_xml=notes("footnote", _0="SEPARATOR", _2="third", _3="first"),
        word__endnotes_dot_xml=notes("endnote", _1="second"),
    )  # fmt: skip
    assert found(tmp_path, Kind.DOCX, made) == Prose("a", "first\nsecond\nthird")


# Hangul


def hangul_document(body: str) -> bytes:
    """A document of Hancom's own skeleton, with these paragraphs after its own."""
    made, written = zipfile.ZipFile(io.BytesIO(prose.hwpx(["처음"]))), io.BytesIO()
    with zipfile.ZipFile(written, "w") as copy:
        for name in made.namelist():
            content = made.read(name)
            if name == "Contents/section0.xml":
                content = content.replace(b"</hs:sec>", body.encode() + b"</hs:sec>")
            copy.writestr(name, content)
    return written.getvalue()


HANGUL = (
    "<hp:p><hp:run><hp:t>가<hp:lineBreak/>나<hp:tab/>다<hp:deleteBegin/>DELETED<hp:deleteEnd/>라</hp:t>"
    "<hp:ctrl><hp:header><hp:subList><hp:p><hp:run><hp:t>HEADER</hp:t></hp:run></hp:p></hp:subList></hp:header></hp:ctrl>"
    "<hp:ctrl><hp:hiddenComment><hp:subList><hp:p><hp:run><hp:t>COMMENT</hp:t></hp:run></hp:p></hp:subList>"
    "</hp:hiddenComment></hp:ctrl>"
    "<hp:ctrl><hp:footNote><hp:subList><hp:p><hp:run><hp:ctrl><hp:autoNum/></hp:ctrl><hp:t>각주</hp:t></hp:run></hp:p>"
    "</hp:subList></hp:footNote></hp:ctrl>"
    "<hp:dutmal><hp:mainText>본말</hp:mainText><hp:subText>SMALL</hp:subText></hp:dutmal>"
    "<hp:pic><hp:shapeComment>PICTURE</hp:shapeComment></hp:pic></hp:run></hp:p>"
    "<hp:p><hp:run><hp:tbl><hp:tr><hp:tc><hp:subList><hp:p><hp:run><hp:t>칸</hp:t></hp:run></hp:p></hp:subList></hp:tc>"
    "</hp:tr></hp:tbl><hp:rect><hp:drawText><hp:subList><hp:p><hp:run><hp:t>글상자</hp:t></hp:run></hp:p></hp:subList>"
    "</hp:drawText></hp:rect></hp:run></hp:p>"
)  # fmt: skip


def test_what_is_text_in_a_hangul_document_and_what_is_not(tmp_path: Path) -> None:
    assert found(tmp_path, Kind.HWPX, hangul_document(HANGUL)) == Prose(
        "처음\n\n가\n나 다라본말\n\n칸\n\n글상자", "각주"
    )


def test_another_reader_reads_the_same(tmp_path: Path) -> None:
    made = prose.hwpx(story("ko"))
    with TextExtractor(zipfile.ZipFile(io.BytesIO(made))) as other:
        assert text_of(tmp_path, Kind.HWPX, made) == other.extract_text(paragraph_separator="\n\n")


# Pages


def test_radicals_and_joined_letters_are_what_they_stand_for() -> None:
    spec = importlib.util.spec_from_file_location("stand_ins", checking.INSPECTION / "stand_ins.py")
    assert spec is not None and spec.loader is not None
    stand_ins = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stand_ins)
    assert stand_ins.restored("⼈⻅⻋ ﬁrst ⼾︒") == "人见车 first 户。"
    assert stand_ins.restored("⼾の⻑さ") == "戸の長さ"


def scanned() -> bytes:
    """A page that is a picture."""

    def draw(made: pikepdf.Pdf) -> None:
        picture = made.make_stream(samples.jpeg("a"))
        picture.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 8, "/Height": 8})
        picture.update({"/Filter": pikepdf.Name.DCTDecode, "/BitsPerComponent": 8})
        picture["/ColorSpace"] = pikepdf.Name.DeviceRGB
        made.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        made.pages[0].obj.Contents = made.make_stream(b"q 200 0 0 200 0 0 cm /Im0 Do Q")

    return samples.pdf(change=draw)


# What is refused


NO_ESSAY: list[tuple[Kind, Callable[[], bytes], str]] = [
    (Kind.PDF, scanned, "scanned"),
    (Kind.PDF, samples.pdf, "wordless"),
    (Kind.PDF, samples.encrypted_pdf, "encrypted"),
    (Kind.DOCX, lambda: prose.docx([]), "wordless"),
    (Kind.TEXT, lambda: b" \n\n\t ", "wordless"),
    (Kind.TEXT, lambda: b"x" * 50_001, "wordy"),
    (Kind.DOCX, lambda: prose.docx(["x" * 60_001]), "wordy"),
    (Kind.PDF, lambda: prose.pdf(["word " * 13_000]), "wordy"),
]


@pytest.mark.parametrize(("kind", "make", "word"), NO_ESSAY)
def test_what_holds_no_essay_gets_a_word_of_its_own(
    tmp_path: Path, kind: Kind, make: Callable[[], bytes], word: str
) -> None:
    assert found(tmp_path, kind, make()) == word


def test_as_much_as_an_essay_may_have_is_read(tmp_path: Path) -> None:
    assert len(text_of(tmp_path, Kind.TEXT, ("靑" * 50_000).encode())) == 50_000
    assert len(text_of(tmp_path, Kind.DOCX, prose.docx(["x" * 999] * 49))) < 50_000
    assert len(text_of(tmp_path, Kind.PDF, prose.pdf(PROSE["zh-Hans"] * 120, "zh"))) > 20_000


def _forms_within_each_other(made: pikepdf.Pdf) -> None:
    form = made.make_stream(b"/F Do " * 1000)
    form.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 9, 9]})
    form["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    made.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    made.pages[0].obj.Contents = made.make_stream(b"/F Do")


def _endless_content(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.Contents = made.make_stream(b"BT (a) Tj ET " * 3_000_000)


def _wide_document() -> bytes:
    noise = {"word/media/noise.png": random.Random(1).randbytes(450_000)}
    body = f"<w:document {W}><w:body>".encode() + b"<w:p/>" * 14_000_000 + b"</w:body></w:document>"
    parts = {"[Content_Types].xml": samples.CONTENT_TYPES, "_rels/.rels": samples.RELS, "word/document.xml": body}
    return samples.archive({**parts, **noise})


def _deep_document() -> bytes:
    inner = "<w:sdt>" * 240 + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + "</w:sdt>" * 240
    body = f"<w:document {W}><w:body>{inner}</w:body></w:document>".encode()
    parts = {"[Content_Types].xml": samples.CONTENT_TYPES, "_rels/.rels": samples.RELS}
    return samples.archive({**parts, "word/document.xml": body})


GREEDY = {
    "forms within each other": (Kind.PDF, lambda: samples.pdf(change=_forms_within_each_other)),
    "3 million commands on a page": (Kind.PDF, lambda: samples.pdf(change=_endless_content)),
    "14 million paragraphs": (Kind.DOCX, _wide_document),
    "240 elements within each other": (Kind.DOCX, _deep_document),
}


@pytest.mark.parametrize("greedy", GREEDY)
def test_what_asks_for_too_much_only_gets_a_verdict(tmp_path: Path, greedy: str) -> None:
    kind, make = GREEDY[greedy]
    said = found(tmp_path, kind, make())
    assert isinstance(said, Prose) or said in rules.VERDICTS


@pytest.mark.parametrize("each", hostile.CORPUS, ids=lambda each: each.title)
def test_hostile_files_are_refused_or_read_within_limits(tmp_path: Path, each: hostile.Hostile) -> None:
    storage = Folder(tmp_path / "kept")
    given = take(storage, io.BytesIO(each.make()), each.name, KINDS, hostile.LIMIT_MB, read=True)
    kept = [path for path in storage.root.rglob("*") if path.is_file()]
    if given.prose is None:
        assert (bool(given.error), given.checked, kept) == (True, None, [])
    else:
        assert len(given.prose.text) <= rules.MOST_TEXT
        assert "CANARY" not in given.prose.text + given.prose.notes
        assert len(kept) == 1


def test_what_a_child_says_too_much_of_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ('{"text": 1, "notes": ""}', '{"text": "\\ud800", "notes": ""}', "x", "[]",
                 '{"text": "' + "x" * 50_001 + '", "notes": ""}'):  # fmt: skip
        liar = tmp_path / "liar.py"
        liar.write_text(f"import sys; open(sys.argv[4], 'w').write({said!r}); print('clean')")
        monkeypatch.setattr(checking, "INSPECTION", liar)
        (tmp_path / "source").write_bytes(b"a")
        assert checking.read(Kind.TEXT, tmp_path / "source", tmp_path / "prose") == "unchecked"
