"""A process to be killed: writes the messages of a circular, a few in each transaction.

python -m tests.circulars.writer DATABASE_URL CIRCULAR_ID
"""

import sys
import uuid

from portal import duties, tables  # noqa: F401 - the job that delivers must be known
from portal.circulars import actions, rules
from portal.db import Database


def main() -> None:
    database, key = Database(sys.argv[1]), uuid.UUID(sys.argv[2])
    rules.BATCH, after, more = 3, "", True
    print("began", flush=True)
    while more:
        with database.session(writes=True) as session:
            after = actions.write_some(session, key, after=after)
        more = bool(after)


if __name__ == "__main__":
    main()
