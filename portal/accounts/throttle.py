"""How often something may be tried: by account, by network, and in all.

The counters are rows of one small table, on both databases, so that several processes share them and a
restart forgets nothing. They are counted in short transactions of their own, before the request's
transaction begins: an attempt that fails is rolled back and must count all the same.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import limits
import sqlalchemy as sa
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete

from portal.accounts.models import Attempts
from portal.clock import now
from portal.db import Database
from portal.errors import TooMany


@dataclass(frozen=True)
class Limit:
    """At most `item` for what `names` name together. The names are kept as a digest only."""

    item: limits.RateLimitItem
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        return hashlib.sha256("\n".join((str(self.item), *self.names)).encode()).hexdigest()[:40]


def limit(rate: str, *names: str) -> Limit:
    """`limit("10 per 15 minutes", "sign-in", address)`"""
    return Limit(limits.parse(rate), names)


def sign_in(account: str, network: str, *, device: str | None) -> list[Limit]:
    """Limits on trying passwords. A browser known to the account has one of its own, which no stranger can use up."""
    if device is not None:
        return [limit("20 per hour", "sign-in-device", account, device)]
    return [
        limit("10 per 15 minutes", "sign-in-here", account, network),
        limit("50 per hour", "sign-in-account", account),
        limit("300 per 15 minutes", "sign-in-network", network),
        limit("5000 per 15 minutes", "sign-in-all"),
    ]


def forms(network: str) -> list[Limit]:
    """Limits on the forms of strangers that end in a mail or a hash. A school sits behind one network."""
    return [limit("150 per hour", "forms-network", network), limit("5000 per hour", "forms-all")]


def own_password(account: str) -> list[Limit]:
    """Limits on guessing the present password in a browser that is signed in."""
    return [limit("10 per 15 minutes", "own-password", account)]


def mail(kind: str, address: str) -> Limit:
    """Strangers can have this many mails sent to one address. A link outlives the window: one is always good."""
    return limit("3 per 15 minutes", f"mail-{kind}", address)


def admit(database: Database, wanted: Sequence[Limit]) -> None:
    """Counts one attempt against each limit. Raises TooMany where one is used up, and then writes nothing."""
    with database.session(writes=False) as session:
        if not all(_strategy(session).test(each.item, each.key) for each in wanted):
            raise TooMany
    with database.session(writes=True) as session:
        _forget_old(session)
        taken = [take(session, each) for each in wanted]
    if not all(taken):
        raise TooMany


def take(session: Session, wanted: Limit) -> bool:
    """Counts one attempt in this transaction; False if it is one too many."""
    return _strategy(session).hit(wanted.item, wanted.key)


def forgive(session: Session, counted: Sequence[Limit]) -> None:
    """Takes back one attempt that turned out to be right."""
    keys = [each.item.key_for(each.key) for each in counted]
    counters = sa.update(Attempts).where(col(Attempts.key).in_(keys), col(Attempts.hits) > 0)
    session.execute(counters.values(hits=Attempts.hits - 1))


def _strategy(session: Session) -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(Counters(session))


def _forget_old(session: Session) -> None:
    session.execute(delete(Attempts).where(col(Attempts.expires_at) < now() - dt.timedelta(hours=1)))


class Counters(Storage):
    """The storage of `limits`, over the table of attempts, within one transaction."""

    STORAGE_SCHEME = None

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    @property
    def base_exceptions(self) -> type[Exception]:
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """One statement, so that two at once count as two; a window that is over begins anew."""
        insert = sqlite.insert if self.session.connection().dialect.name == "sqlite" else postgresql.insert
        at = now()
        fresh = insert(Attempts).values(key=key, hits=amount, expires_at=at + dt.timedelta(seconds=expiry))
        over = col(Attempts.expires_at) <= at
        counted = fresh.on_conflict_do_update(
            index_elements=[col(Attempts.key)],
            set_={
                "hits": sa.case((over, amount), else_=Attempts.hits + amount),
                "expires_at": sa.case((over, fresh.excluded.expires_at), else_=Attempts.expires_at),
            },
        )
        return int(self.session.execute(counted.returning(col(Attempts.hits))).scalar_one())

    def get(self, key: str) -> int:
        row = self._row(key)
        return row.hits if row else 0

    def get_expiry(self, key: str) -> float:
        row = self._row(key)
        return (row.expires_at if row else now()).timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        self.session.execute(delete(Attempts))
        return None

    def clear(self, key: str) -> None:
        self.session.execute(delete(Attempts).where(col(Attempts.key) == key))

    def _row(self, key: str) -> Attempts | None:
        found = sa.select(Attempts).where(col(Attempts.key) == key, col(Attempts.expires_at) > now())
        return self.session.execute(found).scalar_one_or_none()
