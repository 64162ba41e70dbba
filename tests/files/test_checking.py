"""What is let in, what is refused and what is taken out, by the real child process."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portal.files import checking
from portal.files.models import Kind
from tests.files import hostile, samples

pytestmark = pytest.mark.slow


def check(folder: Path, kind: Kind, content: bytes) -> tuple[str, bytes]:
    source, target = folder / "source", folder / "target"
    source.write_bytes(content)
    target.unlink(missing_ok=True)
    word = checking.verdict(kind, source, target)
    return word, target.read_bytes() if target.exists() else b""


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.PDF, samples.pdf(200)),
        (Kind.PDF, samples.pdf() + b"\r\n\0"),
        (Kind.DOCX, samples.docx()),
        (Kind.HWPX, samples.hwpx()),
        (Kind.PNG, samples.png()),
        (Kind.JPEG, samples.jpeg("A")),
        (Kind.TEXT, "Тэмдэглэл 靑森\n".encode()),
        (Kind.TEXT, b"\xef\xbb\xbfmarked"),
    ],
)
def test_good_files_come_through(tmp_path: Path, kind: Kind, content: bytes) -> None:
    word, kept = check(tmp_path, kind, content)
    assert word == "clean"
    assert kept


@pytest.mark.parametrize(
    ("kind", "content", "word"),
    [
        (Kind.PDF, b"not a PDF at all", "kind"),
        (Kind.PDF, b"\n" + samples.pdf(), "kind"),
        (Kind.PDF, b"%PDF-1.7\nbroken", "damaged"),
        (Kind.PDF, samples.pdf(0), "damaged"),
        (Kind.PDF, samples.pdf(201), "long"),
        (Kind.PDF, samples.encrypted_pdf(), "encrypted"),
        (Kind.PDF, samples.pdf(encryption=pikepdf.Encryption(owner="only", user="")), "encrypted"),
        (Kind.PDF, samples.pdf() + samples.archive({"a.txt": b"a"}), "double"),
        (Kind.PDF, samples.pdf() + b"<script>alert(1)</script>", "double"),
        (Kind.PDF, samples.docx(), "kind"),
        (Kind.DOCX, samples.pdf(), "kind"),
        (Kind.DOCX, samples.archive({"a.txt": b"a"}), "kind"),
        (Kind.DOCX, b"\xd0\xcf\x11\xe0" + b"\0" * 600, "encrypted"),
        (Kind.DOCX, samples.docx()[:-40], "damaged"),
        (Kind.DOCX, samples.docx(word__vbaProject_dot_bin=b"macro"), "active"),
        (Kind.DOCX, samples.docx(word__embeddings__oleObject1_dot_bin=b"x"), "active"),
        (Kind.DOCX, samples.docx(word__more_dot_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "active"),
        (Kind.DOCX, samples.docx(word__more_dot_xml=b"<a><b></a>"), "damaged"),
        (Kind.DOCX, samples.docx(word__big_dot_xml=b"\0" * 101_000_000), "bloated"),
        (Kind.DOCX, samples.archive({f"{n}.xml": b"" for n in range(2001)}), "bloated"),
        (Kind.DOCX, samples.archive({"../up.xml": b"", "[Content_Types].xml": b""}), "damaged"),
        (Kind.DOCX, samples.hwpx(), "kind"),
        (Kind.HWPX, samples.docx(), "kind"),
        (Kind.HWPX, samples.hwpx(mimetype=b"application/zip"), "kind"),
        (Kind.HWPX, samples.hwpx(BinData__a_dot_ole=b"x"), "active"),
        (Kind.PNG, samples.jpeg("A"), "kind"),
        (Kind.JPEG, samples.png(), "kind"),
        (Kind.PNG, samples.png()[:30], "damaged"),
        (Kind.PNG, hostile.huge_png(8000, 5001), "large"),
        (Kind.TEXT, b"nul\0", "kind"),
        (Kind.TEXT, b"\xff\xfe", "kind"),
        (Kind.TEXT, b"\x1b[31m", "kind"),
        (Kind.TEXT, samples.pdf(), "double"),
        (Kind.TEXT, b"\x89PNG\r\n\x1a\n", "kind"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_and_named(tmp_path: Path, kind: Kind, content: bytes, word: str) -> None:
    assert check(tmp_path, kind, content)[0] == word


def test_a_pdf_no_longer_tells_who_wrote_it(tmp_path: Path) -> None:
    telling = samples.telling_pdf()
    with pikepdf.open(io.BytesIO(telling)) as pdf:
        assert samples.laid_open(pdf).count(b"CANARY") >= 9
    word, kept = check(tmp_path, Kind.PDF, telling)
    assert word == "clean"
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        everything = samples.laid_open(pdf)
        assert "/Im0" in pdf.pages[0].obj.Resources.XObject, "the picture itself is kept"
    for trace in (b"CANARY", b"JavaScript", b"/OpenAction", b"/AA", b"/AcroForm", b"/EmbeddedFile", b"/Metadata"):
        assert trace not in everything


def test_what_was_filled_into_a_form_stays_on_the_page(tmp_path: Path) -> None:
    def fill(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_stream(b"BT (FILLED) Tj ET")
        look.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 50, 20]})
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("f"),
            V=pikepdf.String("FILLED"), Rect=[0, 0, 50, 20], AP=pikepdf.Dictionary(N=look), F=4,
        )  # fmt: skip
        made = pdf.make_indirect(field)
        pdf.pages[0].obj.Annots = pikepdf.Array([made])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([made]))

    word, kept = check(tmp_path, Kind.PDF, samples.pdf(change=fill))
    assert word == "clean"
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert b"FILLED" in samples.laid_open(pdf)
        assert "/AcroForm" not in pdf.Root


def test_a_document_no_longer_tells_who_wrote_it(tmp_path: Path) -> None:
    word, kept = check(tmp_path, Kind.DOCX, samples.docx())
    assert word == "clean"
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name, body in parts.items() if b"CANARY" in body or name.startswith("docProps")]
    assert b"evil.example" not in parts["_rels/.rels"]
    assert b"docProps" not in parts["_rels/.rels"] + parts["[Content_Types].xml"]
    assert b"http://example.org/" in parts["_rels/.rels"], "a link in the text is kept"
    assert b"text" in parts["word/document.xml"]


def test_a_hangul_document_no_longer_tells_who_wrote_it(tmp_path: Path) -> None:
    header = b'<hh:head xmlns:hh="urn:h"><hh:trackChangeAuthor id="1" name="CANARY" mark="0"/></hh:head>'
    made = samples.hwpx(
        Contents__header_dot_xml=header, BinData__image1_dot_jpg=samples.jpeg("CANARY"), META__INF__x=b"CANARY",
        DocHistory__history1_dot_xml=b"CANARY",
    )  # fmt: skip
    assert hostile.laid_open(made, Kind.HWPX).count(b"CANARY") >= 7
    word, kept = check(tmp_path, Kind.HWPX, made)
    assert word == "clean"
    everything = hostile.laid_open(kept, Kind.HWPX)
    assert b"CANARY" not in everything
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, archive.read(first)) == ("mimetype", 0, b"application/hwp+zip")
        package = archive.read("Contents/content.hpf")
        assert b"Preview" not in archive.read("META-INF/container.xml")
        assert b">text<" in archive.read("Contents/section0.xml")
        assert "BinData/image1.jpg" in archive.namelist(), "pictures are kept"
    assert b"section0" in package
    assert b"Scripts" not in package


def test_pictures_within_documents_lose_their_metadata(tmp_path: Path) -> None:
    written = io.BytesIO()
    told = PngInfo()
    told.add_text("Author", "CANARY")
    Image.new("RGB", (8, 8), "red").save(written, "PNG", pnginfo=told)
    word, kept = check(tmp_path, Kind.DOCX, samples.docx(word__media__a_dot_png=written.getvalue()))
    assert word == "clean"
    with zipfile.ZipFile(io.BytesIO(kept)) as archive, Image.open(archive.open("word/media/a.png")) as picture:
        assert (picture.text, picture.getpixel((0, 0))) == ({}, (255, 0, 0))


@pytest.mark.parametrize(("kind", "name"), [(Kind.JPEG, "JPEG"), (Kind.PNG, "PNG")])
def test_a_picture_stays_upright_without_its_metadata(tmp_path: Path, kind: Kind, name: str) -> None:
    exif, written = Image.Exif(), io.BytesIO()
    exif[0x0112], exif[0x010F] = 6, "CANARY"  # turn it to the right
    lying = Image.new("RGB", (64, 32), "blue")
    lying.paste("red", (0, 0, 32, 32))
    lying.save(written, name, exif=exif)
    word, kept = check(tmp_path, kind, written.getvalue())
    assert word == "clean"
    assert b"CANARY" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (32, 64)
        assert not picture.getexif()
        top, bottom = (picture.convert("RGB").getpixel((16, y)) for y in (8, 56))
    assert top[0] > 200 > 50 > top[2]
    assert bottom[2] > 200 > 50 > bottom[0]


def test_forty_megapixels_fit(tmp_path: Path) -> None:
    exif, written = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.new("RGB", (8000, 5000), "red").save(written, "JPEG", exif=exif)
    word, kept = check(tmp_path, Kind.JPEG, written.getvalue())
    assert word == "clean"
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (5000, 8000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_point_comes_through(tmp_path: Path, mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (9, 5)).save(written, "PNG")
    assert check(tmp_path, Kind.PNG, written.getvalue())[0] == "clean"


def test_print_colours_become_those_of_screens(tmp_path: Path) -> None:
    written = io.BytesIO()
    Image.new("CMYK", (9, 5)).save(written, "JPEG")
    _word, kept = check(tmp_path, Kind.JPEG, written.getvalue())
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.mode == "RGB"


def test_an_archive_that_lies_about_its_sizes(tmp_path: Path) -> None:
    made = bytearray(samples.docx(word__big_dot_xml=b"\0" * 101_000_000))
    entry = made.rfind(b"word/big.xml") - 46
    made[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert check(tmp_path, Kind.DOCX, bytes(made))[0] in {"damaged", "bloated"}


def test_the_child_has_little_memory_and_time(tmp_path: Path) -> None:
    """The limits hold in a child that tries to exceed them."""
    greedy = "import sys; sys.path.insert(0, sys.argv[1]); import limits; limits.confine(); x = bytearray(10**9)"
    # The folder also holds modules that share names with others: import it from a copy.
    (tmp_path / "limits.py").write_text((checking.INSPECTION / "limits.py").read_text())
    hungry = subprocess.run([sys.executable, "-c", greedy, str(tmp_path)], capture_output=True, check=False)
    assert b"MemoryError" in hungry.stderr
    busy = greedy.replace("x = bytearray(10**9)", "\nwhile True: pass")
    assert subprocess.run([sys.executable, "-c", busy, str(tmp_path)], check=False).returncode < 0


def test_the_child_sees_none_of_our_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text("import json, os, sys; print('clean'); json.dump(dict(os.environ), open(sys.argv[-1], 'w'))")
    monkeypatch.setenv("PORTAL_SECRET", "CANARY")
    monkeypatch.setattr(checking, "INSPECTION", spy)
    word, seen = check(tmp_path, Kind.PDF, b"")
    assert word == "clean"
    assert "PORTAL_SECRET" not in json.loads(seen)


@pytest.mark.parametrize("crash", ["import os; os.abort()", "import time; time.sleep(60)", "", "raise MemoryError"])
def test_a_crash_and_a_stall_are_could_not_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash: str
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(crash)
    monkeypatch.setattr(checking, "INSPECTION", broken)
    monkeypatch.setattr(checking, "SECONDS", 1)
    assert check(tmp_path, Kind.PDF, samples.pdf())[0] == "unchecked"


def test_children_leave_nothing_running(tmp_path: Path) -> None:
    for _ in range(3):
        check(tmp_path, Kind.PDF, b"%PDF-1.7\nbroken")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
