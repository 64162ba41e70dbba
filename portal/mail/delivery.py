"""Handing messages to the mail server one after the other, or to the console where there is none."""

import smtplib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import parseaddr

import structlog

from portal.mail import server
from portal.mail.letter import letter
from portal.mail.models import Message
from portal.mail.rules import SENT, Fate, Outcome, is_permanent
from portal.settings import Settings

log = structlog.get_logger()
RULE = "─" * 72


class _Down(Exception):
    """The mail server takes nothing, whatever it is given."""


class Line:
    """A connection to the mail server: opened when the first message needs it, and kept for the next."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: server.Server | None = None
        self.carried = 0

    def deliver(self, message: Message) -> Outcome:
        """One attempt. It is `SENT` only once the server has taken the message over."""
        try:
            mail = letter(self.settings, message)
        except (ValueError, HeaderParseError, IndexError) as error:
            return Outcome(Fate.NEVER, f"the address cannot be written to: {type(error).__name__}")
        if not self.settings.smtp_url:
            return _print(mail, message.text)
        try:
            return self._hand_over(mail)
        except _Down as down:
            return Outcome(Fate.UNTRIED, str(down))

    def close(self) -> None:
        """The messages are the server's by now: a clumsy farewell must not have one sent again."""
        if self.server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.server.quit()
            self._drop()

    def _hand_over(self, mail: EmailMessage) -> Outcome:
        self._refresh()
        try:
            return self._speak(mail)
        except smtplib.SMTPSenderRefused as refused:
            if refused.smtp_code == server.TOO_LARGE:
                return _answered(refused.smtp_code, refused.smtp_error)
            # The sender is the same for all messages. Some servers take so many on one connection, and no more.
            was_used = self.carried
            self._drop()
            if was_used:
                return self._hand_over(mail)
            raise _Down(server.complaint(refused)) from refused

    def _speak(self, mail: EmailMessage) -> Outcome:
        assert self.server is not None, "it was opened"
        sender, recipient = parseaddr(self.settings.mail_from)[1], mail["To"].addresses[0].addr_spec
        try:
            self.server.send_message(mail, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as refused:
            return _answered(*next(iter(refused.recipients.values())))
        except smtplib.SMTPDataError as refused:
            return _answered(refused.smtp_code, refused.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return Outcome(Fate.NEVER, str(error))
        except smtplib.SMTPSenderRefused:
            raise
        except Exception as error:
            return self._broken(error)
        self.carried += 1
        return SENT

    def _broken(self, error: Exception) -> Outcome:
        """In the midst of a message: it may have arrived or not, and may itself be the reason. So it waits its turn."""
        self._drop()
        if not isinstance(error, (smtplib.SMTPException, OSError)):
            log.exception("a message could not be handed over")
        return Outcome(Fate.LATER, server.complaint(error))

    def _refresh(self) -> None:
        """A server may have hung up since the last message. Raises _Down if it takes no new connection."""
        if self.server is not None and not self._is_alive():
            self._drop()
        if self.server is None:
            try:
                self.server = server.opened(self.settings)
            except (smtplib.SMTPException, OSError, ValueError, server.Unfit) as error:
                raise _Down(server.complaint(error)) from error

    def _is_alive(self) -> bool:
        try:
            return self.server is not None and self.server.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _drop(self) -> None:
        if self.server is not None:
            self.server.close()
        self.server, self.carried = None, 0


@contextmanager
def line(settings: Settings) -> Iterator[Line]:
    opened = Line(settings)
    try:
        yield opened
    finally:
        opened.close()


def _print(mail: EmailMessage, text: str) -> Outcome:
    block = (RULE, f"To: {mail['To']}", f"Subject: {mail['Subject']}", "", text, RULE)
    print("\n".join(block), file=sys.stdout, flush=True)
    return SENT


def _answered(code: int, words: bytes | str) -> Outcome:
    return Outcome(Fate.NEVER if is_permanent(code) else Fate.LATER, server.said(code, words))
