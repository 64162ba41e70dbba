"""The parts of a clean archive of XML, read by the local names of their elements: all dialects share these."""

import zipfile
from collections.abc import Iterator
from typing import Any

from .archives import inflate, parse
from .limits import INFLATED


def part(archive: zipfile.ZipFile, name: str) -> Any:
    """Its root, or None if there is no such part."""
    if name not in archive.namelist():
        return None
    return parse(inflate(archive, archive.getinfo(name), INFLATED))


def local(element: Any) -> str:
    """ "p" of "{http://…}p"; "" of a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def child(element: Any, *path: str) -> Any:
    """The first element at the end of this path of local names, or None."""
    for name in path:
        element = next((one for one in element if local(one) == name), None) if element is not None else None
    return element


def children(element: Any, name: str) -> Iterator[Any]:
    return (one for one in element if local(one) == name)
