"""A template of templates/documents and plain data, set as a PDF. The same data give the same bytes.

Data reach the template as one JSON text, so nothing that a person typed is ever read as markup. Fonts come from
two packages and from nowhere else, and no template can reach beyond its own folder or the network.
"""

import datetime as dt
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import noto_cjk_sans_otc
import structlog
import typst

log = structlog.get_logger()
TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "documents"
FONTS = (Path(fontpkg_noto_sans.__file__).parent / "files", Path(noto_cjk_sans_otc.__file__).parent)
# For archives (PDF/A) and for screen readers (PDF/UA): fonts inside, a title, a language, tags, words for pictures.
STANDARDS: dict[str, Any] = {"pdf_standards": ["a-2a", "ua-1"]}
UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def pdf(template: str, data: Mapping[str, Any], *, language: str = "en", at: dt.datetime = UNDATED) -> bytes:
    """templates/documents/`template`.typ with `data`; `at` is the moment of making that stands in the file.

    Where a text has a character that no font can show, the standards forbid the file. A person must not go without
    their document for that: it is then set without their seal, and the log says so.
    """
    inputs = {**_given(template, data, language), "format": "pdf", "timestamp": at}
    try:
        return _bytes(typst.compile(**inputs, **STANDARDS))
    except typst.TypstError as error:
        log.warning("document outside the standards", template=template, reason=error.message)
        return _bytes(typst.compile(**inputs))


def png(template: str, data: Mapping[str, Any], *, language: str = "en", ppi: float = 144) -> list[bytes]:
    """The same pages as pictures, for looking at them."""
    made: Any = typst.compile(**_given(template, data, language), format="png", ppi=ppi)
    return made if isinstance(made, list) else [_bytes(made)]


def families() -> list[str]:
    """The names of the faces that templates can use."""
    return sorted(_fonts().families())


def _given(template: str, data: Mapping[str, Any], language: str) -> dict[str, Any]:
    said = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True), "language": language}
    return {
        "input": TEMPLATES / f"{template}.typ", "root": TEMPLATES, "sys_inputs": said, "font_paths": _fonts(),
        "ignore_system_fonts": True,
    }  # fmt: skip


@functools.cache
def _fonts() -> typst.Fonts:
    """Read once a process: it takes a second, a page takes milliseconds."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in FONTS]
    )


def _bytes(made: object) -> bytes:
    assert isinstance(made, bytes)
    return made
