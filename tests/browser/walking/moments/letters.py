"""What the secretariat writes to many."""

from collections.abc import Iterator

from portal.circulars import actions as circulars
from portal.circulars import queries, rules
from portal.circulars.models import Circular
from portal.clock import now
from tests import make
from tests.browser.walking.crawl import Moment
from tests.browser.walking.moments.cast import AUDITOR, SECRETARY, Cast


def draft_circular(cast: Cast) -> Iterator[Moment]:
    """Tested, and not sent yet."""
    circular = make.circular(cast.session, cast.person(SECRETARY))
    for page in ("", "/text", "/audience"):
        yield Moment(f"/circulars/{circular.id}{page}", SECRETARY, what="draft")


def untested_circular(cast: Cast) -> Iterator[Moment]:
    circular = make.circular(cast.session, cast.person(SECRETARY), tested_at=None, texts={}, subjects={})
    yield Moment(f"/circulars/{circular.id}", SECRETARY, what="untested")


def circular_on_its_way(cast: Cast) -> Iterator[Moment]:
    """Half written, paused, cancelled, and written to everybody."""
    by = cast.viewer(SECRETARY)
    for what in ("sending", "paused", "cancelled", "sent"):
        circular = _sent(cast)
        if what == "paused":
            circulars.pause(cast.session, circular, by=by)
        elif what == "cancelled":
            circulars.cancel(cast.session, circular, by=by)
        elif what == "sent":
            _write_to_all(cast, circular)
        for reader in (SECRETARY, AUDITOR):
            yield Moment(f"/circulars/{circular.id}", reader, what=f"{what}, {reader}")
        yield Moment(f"/circulars/{circular.id}/recipients", SECRETARY, what=what)


def _sent(cast: Cast) -> Circular:
    circular = make.circular(cast.session, cast.person(SECRETARY), tested_at=now())
    readers = queries.everybody(cast.session, queries.audience_of(circular), circular.choices)
    seen = rules.mark(circular, len(readers))
    circulars.send(cast.session, circular, seen=seen, by=cast.viewer(SECRETARY))
    cast.session.flush()
    return circular


def _write_to_all(cast: Cast, circular: Circular) -> None:
    after = ""
    while after := circulars.write_some(cast.session, circular.id, after=after):
        cast.session.flush()


SCENES = (draft_circular, untested_circular, circular_on_its_way)
