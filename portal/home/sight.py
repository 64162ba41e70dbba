"""Which messages of the queue a viewer may see: whom one to an author goes to, and when, tells who wrote what."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts.models import Role
from portal.accounts.viewer import Viewer
from portal.mail import queries
from portal.mail.models import Message
from portal.panels import queries as panels

# The folders of templates whose messages concern authors. Without an edition nobody sees them: none is sent so.
TO_AUTHORS = ("essays", "results", "appeals", "diplomas")
CONSENTS = "consents"  # of an edition, or else of a call


@dataclass(frozen=True)
class Sight:
    """`kept` are the editions that the viewer judges, or is asked to: they see no message about these. `screened` are
    those whose authors they know. Consents of calls are hidden from whoever judges: older ones name no edition."""

    kept: frozenset[uuid.UUID]
    screened: frozenset[uuid.UUID]
    sees_consents: bool

    def covers(self, template: str, edition_id: uuid.UUID | None) -> bool:
        if edition_id in self.kept:
            return False
        folder = template.partition("/")[0]
        if folder == CONSENTS and edition_id is None:
            return self.sees_consents
        return folder not in {*TO_AUTHORS, CONSENTS} or edition_id in self.screened

    def condition(self) -> sa.ColumnElement[bool]:
        """The same in words of the database."""
        edition_id = col(Message.edition_id)
        consents_seen = sa.and_(queries.within(CONSENTS), edition_id.is_(None), sa.literal(self.sees_consents))
        return sa.and_(
            sa.or_(edition_id.is_(None), edition_id.not_in(self.kept)),
            sa.or_(sa.not_(queries.within(*TO_AUTHORS, CONSENTS)), consents_seen, edition_id.in_(self.screened)),
        )


def sight_of(session: Session, viewer: Viewer) -> Sight:
    kept = panels.kept_from(session, viewer)
    return Sight(kept, viewer.editions(Role.SCREENER) - kept, not viewer.holds(Role.JUDGE))
