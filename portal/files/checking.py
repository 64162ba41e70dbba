"""Has a child process look into an uploaded file, and believes only its one word and what it measured itself."""

import json
import subprocess
import sys
from pathlib import Path

import structlog

from portal.files.models import Kind
from portal.files.rules import MOST_NOTES, MOST_TEXT, Prose

log = structlog.get_logger()
INSPECTION = Path(__file__).parent / "inspection"
SECONDS = 10
LONGEST_WORD = 20
LONGEST_PROSE = 12 * (MOST_TEXT + MOST_NOTES) + 100  # JSON writes a character with twelve at most


def verdict(kind: Kind, source: Path, target: Path) -> str:
    """ "clean" with a clean copy at `target`, or what is wrong; a crash and a time-out are "unchecked"."""
    return _word("clean", kind, source, target)


def read(kind: Kind, source: Path, target: Path) -> Prose | str:
    """What a clean file says, or why nobody can tell. `target` is for the child to write to."""
    word = _word("read", kind, source, target)
    if word != "clean":
        return word
    try:
        return _prose(target)
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("reading failed", kind=kind.value)
        return "unchecked"


def _prose(path: Path) -> Prose:
    """Measured again: the child that wrote it has met an untrusted file."""
    with path.open("rb") as file:
        said = json.loads(file.read(LONGEST_PROSE))
    text, notes = said["text"], said["notes"]
    if not (isinstance(text, str) and isinstance(notes, str) and len(text) <= MOST_TEXT and len(notes) <= MOST_NOTES):
        raise ValueError("more than was asked for")
    text.encode(), notes.encode()  # half a character is none
    return Prose(text, notes)


def _word(work: str, kind: Kind, source: Path, target: Path) -> str:
    # -I and an empty environment: no setting, no secret and no database address reaches the child.
    command = [sys.executable, "-I", str(INSPECTION), work, kind.value, str(source.resolve()), str(target.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own file
            command, capture_output=True, timeout=SECONDS, env={"LC_ALL": "C.UTF-8"}, cwd=source.parent, check=False
        )
    except subprocess.TimeoutExpired:
        log.warning("inspection took too long", work=work, kind=kind.value)
        return "unchecked"
    word = done.stdout.decode(errors="replace").strip()[:LONGEST_WORD]
    if done.returncode != 0 or not word:
        log.warning("inspection failed", work=work, kind=kind.value, code=done.returncode)
        return "unchecked"
    return word
