"""Reading a form from the request, before any session opens."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from fastapi import Depends, Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from portal import forms
from portal.errors import Conflict
from portal.forms import Form
from portal.i18n import gettext as _
from portal.web import locale

F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Sent(Generic[F]):
    """A form as it came: the data if it is right, else what was typed and what is wrong with it."""

    form: type[F]
    data: F | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        return str(self.form.labels.get(name, name))

    def told(self) -> str:
        """All that is wrong in one line, each error after the name of its field."""
        told = _("%(label)s: %(error)s")
        return " ".join(told % {"label": self.label(n), "error": e} if n else str(e) for n, e in self.errors.items())

    def refused(self, name: str, sentence: object) -> "Sent[F]":
        """The same form with an error that only the actions could find."""
        return replace(self, data=None, errors={**self.errors, name: str(sentence)})

    def all_refused(self, sentences: Mapping[str, object]) -> "Sent[F]":
        """The same form with these errors by field; as it was if there are none."""
        found = {name: str(sentence) for name, sentence in sentences.items()}
        return replace(self, data=None, errors={**self.errors, **found}) if found else self


def blank(form: type[F], **values: Any) -> Sent[F]:
    """A form to fill in; `values` are what stands in it already."""
    return Sent(form, values={name: _shown(value) for name, value in values.items()})


def sent(form: type[F]) -> Callable[[Request], Awaitable[Sent[F]]]:
    """The dependency that reads `form` from the body."""

    async def read(request: Request) -> Sent[F]:
        return check(form, await _body(request))

    return read


async def _body(request: Request) -> FormData:
    body = await request.form()
    locale.switch(request, body.get(locale.SWITCH))
    return body


# The body as it came, for forms that are known only after the session has told what they ask.
Body = Annotated[FormData, Depends(_body)]


def check(form: type[F], body: FormData) -> Sent[F]:
    """What is sent to change the language is never acted upon: the form is shown again as it was typed."""
    values = {name: _value(body, name, info.annotation) for name, info in form.model_fields.items() if name in body}
    if locale.SWITCH in body:
        return Sent(form, None, _typed(values))
    filled = {name: value for name, value in values.items() if value not in ("", [])}
    try:
        return Sent(form, form.model_validate(filled), _typed(values))
    except ValidationError as error:
        return Sent(form, None, _typed(values), forms.by_field(error.errors(include_url=False)))


def _value(body: FormData, name: str, annotation: object) -> Any:
    return [v for v in body.getlist(name) if v != ""] if _is_list(annotation) else body.get(name)


def _is_list(annotation: object) -> bool:
    origin = get_origin(annotation)
    if origin in (Annotated, Union, UnionType):
        return any(_is_list(argument) for argument in get_args(annotation))
    return origin in (list, tuple, set, frozenset)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What can be shown again; a file cannot."""
    return {name: value for name, value in values.items() if not isinstance(value, UploadFile)}


def _shown(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


class NoFields(Form):
    """A button by itself."""


async def _pressed_body(request: Request) -> FormData:
    """There is no form to show again, and most who press look at nothing: to change the language never presses it."""
    body = await _body(request)
    if locale.SWITCH in body:
        raise Conflict
    return body


# The body of a button that says more than a form could: who sends it may be a mail program.
PressedBody = Annotated[FormData, Depends(_pressed_body)]


def pressed(form: type[F]) -> Callable[[Request], Awaitable[Sent[F]]]:
    """The dependency that reads a button and what it carries unseen, as the key by which it counts once."""

    async def read(request: Request) -> Sent[F]:
        return check(form, await _pressed_body(request))

    return read


Pressed = Annotated[Sent[NoFields], Depends(pressed(NoFields))]
