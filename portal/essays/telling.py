"""Passages of an essay that could tell who wrote it. Pure.

`find` gives them with their places in the text as it was written; `segments` and `paragraphs` cut a text there, so that
a page can mark them.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from portal.essays import contacts, names, schools, unspaced
from portal.essays.folding import fold

Span = tuple[int, int]


class Kind(enum.StrEnum):
    EMAIL = "email"
    HANDLE = "handle"
    PHONE = "phone"
    SCHOOL = "school"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True)
class Known:
    """What the portal knows of an author; whatever is empty is not looked for."""

    native_name: str = ""
    roman_name: str = ""
    account_name: str = ""
    school: str = ""
    emails: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return self.native_name, self.roman_name, self.account_name


@dataclass(frozen=True, order=True)
class Passage:
    """Characters `begins` to `ends` (excluded) of a part of an essay: title, text or notes."""

    part: str
    begins: int
    ends: int
    kind: Kind


PARTS = ("title", "text", "notes")


def find(known: Known, *, title: str = "", text: str = "", notes: str = "") -> list[Passage]:
    """In the order in which they are read; no two overlap."""
    found = []
    for part, written in zip(PARTS, (title, text, notes), strict=True):
        found += [Passage(part, begins, ends, kind) for begins, ends, kind in _in(written, known, part)]
    return found


def _in(text: str, known: Known, part: str) -> list[tuple[int, int, Kind]]:
    """The first kinds have precedence: a name inside an address is part of the address."""
    taken: list[tuple[int, int, Kind]] = []
    if not text.strip():
        return taken
    covered = bytearray(len(text))
    for kind, spans in _candidates(text, known, part):
        for begins, ends in sorted(spans, key=lambda span: (span[0], -span[1])):
            if begins < ends and 1 not in covered[begins:ends]:
                covered[begins:ends] = b"\1" * (ends - begins)
                taken.append((begins, ends, kind))
    return _joined(text, sorted(taken))


def _candidates(text: str, known: Known, part: str) -> Iterator[tuple[Kind, Iterator[Span]]]:
    yield Kind.EMAIL, contacts.emails(text)
    yield Kind.HANDLE, chain(contacts.handles(text), _pages(text, part), _own_accounts(text, known))
    yield Kind.PHONE, contacts.phones(text)
    page = fold(text)
    if known.school:
        yield Kind.SCHOOL, schools.spans(page, known.school)
    yield Kind.ADDRESS, contacts.addresses(text)
    yield (
        Kind.NAME,
        chain(
            names.alphabetic(text, known.names, is_title=part == "title"),
            unspaced.names_in(page, known.names),
            names.transcribed(page, known.names),
        ),
    )


def _pages(text: str, part: str) -> Iterator[Span]:
    """In the notes pages are sources; only those where people present themselves tell anything."""
    for begins, ends in contacts.pages(text):
        if part != "notes" or contacts.PERSONAL.search(text, begins, ends):
            yield begins, ends


def _own_accounts(text: str, known: Known) -> Iterator[Span]:
    """What stands before the @ of one's own address, used as a name elsewhere."""
    lowered = text.lower() if text.isascii() or len(text.lower()) == len(text) else ""
    for email in known.emails:
        account = email.lower().partition("@")[0]
        if len(account) >= 6 and any(c.isdigit() or c in "._-" for c in account):
            begins = lowered.find(account)
            while begins >= 0:
                yield begins, begins + len(account)
                begins = lowered.find(account, begins + 1)


def _joined(text: str, taken: list[tuple[int, int, Kind]]) -> list[tuple[int, int, Kind]]:
    """Names side by side are one passage: Доржийн Батбаяр."""
    made: list[tuple[int, int, Kind]] = []
    for begins, ends, kind in taken:
        before = made[-1] if made else None
        if before and kind is before[2] is Kind.NAME and not text[before[1] : begins].strip(" ·・-"):
            made[-1] = before[0], ends, kind
        else:
            made.append((begins, ends, kind))
    return made


# For pages


@dataclass(frozen=True)
class Segment:
    """A stretch of text; `number` and `kind` are of the passage that it belongs to, None between passages."""

    text: str
    kind: Kind | None = None
    number: int | None = None
    is_first: bool = True  # of its passage: one that runs over several lines is cut into as many


def segments(text: str, passages: Sequence[Passage], *, first: int = 1) -> list[Segment]:
    """The text in order, cut where passages begin and end; they are numbered from `first`.

    The passages are of this one part. What overlaps an earlier passage, or lies outside the text, is cut off.
    """
    made, at = [], 0
    for number, passage in enumerate(sorted(passages), first):
        begins, ends = max(at, passage.begins), min(passage.ends, len(text))
        if begins >= ends:
            continue
        made += [Segment(text[at:begins])] if begins > at else []
        made.append(Segment(text[begins:ends], passage.kind, number))
        at = ends
    return made + ([Segment(text[at:])] if at < len(text) else [])


def paragraphs(text: str, passages: Sequence[Passage], *, first: int = 1) -> list[list[Segment]]:
    """The segments line by line; empty lines are left out. A passage over two lines is marked in both."""
    lines: list[list[Segment]] = [[]]
    for segment in segments(text, passages, first=first):
        head, *rest = segment.text.split("\n")
        lines[-1].append(Segment(head, segment.kind, segment.number))
        lines += [[Segment(line, segment.kind, segment.number, is_first=False)] for line in rest]
    kept = ([segment for segment in line if segment.text] for line in lines)
    return [line for line in kept if "".join(segment.text for segment in line).strip()]


def marked(passages: Sequence[Passage], *, title: str, text: str, notes: str) -> dict[str, list[list[Segment]]]:
    """The paragraphs of each part, the passages of the whole essay numbered in the order in which they are read."""
    made, first = {}, 1
    for part, written in zip(PARTS, (title, text, notes), strict=True):
        of_part = [passage for passage in passages if passage.part == part]
        made[part] = paragraphs(written, of_part, first=first)
        first += len(of_part)
    return made
