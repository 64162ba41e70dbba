"""A real SMTP server on loopback that does as it is told."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Mailbox:
    """What arrived. Each answer is said at its step: to the sender, to each recipient, after each message."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.peers: set[Any] = set()
        self.encryption: list[str] = []
        self.names: list[str] = []
        self.sender_answer = "250 OK"
        self.recipient_answer = "250 OK"
        self.data_answer = "250 taken"
        self.most_on_a_connection = 0
        self.hangs_up_on = ""
        self.dawdle = 0.0
        self._carried: dict[Any, int] = {}

    async def handle_MAIL(self, _s: SMTP, session: Session, envelope: Envelope, address: str, _o: Any) -> str:  # noqa: N802
        self.peers.add(session.peer)
        if self.most_on_a_connection and self._carried.get(session.peer, 0) >= self.most_on_a_connection:
            return "421 too many messages on this connection"
        if self.sender_answer.startswith("250"):
            envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _o: Any) -> str:  # noqa: N802
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs_up_on and f"Subject: {self.hangs_up_on}".encode() in (envelope.content or b""):  # type: ignore[operator]
            assert server.transport is not None
            server.transport.close()
            return "250 never heard"
        if self.data_answer.startswith("250"):
            assert server.transport is not None
            self._keep(session, envelope, is_encrypted=bool(server.transport.get_extra_info("ssl_object")))
        await asyncio.sleep(self.dawdle)
        return self.data_answer

    def _keep(self, session: Session, envelope: Envelope, *, is_encrypted: bool) -> None:
        self.envelopes.append(envelope)
        self._carried[session.peer] = self._carried.get(session.peer, 0) + 1
        self.encryption.append("encrypted" if is_encrypted else "plain")
        self.names.append(str(getattr(session.auth_data, "login", b"").decode()))

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(one.content, policy=policy.default) for one in self.envelopes]  # type: ignore[arg-type,misc]


@contextmanager
def listening(
    mailbox: Mailbox, port: int = 0, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Answers on a port of loopback until the end of the block; encrypted from the start with `tls`."""
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port or free_port(), ssl_context=tls, tls_context=starttls,
        authenticator=_let_in, auth_require_tls=bool(starttls), server_hostname="mail.example.org",
    )  # fmt: skip
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _let_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    """Whoever knows the word."""
    knows = isinstance(data, LoginPassword) and data.password == b"word"
    return AuthResult(success=knows, auth_data=data, handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
