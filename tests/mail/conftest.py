"""A mail server, and a portal that posts to it."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from tests.mail.queueing import using
from tests.mail.server import Mailbox, listening


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(mailbox: Mailbox) -> Iterator[int]:
    with listening(mailbox) as port:
        yield port


@pytest.fixture
def posting(real_app: FastAPI, port: int) -> FastAPI:
    """A portal that posts to the mailbox."""
    return using(real_app, port)
