"""What a secretary sends: a text for each form of each sentence of one template."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field, create_model

from portal.forms import Form, Line, Text
from portal.i18n import N_, Lazy
from portal.i18n import gettext as _
from portal.wordings import rules
from portal.wordings.templates import Sentence

Subject = Annotated[Line, Field(max_length=rules.LONGEST_SUBJECT)]
Paragraph = Annotated[Text, Field(max_length=rules.LONGEST)]


class WordsForm(Form):
    """`words_form` adds the fields. `seen` is the version of the words that the page showed; ticks go back to ours."""

    labels: ClassVar[Mapping[str, Lazy]] = {"back": N_("Back to the portal's own words")}
    seen: Annotated[str, Field(max_length=16)] = ""
    back: list[Annotated[str, Field(max_length=12)]] = Field(default_factory=list)

    def texts(self, sentence: Sentence, forms: int) -> list[str]:
        return [getattr(self, field(sentence, place)) for place in range(forms)]


class Removal(Form):
    wording: uuid.UUID


def field(sentence: Sentence, place: int) -> str:
    return f"words_{sentence.key}_{place}"


def words_form(sentences: Mapping[Sentence, Sequence[Any]]) -> type[WordsForm]:
    """The form for these sentences, each with what it has a field for: one, or one for every plural form."""
    fields: dict[str, Any] = {}
    labels: dict[str, str] = dict(WordsForm.labels)
    for number, (sentence, forms) in enumerate(sentences.items(), 1):
        for place, _form in enumerate(forms):
            fields[field(sentence, place)] = (Subject if sentence.is_subject else Paragraph, "")
            labels[field(sentence, place)] = _label(sentence, number)
    made: type[WordsForm] = create_model("Words", __base__=WordsForm, **fields)
    made.labels = labels  # type: ignore[assignment]
    return made


def _label(sentence: Sentence, number: int) -> str:
    return _("Subject") if sentence.is_subject else _("Sentence %(number)s") % {"number": number}
