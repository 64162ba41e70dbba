"""Whether two names may be one person's, and who settles it. Pure.

Names are compared as people and clerks vary them: in either order, with or without hyphens, accents and
spaces, in different romanisations. Found pairs are looked at by a person, so a false one costs a minute.
"""

import datetime as dt
import re
import unicodedata
from itertools import permutations

from rapidfuzz import fuzz

from portal.accounts.viewer import Viewer
from portal.i18n import N_
from portal.sounds import sound

YEARS = dt.timedelta(days=5 * 366)  # how far back other applications are looked at
ALIKE = 88.0  # of 100; tried on the pairs in tests/namesakes/test_rules.py
MOST_PERMUTED = 5  # words of a name
SETTLED = N_("This pair was settled already. Reload the page to see how.")


def may_settle(viewer: Viewer) -> bool:
    return viewer.is_secretary


def words_of(name: str) -> list[str]:
    """The words of a romanised name without case, accents, hyphens and apostrophes."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    joined = re.sub(r"[-‐‑'’ʼ`.]", "", plain)
    return re.findall(r"\w+", joined)


def similarity(one: str, other: str) -> float:
    """0 to 100; of all orders of the words the one that fits best, spaces aside."""
    ours, theirs = ([sound(word) for word in words_of(name)] for name in (one, other))
    if not ours or not theirs:
        return 0.0
    if len(ours) > MOST_PERMUTED:
        return fuzz.ratio("".join(sorted(ours)), "".join(sorted(theirs)))
    as_written = "".join(theirs)
    return max(fuzz.ratio("".join(order), as_written) for order in permutations(ours))


def native_key(name: str) -> str:
    """A name in its own script, whatever the order of its words."""
    return " ".join(sorted(re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())))


def may_be_one(native: str, other_native: str, roman: str, other_roman: str) -> bool:
    """Of two people born on the same day."""
    same = bool(native_key(native)) and native_key(native) == native_key(other_native)
    return same or similarity(roman, other_roman) >= ALIKE
