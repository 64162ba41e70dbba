"""Plain text in UTF-8, or in UTF-16 with its mark, as editors of Windows call Unicode. Kept as UTF-8."""

import codecs
import io
import zipfile
from pathlib import Path

from .limits import Refused


def inspect(source: Path, target: Path) -> None:
    content = source.read_bytes()
    if b"%PDF-" in content[:1024] or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("double")
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("kind") from None
    if not text or any(_is_control(character) for character in text):
        raise Refused("kind")
    target.write_bytes(text.encode())


def _is_control(character: str) -> bool:
    return (ord(character) < 32 and character not in "\t\n\r\f") or 127 <= ord(character) < 160
