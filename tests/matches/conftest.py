"""What the tests of the match share."""

import pytest
from sqlmodel import Session

from portal.db import Database
from portal.settings import Settings
from tests.matches.stage import Stage
from tests.people import Cast


@pytest.fixture
def stage(session: Session, cast: Cast, database: Database, settings: Settings) -> Stage:
    return Stage(session, cast, database, settings)
