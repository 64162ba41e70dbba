"""What was submitted, as it is kept; and what a correction changed. Pure."""

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from portal import i18n
from portal.applications import rules, words
from portal.applications.forms import FORMS
from portal.applications.models import Answer, Application, Enrolment, NameOrder, Version
from portal.applications.words import Part
from portal.calls.models import Purpose, Question
from portal.calls.words import PURPOSES
from portal.files.models import StoredFile
from portal.i18n import N_, SOURCE, Lazy

Content = Mapping[str, Any]


class Change(enum.StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


CHANGES: dict[Change, Lazy] = {
    Change.ADDED: N_("Added"),
    Change.REMOVED: N_("Removed"),
    Change.CHANGED: N_("Changed"),
}
COLOURS: dict[Change, str] = {Change.ADDED: "green", Change.REMOVED: "red", Change.CHANGED: "yellow"}


class Difference(NamedTuple):
    """One answer that is not what it was."""

    part: Part
    key: str
    change: Change
    before: Any
    after: Any


def content(application: Application) -> dict[str, Any]:
    """Everything that is submitted, part by part, as plain data: files by name and hash, openings by title.

    Its digest (`rules.sha256`) is what the receipt prints.
    """
    parts = {part.value: _filled(CONTENT.get(part, _values(part))(application)) for part in Part}
    return {"call": str(application.call_id), "applicant": str(application.applicant_id), **parts}


def differences(before: Content, after: Content) -> list[Difference]:
    """Answer by answer, in the order of the parts."""
    return [found for part in Part for found in _within(part, before.get(part, {}), after.get(part, {}))]


def between(earlier: Version | None, later: Version) -> list[Difference]:
    return differences(earlier.content, later.content) if earlier else []


def latest_differences(versions: Sequence[Version]) -> list[Difference]:
    """What the last correction changed; nothing as long as there was none."""
    return between(versions[-2], versions[-1]) if len(versions) > 1 else []


def _within(part: Part, before: Content, after: Content) -> list[Difference]:
    keys = [*before, *(key for key in after if key not in before)]
    pairs = [(key, before.get(key), after.get(key)) for key in keys]
    return [Difference(part, key, _change(was, now), was, now) for key, was, now in pairs if was != now]


def _change(before: Any, after: Any) -> Change:
    if before is None:
        return Change.ADDED
    return Change.REMOVED if after is None else Change.CHANGED


def _values(part: Part) -> Callable[[Application], dict[str, Any]]:
    return lambda application: rules.values(application, part)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is empty is left out, so that an answer is either there or not."""
    return {key: _plain(value) for key, value in values.items() if value not in rules.EMPTY}


def _plain(value: Any) -> Any:
    if isinstance(value, (dt.date, uuid.UUID, enum.Enum)):
        return str(value)
    return value


def _home(application: Application) -> dict[str, Any]:
    home = application.home
    named = {"id": str(home.id), "code": home.code, "name": home.name("en")} if home else None
    return {**rules.values(application, Part.HOME), "home_id": named}


def _languages(application: Application) -> dict[str, Any]:
    return {spoken.language: spoken.level for spoken in application.languages}


def _openings(application: Application) -> dict[str, Any]:
    return {
        f"choice_{choice.rank}": {"id": str(choice.opening_id), "name": choice.opening.title}
        for choice in application.choices
    }


def _documents(application: Application) -> dict[str, Any]:
    return {
        str(document.requested_id): {
            **_file(document.file), "purpose": document.requested.purpose, "texts": document.requested.titles,
        }
        for document in application.documents
    }  # fmt: skip


def _questions(application: Application) -> dict[str, Any]:
    """With the question's own words beside each answer: they can be mended later."""
    answered = ((each.question, each.answer) for each in rules.asked(application) if each.answer is not None)
    return {str(question.id): {"texts": question.texts, **_answer(question, answer)} for question, answer in answered}


def _answer(question: Question, answer: Answer) -> dict[str, Any]:
    if answer.file is not None:
        return dict(_file(answer.file))
    named = dict(question.choices(SOURCE))
    codes = answer.value if isinstance(answer.value, list) else [answer.value]
    return {"value": ", ".join(named.get(code, str(code)) for code in codes) if named else answer.value}


def _file(stored: StoredFile) -> dict[str, str]:
    return {"name": stored.name, "sha256": stored.sha256}


CONTENT: dict[Part, Callable[[Application], dict[str, Any]]] = {
    Part.HOME: _home,
    Part.LANGUAGES: _languages,
    Part.OPENINGS: _openings,
    Part.DOCUMENTS: _documents,
    Part.QUESTIONS: _questions,
}


# How a kept answer reads


def label(part: Part, key: str, value: Any) -> str:
    """What the answer was asked as: a part's own field, or what the call asked, whose words are kept beside it."""
    if part is Part.LANGUAGES:
        return str(words.SPOKEN.get(key, key))
    if part is Part.OPENINGS:
        return i18n.gettext("Choice %(rank)s") % {"rank": key.removeprefix("choice_")}
    named = FORMS[part].labels.get(key) if part in FORMS else None
    return str(named) if named is not None else _asked(value) or key


def _asked(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    texts = value.get("texts", {})
    purpose = value.get("purpose")
    return str(texts.get(i18n.language()) or texts.get(SOURCE) or (PURPOSES[Purpose(purpose)] if purpose else ""))


def shown(part: Part, key: str, value: Any) -> str:
    """A kept answer for people: files by name and hash, codes by what they mean."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(
            _said(value[name]) for name in ("name", "sha256", "value") if value.get(name) not in (None, "")
        )
    if part is Part.LANGUAGES:
        return str(words.LEVELS.get(value, value))
    return SHOWN.get(key, str)(value)


def _day(value: str) -> str:
    return i18n.day(dt.date.fromisoformat(value))


def _said(value: Any) -> str:
    return _yes_or_no(value) if isinstance(value, bool) else str(value)


def _yes_or_no(value: bool) -> str:
    return str(words.YES if value else words.NO)


SHOWN: dict[str, Callable[[Any], str]] = {
    "name_order": lambda value: str(words.NAME_ORDERS[NameOrder(value)]),
    "born_on": _day,
    "graduates_on": _day,
    "is_resident": _yes_or_no,
    "took_part_before": _yes_or_no,
    "has_kin_at_host": _yes_or_no,
    "nationality": words.nationality,
    "enrolment": lambda value: str(words.ENROLMENTS[Enrolment(value)]),
    "consents": lambda value: "\n".join(str(words.CONSENTS.get(code, code)) for code in value),
}


class Kept(NamedTuple):
    """An answer as a page shows it."""

    label: str
    value: str


def kept(content: Content, part: Part) -> list[Kept]:
    """The answers of one part, in the order in which they were asked."""
    answers = content.get(part, {})
    asked = [key for key in (FORMS[part].labels if part in FORMS else ()) if key in answers]
    keys = [*asked, *(key for key in answers if key not in asked)]
    return [Kept(label(part, key, answers[key]), shown(part, key, answers[key])) for key in keys]
