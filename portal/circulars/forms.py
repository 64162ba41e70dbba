"""What a secretary sends about a circular."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from portal.accounts.forms import Password
from portal.circulars import rules
from portal.forms import SUFFIXES, Form, Line, Text, by_language, in_fields, refusal
from portal.i18n import N_

Choice = Annotated[str, Field(max_length=60)]
NO_GROUP = N_("Choose one of the groups.")
BRACES = N_('A circular knows one placeholder: {name}. Take every other brace out of "%(label)s".')
ONE_ALONE = N_('A subject and its text belong together. Fill in both in a language, or neither: look at "%(label)s".')

Subject = Annotated[Line, Field(max_length=150)]
Body = Annotated[Text, Field(max_length=10_000)]


class AudienceForm(Form):
    """Which of the filters are asked for is the group's to say (`audiences.Audience.filters`)."""

    labels: ClassVar = {
        "audience": N_("Group"),
        "call": N_("Call"),
        "edition": N_("Edition"),
        "country": N_("Country"),
        "membership": N_("Membership"),
        "status": N_("State of the application"),
        "stay": N_("State of the stay"),
        "stand": N_("State of the essay"),
        "work": N_("Work"),
    }
    audience: Choice
    call: Choice = ""
    edition: Choice = ""
    country: Choice = ""
    membership: Choice = ""
    status: Choice = ""
    stay: Choice = ""
    stand: Choice = ""
    work: Choice = ""


class TextsForm(Form):
    labels: ClassVar = {
        "subject_en": N_("Subject in English"),
        "subject_zh": N_("Subject in Chinese"),
        "subject_ja": N_("Subject in Japanese"),
        "subject_ko": N_("Subject in Korean"),
        "subject_mn": N_("Subject in Mongolian"),
        "subject_ru": N_("Subject in Russian"),
        "text_en": N_("Text in English"),
        "text_zh": N_("Text in Chinese"),
        "text_ja": N_("Text in Japanese"),
        "text_ko": N_("Text in Korean"),
        "text_mn": N_("Text in Mongolian"),
        "text_ru": N_("Text in Russian"),
    }

    subject_en: Subject
    subject_zh: Subject = ""
    subject_ja: Subject = ""
    subject_ko: Subject = ""
    subject_mn: Subject = ""
    subject_ru: Subject = ""
    text_en: Body
    text_zh: Body = ""
    text_ja: Body = ""
    text_ko: Body = ""
    text_mn: Body = ""
    text_ru: Body = ""

    @model_validator(mode="after")
    def _in_pairs_and_without_other_placeholders(self) -> "TextsForm":
        for suffix in SUFFIXES.values():
            subject, text = f"subject_{suffix}", f"text_{suffix}"
            if bool(getattr(self, subject)) != bool(getattr(self, text)):
                raise refusal(ONE_ALONE, label=self.labels[text])
            for name in (subject, text):
                if rules.has_stray_brace(getattr(self, name)):
                    raise refusal(BRACES, label=self.labels[name])
        return self

    def facts(self) -> dict[str, Any]:
        return {"subjects": by_language(self, "subject"), "texts": by_language(self, "text")}


def fields_of(subjects: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """What stands in the form when it is opened."""
    return {**in_fields("subject", subjects), **in_fields("text", texts)}


class SendForm(Form):
    """`seen` is the mark of the text and the group that the page showed."""

    labels: ClassVar = {"password": N_("Your password")}
    password: Password
    seen: Annotated[str, Field(max_length=64)] = ""
