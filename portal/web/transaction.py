"""One request, one transaction, committed at the edge and before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

import sqlmodel
from fastapi import Depends, Request

from portal.db import POOL_SIZE

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def get_session(request: Request) -> Iterator[sqlmodel.Session]:
    """A reading session for GET, which is rolled back; a writing one for every other method."""
    with request.app.state.database.session(writes=request.method not in READING) as session:
        yield session


# scope="function": FastAPI would otherwise commit after the answer has left.
# max_concurrency: forty threads, ten connections; who waits must wait before taking a thread.
Session = Annotated[sqlmodel.Session, Depends(get_session, scope="function", max_concurrency=POOL_SIZE)]
