"""Looking for a secret in whatever comes back: in every encoding in which software passes text on."""

import base64
import codecs
import gzip
import hashlib
import html
import io
import json
import quopri
import re
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator

import pikepdf

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
DEPTH = 3


def traces(secret: str) -> set[bytes]:
    """What the secret looks like, written down by a careless programme."""
    forms = {unicodedata.normalize(form, secret) for form in ("NFC", "NFD", "NFKC")}
    found = {trace for form in forms for trace in _written(form)}
    return {trace for trace in found if len(trace) >= 4}


def _written(text: str) -> Iterator[bytes]:
    plain = text.encode()
    yield from (plain, text.casefold().encode(), text.upper().encode(), text[::-1].encode())
    yield from (text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("utf-7"))
    yield from (html.escape(text).encode(), _entities(text, "&#{};"), _entities(text, "&#x{:x};"))
    yield from (urllib.parse.quote(text, safe="").encode(), urllib.parse.quote_plus(text).encode())
    yield from (json.dumps(text)[1:-1].encode(), plain.hex().encode(), plain.hex().upper().encode())
    yield quopri.encodestring(plain).replace(b"=\n", b"").strip()
    yield codecs.encode(text, "rot13").encode()
    yield from _base64(plain)
    yield from (hashlib.new(name, plain).hexdigest().encode() for name in ("md5", "sha1", "sha256"))
    if not text.isascii():
        yield text.encode("punycode")


def _entities(text: str, form: str) -> bytes:
    return "".join(form.format(ord(c)) for c in text).encode()


def _base64(plain: bytes) -> Iterator[bytes]:
    """The part that does not depend on what stands before and behind, at each of the three alignments."""
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        core = coded[4 if shift else 0 : len(coded) - 4]
        yield from (core, core.replace(b"+", b"-").replace(b"/", b"_"))


def found_in(content: bytes, wanted: Iterable[bytes], depth: int = DEPTH) -> list[bytes]:
    """The traces that stand in the content, or in what is packed in it."""
    wanted = list(wanted)
    found = [trace for trace in wanted if trace in content]
    inner = _unpacked(content) if depth else ()
    return found + [trace for part in inner for trace in found_in(part, wanted, depth - 1)]


def _unpacked(content: bytes) -> Iterator[bytes]:
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield entry.filename.encode() + b"\n" + entry.comment
                yield archive.read(entry)
    if content[:5] == b"%PDF-":
        yield from _streams(content)
    decoded = [part for run in set(BASE64.findall(content)) for part in _decoded(run)]
    if decoded:
        yield b"\n\n".join(decoded)


def _streams(content: bytes) -> Iterator[bytes]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        yield str(pdf.trailer).encode()
        for thing in pdf.objects:
            yield thing.read_raw_bytes() if isinstance(thing, pikepdf.Stream) else str(thing).encode()


def _decoded(run: bytes) -> Iterator[bytes]:
    """Base64, plain or in the alphabet of addresses; what is none decodes to noise, which holds no secret."""
    usual = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    decoded = base64.b64decode(usual + b"=" * (-len(usual) % 4)) if len(usual) % 4 != 1 else b""
    yield decoded
    if decoded[:1] == b"x":
        try:
            yield zlib.decompress(decoded)
        except zlib.error:
            return
