"""Reading who wrote what is a deed: it is written down before the page is made, or there is no page."""

import uuid
from typing import Annotated

from fastapi import Depends, Request

from portal.accounts import entrance
from portal.accounts.viewer import get_viewer
from portal.contests import queries as contests
from portal.contests.rules import may_see_author
from portal.screening import actions, queries


def note_reading(request: Request, slug: str, essay_id: uuid.UUID) -> None:
    """Before the session of the page opens. Whoever may not read it gets their answer from the page itself."""
    database = entrance.database(request)
    with database.session(writes=False) as session:
        viewer = get_viewer(request, session)
        edition = contests.get_visible(session, viewer, slug) if viewer.is_signed_in else None
        if edition is None or not may_see_author(viewer, edition):
            return
        essay = queries.get_screened(session, viewer, edition, essay_id)
        is_noted = queries.has_read(session, viewer, essay)
    if not is_noted:
        with database.session(writes=True) as session:
            actions.note_reading(session, essay, by=viewer)


Noted = Annotated[None, Depends(note_reading)]
