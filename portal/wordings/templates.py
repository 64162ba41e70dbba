"""What the templates of messages can say: their sentences in order, read from the source and never evaluated."""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import nodes

from portal.mail import composing
from portal.mail.composing import BODY, Part, Passage
from portal.mail.models import Kind
from portal.mail.queries import LAYOUT

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
GETTEXT = {"gettext", "ngettext", "_"}
SOME = 5  # a number that counts several of something, where a sample counts
SIGNATURE = "signature"


class Sentence(NamedTuple):
    """A passage of a template that can be worded anew, in the catalogue's notation."""

    text: str
    plural: str
    is_subject: bool

    @property
    def key(self) -> str:
        """Short, and the same as long as the sentence is: what its fields are called by."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def placeholders(self) -> list[str]:
        return list(dict.fromkeys(PLACEHOLDER.findall(self.text + self.plural)))

    @property
    def links(self) -> list[str]:
        """Placeholders without which the reader would not get where the message leads."""
        return [name for name in self.placeholders if composing.OWN.search(name)]


class Template(NamedTuple):
    """`sample` is a message with the names of its placeholders in brackets, and everything that it might say."""

    name: str
    kind: Kind
    sample: dict[str, list[Part]]

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def is_layout(self) -> bool:
        return self.name == LAYOUT

    @property
    def sentences(self) -> list[Sentence]:
        """Each once, the subject's first."""
        where = ("around",) if self.is_layout else ("subject", "body")
        found = [(part, place) for place in where for part in self.sample[place] if isinstance(part, Passage)]
        made = {part.text: Sentence(part.text, part.plural, place == "subject") for part, place in reversed(found)}
        return list(reversed(made.values()))


def every() -> list[Template]:
    """The layout first, then the messages by their folders."""
    return [read(name) for name in _names(composing.TEMPLATES)]


def find(name: str) -> Template | None:
    return read(name) if name in _names(composing.TEMPLATES) else None


def read(name: str) -> Template:
    return _read(composing.TEMPLATES, name)


@lru_cache
def _names(folder: Path) -> list[str]:
    paths = sorted((folder / "mail").glob("*/[!_]*.txt"))
    return [LAYOUT, *(f"{path.parent.name}/{path.stem}" for path in paths)]


@lru_cache(maxsize=1000)
def _read(_folder: Path, name: str) -> Template:
    tree = composing.parsed(f"mail/{name}.txt")
    said = _stripped(list(_spoken(tree)))
    if name == LAYOUT:
        return Template(name, Kind.NOTICE, {"subject": [], "body": ["[…]"], "around": said})
    subject, body = composing.split(said)
    return Template(name, _kind(tree), {"subject": subject, "body": body, "around": composing.surroundings()})


def _kind(tree: nodes.Template) -> Kind:
    for each in tree.find_all(nodes.Assign):
        if isinstance(each.target, nodes.Name) and each.target.name == "kind" and isinstance(each.node, nodes.Const):
            return Kind(each.node.value)
    return Kind.NOTICE


def _spoken(node: nodes.Node) -> Iterator[Part]:
    """What is printed below this node: every branch of a condition, and every loop once."""
    if isinstance(node, nodes.Output):
        for each in node.nodes:
            yield from _printed(each)
    elif isinstance(node, nodes.Include) and isinstance(node.template, nodes.Const):
        yield from _spoken(composing.parsed(node.template.value))
    elif not isinstance(node, nodes.Expr):
        for child in node.iter_child_nodes():
            yield from _spoken(child)


def _printed(node: nodes.Node) -> Iterator[Part]:
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Call) and _is_sentence(node):
        yield _passage([each.value for each in node.args if isinstance(each, nodes.Const)])
    elif _name(node) != SIGNATURE:  # which only some languages have
        yield BODY if _name(node) == "body" else f"[{_name(node)}]"


def _is_sentence(node: nodes.Call) -> bool:
    """Its words stand in the template, and not in a value."""
    return _name(node.node) in GETTEXT and isinstance(node.args[0], nodes.Const)


def _passage(texts: list[str]) -> Passage:
    text, plural = texts[0], texts[1] if len(texts) > 1 else ""
    return Passage(text, {name: f"[{name}]" for name in PLACEHOLDER.findall(text + plural)}, plural, SOME)


def _name(node: nodes.Node) -> str:
    """The last word of an expression: `number` for `application.number | upper`."""
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return str(node.arg.value)
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Call) and _name(node.node) in GETTEXT:
        return _name(node.args[0])
    below = getattr(node, "node", None)
    return _name(below) if isinstance(below, nodes.Node) else "…"


def _stripped(parts: list[Part]) -> list[Part]:
    """Without the blank lines that it begins and ends with."""
    while parts and isinstance(parts[0], str) and not parts[0].strip():
        parts = parts[1:]
    if parts and isinstance(parts[0], str):
        parts = [parts[0].lstrip(), *parts[1:]]
    return parts
