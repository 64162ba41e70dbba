"""A message as it travels: headers, plain text, and the same text as HTML."""

from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from portal import i18n
from portal.i18n import gettext
from portal.mail import markup, unsubscribing, words
from portal.mail.composing import one_line
from portal.mail.models import Kind, Message
from portal.settings import Settings


def letter(settings: Settings, message: Message) -> EmailMessage:
    """Its Message-ID is always the same, so that a second copy is known as one.

    Raises ValueError, IndexError or HeaderParseError if the address is none.
    """
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = settings.mail_from
    mail["To"] = _address(message.address)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{urlsplit(settings.public_origin).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    with i18n.speaking(message.language):
        _fill(settings, message, mail)
    return mail


def _fill(settings: Settings, message: Message, mail: EmailMessage) -> None:
    text = message.text
    if message.kind is Kind.REMINDER:
        way_out = settings.public_origin + unsubscribing.path(settings.key, message.id)
        mail["List-Unsubscribe"] = f"<{way_out}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        text = f"{text.rstrip()}\n\n{gettext(words.NO_MORE_REMINDERS)}\n{way_out}\n"
    mail.set_content(plain(message.kind, text), cte="quoted-printable")
    html = markup.page(text, kind=message.kind, language=message.language, title=one_line(message.subject),
                       origin=settings.public_origin)  # fmt: skip
    mail.add_alternative(html, subtype="html", cte="quoted-printable")


def plain(kind: Kind, text: str) -> str:
    """A plain text that says at its head what it is, where that is not nothing in particular."""
    return f"[{words.KINDS[kind]}]\n\n{text}" if kind in words.MARKED else text


def _address(text: str) -> Address:
    if one_line(text) != text:  # a line end, or an encoded word that would become one
        raise ValueError("more than an address")
    return Address(addr_spec=text)
