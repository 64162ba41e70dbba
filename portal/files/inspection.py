"""Looks into one untrusted file and writes a clean copy: python inspection.py KIND SOURCE TARGET

Runs as a process of its own, started by checking.py, because parsers of documents are where the holes
are: little memory, little time, no settings, no database, and nothing of the portal imported. Prints one
word: "clean", or what is wrong. Anything else (a crash, silence) counts as "could not be checked".
"""

import ctypes
import io
import itertools
import re
import resource
import stat
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEGABYTE = 1_000_000
MEMORY = 512 * MEGABYTE
SECONDS = 5
LARGEST_OUTPUT = 200 * MEGABYTE
PAGES = 200
ENTRIES = 2_000
INFLATED = 100 * MEGABYTE
RATIO = 200
NEW_NETWORK = 0x40000000  # CLONE_NEWNET
NEW_USER = 0x10000000  # CLONE_NEWUSER


class Refused(Exception):
    """The word says why."""


def confine() -> None:
    """Gives up what a parser does not need. Without a network where the system lets us."""
    for limit, most in {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: LARGEST_OUTPUT,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }.items():
        resource.setrlimit(limit, (most, most))
    ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)


def main(kind: str, source: Path, target: Path) -> str:
    confine()
    try:
        INSPECTORS[kind](source, target)
    except Refused as refused:
        return str(refused)
    return "clean"


# PDF: https://pdfa.org/resource/iso-32000-2/ - what acts by itself, what names people, what hides files
ACTING = ("/OpenAction", "/AA", "/AcroForm", "/JS", "/XFA", "/Collection", "/Requirements")
NAMING = ("/Metadata", "/PieceInfo", "/LastModified", "/Perms", "/DSS")
HIDING = ("/EF", "/RF", "/AF", "/AFRelationship")
DROPPED = frozenset(ACTING + NAMING + HIDING)
ACTIONS = ("/A", "/PA", "/Next")
ALLOWED_ACTIONS = {"/GoTo", "/URI", "/Named"}
FORBIDDEN_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}


def inspect_pdf(source: Path, target: Path) -> None:
    head = _head(source)
    if not head.startswith(b"%PDF-"):
        raise Refused("kind")
    import pikepdf  # noqa: PLC0415 - only after confine(), and only for a PDF

    try:
        with pikepdf.open(source, suppress_warnings=True) as pdf:
            _one_kind(source)
            _readable(pdf)
            _strip(pdf, pikepdf)
            pdf.save(target, deterministic_id=True, linearize=False)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError):
        raise Refused("damaged") from None


def _head(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(1024)


def _one_kind(source: Path) -> None:
    """Nothing after the end of the PDF, and no archive around it."""
    content = source.read_bytes()
    rest = content[content.rfind(b"%%EOF") + 5 :] if b"%%EOF" in content else b""
    if rest.strip(b"\0\r\n\t \x1a") or zipfile.is_zipfile(source):
        raise Refused("double")


def _readable(pdf: Any) -> None:
    if pdf.is_encrypted:
        raise Refused("encrypted")
    pages = len(pdf.pages)
    if pages > PAGES:
        raise Refused("long")
    if not pages:
        raise Refused("damaged")


def _strip(pdf: Any, pikepdf: Any) -> None:
    if "/AcroForm" in pdf.Root:  # what was filled in becomes part of the page
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    names = pdf.Root.get("/Names")
    for key in list(names.keys()) if names is not None else []:
        if key != "/Dests":
            del names[key]
    for thing in pdf.objects:
        _scrub(thing, pdf, pikepdf)
    for page in pdf.pages:
        _keep_quiet_annotations(page, pikepdf)


def _scrub(thing: Any, pdf: Any, pikepdf: Any) -> None:
    if isinstance(thing, pikepdf.Array):
        for part in thing:
            _scrub_within(part, pdf, pikepdf)
        return
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    for key in set(thing.keys()) & DROPPED:
        del thing[key]
    for key in ACTIONS:
        if key in thing and _forbidden(thing[key], pikepdf):
            del thing[key]
    for key in thing.keys():  # noqa: SIM118 - a pikepdf dictionary iterates differently
        _scrub_within(thing[key], pdf, pikepdf)
    if isinstance(thing, pikepdf.Stream):
        _scrub_picture(thing, pdf, pikepdf)


def _scrub_within(part: Any, pdf: Any, pikepdf: Any) -> None:
    """What is written in place; what is an object of its own comes by itself."""
    if isinstance(part, pikepdf.Object) and not part.is_indirect:
        _scrub(part, pdf, pikepdf)


def _forbidden(action: Any, pikepdf: Any) -> bool:
    if isinstance(action, pikepdf.Array):
        return any(_forbidden(part, pikepdf) for part in action)
    if not isinstance(action, pikepdf.Dictionary) or "/S" not in action:
        return False
    return str(action["/S"]) not in ALLOWED_ACTIONS


def _keep_quiet_annotations(page: Any, pikepdf: Any) -> None:
    annotations = page.obj.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return
    kept = [one for one in annotations if str(one.get("/Subtype", "")) not in FORBIDDEN_ANNOTATIONS]
    page.obj["/Annots"] = pikepdf.Array(kept)


def _scrub_picture(stream: Any, pdf: Any, pikepdf: Any) -> None:
    """A photograph carries its own metadata, which names cameras, places and people."""
    filters = _filters(stream, pikepdf)
    if not filters or filters[-1] != "/DCTDecode":
        return
    content = stream.read_raw_bytes()
    if len(filters) > 1:
        wrapped = pdf.make_stream(content)
        wrapped["/Filter"] = pikepdf.Array([pikepdf.Name(name) for name in filters[:-1]])
        content = wrapped.read_bytes()
    parms = stream.get("/DecodeParms")
    last = parms[-1] if isinstance(parms, pikepdf.Array) and len(parms) else parms
    kept = last if isinstance(last, pikepdf.Dictionary) else None
    stream.write(strip_jpeg(content), filter=pikepdf.Name("/DCTDecode"), decode_parms=kept)


def _filters(stream: Any, pikepdf: Any) -> list[str]:
    found = stream.get("/Filter")
    if found is None:
        return []
    return [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)]


def strip_jpeg(content: bytes) -> bytes:
    """Without comments and application segments, except JFIF, the colour profile and Adobe's colour transform."""
    if not content.startswith(b"\xff\xd8"):
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:  # the picture itself; nothing after it is a segment
            return b"".join([*kept, content[at:]])
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if not _names_somebody(marker, content[at + 4 : end]):
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])


def _names_somebody(marker: int, segment: bytes) -> bool:
    if marker == 0xFE:
        return True
    profile = marker == 0xE2 and segment.startswith(b"ICC_PROFILE\0")
    return 0xE0 <= marker <= 0xEF and marker not in (0xE0, 0xEE) and not profile


# DOCX: ECMA-376, a ZIP archive of XML parts
REQUIRED = {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}
PROPERTIES = re.compile(r"docProps/|customXml/|word/people\.xml$|word/_rels/settings\.xml\.rels$", re.IGNORECASE)
ACTIVE = re.compile(
    r"vbaProject|vbaData|activeX|embeddings/|macrosheets|\.(exe|dll|js|vbs|bin|zip|docm?|rtf)$", re.IGNORECASE
)
AUTHORS = re.compile(rb'(\sw:(?:author|initials|lastModifiedBy)=)"[^"]*"')
PICTURE = re.compile(r"\.jpe?g$", re.IGNORECASE)


def inspect_docx(source: Path, target: Path) -> None:
    head = _head(source)
    if not head.startswith(b"PK\x03\x04"):
        raise Refused("encrypted" if head.startswith(b"\xd0\xcf\x11\xe0") else "kind")
    if b"%PDF-" in head:
        raise Refused("double")
    try:
        with zipfile.ZipFile(source) as archive:
            _rewrite(archive, source.stat().st_size, target)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError, OSError):
        raise Refused("damaged") from None


def _rewrite(archive: zipfile.ZipFile, size: int, target: Path) -> None:
    entries = archive.infolist()
    _plain_archive(entries)
    if not {entry.filename for entry in entries} >= REQUIRED:
        raise Refused("kind")
    left = min(INFLATED, RATIO * size)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in entries:
            content = _inflate(archive, entry, left)
            left -= len(content)
            cleaned = _clean_part(entry.filename, content)
            if cleaned is not None:
                copy.writestr(zipfile.ZipInfo(entry.filename), cleaned, zipfile.ZIP_DEFLATED)


def _plain_archive(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRIES:
        raise Refused("bloated")
    if len(set(names)) != len(names) or any(_strange(entry) for entry in entries) or _overlap(entries):
        raise Refused("damaged")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    if any(ACTIVE.search(name) for name in names):
        raise Refused("active")


def _strange(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    outside = name.startswith("/") or "\\" in name or ".." in name.split("/") or "\0" in name or ":" in name
    return outside or stat.S_ISLNK(entry.external_attr >> 16)


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    return any(
        one.header_offset + 30 + len(one.orig_filename.encode("utf-8", "surrogateescape")) + one.compress_size
        > following.header_offset
        for one, following in itertools.pairwise(ordered)
    )


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Counted while it is read: what the archive says of its sizes may be a lie."""
    pieces = []
    with archive.open(entry) as part:
        while piece := part.read(65_536):
            left -= len(piece)
            if left < 0:
                raise Refused("bloated")
            pieces.append(piece)
    return b"".join(pieces)


def _clean_part(name: str, content: bytes) -> bytes | None:
    """The part as it is kept; None leaves it out."""
    if PROPERTIES.match(name) or name.endswith("/"):
        return None
    if PICTURE.search(name):
        return strip_jpeg(content)
    if not name.endswith((".xml", ".rels")):
        return content
    root = _parse(content)
    if name.endswith(".rels"):
        _leave_out(root, "Target", _pointing_out)
        return _serialised(root)
    if name == "[Content_Types].xml":
        if b"macroEnabled" in content:
            raise Refused("active")
        _leave_out(root, "PartName", _pointing_out)
        return _serialised(root)
    return AUTHORS.sub(rb'\1""', content)


def _parse(content: bytes) -> Any:
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise Refused("damaged") from None
    if root.getroottree().docinfo.doctype:
        raise Refused("active")
    return root


def _leave_out(root: Any, attribute: str, unwanted: Callable[[str], bool]) -> None:
    for child in list(root):
        outside = child.get("TargetMode") == "External" and not child.get("Type", "").endswith("/hyperlink")
        if outside or unwanted(child.get(attribute, "")):
            root.remove(child)


def _pointing_out(target: str) -> bool:
    """It names a part that is left out."""
    return bool(PROPERTIES.match(target.lstrip("/").removeprefix("../"))) or target == "people.xml"


def _serialised(root: Any) -> bytes:
    from lxml import etree  # noqa: PLC0415 - as above

    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def inspect_text(source: Path, target: Path) -> None:
    content = source.read_bytes()
    if b"%PDF-" in content[:1024] or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("double")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("kind") from None
    if any(_is_control(character) for character in text):
        raise Refused("kind")
    target.write_bytes(text.encode())


def _is_control(character: str) -> bool:
    return (ord(character) < 32 and character not in "\t\n\r\f") or 127 <= ord(character) < 160


INSPECTORS = {"pdf": inspect_pdf, "docx": inspect_docx, "text": inspect_text}

if __name__ == "__main__":
    print(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
