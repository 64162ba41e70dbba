"""Signs between translated pieces follow the language: no template puts an English comma or colon between them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes

from portal.web.templating import TEMPLATES, environment

PATHS = sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")])
# In these no words are put together: the shape of the interface for programs, and what is typed as it stands.
DATA = {
    "registry/api.html": "types of JSON",
    "deals/_deal.html": "the key of a group is taken apart at its colon",
    "standings/_pictures.html": "a place is numbered with a point in every language",
}
PUNCTUATION = re.compile(r"[,.:;()]")
BETWEEN = re.compile(r"[\s\W]*[,.:;()][\s\W]*")
SPOKEN = re.compile(r'\b(?:aria-label|title|alt|placeholder)="([^"]*)"')
# What stands in one line of a page; other tags are taken out.
BLOCK = r"/?(?:p|li|td|th|div|dd|dt|br|h\d|text)\b"
EXPRESSION = "\N{OBJECT REPLACEMENT CHARACTER}"


def _printed(source: str) -> str:
    """What a template says itself: every expression is one character, translated blocks and control are nothing."""
    parts, is_inside, is_translated = [], False, False
    block: list[str] = []
    for _line, kind, value in environment().lex(source):
        if kind in {"variable_begin", "block_begin", "raw_begin"}:
            is_inside, block = True, []
        elif kind in {"variable_end", "block_end", "raw_end"}:
            is_inside = False
            is_translated = (is_translated or block[:1] == ["trans"]) and block[:1] != ["endtrans"]
            parts.append(EXPRESSION if kind == "variable_end" else "")
        elif is_inside:
            block.extend([value] if kind == "name" else [])
        elif kind == "data" and not is_translated:
            parts.append(value)
    return "".join(parts)


def _texts(source: str) -> Iterator[str]:
    printed = re.sub(r"<code>.*?</code>|<!--.*?-->|&#?\w+;", "", _printed(source), flags=re.DOTALL)
    yield from SPOKEN.findall(printed)
    yield from re.split(rf"\n|<{BLOCK}[^<>]*>", re.sub(rf"<(?!{BLOCK})[^<>]*>", "", printed))


def _constants(source: str) -> Iterator[str]:
    tree = environment().parse(source)
    allowed = {id(given) for call in tree.find_all(nodes.Call) if _is_between(call) for given in call.args}
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and BETWEEN.fullmatch(constant.value) and id(constant) not in allowed:
            yield constant.value


def _is_between(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name == "between"


def _english(path: Path) -> list[str]:
    source = path.read_text()
    return [text.strip() for text in (*_texts(source), *_constants(source)) if PUNCTUATION.search(text)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_signs_between_pieces_follow_the_language(path: Path) -> None:
    """Say `between(", ")`, `listing`, or one message with placeholders."""
    if str(path.relative_to(TEMPLATES)) not in DATA:
        assert _english(path) == []
