"""How a sentence is written by people and kept by us, what is refused, and what of a real case is not shown. Pure.

People write {name} for a value. Nothing they write is evaluated: a name is looked up among those of the sentence,
and any other brace is refused.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

from portal import i18n
from portal.accounts.viewer import Viewer
from portal.i18n import N_, Lazy
from portal.mail.composing import INVISIBLE, Part
from portal.mail.models import Kind, Wording
from portal.wordings.templates import Sentence, Template

LONGEST = 2000
LONGEST_SUBJECT = 200
WRITTEN = re.compile(r"\{(\w+)\}")
KEPT = re.compile(r"%%|%\((\w+)\)s")
LINK = re.compile(r"(https?://[^/\s]+)/\S+")
# Who wrote what is not the secretariats' to read, nor whose consent is missing.
OF_THE_CONTEST = frozenset({
    "appeals", "circulars", "consents", "contests", "deals", "diplomas", "essays", "judging", "juries", "manuscripts",
    "panels", "paper_essays", "results", "screening", "trainings",
})  # fmt: skip

EMPTY_SUBJECT = N_("Write a subject: a message without one is taken for junk.")
KEEP_LINK = N_("Keep {%(name)s} in it: without it the reader does not find the way.")
UNSEEN = N_("It contains characters that cannot be seen. Type it again without them.")
BRACE = N_("A brace stands alone. Write braces only around one of the names below the field, as in {name}.")
UNKNOWN = N_("There is no {%(unknown)s} in this sentence. Use only: %(names)s.")
NO_NAMES = N_("There is no {%(unknown)s} in this sentence. It has no placeholders; write it without braces.")
ALL_OR_NONE = N_("Fill in every form of this sentence, or leave all of them empty.")


def may_edit(viewer: Viewer) -> bool:
    return viewer.is_secretary


def may_read(viewer: Viewer) -> bool:
    return viewer.is_secretary or viewer.is_auditor


def shows_cases(template: Template) -> bool:
    """Whether a secretary may look at messages that were really written."""
    return not (template.is_layout or template.kind is Kind.ACCESS or template.folder in OF_THE_CONTEST)


def written(form: str) -> str:
    """From the catalogue's notation to people's."""
    return KEPT.sub(lambda found: f"{{{found[1]}}}" if found[1] else "%", form)


def kept(text: str) -> str:
    """The way back, for a text in which nothing is amiss."""
    return WRITTEN.sub(r"%(\1)s", text.replace("%", "%%"))


def portals_own(sentence: Sentence, language: str) -> tuple[str, ...]:
    """Our own words for it in the catalogue's notation: one form, or as many as the language counts with."""
    words = i18n.translations(language)
    if not sentence.plural:
        return (words.gettext(sentence.text),)
    numbers = [numbers[0] for numbers in counted(language)]
    return tuple(words.ngettext(sentence.text, sentence.plural, number) for number in numbers)


def counted(language: str) -> list[list[int]]:
    """For each plural form of a language the first numbers that it is used with; English has its first for 1 alone."""
    forms = range(i18n.plural_forms(language))
    return [[n for n in range(1, 101) if i18n.plural_index(language, n) == form][:3] for form in forms]


def amiss(sentence: Sentence, texts: Sequence[str]) -> dict[int, str]:
    """What is wrong with what was written, by the place of the form."""
    found = {place: fault for place, text in enumerate(texts) if (fault := _fault(sentence, text))}
    if any(texts) and not all(texts):
        found = {place: str(ALL_OR_NONE) for place, text in enumerate(texts) if not text} | found
    return found


def _fault(sentence: Sentence, text: str) -> str:
    if not text and sentence.is_subject:
        return str(EMPTY_SUBJECT)
    if any(unicodedata.category(c) in INVISIBLE and c != "\n" for c in text):
        return str(UNSEEN)
    names = WRITTEN.findall(text)
    if set(WRITTEN.sub("", text)) & {"{", "}"}:
        return str(BRACE)
    return _unknown(sentence, names) or _lost(sentence, names)


def _unknown(sentence: Sentence, names: Collection[str]) -> str:
    unknown = next((name for name in names if name not in sentence.placeholders), None)
    if unknown is None:
        return ""
    told: Lazy = UNKNOWN if sentence.placeholders else NO_NAMES
    return told % {"unknown": unknown, "names": i18n.listing(f"{{{name}}}" for name in sentence.placeholders)}


def _lost(sentence: Sentence, names: Collection[str]) -> str:
    lost = next((name for name in sentence.links if name not in names), None)
    return KEEP_LINK % {"name": lost} if lost else ""


def version(rows: Iterable[Wording]) -> str:
    """Changes whenever anybody's own words for a template do."""
    content = sorted([row.passage, row.forms] for row in rows)
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def masked(parts: Mapping[str, Sequence[Part]], hidden: Collection[str]) -> dict[str, list[Part]]:
    """A real case without its reader's name and address, and without what its links open."""
    return {name: [_masked(part, hidden) for part in each] for name, each in parts.items()}


def _masked(part: Part, hidden: Collection[str]) -> Part:
    if isinstance(part, str):
        return _without(part, hidden)
    return part._replace(values={name: _without(value, hidden) for name, value in part.values.items()})


def _without(text: str, hidden: Collection[str]) -> str:
    for each in sorted(hidden, key=len, reverse=True):
        text = text.replace(each, "…")
    return LINK.sub(r"\1/…", text)
