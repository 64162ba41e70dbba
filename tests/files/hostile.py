"""Files that mean harm, made on the spot, and what becomes of each: refused with a sentence, or made harmless."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from portal.files import rules
from portal.files.models import Kind
from portal.i18n import Lazy
from tests.files import samples

LIMIT_MB = 10
EVERY_KIND = (Kind.PDF, Kind.DOCX, Kind.HWPX, Kind.PNG, Kind.JPEG)
HTML = b"<html><script>alert('CANARY')</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


class Hostile(NamedTuple):
    """`sentence` is what its owner reads; without one it is kept, and `gone` is no longer in it."""

    title: str
    name: str
    make: Callable[[], bytes]
    sentence: str | Lazy = ""
    gone: tuple[bytes, ...] = ()
    kept_as: str = ""


# PDF


def _script(**entries: Any) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('CANARY')"), **entries)


def _open_action(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = _script()


def _named_scripts(made: pikepdf.Pdf) -> None:
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), _script()])))


def _additional_actions(made: pikepdf.Pdf) -> None:
    made.Root.AA = Dictionary(WC=_script())
    made.pages[0].obj.AA = Dictionary(O=_script())


def _annotated(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries)])

    return change


def _attached(made: pikepdf.Pdf) -> None:
    made.attachments["evil.exe"] = b"MZ CANARY"


def _xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=[], XFA=made.make_stream(b"<xdp>CANARY</xdp>"))


def _outlined(made: pikepdf.Pdf) -> None:
    item = made.make_indirect(Dictionary(Title=String("x"), A=Dictionary(S=Name.Launch, F=String("CANARY.exe"))))
    made.Root.Outlines = made.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))


def _portfolio(made: pikepdf.Pdf) -> None:
    made.Root.Collection = Dictionary(Type=Name.Collection, D=String("CANARY"))
    _attached(made)


def _page_loop(made: pikepdf.Pdf) -> None:
    made.Root.Pages.Kids.append(made.Root.Pages)


def _deep_pdf() -> bytes:
    """A hundred thousand arrays within each other."""
    return (
        b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R/Deep " + b"[" * 100_000 + b"]" * 100_000 + b">> endobj\n"
        b"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n3 0 obj <</Type/Page/Parent 2 0 R>> endobj\n"
        b"trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    )


# Archives


def _flat_bomb() -> bytes:
    return samples.docx(word__big_dot_xml=b"\0" * 150_000_000)


def _many_bombs() -> bytes:
    return samples.docx(**{f"word__{n}_dot_xml": b"<a>" + b" " * 9_000_000 + b"</a>" for n in range(20)})


def _nested_bomb() -> bytes:
    inner = samples.archive({"a": b"\0" * 10_000_000})
    for _ in range(3):
        inner = samples.archive({f"{n}.zip": inner for n in range(8)})
    return samples.docx(word__more_dot_zip=inner)


def _lying_bomb() -> bytes:
    """Its directory says ten bytes."""
    made = bytearray(_flat_bomb())
    entry = made.rfind(b"word/big.xml") - 46
    made[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    return bytes(made)


def _overlapping() -> bytes:
    """Every entry of the directory points at the same compressed bytes."""
    made = bytearray(samples.docx(word__one_dot_xml=b"<a/>" + b" " * 900_000, word__two_dot_xml=b"<b/>"))
    first, second = (made.rfind(name) - 46 for name in (b"word/one.xml", b"word/two.xml"))
    made[second + 16 : second + 28], made[second + 42 : second + 46] = (
        made[first + 16 : first + 28], made[first + 42 : first + 46],
    )  # fmt: skip
    return bytes(made)


def _entries(count: int) -> bytes:
    return samples.archive({f"word/{n}.xml": b"" for n in range(count)})


def _linked() -> bytes:
    written = io.BytesIO(samples.docx())
    with zipfile.ZipFile(written, "a") as archive:
        link = zipfile.ZipInfo("word/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return written.getvalue()


def _laughs() -> bytes:
    lines = [b'<!ENTITY a0 "ha">', *(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))]
    return samples.docx(word__settings_dot_xml=b"<!DOCTYPE a [" + b"".join(lines) + b"]><a>&a9;</a>")


def _outside() -> bytes:
    dtd = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    return samples.docx(word__settings_dot_xml=dtd)


def _deep_xml() -> bytes:
    """Beside something that does not shrink, or it would be refused as a bomb."""
    deep = b"<a>" * 1_000_000 + b"</a>" * 1_000_000
    return samples.docx(word__deep_dot_xml=deep, word__media__noise_dot_png=random.Random(1).randbytes(60_000))


def _encrypted_hwpx() -> bytes:
    manifest = b'<odf:manifest xmlns:odf="urn:m"><odf:file-entry><odf:encryption-data/></odf:file-entry></odf:manifest>'
    return samples.hwpx(**{"META-INF__manifest_dot_xml": manifest})


# Pictures


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def huge_png(width: int, height: int) -> bytes:
    """A black picture of so many points in a few kilobytes."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row, packer = bytes(1 + (width + 7) // 8), zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _placed_jpeg() -> bytes:
    exif, written = Image.Exif(), io.BytesIO()
    exif[0x8825] = {1: "N", 2: (47.0, 55.0, 13.0), 3: "E", 4: (106.0, 55.0, 2.0)}
    exif[0x010F] = "CANARY camera"
    Image.new("RGB", (64, 64), "red").save(written, "JPEG", exif=exif)
    return written.getvalue()


def _jpeg_with_thumbnail() -> bytes:
    """The smaller picture within shows what was cut away from the larger one."""
    inner = samples.jpeg("CANARY")
    tiff = b"II*\0\x08\0\0\0\0\0\x0e\0\0\0" + struct.pack("<H", 2)
    tiff += struct.pack("<HHII", 0x0201, 4, 1, 44) + struct.pack("<HHII", 0x0202, 4, 1, len(inner)) + b"\0" * 4 + inner
    segment = b"Exif\0\0" + tiff
    plain = samples.jpeg("")
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def _animated_png() -> bytes:
    written = io.BytesIO()
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue", "green")]
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    return written.getvalue()


def _gif() -> bytes:
    written = io.BytesIO()
    Image.new("P", (8, 8)).save(written, "GIF")
    return written.getvalue()


def _talking_png() -> bytes:
    return samples.png()[:-12] + _chunk(b"tEXt", b"Author\0CANARY") + samples.png()[-12:]


MISLABELLED = {kind: rules.FORMATS[kind].refusal for kind in EVERY_KIND}
ELSEWHERE = rules.not_among(EVERY_KIND)
WORDS = rules.VERDICTS
TOO_LARGE = rules.TOO_LARGE % {"limit": LIMIT_MB}

CORPUS = (
    Hostile("PDF that runs a script when it is opened", "a.pdf", lambda: samples.pdf(change=_open_action),
            gone=(b"CANARY", b"OpenAction", b"JavaScript")),
    Hostile("PDF with scripts by name", "a.pdf", lambda: samples.pdf(change=_named_scripts),
            gone=(b"CANARY", b"JavaScript")),
    Hostile("PDF with additional actions", "a.pdf", lambda: samples.pdf(change=_additional_actions),
            gone=(b"CANARY", b"/AA")),
    Hostile("PDF with a link that starts a program", "a.pdf",
            lambda: samples.pdf(change=_annotated(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("CANARY")))),
            gone=(b"CANARY", b"Launch")),
    Hostile("PDF with a bookmark that starts a program", "a.pdf", lambda: samples.pdf(change=_outlined),
            gone=(b"CANARY", b"Launch")),
    Hostile("PDF with a program attached", "a.pdf", lambda: samples.pdf(change=_attached),
            gone=(b"CANARY", b"EmbeddedFile")),
    Hostile("PDF that is a folder of files", "a.pdf", lambda: samples.pdf(change=_portfolio),
            gone=(b"CANARY", b"Collection")),
    Hostile("PDF with a film that is a program", "a.pdf",
            lambda: samples.pdf(change=_annotated(Subtype=Name.RichMedia, Contents=String("CANARY"))),
            gone=(b"CANARY", b"RichMedia")),
    Hostile("PDF with a form in XML (XFA)", "a.pdf", lambda: samples.pdf(change=_xfa), gone=(b"CANARY", b"XFA")),
    Hostile("PDF with its author everywhere", "a.pdf", samples.telling_pdf, gone=(b"CANARY",)),
    Hostile("PDF with a password", "a.pdf", samples.encrypted_pdf, WORDS["encrypted"]),
    Hostile("PDF cut in the middle", "a.pdf", lambda: samples.pdf()[:60], WORDS["damaged"]),
    Hostile("PDF whose pages contain themselves", "a.pdf", lambda: samples.pdf(change=_page_loop), WORDS["damaged"]),
    Hostile("PDF with 100,000 arrays within each other", "a.pdf", _deep_pdf, WORDS["damaged"]),
    Hostile("PDF of 201 pages", "a.pdf", lambda: samples.pdf(201), WORDS["long"]),
    Hostile("PDF that is a ZIP archive as well", "a.pdf", lambda: samples.pdf() + samples.archive({"a": b"a"}),
            WORDS["double"]),
    Hostile("PDF with a web page behind it", "a.pdf", lambda: samples.pdf() + HTML, WORDS["double"]),
    Hostile("PDF with a web page before it", "a.pdf", lambda: HTML + samples.pdf(), MISLABELLED[Kind.PDF]),
    Hostile("Web page called PDF", "a.pdf", lambda: HTML, MISLABELLED[Kind.PDF]),
    Hostile("SVG with a script called PDF", "a.pdf", lambda: SVG, MISLABELLED[Kind.PDF]),
    Hostile("ZIP bomb in one part", "a.docx", _flat_bomb, WORDS["bloated"]),
    Hostile("ZIP bomb in twenty parts", "a.docx", _many_bombs, WORDS["bloated"]),
    Hostile("ZIP bomb of archives within archives", "a.docx", _nested_bomb, WORDS["active"]),
    Hostile("ZIP bomb that lies about its size", "a.docx", _lying_bomb, WORDS["damaged"]),
    Hostile("ZIP archive whose parts overlap", "a.docx", _overlapping, WORDS["damaged"]),
    Hostile("ZIP archive of 60,000 parts", "a.docx", lambda: _entries(60_000), WORDS["bloated"]),
    Hostile("DOCX with macros", "a.docx", lambda: samples.docx(word__vbaProject_dot_bin=b"macro"), WORDS["active"]),
    Hostile("DOCX with an embedded program", "a.docx", lambda: samples.docx(word__embeddings__a_dot_exe=b"MZ"),
            WORDS["active"]),
    Hostile("DOCX that loads its template from elsewhere", "a.docx", samples.docx, gone=(b"evil.example", b"CANARY")),
    Hostile("DOCX with entities that grow (billion laughs)", "a.docx", _laughs, WORDS["active"]),
    Hostile("DOCX with an entity that reads a file", "a.docx", _outside, WORDS["active"]),
    Hostile("DOCX with a million elements within each other", "a.docx", _deep_xml, WORDS["damaged"]),
    Hostile("DOCX with a part named ../", "a.docx", lambda: samples.docx(**{"..__..__up_dot_xml": b"<a/>"}),
            WORDS["damaged"]),
    Hostile("DOCX with a part named from the root", "a.docx", lambda: samples.docx(__etc__up_dot_xml=b"<a/>"),
            WORDS["damaged"]),
    Hostile("DOCX with a link to another file", "a.docx", _linked, WORDS["damaged"]),
    Hostile("DOCX with a password", "a.docx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, WORDS["encrypted"]),
    Hostile("Program called DOCX", "a.docx", lambda: b"MZ\x90\0" + b"\0" * 600, MISLABELLED[Kind.DOCX]),
    Hostile("HWPX called DOCX", "a.docx", samples.hwpx, MISLABELLED[Kind.DOCX]),
    Hostile("HWPX with a script", "a.hwpx",
            lambda: samples.hwpx(Scripts__headerScripts=b"var CANARY", Scripts__sourceScripts=b"function CANARY(){}"),
            gone=(b"CANARY", b"Scripts/")),
    Hostile("HWPX with an embedded object", "a.hwpx", lambda: samples.hwpx(BinData__ole1_dot_OLE=b"MZ"),
            WORDS["active"]),
    Hostile("HWPX with a password", "a.hwpx", _encrypted_hwpx, WORDS["encrypted"]),
    Hostile("HWPX with entities", "a.hwpx",
            lambda: samples.hwpx(Contents__header_dot_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            WORDS["active"]),
    Hostile("DOCX called HWPX", "a.hwpx", samples.docx, MISLABELLED[Kind.HWPX]),
    Hostile("PNG of 40,000 × 40,000 points", "a.png", lambda: huge_png(40_000, 40_000), WORDS["large"]),
    Hostile("PNG with an archive behind it", "a.png", lambda: samples.png() + samples.archive({"CANARY": b"a"}),
            gone=(b"CANARY", b"PK\x03\x04")),
    Hostile("PNG with a web page behind it", "a.png", lambda: samples.png() + HTML, gone=(b"CANARY", b"<script>")),
    Hostile("PNG with its author in a text", "a.png", _talking_png, gone=(b"CANARY", b"tEXt")),
    Hostile("PNG that moves", "a.png", _animated_png, gone=(b"acTL", b"fdAT")),
    Hostile("PNG cut in the middle", "a.png", lambda: samples.png(900, 900)[:-60], WORDS["damaged"]),
    Hostile("GIF called PNG", "a.png", _gif, MISLABELLED[Kind.PNG]),
    Hostile("SVG with a script called PNG", "a.png", lambda: SVG, MISLABELLED[Kind.PNG]),
    Hostile("JPEG with the place where it was taken", "a.jpg", _placed_jpeg, gone=(b"CANARY", b"Exif")),
    Hostile("JPEG with a smaller picture in it", "a.jpg", _jpeg_with_thumbnail, gone=(b"CANARY", b"Exif")),
    Hostile("JPEG with its author in a comment", "a.jpg", lambda: samples.jpeg("CANARY"), gone=(b"CANARY",)),
    Hostile("JPEG cut in the middle", "a.jpg", lambda: samples.jpeg("x")[:-30], WORDS["damaged"]),
    Hostile("PNG called JPEG", "a.jpeg", samples.png, MISLABELLED[Kind.JPEG]),
    Hostile("SVG with a script called JPEG", "a.jpg", lambda: SVG, MISLABELLED[Kind.JPEG]),
    Hostile("SVG with a script", "a.svg", lambda: SVG, ELSEWHERE),
    Hostile("Program with two endings", "a.pdf.exe", lambda: b"MZ", ELSEWHERE),
    Hostile("No bytes", "a.pdf", lambda: b"", rules.EMPTY),
    Hostile("One byte over the limit", "a.pdf", lambda: b"%PDF-" + b"x" * (LIMIT_MB * 1_000_000 - 4), TOO_LARGE),
    Hostile("Name that climbs to another folder", "../../etc/passwd.pdf", samples.pdf, kept_as="passwd.pdf"),
    Hostile("Name that turns around (RTL override)", "cv\u202efdp.exe.pdf", samples.pdf, kept_as="cvfdp.exe.pdf"),
    Hostile("Name with NUL", "cv\0.exe.pdf", samples.pdf, kept_as="cv.exe.pdf"),
    Hostile("Name of 300 bytes", "靑" * 100 + ".pdf", samples.pdf, kept_as="靑" * 48 + ".pdf"),
    Hostile("Name with a script", "<script>alert(1)</script>.pdf", samples.pdf, kept_as="script_.pdf"),
)  # fmt: skip


def laid_open(content: bytes, kind: Kind) -> bytes:
    """All that is in it, unpacked."""
    if kind is Kind.PDF:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return samples.laid_open(pdf)
    if kind in {Kind.DOCX, Kind.HWPX}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())
    return content


def _outcome(hostile: Hostile) -> str:
    if hostile.sentence:
        return f"refused | {hostile.sentence}"
    if hostile.kept_as:
        return f"kept | under the name `{hostile.kept_as}`"
    gone = ", ".join(f"`{trace.decode().strip()}`" for trace in hostile.gone if trace != b"CANARY")
    return f"made harmless | {gone or 'what named its author'} is gone"


def as_markdown() -> str:
    """docs/security-uploads.md."""
    rows = [f"| {hostile.title} | {_outcome(hostile)} |" for hostile in CORPUS]
    return "\n".join([INTRODUCTION, "| file | outcome | what is said, or gone |", "| --- | --- | --- |", *rows, ""])


INTRODUCTION = """# What becomes of files that mean harm

The content of a file decides what it is; its name must agree with it. Every file is looked into by a process of its
own, which has 512 MB of memory (a picture of 40 megapixels takes 160 MB, and as much again while it is turned
upright), 5 seconds of processor time, 10 seconds in all, no network where the system allows that, no settings and no
database. It writes a clean copy, and only that copy is kept: PDF documents and archives are written anew without what
acts, hides or names somebody, pictures are decoded and written anew. When that process crashes or is stopped, the
file is refused as one that could not be checked.

Limits: the size of an upload (`PORTAL_UPLOAD_LIMIT_MB`, 10 MB); 200 pages in a PDF; 40 megapixels in a picture; in
DOCX and HWPX at most 2,000 parts that unpack to 100 MB or to 200 times their size; 200 files and 500 MB a person.

## Essays: what is read from a file, and what is not

Of an essay that is uploaded, a second process of the same kind and with the same limits reads the text, from the clean
copy only, so that what is read is what is kept. No limit had to be raised: reading takes 80 MB and under half a second.
The author reads the text and confirms it before it counts. Nobody but the author and the screeners of the edition can
fetch the file; a judge reads text that the portal shows, never an uploaded byte.

- DOCX: the paragraphs of the body, in tables, content controls and text boxes too, as they stand once all changes are
  accepted. Footnotes and endnotes are notes. Not text are headers, footers, comments, what was deleted or moved away,
  hidden text (`w:vanish`, by itself or by its style), instructions of fields, numbers of lists, and readings above
  characters (ruby).
- HWPX: the paragraphs of all sections, in tables and text boxes too. Footnotes and endnotes are notes. Not text are
  headers, footers, page numbers, hidden comments, memos, what was deleted while changes were tracked, formulas and
  descriptions of pictures.
- PDF: what the pages show, lines joined to paragraphs, radicals and joined letters put back to the characters that they
  stand for. Not text are annotations, what the file marks as an artifact, first and last lines that stand apart and
  return on two thirds of the pages, and page numbers. Footnotes stay in the text: a page does not say what they are. So
  does a header on a single page; and a paragraph that ends at the end of a full last line is joined to the next one.
- TXT: all of it, in UTF-8, or in UTF-16 with its mark. Other encodings (CP949, GB18030, Shift_JIS, CP1251) cannot be
  told apart for certain: the author is asked to save the text as UTF-8.

Refused, each with a sentence of its own: a PDF of pictures without text, a PDF whose fonts do not tell which letters
they show, a file without text, one with a password, one with more than 50,000 characters of text or 10,000 of notes.
What crashes the reader, or takes longer or more memory than it may, is refused as one that could not be checked.

## The files of the tests

Printed by `python -m tests.files` from `tests/files/hostile.py`; the tests make each of these files, take it, and
send those that are refused through the portal.
"""
