"""Writing a message from its template: plain text, in its reader's language, with harmless values.

Whatever a template prints that is not a sentence of our own may have been typed by a stranger who wants
our good name on their message. So every plain text that comes out of a value is made one short line
without anything that a mail program would turn into a link. Our own links are passed as `link`,
`origin` or under a name that ends in `_link`.
"""

import re
import unicodedata
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.runtime import Context

from portal import i18n
from portal.mail.models import Kind
from portal.mail.rules import Recipient
from portal.mail.wording import Wordings

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
LONGEST_VALUE = 80
LONGEST_SUBJECT = 200
OWN = re.compile(r"(^|_)(link|origin)$")
BODY = "\ue000body\ue001"
NAME = "{name}"  # the only placeholder of a letter that a secretary writes
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Where a passage stands in what a template wrote; no value can hold these characters (`one_line`).
PLACE = re.compile("\ue000(\\d+)\ue001")
_passages: ContextVar[list["Passage"] | None] = ContextVar("passages", default=None)


class Passage(NamedTuple):
    """A sentence of a template and what stands in its placeholders; `plural` and `number` where it counts something."""

    text: str
    values: dict[str, str]
    plural: str = ""
    number: int = 0


Part = str | Passage


class Composed(NamedTuple):
    """`parts` holds subject and body as they were put together, so that another wording can be tried on them."""

    kind: Kind
    subject: str
    text: str
    parts: dict[str, list[Part]]


def compose(template: str, to: Recipient, values: dict[str, Any], wordings: Wordings | None = None) -> Composed:
    """Renders templates/mail/`template`.txt: its first line is the subject, the rest the text.

    A `signature` among the values stands below it instead of our usual one, which only some languages have.
    `wordings` are a secretary's own words for passages of this template and of the layout around it.
    """
    wordings = wordings or {}
    with i18n.speaking(to.language):
        context = {"language": i18n.language(), "zone": to.zone, "name": harmless(to.name), **_clean_values(values)}
        kind, parts = _render(f"mail/{template}.txt", context)
        subject, body = split(parts)
        frame = {"passes_on_to": harmless(to.passes_on_to), "signature": values.get("signature", ""), "body": BODY}
        _kind, around = _render("mail/_layout.txt", frame)
        said = {"subject": subject, "body": body, "around": around}
        return Composed(Kind(kind), *put_together(said, wordings), said)


def frame(kind: Kind, language: str, subject: str, body: str, wordings: Wordings | None = None) -> Composed:
    """A letter that somebody of the secretariat wrote, as it stands, with our usual words around it.

    Nothing in it is a template. Its "{name}" is for `named`.
    """
    with i18n.speaking(language):
        said: dict[str, list[Part]] = {"subject": [subject], "body": [body], "around": surroundings()}
        return Composed(kind, *put_together(said, wordings or {}), said)


def named(composed: Composed, name: str) -> Composed:
    """A framed letter to somebody of this name."""
    own = harmless(name)
    subject = composed.subject.replace(NAME, own)[:LONGEST_SUBJECT]
    return composed._replace(subject=subject, text=composed.text.replace(NAME, own))


def put_together(parts: dict[str, list[Part]], wordings: Wordings) -> tuple[str, str]:
    """Subject and text of a message in the language that is spoken, with these wordings of its passages."""
    subject = one_line(_join(parts["subject"], wordings))[:LONGEST_SUBJECT]
    body = _airy(_join(parts["body"], wordings))
    return subject, _join(parts["around"], wordings).replace(BODY, body).strip("\n") + "\n"


def say(passage: Passage, wordings: Wordings) -> str:
    """A passage in a secretary's words if there are any, else in ours. A wording that does not fit is passed over."""
    with suppress(KeyError, ValueError, TypeError):
        own = wordings.get(passage.text)
        if own is not None:
            return own.form(passage.number) % passage.values
    if passage.plural:
        return i18n.ngettext(passage.text, passage.plural, passage.number) % passage.values
    return i18n.gettext(passage.text) % passage.values


def surroundings() -> list[Part]:
    """What stands around a message to its own reader, with our usual signature."""
    return _render("mail/_layout.txt", {"passes_on_to": "", "signature": "", "body": BODY})[1]


def parsed(path: str) -> nodes.Template:
    """A template as a tree, for whoever asks what it could say."""
    loader = _environment().loader
    assert loader is not None, "there is one"
    return _environment().parse(loader.get_source(_environment(), path)[0])


def as_data(parts: dict[str, list[Part]]) -> dict[str, Any]:
    """Parts as a row keeps them; `from_data` is the way back."""
    return {name: [part if isinstance(part, str) else list(part) for part in each] for name, each in parts.items()}


def from_data(data: dict[str, Any]) -> dict[str, list[Part]]:
    return {name: [part if isinstance(part, str) else Passage(*part) for part in each] for name, each in data.items()}


def _render(path: str, context: dict[str, Any]) -> tuple[str, list[Part]]:
    """What kind of message the template says it is, and its text in parts."""
    passages: list[Passage] = []
    token = _passages.set(passages)
    try:
        module = _environment().get_template(path).make_module(context)
        return getattr(module, "kind", Kind.NOTICE), _parts(str(module).strip(), passages)
    finally:
        _passages.reset(token)


def _parts(written: str, passages: list[Passage]) -> list[Part]:
    pieces = PLACE.split(written)
    read: list[Part] = [passages[int(piece)] if place % 2 else piece for place, piece in enumerate(pieces)]
    return [part for part in read if part]


def split(parts: list[Part]) -> tuple[list[Part], list[Part]]:
    """The first line and the rest."""
    for place, part in enumerate(parts):
        if isinstance(part, str) and "\n" in part:
            before, _end, after = part.partition("\n")
            return [*parts[:place], before], [after, *parts[place + 1 :]]
    return parts, []


def _join(parts: list[Part], wordings: Wordings) -> str:
    return "".join(part if isinstance(part, str) else say(part, wordings) for part in parts)


def one_line(text: str) -> str:
    """Without line ends and anything else that is not seen: no header can be forged with it.

    Nor with an encoded word ("=?utf-8?q?=0D=0A…?="), which Python's own header classes decode and write out.
    """
    visible = "".join(" " if unicodedata.category(c) in INVISIBLE else c for c in text)
    return " ".join(visible.replace("=?", "= ?").split())


def harmless(text: str) -> str:
    """A stranger's words as they may stand in our message: one line, 80 characters, nothing to click on."""
    line = one_line(text)
    short = line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"
    short = re.sub(r":(?=[/\\])", ": ", short.replace("@", " at "))
    return re.sub(r"(?<=\w)[.。．｡](?=[^\W\d_])", "․", short)


def _airy(body: str) -> str:
    """Paragraphs with one empty line between them, however many the template's own lines left."""
    lines = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def _clean_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if OWN.search(name) else _clean(value) for name, value in values.items()}


def _clean(value: Any) -> Any:
    """Plain text only: a lazy sentence is ours, and other things are cleaned where a template reaches into them."""
    if type(value) is str:
        return harmless(value)
    if isinstance(value, (list, tuple)):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return value


def _gettext(text: str, **values: Any) -> str:
    """What a template's sentences call: keeps the passage, and leaves its place in the text."""
    return _keep(Passage(text, _printed(values)))


def _ngettext(text: str, plural: str, number: int, **values: Any) -> str:
    return _keep(Passage(text, _printed({"num": number, **values}), plural, int(number)))


def _keep(passage: Passage) -> str:
    kept = _passages.get()
    if kept is None:  # a template that is rendered for its text alone
        return say(passage, {})
    kept.append(passage)
    return f"\ue000{len(kept) - 1}\ue001"


def _printed(values: dict[str, Any]) -> dict[str, str]:
    """A value may hold a sentence of its own, which is said at once."""
    kept = _passages.get() or []
    return {name: PLACE.sub(lambda place: say(kept[int(place[1])], {}), str(value)) for name, value in values.items()}


OURS = (_gettext, _ngettext, i18n.between)


class _Context(Context):
    def call(self, function: Any, *arguments: Any, **named: Any) -> Any:
        answer = super().call(function, *arguments, **named)
        return answer if any(function is each for each in OURS) else _clean(answer)


class _Environment(Environment):
    """Cleans what a template reads out of a thing, or gets by calling it."""

    context_class = _Context

    def getattr(self, thing: Any, attribute: str) -> Any:
        return _clean(super().getattr(thing, attribute))

    def getitem(self, thing: Any, argument: Any) -> Any:
        return _clean(super().getitem(thing, argument))


@lru_cache
def _environment() -> Environment:
    made = _Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.globals.update(gettext=_gettext, ngettext=_ngettext, _=_gettext)
    made.filters.update(day=i18n.day, instant=i18n.instant, deadline=i18n.deadline, city=i18n.city)
    made.globals.update(language_names=i18n.LANGUAGES, between=i18n.between)
    return made
