"""How much an untrusted file may ask for."""

import ctypes
import resource
from pathlib import Path

MEGABYTE = 1_000_000
# A picture of 40 megapixels takes 160 MB, and as much again while it is turned upright.
MEMORY = 512 * MEGABYTE
SECONDS = 5
LARGEST_OUTPUT = 200 * MEGABYTE
PAGES = 200
PIXELS = 40_000_000
ENTRIES = 2_000
INFLATED = 100 * MEGABYTE
RATIO = 200
NEW_NETWORK = 0x40000000  # CLONE_NEWNET
NEW_USER = 0x10000000  # CLONE_NEWUSER


class Refused(Exception):
    """The word says why."""


def confine() -> None:
    """Gives up what a parser does not need. Without a network where the system lets us."""
    for limit, most in {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: LARGEST_OUTPUT,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }.items():
        resource.setrlimit(limit, (most, most))
    ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)


def head_of(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(1024)
