"""HWPX (OWPML, KS X 6101): without scripts and embedded objects, without what names its authors."""

import re
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from .archives import Cleaner, inflate, parse, rewrite, serialised
from .limits import Refused
from .segments import without_metadata

MIMETYPE = b"application/hwp+zip"
PACKAGE = "Contents/content.hpf"
REQUIRED = {"mimetype", PACKAGE, "META-INF/container.xml"}
# All that a text consists of. Scripts, previews, the history of the document and signatures are left out.
KEPT = re.compile(
    r"(mimetype|version\.xml|settings\.xml|META-INF/(container\.xml|container\.rdf|manifest\.xml)"
    r"|Contents/[^/]+\.(xml|hpf)|Chart/[^/]+\.xml|BinData/[^/]+)$"
)
PICTURE = re.compile(r"BinData/[^/]+\.(png|jpe?g|bmp|gif|tiff?|wmf|emf)$", re.IGNORECASE)
AUTHORS = re.compile(rb'(<\w+:trackChangeAuthor\b[^>]*?\sname=)"[^"]*"')
APPLICATION = re.compile(rb'(\s(?:application|appVersion|os)=)"[^"]*"')


def inspect(source: Path, target: Path) -> None:
    rewrite(source, target, _prepare)


def _prepare(archive: zipfile.ZipFile) -> Cleaner:
    names = set(archive.namelist())
    if not names >= REQUIRED or inflate(archive, archive.getinfo("mimetype"), 100).strip() != MIMETYPE:
        raise Refused("kind")
    if any(name.startswith("BinData/") and not PICTURE.match(name) for name in names):
        raise Refused("active")
    kept = {name for name in names if KEPT.match(name)}
    return lambda name, content: _cleaned(name, content, kept) if name in kept else None


def _cleaned(name: str, content: bytes, kept: Collection[str]) -> bytes:
    if name == "mimetype":
        return MIMETYPE
    if PICTURE.match(name):
        return without_metadata(content)
    root = parse(content)
    if name == "META-INF/manifest.xml" and b"encryption-data" in content:
        raise Refused("encrypted")
    if name == PACKAGE:
        return _package(root, kept)
    if name == "META-INF/container.xml":
        return _container(root, kept)
    if name == "version.xml":
        return APPLICATION.sub(rb'\1""', content)
    return AUTHORS.sub(rb'\1""', content)


def _package(root: Any, kept: Collection[str]) -> bytes:
    """Its own metadata names title, authors and dates; its manifest may name what is elsewhere."""
    for metadata in root.findall("{*}metadata"):
        metadata.clear()
    left_out = set()
    for item in root.findall("{*}manifest/{*}item"):
        if item.get("href") not in kept:
            left_out.add(item.get("id"))
            item.getparent().remove(item)
    for reference in root.findall("{*}spine/{*}itemref"):
        if reference.get("idref") in left_out:
            reference.getparent().remove(reference)
    return serialised(root)


def _container(root: Any, kept: Collection[str]) -> bytes:
    for file in root.findall("{*}rootfiles/{*}rootfile"):
        if file.get("full-path") not in kept:
            file.getparent().remove(file)
    return serialised(root)
