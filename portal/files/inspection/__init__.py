"""Looks into one untrusted file: python -I inspection WORK KIND SOURCE TARGET

WORK is "clean", which writes a clean copy, or "read", which writes the text that was found (of a copy that is clean).
Runs as a process of its own, started by checking.py, because parsers of documents are where the holes
are: little memory, little time, no settings, no database, and nothing of the portal imported. Prints one
word: "clean", or what is wrong. Anything else (a crash, silence) counts as "could not be checked".
"""

from importlib import import_module
from pathlib import Path

from .limits import Refused, confine

# Each is imported only when it is needed, and only by a process that has given up what a parser does not need.
MODULES = {
    "clean": {"pdf": "pdf", "docx": "word", "hwpx": "hangul", "png": "png", "jpeg": "jpeg", "text": "text"},
    "read": {"pdf": "pdf_prose", "docx": "word_prose", "hwpx": "hangul_prose", "text": "text_prose"},
}


def main(work: str, kind: str, source: Path, target: Path) -> str:
    confine()
    try:
        import_module(f".{MODULES[work][kind]}", __package__).inspect(source, target)
    except Refused as refused:
        return str(refused)
    return "clean"
