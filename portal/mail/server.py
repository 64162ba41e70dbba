"""Speaking to the mail server: how a connection is opened and encrypted, and what its refusals mean."""

import smtplib
import ssl
from urllib.parse import SplitResult, unquote, urlsplit

from portal.settings import LOOPBACK, TLS_REQUIRED, Settings

SECONDS = 30
# Whoever hangs up before the server has taken a message over sends it twice (RFC 5321, 4.5.3.2.6).
SECONDS_FOR_TAKING_OVER = 600
TOO_LARGE = 552


class Unfit(Exception):
    """The server offers less than is needed; its administrator has to change that."""


class _Patient:
    """Waits longer for the answer that matters most, and keeps it."""

    last_answer = ""

    def data(self, message: object) -> tuple[int, bytes]:
        self.sock.settimeout(SECONDS_FOR_TAKING_OVER)  # type: ignore[attr-defined]
        code, words = super().data(message)  # type: ignore[misc]
        self.last_answer = said(code, words)
        if self.sock:  # type: ignore[attr-defined]
            self.sock.settimeout(SECONDS)  # type: ignore[attr-defined]
        return code, words


class Plain(_Patient, smtplib.SMTP):
    """smtp://"""


class Encrypted(_Patient, smtplib.SMTP_SSL):
    """smtps://"""


Server = Plain | Encrypted


def connect(settings: Settings) -> Server:
    """Not yet encrypted if the address is smtp://. Raises OSError or SMTPException."""
    url = urlsplit(settings.smtp_url)
    host, name = url.hostname or "", urlsplit(settings.public_origin).hostname
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        return Encrypted(host, url.port or 465, local_hostname=name, timeout=SECONDS, context=context)
    return Plain(host, url.port or 587, local_hostname=name, timeout=SECONDS)


def secure(server: smtplib.SMTP, url: SplitResult) -> None:
    """STARTTLS where it is offered; a password never travels in the clear beyond this machine.

    Raises Unfit if the server offers too little.
    """
    server.ehlo_or_helo_if_needed()
    if url.scheme == "smtps":
        return
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
    elif url.query == TLS_REQUIRED:
        raise Unfit("the mail server offers no encryption (STARTTLS), so it was given no message")
    elif url.username and url.hostname not in LOOPBACK:
        raise Unfit("the mail server offers no encryption, so the password was not sent")


def sign_in(server: smtplib.SMTP, url: SplitResult) -> None:
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))


def opened(settings: Settings) -> Server:
    """Connected, encrypted and signed in. Raises OSError, SMTPException or Unfit."""
    url, server = urlsplit(settings.smtp_url), connect(settings)
    try:
        secure(server, url)
        sign_in(server, url)
    except BaseException:
        server.close()
        raise
    return server


def said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"


def complaint(error: Exception) -> str:
    """An error in the server's words if it said any."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return said(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return said(error.smtp_code, error.smtp_error)
    return str(error) if isinstance(error, Unfit) else f"{type(error).__name__}: {error}"
