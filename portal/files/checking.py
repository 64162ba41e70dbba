"""Has a child process look into an uploaded file, and believes only its one word."""

import subprocess
import sys
from pathlib import Path

import structlog

from portal.files.models import Kind

log = structlog.get_logger()
INSPECTION = Path(__file__).parent / "inspection"
SECONDS = 10
LONGEST_WORD = 20


def verdict(kind: Kind, source: Path, target: Path) -> str:
    """ "clean" with a clean copy at `target`, or what is wrong; a crash and a time-out are "unchecked"."""
    # -I and an empty environment: no setting, no secret and no database address reaches the child.
    command = [sys.executable, "-I", str(INSPECTION), kind.value, str(source.resolve()), str(target.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own file
            command, capture_output=True, timeout=SECONDS, env={"LC_ALL": "C.UTF-8"}, cwd=source.parent, check=False
        )
    except subprocess.TimeoutExpired:
        log.warning("inspection took too long", kind=kind.value)
        return "unchecked"
    word = done.stdout.decode(errors="replace").strip()[:LONGEST_WORD]
    if done.returncode != 0 or not word:
        log.warning("inspection failed", kind=kind.value, code=done.returncode)
        return "unchecked"
    return word
