"""What may be uploaded, how it is named, and what is said about a file that is refused. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from portal.files.models import Kind
from portal.i18n import N_, Lazy, listing

NAME_BYTES = 150
MOST_TEXT = 50_000  # characters
MOST_NOTES = 10_000
OWN_FILES = 200
OWN_BYTES = 500_000_000
UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, bidi marks and other invisible characters
FORBIDDEN_IN_NAMES = str.maketrans('<>:"|?*', "_" * 7)


class Format(NamedTuple):
    """How a kind of file is recognised by its name, called, and sent back."""

    extensions: tuple[str, ...]  # the first is the one that a stored file gets
    title: str
    content_type: str
    refusal: Lazy


FORMATS = {
    Kind.PDF: Format(
        (".pdf",),
        "PDF",
        "application/pdf",
        N_("This is not a PDF file. Save your document as PDF, then choose that file."),
    ),
    Kind.DOCX: Format(
        (".docx",),
        "DOCX",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        N_("This is not a Word document of the kind .docx. Save your document as .docx, then choose that file."),
    ),
    Kind.HWPX: Format(
        (".hwpx",),
        "HWPX",
        "application/hwp+zip",
        N_("This is not a Hangul document of the kind .hwpx. Save your document as .hwpx, then choose that file."),
    ),
    Kind.PNG: Format(
        (".png",),
        "PNG",
        "image/png",
        N_("This is not a PNG picture. Open it in a program for pictures, save it as PNG, then choose that file."),
    ),
    Kind.JPEG: Format(
        (".jpg", ".jpeg"),
        "JPEG",
        "image/jpeg",
        N_("This is not a JPEG picture. Open it in a program for pictures, save it as JPEG, then choose that file."),
    ),
    Kind.TEXT: Format(
        (".txt",),
        "TXT",
        "text/plain; charset=utf-8",
        N_("This is not a plain text file in UTF-8. Save your text as UTF-8, then choose that file."),
    ),
}
SEVERAL = N_("This kind of file is not accepted here. Choose one of these kinds: %(kinds)s.")
TOO_LARGE = N_("The file is larger than %(limit)s MB. Choose a smaller one.")
EMPTY = N_("The file is empty. Choose another one.")
NOT_STORED = N_("The file could not be stored just now. Try again in a few minutes.")
UNCHECKED = N_("The file could not be checked. Open it on your computer, save it again, then choose the new copy.")
# What the child process may say of a file (portal/files/inspection), and what its owner reads.
VERDICTS = {
    "encrypted": N_("The file is protected by a password. Save a copy without a password, then choose that copy."),
    "damaged": N_("The file is damaged. Open it on your computer, save it again, then choose the new copy."),
    "long": N_("The file has more than 200 pages. Choose a shorter one."),
    "large": N_("The picture has more than 40 million points. Save it smaller, then choose that copy."),
    "bloated": N_(
        "The file unpacks to more than is accepted here. Save it with smaller pictures, then choose that copy."
    ),
    "active": N_("The file contains macros or other files. Save a copy without them, then choose that copy."),
    "double": N_("The file is two kinds of file at once. Save your document again, then choose the new copy."),
    "unchecked": UNCHECKED,
    # Where its text is wanted:
    "scanned": N_(
        "This PDF file holds pictures of pages and no text. Choose the document that it was made from, or type your "
        "text."
    ),
    "wordless": N_("There is no text in this file. Choose another one, or type your text."),
    "garbled": N_(
        "The letters of this PDF file cannot be read as text. Choose the document that it was made from, or type your "
        "text."
    ),
    "unread": N_("The text of this file could not be read. Save it again in another kind, or type your text."),
    "wordy": N_("The text of this file has more than 50,000 characters. Choose a file that holds only your essay."),
    "noted": N_("The notes of this file have more than 10,000 characters. Shorten them, then choose the new copy."),
}


class Prose(NamedTuple):
    """What a document says: paragraphs with an empty line between, and its notes, a line each."""

    text: str
    notes: str


@dataclass
class Checked:
    """A file that was found good and lies in storage under `key`.

    `actions.keep` sets `kept`; the bytes of one that nobody kept are removed after the request.
    """

    key: str
    name: str
    kind: Kind
    size: int
    sha256: str
    kept: bool = False


def kind_named(name: str) -> Kind | None:
    """The kind that a file's name claims."""
    extension = PurePosixPath(name.lower()).suffix
    return next((kind for kind, format in FORMATS.items() if extension in format.extensions), None)


def refusal(verdict: str, kind: Kind) -> str:
    """What the owner of a file reads whose name claims this kind."""
    return str(VERDICTS.get(verdict, FORMATS[kind].refusal))


def not_among(kinds: Sequence[Kind]) -> str:
    """What the owner of a file reads whose name claims a kind that is not accepted here."""
    return str(FORMATS[kinds[0]].refusal) if len(kinds) == 1 else SEVERAL % {"kinds": titles(kinds)}


def titles(kinds: Sequence[Kind]) -> str:
    return listing(FORMATS[kind].title for kind in kinds)


def accept(kinds: Sequence[Kind]) -> str:
    """For a file field: the endings by which a browser tells the files apart."""
    return ",".join(extension for kind in kinds for extension in FORMATS[kind].extensions)


def clean_name(given: str, kind: Kind) -> str:
    """The uploader's name for the file, harmless to show and to save: no path, nothing invisible, no dot first."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in UNSAFE)
    stem = " ".join(visible.translate(FORBIDDEN_IN_NAMES).split())
    for extension in FORMATS[kind].extensions:
        stem = stem[: -len(extension)] if stem.lower().endswith(extension) else stem
    ending = FORMATS[kind].extensions[0]
    return _shortened(stem.strip(". ") or "file", NAME_BYTES - len(ending)) + ending


def _shortened(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").rstrip()


def disposition(name: str) -> str:
    """Content-Disposition (RFC 6266): always to be saved, never to be shown in the portal's own origin."""
    plain = "".join(c if c.isascii() and c not in '"\\;%' and c.isprintable() else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def fits(files: int, size: int) -> bool:
    """Whether a person with so many files, and so many bytes in them, may keep another."""
    return files < OWN_FILES and size < OWN_BYTES
