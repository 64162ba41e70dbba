"""Sending one message to try the mail server, told step by step: `python -m portal mail-test ADDRESS`."""

import smtplib
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import urlsplit

from portal.errors import ConfigurationError
from portal.mail import server
from portal.mail.letter import letter
from portal.mail.models import Message
from portal.settings import Settings

SUBJECT = "A test of the NEAR youth portal"
TEXT = "If you read this, the portal's mail arrives.\n\n-- \nSent by: python -m portal mail-test\n"
NO_SERVER = "PORTAL_SMTP_URL is empty: messages are printed to the log, and none is sent"


def steps(settings: Settings, address: str) -> Iterator[str]:
    """Each step once it is done. Raises ConfigurationError at the one that fails, with what the server said."""
    if not settings.smtp_url:
        raise ConfigurationError(NO_SERVER)
    mail = _letter(settings, address)
    try:
        yield from _sent(settings, mail)
    except (smtplib.SMTPException, OSError, ValueError, server.Unfit) as error:
        raise ConfigurationError(f"the mail server does not take it: {server.complaint(error)}") from error


def _letter(settings: Settings, address: str) -> EmailMessage:
    message = Message(address=address, language="en", template="mail/test", subject=SUBJECT, text=TEXT)
    try:
        return letter(settings, message)
    except (ValueError, IndexError, HeaderParseError):
        raise ConfigurationError(f"{address!r} is no e-mail address") from None


def _sent(settings: Settings, mail: EmailMessage) -> Iterator[str]:
    url = urlsplit(settings.smtp_url)
    with server.connect(settings) as connected:
        yield f"Connected to {url.hostname}, port {url.port or (465 if url.scheme == 'smtps' else 587)}."
        server.secure(connected, url)
        yield _encryption(connected)
        server.sign_in(connected, url)
        yield f"Signed in as {url.username}." if url.username else "Not signed in: the address names no user."
        connected.send_message(mail, parseaddr(settings.mail_from)[1], [mail["To"].addresses[0].addr_spec])
        yield f"The server took the message: {connected.last_answer}"


def _encryption(connected: server.Server) -> str:
    version = getattr(connected.sock, "version", None)
    return f"Encrypted with {version()}." if version else "Not encrypted: the server offers no STARTTLS."
