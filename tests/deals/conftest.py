"""What the tests of deals share."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from portal.db import Database
from portal.settings import Settings
from tests.deals.stage import Stage


@pytest.fixture
def build(session: Session, database: Database, settings: Settings) -> Callable[..., Stage]:
    return lambda **named: Stage(session, database, settings, **named)


@pytest.fixture
def stage(build: Callable[..., Stage]) -> Stage:
    return build()
