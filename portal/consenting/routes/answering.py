"""What the forms of guardians and of people of age have in common: the text, and whether it is answered whole."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends
from pydantic import TypeAdapter, ValidationError

from portal import i18n
from portal.accounts.forms import Name
from portal.consents import rules, wording
from portal.consents.forms import ANSWER, Answers
from portal.consents.models import Purpose
from portal.consents.wording import Reading
from portal.web.forms import Sent, sent

SentAnswers = Annotated[Sent[Answers], Depends(sent(Answers))]
NAME: TypeAdapter[str] = TypeAdapter(Name)


def language(wanted: str, otherwise: str) -> str:
    """The text's own language, which may be one that the interface is not offered in."""
    return wanted if wanted in i18n.LANGUAGES else otherwise


def checked(form: Sent[Answers], read: Reading, *, signs: bool) -> Sent[Answers]:
    """The form with what is wrong, said in the language of the text."""
    found = _problems(form.data, read, signs=signs)
    return Sent(form.form, None, form.values, found) if found else form


def completed(form: Sent[Answers]) -> dict[Purpose, bool] | None:
    return rules.completed(form.data.answers) if form.data else None


def signature(form: Sent[Answers]) -> str:
    """The name as it was typed; refused by `checked` where it is none."""
    assert form.data is not None, "it was checked"
    return NAME.validate_python(form.data.signature.strip())


def _problems(data: Answers | None, read: Reading, *, signs: bool) -> dict[str, str]:
    words = wording.text(read.language)["errors"]
    if data is None:
        return {ANSWER + Purpose.TAKE_PART.value: words["answer"]}
    found = {}
    if rules.completed(data.answers) is None:
        found = {ANSWER + each.value: words["answer"] for each, answer in data.answers.items() if answer is None}
    if signs and not _is_name(data.signature):
        found["signature"] = words["name"]
    return found or ({} if data.digest == read.digest else {"": words["changed"]})


def _is_name(typed: str) -> bool:
    try:
        NAME.validate_python(typed.strip())
    except ValidationError:
        return False
    return True


def shown(read: Reading) -> Mapping[str, Any]:
    """What the text's templates need."""
    return {"read": read, "said": wording.text(read.language), "all_languages": i18n.LANGUAGES, "answer": ANSWER}
