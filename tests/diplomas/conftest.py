"""What the tests of certificates share."""

import pytest
from sqlmodel import Session

from tests.results.stage import Stage


@pytest.fixture
def stage(session: Session) -> Stage:
    """The results have been public for an hour."""
    made = Stage(session)
    made.publish()
    return made
