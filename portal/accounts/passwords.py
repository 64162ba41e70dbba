"""Passwords: one form of them, which are too easily guessed, and their hashes. Knows no person and no request."""

import itertools
import os
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from portal.errors import TooMany
from portal.i18n import N_

SHORTEST, LONGEST = 12, 128
COMMON = Path(__file__).parent / "common_passwords.txt"
BUSY = N_("Many people are signing in at this moment. Wait a minute, then try again.")
# 19 MiB, two passes, one lane: the least that OWASP recommends, said here so that no default can change it.
_argon2 = PasswordHash((Argon2Hasher(memory_cost=19456, time_cost=2, parallelism=1),))
# Checked when nobody has the address, so that it takes as long; no password has this hash.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$IQI7T58qKcc4T/2LqLCjPA$FdmwtduijVFkzzTQiyNF7vNOby6BfHBml8w63Lpw2oA"

CORES = os.cpu_count() or 1
QUEUE = 24  # of the forty threads that serve everybody: a class that signs in at once waits half a second
_at_work = threading.BoundedSemaphore(CORES)
_admitted = threading.BoundedSemaphore(CORES + QUEUE)


def normal(password: str) -> str:
    """NFKC: the same password from every keyboard and system."""
    return unicodedata.normalize("NFKC", password)


def make_hash(password: str) -> str:
    with _turn():
        return _argon2.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Takes as long for no hash, or for one that nothing matches, as for a true one."""
    usable = kept is not None and kept.startswith("$argon2id$")
    with _turn():
        matches = _argon2.verify(password, kept if usable and kept else NOBODYS)
    return matches and usable


@contextmanager
def _turn() -> Iterator[None]:
    """As many hashes at once as there are cores; a few may wait, further ones are sent away."""
    if not _admitted.acquire(blocking=False):
        raise TooMany(BUSY)
    try:
        with _at_work:
            yield
    finally:
        _admitted.release()


def is_common(password: str) -> bool:
    """True if a guesser tries it early: few characters, a repetition, a walk over keys, or listed words with digits."""
    plain = password.casefold()
    return len(set(plain)) < 5 or _repeats(plain) or _walks(plain) or _is_listed(plain)


def names_its_owner(password: str, name: str, email: str) -> bool:
    """True if it contains a part of the person's name or of the address before the @."""
    plain = normal(password).casefold()
    parts = re.split(r"[\W_]+", f"{normal(name).casefold()} {email.partition('@')[0].casefold()}")
    return any(part in plain for part in parts if len(part) >= (4 if part.isascii() else 3))


def _repeats(plain: str) -> bool:
    """One piece again and again, the last time perhaps cut off: abcabcabcabca."""
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1))


def _walks(plain: str) -> bool:
    """Almost every character is beside the one before it, on a keyboard or in an alphabet."""
    steps = sum(pair in _beside() for pair in _pairs(plain))
    return steps >= 0.75 * (len(plain) - 1)


def _is_listed(plain: str) -> bool:
    """Nothing but listed words, at most three, with digits and signs around and between them."""
    return any(_of_words(letters, 3) for letters in _readings(plain) if letters)


def _readings(plain: str) -> set[str]:
    """The letters of it, as typed and with the usual digits read as the letters they stand for."""
    inner = plain.strip("0123456789!@#$%^&*()-_=+.,?/ ")
    return {_letters(plain), _letters(inner.translate(str.maketrans("013457@$!", "oleastasi")))}


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha() or unicodedata.combining(character))


def _of_words(letters: str, most: int) -> bool:
    if letters in _listed():
        return True
    return most > 1 and any(
        letters[:size] in _listed() and _of_words(letters[size:], most - 1) for size in range(1, len(letters))
    )


@cache
def _listed() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(normal(word).casefold() for word in lines if word and not word.startswith("#"))


ROWS = (
    "1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "azertyuiop", "qsdfghjklm", "qwertzuiop", "yxcvbnm",
    "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "фцужэнгшүзкъ", "йыбөахролдп", "ячёсмитьвю",
    "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ", "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "абвгдежзийклмнопрстуфхцчшщъыьэюя", "абвгдеёжзийклмноөпрстуүфхцчшщъыьэюя",
    "가나다라마바사아자차카타파하", "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "あいうえおかきくけこさしすせそたちつてとなにぬねの",
    "アイウエオカキクケコサシスセソタチツテト", "一二三四五六七八九十", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn",
    "7ujm", "8ik,", "9ol.", "0p;/", "!@#$%^&*()_+", "789", "456", "147", "258", "369", "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0", "1a2s3d4f5g6h7j8k9l", "a1s2d3f4g5h6j7k8l9", "aqswdefrgthyjukilo", "10", "90",
)  # fmt: skip


@cache
def _beside() -> frozenset[tuple[str, str]]:
    pairs = {pair for row in ROWS for pair in _pairs(normal(row))}
    same = {(character, character) for row in ROWS for character in normal(row)}
    return frozenset(pairs | {(after, before) for before, after in pairs} | same)


def _pairs(text: str) -> list[tuple[str, str]]:
    return list(itertools.pairwise(text))
