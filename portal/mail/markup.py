"""The HTML of a message, made of its plain text: the same words, nothing from elsewhere, readable light and dark."""

import re
from html import escape
from typing import NamedTuple

from portal.mail import words
from portal.mail.models import Kind


class Look(NamedTuple):
    """The colour of the bar beside a message (white text reads well on it), its breadth, and the size of its word."""

    colour: str
    bar: int
    word: int


# A decision is seen to be one from across the room; what is only kept or can wait stays thin.
LOOKS = {
    Kind.ACCESS: Look("#0b4f6c", 4, 14),
    Kind.DECISION: Look("#0b4f6c", 16, 22),
    Kind.RECEIPT: Look("#505a5f", 4, 14),
    Kind.TASK: Look("#4c2c92", 8, 16),
    Kind.NOTICE: Look("#1b7f5c", 4, 14),
    Kind.REMINDER: Look("#8a5a00", 4, 14),
    Kind.CIRCULAR: Look("#1b7f5c", 4, 14),
}
SIGNATURE = "\n-- \n"
# No colour of text and none behind it: a mail program that turns dark chooses both.
PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0;padding:16px">
<div lang="{language}" style="max-width:38em;margin:0 auto;padding:0 0 0 16px;border-left:{bar}px solid {colour};\
font-family:'Noto Sans','Noto Sans CJK SC',system-ui,sans-serif;font-size:16px;line-height:1.5">
<p style="margin:0 0 16px"><strong style="display:inline-block;padding:4px 10px;background-color:{colour};\
color:#ffffff;font-size:{word}px">{kind}</strong></p>
{body}
{signature}
</div>
</body>
</html>
"""
PARAGRAPH = '<p style="margin:0 0 16px">{}</p>'
SIGNED = '<div style="border-top:1px solid #8a9aa3;padding:12px 0 0;font-size:14px">\n{}\n</div>'
LINK = '<a href="{0}" style="word-break:break-word">{0}</a>'
NOT_OF_A_LINK = ".,;:!?)]}>'\""


def page(text: str, *, kind: Kind, language: str, title: str, origin: str) -> str:
    """A whole document. Only addresses that begin with our own `origin` can be clicked on."""
    body, _rule, signature = text.rpartition(SIGNATURE) if SIGNATURE in text else (text, "", "")
    return PAGE.format(
        language=escape(language), title=escape(title), kind=escape(str(words.KINDS[kind])),
        body=_paragraphs(body, origin), signature=SIGNED.format(_paragraphs(signature, origin)) if signature else "",
        **LOOKS[kind]._asdict(),
    )  # fmt: skip


def _paragraphs(text: str, origin: str) -> str:
    return "\n".join(PARAGRAPH.format(_lines(part, origin)) for part in re.split(r"\n{2,}", text.strip("\n")) if part)


def _lines(text: str, origin: str) -> str:
    return _linked(text, origin).replace("\n", "<br>\n")


def _linked(text: str, origin: str) -> str:
    pieces = re.split(f"({re.escape(origin)}[!-~]*)", text)
    return "".join(_link(piece, origin) if place % 2 else escape(piece) for place, piece in enumerate(pieces))


def _link(piece: str, origin: str) -> str:
    """The full stop after an address is not part of it; https://our.host.evil.example is not ours."""
    address = piece.rstrip(NOT_OF_A_LINK)
    if address[len(origin) :][:1] not in {"", "/", "?", "#"}:
        return escape(piece)
    return LINK.format(escape(address)) + escape(piece[len(address) :])
