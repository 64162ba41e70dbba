"""Writing a message from its template: plain text, in its reader's language, with harmless values.

Whatever a template prints that is not a sentence of our own may have been typed by a stranger who wants
our good name on their message. So every plain text that comes out of a value is made one short line
without anything that a mail program would turn into a link. Our own links are passed as `link`,
`origin` or under a name that ends in `_link`.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context

from portal import i18n
from portal.mail.rules import Recipient

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
LONGEST_VALUE = 80
LONGEST_SUBJECT = 200
OWN = re.compile(r"(^|_)(link|origin)$")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Jinja wraps the two in functions of its own, and calls them from there by this context as well.
TRANSLATORS = (i18n.gettext, i18n.ngettext)
WRAPPERS = ("gettext", "ngettext", "_")


class Composed(NamedTuple):
    subject: str
    text: str


def compose(template: str, to: Recipient, values: dict[str, Any]) -> Composed:
    """The subject is the first line of templates/mail/`template`.txt, the text is the rest.

    A `signature` among the values stands below it instead of our usual one, which only some languages have.
    """
    with i18n.speaking(to.language):
        context = {"language": i18n.language(), "zone": to.zone, "name": harmless(to.name), **_clean_values(values)}
        written = _environment().get_template(f"mail/{template}.txt").render(context).strip()
        subject, _end, body = written.partition("\n")
        text = (
            _environment()
            .get_template("mail/_layout.txt")
            .render(body=_airy(body), passes_on_to=harmless(to.passes_on_to), signature=values.get("signature", ""))
        )
    return Composed(one_line(subject)[:LONGEST_SUBJECT], text)


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


class _Context(Context):
    def call(self, function: Any, *arguments: Any, **named: Any) -> Any:
        answer = super().call(function, *arguments, **named)
        wrappers = [self.environment.globals.get(name) for name in WRAPPERS]
        ours = any(function is each for each in (*TRANSLATORS, *wrappers))
        return answer if ours else _clean(answer)


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
    made.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(day=i18n.day, instant=i18n.instant, deadline=i18n.deadline, city=i18n.city)
    made.globals.update(language_names=i18n.LANGUAGES)
    return made
