"""Handing one message to the mail server, or to the console where there is none."""

import contextlib
import smtplib
import ssl
import sys
from collections.abc import Iterator
from email import policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from portal.mail.composing import one_line
from portal.mail.models import Message
from portal.mail.rules import SENT, Fate, Outcome, is_permanent
from portal.settings import LOOPBACK, Settings

SECONDS = 30
RULE = "─" * 72


class _Unfit(Exception):
    """The server offers less than is needed; its administrator has to change that."""


def deliver(settings: Settings, message: Message) -> Outcome:
    """One attempt. It is `SENT` only once the server has taken the message over."""
    try:
        mail = letter(settings, message)
    except (ValueError, HeaderParseError, IndexError) as error:
        return Outcome(Fate.NEVER, f"the address cannot be written to: {type(error).__name__}")
    if not settings.smtp_url:
        return _print(mail, message.text)
    return _hand_over(settings, mail)


def letter(settings: Settings, message: Message) -> EmailMessage:
    """The message as it travels. Its Message-ID is always the same, so that a second copy is known as one."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = settings.mail_from
    mail["To"] = _address(message.address)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{urlsplit(settings.public_origin).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    mail.set_content(message.text, cte="quoted-printable")
    return mail


def _address(text: str) -> Address:
    if one_line(text) != text:  # a line end, or an encoded word that would become one
        raise ValueError("more than an address")
    return Address(addr_spec=text)


def _print(mail: EmailMessage, text: str) -> Outcome:
    block = (RULE, f"To: {mail['To']}", f"Subject: {mail['Subject']}", "", text, RULE)
    print("\n".join(block), file=sys.stdout, flush=True)
    return SENT


def _hand_over(settings: Settings, mail: EmailMessage) -> Outcome:
    sender = parseaddr(settings.mail_from)[1]
    recipient = mail["To"].addresses[0].addr_spec
    try:
        with _connected(urlsplit(settings.smtp_url)) as server:
            server.send_message(mail, sender, [recipient])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return _said(code, words)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        return _said(refused.smtp_code, refused.smtp_error)
    except smtplib.SMTPNotSupportedError as error:
        return Outcome(Fate.NEVER, str(error))
    except (smtplib.SMTPException, OSError, _Unfit) as error:
        return Outcome(Fate.LATER, f"{type(error).__name__}: {error}")
    return SENT


def _said(code: int, words: bytes | str) -> Outcome:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Outcome(Fate.NEVER if is_permanent(code) else Fate.LATER, f"{code} {text}")


@contextlib.contextmanager
def _connected(url: SplitResult) -> Iterator[smtplib.SMTP]:
    server = _open(url)
    try:
        _secure(server, url)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
        # The message is the server's by now: a clumsy farewell must not have it sent again.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


def _open(url: SplitResult) -> smtplib.SMTP:
    host = url.hostname or ""
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, url.port or 587, timeout=SECONDS)


def _secure(server: smtplib.SMTP, url: SplitResult) -> None:
    """STARTTLS where it is offered; a password never travels in the clear beyond this machine."""
    server.ehlo_or_helo_if_needed()
    if url.scheme == "smtps":
        return
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
    elif url.username and url.hostname not in LOOPBACK:
        raise _Unfit("the mail server offers no encryption, so the password was not sent")
