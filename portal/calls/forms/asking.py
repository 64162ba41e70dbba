"""What a secretary may send about what a call asks for: its documents and its questions."""

import uuid
from typing import Annotated, Any, ClassVar

from pydantic import Field, create_model

from portal.calls import rules
from portal.calls.forms.pages import TextsForm, Title
from portal.calls.models import LimitUnit, Purpose, Question, QuestionKind, RequestedDocument
from portal.forms import SUFFIXES, Form, Text, by_language, in_fields
from portal.i18n import N_, SOURCE, Lazy

Wording = Annotated[Text, Field(max_length=1000)]
CHOICE = frozenset({QuestionKind.ONE, QuestionKind.SEVERAL})
CODES = "abcdefghijklmnopqrst"  # of options
LINES = range(1, 21)  # of options
LOST_OPTION = N_("Somebody may have chosen this option already. Reword it if you like, but do not empty it.")
ENGLISH_OPTION = N_("Write this option in English too, or empty it in the other languages.")
TWO_OPTIONS = N_("Write at least two options in English.")
ENGLISH_TITLE = N_("Write a title in English, because nobody else knows what this document is.")


class DocumentForm(Form):
    """A document that the call asks for; what it is for is said once, when it is added."""

    labels: ClassVar = {
        **TextsForm.labels,
        "purpose": N_("What it is"),
        "hint_en": N_("Hint in English"),
        "hint_zh": N_("Hint in Chinese"),
        "hint_ja": N_("Hint in Japanese"),
        "hint_ko": N_("Hint in Korean"),
        "hint_mn": N_("Hint in Mongolian"),
        "hint_ru": N_("Hint in Russian"),
        "is_required": N_("Applicants must give it"),
        "shown_to_hosts": N_("Hosts see it"),
    }

    title_en: Title = ""
    title_zh: Title = ""
    title_ja: Title = ""
    title_ko: Title = ""
    title_mn: Title = ""
    title_ru: Title = ""
    hint_en: Wording = ""
    hint_zh: Wording = ""
    hint_ja: Wording = ""
    hint_ko: Wording = ""
    hint_mn: Wording = ""
    hint_ru: Wording = ""
    is_required: bool = False
    shown_to_hosts: bool = False

    def facts(self, purpose: Purpose) -> dict[str, Any]:
        """Only a document that is none of the usual ones needs titles of its own."""
        return {
            "titles": by_language(self, "title") if purpose is Purpose.OTHER else {},
            "hints": by_language(self, "hint"),
            "is_required": self.is_required,
            "shown_to_hosts": self.shown_to_hosts,
        }

    def amiss(self, purpose: Purpose) -> dict[str, Lazy]:
        return {"title_en": ENGLISH_TITLE} if purpose is Purpose.OTHER and not self.title_en else {}


class NewDocumentForm(DocumentForm):
    key: uuid.UUID | None = None
    purpose: Purpose


class QuestionFields(Form):
    """`QuestionForm` adds the lines of options: `option_1_code`, `option_1_en` and so on."""

    key: uuid.UUID | None = None
    kind: QuestionKind
    text_en: Wording
    text_zh: Wording = ""
    text_ja: Wording = ""
    text_ko: Wording = ""
    text_mn: Wording = ""
    text_ru: Wording = ""
    hint_en: Wording = ""
    hint_zh: Wording = ""
    hint_ja: Wording = ""
    hint_ko: Wording = ""
    hint_mn: Wording = ""
    hint_ru: Wording = ""
    max_length: Annotated[int, Field(ge=1, le=10_000)] | None = None
    limit_unit: LimitUnit = LimitUnit.CHARACTERS
    is_required: bool = False
    shown_to_hosts: bool = False

    def facts(self) -> dict[str, Any]:
        """What does not belong to the kind is dropped."""
        limit = self.max_length if self.kind is QuestionKind.LONG else None
        return {
            "kind": self.kind,
            "texts": by_language(self, "text"),
            "hints": by_language(self, "hint"),
            "options": self.options() if self.kind in CHOICE else [],
            "max_length": limit,
            "limit_unit": self.limit_unit if limit else None,
            "is_required": self.is_required,
            "shown_to_hosts": self.shown_to_hosts,
        }

    def options(self) -> list[dict[str, Any]]:
        """Each line with a text in English; a new one gets the first code that is free."""
        rows = [(getattr(self, f"option_{line}_code"), by_language(self, f"option_{line}")) for line in LINES]
        written = [(code, texts) for code, texts in rows if texts.get(SOURCE)]
        free = (code for code in CODES if code not in {taken for taken, _texts in rows})
        used: set[str] = set()
        found = []
        for code, texts in written:
            own = code if code and code not in used else next(free)
            used.add(own)
            found.append({"code": own, "texts": texts})
        return found

    def amiss(self, question: Question | None) -> dict[str, Lazy]:
        """What is wrong with the lines of options, by field."""
        if self.kind not in CHOICE:
            return {}
        found = {f"option_{line}_en": ENGLISH_OPTION for line in LINES if self._lacks_english(line)}
        if len(self.options()) < 2:
            found.setdefault("option_1_en", TWO_OPTIONS)
        codes = {option["code"] for option in self.options()}
        lost = rules.lost_options(question, codes) if question else []
        return {**found, **{f"option_{self._line_of(code)}_en": LOST_OPTION for code in lost}}

    def _lacks_english(self, line: int) -> bool:
        texts = by_language(self, f"option_{line}")
        return bool(texts) and SOURCE not in texts

    def _line_of(self, code: str) -> int:
        return next((line for line in LINES if getattr(self, f"option_{line}_code") == code), 1)


def _lines() -> dict[str, Any]:
    code = (Annotated[str, Field(pattern=r"^[a-t]$")], "")
    texts = {f"option_{line}_{suffix}": (Title, "") for line in LINES for suffix in SUFFIXES.values()}
    return {**{f"option_{line}_code": code for line in LINES}, **texts}


QuestionForm: type[QuestionFields] = create_model("QuestionForm", __base__=QuestionFields, **_lines())
QuestionForm.labels = {
    "kind": N_("Kind of answer"),
    "text_en": N_("Question in English"),
    "text_zh": N_("Question in Chinese"),
    "text_ja": N_("Question in Japanese"),
    "text_ko": N_("Question in Korean"),
    "text_mn": N_("Question in Mongolian"),
    "text_ru": N_("Question in Russian"),
    **{name: label for name, label in DocumentForm.labels.items() if name.startswith("hint_")},
    **{f"option_{line}_{suffix}": N_("Options") for line in LINES for suffix in SUFFIXES.values()},
    "max_length": N_("Longest answer"),
    "limit_unit": N_("Counted in"),
    "is_required": N_("Applicants must answer it"),
    "shown_to_hosts": N_("Hosts see the answer"),
}


def of_document(requested: RequestedDocument) -> dict[str, Any]:
    plain = {name: getattr(requested, name) for name in ("is_required", "shown_to_hosts")}
    return {**plain, **in_fields("title", requested.titles), **in_fields("hint", requested.hints)}


def of_question(question: Question) -> dict[str, Any]:
    plain = ("kind", "max_length", "limit_unit", "is_required", "shown_to_hosts")
    lines: dict[str, Any] = {}
    for line, option in enumerate(question.options, 1):
        lines |= {f"option_{line}_code": option["code"], **in_fields(f"option_{line}", option["texts"])}
    texts = {**in_fields("text", question.texts), **in_fields("hint", question.hints)}
    return {**{name: getattr(question, name) for name in plain}, **texts, **lines}
