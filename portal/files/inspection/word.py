"""DOCX (ECMA-376): without macros and other files, without what names its authors, without what is loaded from afar."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .archives import Cleaner, parse, rewrite, serialised
from .limits import Refused
from .segments import without_metadata

REQUIRED = {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}
PROPERTIES = re.compile(r"docProps/|customXml/|word/people\.xml$|word/_rels/settings\.xml\.rels$", re.IGNORECASE)
ACTIVE = re.compile(
    r"vbaProject|vbaData|activeX|embeddings/|macrosheets|\.(exe|dll|js|vbs|bin|zip|docm?|rtf|html?|svg)$", re.IGNORECASE
)
AUTHORS = re.compile(rb'(\sw:(?:author|initials|lastModifiedBy)=)"[^"]*"')
PICTURE = re.compile(r"\.(jpe?g|png)$", re.IGNORECASE)


def inspect(source: Path, target: Path) -> None:
    rewrite(source, target, _prepare)


def _prepare(archive: zipfile.ZipFile) -> Cleaner:
    names = archive.namelist()
    if any(ACTIVE.search(name) for name in names):
        raise Refused("active")
    if not set(names) >= REQUIRED:
        raise Refused("kind")
    return _cleaned


def _cleaned(name: str, content: bytes) -> bytes | None:
    if PROPERTIES.match(name):
        return None
    if PICTURE.search(name):
        return without_metadata(content)
    if not name.endswith((".xml", ".rels")):
        return content
    root = parse(content)
    if name.endswith(".rels"):
        _leave_out(root, "Target", _pointing_out)
        return serialised(root)
    if name == "[Content_Types].xml":
        if b"macroEnabled" in content:
            raise Refused("active")
        _leave_out(root, "PartName", _pointing_out)
        return serialised(root)
    return AUTHORS.sub(rb'\1""', content)


def _leave_out(root: Any, attribute: str, unwanted: Callable[[str], bool]) -> None:
    for child in list(root):
        outside = child.get("TargetMode") == "External" and not child.get("Type", "").endswith("/hyperlink")
        if outside or unwanted(child.get(attribute, "")):
            root.remove(child)


def _pointing_out(target: str) -> bool:
    """It names a part that is left out."""
    return bool(PROPERTIES.match(target.lstrip("/").removeprefix("../"))) or target == "people.xml"
