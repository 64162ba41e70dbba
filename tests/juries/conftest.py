import pytest
from sqlmodel import Session

from tests import make
from tests.juries.room import As, Room


@pytest.fixture
def room(session: Session, as_: As) -> Room:
    return Room(session, as_, make.judged_edition(session))
