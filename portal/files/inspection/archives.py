"""Documents that are ZIP archives of XML parts: unpacked with a limit, cleaned part by part, packed anew."""

import io
import itertools
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from .limits import ENTRIES, INFLATED, RATIO, Refused, head_of

Cleaner = Callable[[str, bytes], bytes | None]  # a part's name and content; None leaves it out
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError, OSError)


def rewrite(source: Path, target: Path, prepare: Callable[[zipfile.ZipFile], Cleaner]) -> None:
    """`prepare` refuses an archive that is no such document, and says how its parts are cleaned."""
    head = head_of(source)
    if not head.startswith(b"PK\x03\x04"):
        raise Refused("encrypted" if head.startswith(b"\xd0\xcf\x11\xe0") else "kind")
    if b"%PDF-" in head:
        raise Refused("double")
    try:
        with zipfile.ZipFile(source) as archive:
            _plain(archive.infolist())
            _copy(archive, target, prepare(archive), min(INFLATED, RATIO * source.stat().st_size))
    except BROKEN:
        raise Refused("damaged") from None


def _copy(archive: zipfile.ZipFile, target: Path, cleaned: Cleaner, left: int) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in archive.infolist():
            content = inflate(archive, entry, left)
            left -= len(content)
            kept = None if entry.is_dir() else cleaned(entry.filename, content)
            if kept is not None:
                copy.writestr(zipfile.ZipInfo(entry.filename), kept, _method(entry.filename))


def _method(name: str) -> int:
    """A part called mimetype names the kind of file, and is read by programs that do not unpack."""
    return zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED


def _plain(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRIES:
        raise Refused("bloated")
    if len(set(names)) != len(names) or any(_strange(entry) for entry in entries) or _overlap(entries):
        raise Refused("damaged")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")


def _strange(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    outside = name.startswith("/") or "\\" in name or ".." in name.split("/") or "\0" in name or ":" in name
    return outside or name != entry.orig_filename or stat.S_ISLNK(entry.external_attr >> 16)


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    return any(
        one.header_offset + 30 + len(one.orig_filename.encode("utf-8", "surrogateescape")) + one.compress_size
        > following.header_offset
        for one, following in itertools.pairwise(ordered)
    )


def inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Counted while it is read: what the archive says of its sizes may be a lie."""
    content = io.BytesIO()
    with archive.open(entry) as part:
        while piece := part.read(65_536):
            left -= len(piece)
            if left < 0:
                raise Refused("bloated")
            content.write(piece)
    return content.getvalue()


def parse(content: bytes) -> Any:
    """Without entities, a document type or anything from elsewhere; nested at most 256 deep."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise Refused("active" if b"<!ENTITY" in content else "damaged") from None
    if root.getroottree().docinfo.doctype:
        raise Refused("active")
    return root


def serialised(root: Any) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
