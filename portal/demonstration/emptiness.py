"""Whether a database holds nothing but what every portal begins with."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, exists, select

from portal import tables
from portal.errors import ConfigurationError
from portal.history.models import Entry, Head
from portal.registry.models import Committee, Government, Partner

MARK = "demonstration built"
NOT_EMPTY = "this database holds something else, so the demonstration is not put into it: name an empty one in PORTAL_DATABASE_URL"  # noqa: E501 - one sentence
# The registry, the chain's head and the mail server's row are there from the start; keys, attempts and workers'
# signs of life are bookkeeping.
FROM_THE_START = {
    sa.inspect(model).local_table
    for model in (
        Government,
        Committee,
        Partner,
        Head,
        tables.mail.MailServer,
        tables.jobs.WorkerSign,
        tables.web.SubmissionKey,
        tables.accounts.Attempts,
    )
}


def is_built(session: Session) -> bool:
    return bool(session.exec(select(exists().where(col(Entry.deed) == MARK))).one())


def check(session: Session) -> None:
    """Raises ConfigurationError if anybody has used this database before. An edited registry is in the history."""
    if any(session.execute(query).scalar_one() for query in _questions()):
        raise ConfigurationError(NOT_EMPTY)


def _questions() -> Iterator[sa.Select[tuple[bool]]]:
    for table in SQLModel.metadata.sorted_tables:
        if table not in FROM_THE_START:
            yield sa.select(sa.exists(sa.select(sa.literal(1)).select_from(table)))
