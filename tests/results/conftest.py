"""What the tests of results share."""

import pytest
from sqlmodel import Session

from tests.results.stage import Stage


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)
