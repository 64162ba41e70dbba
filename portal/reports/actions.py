"""What the secretariat does for many at once. Each deed is one row of the history, which its result is read from."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session

from portal.accounts.models import Person
from portal.accounts.queries import recipient
from portal.accounts.viewer import Viewer
from portal.applications.models import Application, RefusalCode
from portal.calls.models import Call
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.mail.actions import send
from portal.nominations import actions as nominations
from portal.nominations import queries as nomination_queries
from portal.reports import queries, rules
from portal.reports.rules import Line
from portal.reports.words import Deed


def ensure(deed: Deed, call: Call, *, by: Viewer) -> dt.datetime:
    """This person may do it in this call, now."""
    if not rules.may(by, deed):
        raise NotAllowed
    at = now()
    reason = rules.why_not(deed, call, at)
    if reason is not None:
        raise Conflict(reason)
    return at


def remind_coordinators(session: Session, call: Call, lines: Sequence[Line], *, by: Viewer, origin: str) -> uuid.UUID:
    """Those of governments at which something waits. Returns what the result is found by."""
    at = ensure(Deed.REMIND_COORDINATORS, call, by=by)
    waiting = {line.home.id: line for line in lines if line.home and line.undecided}
    reminded = queries.coordinators_to_remind(session, waiting.keys(), at)
    for person, home_id in reminded:
        line = waiting[home_id]
        send(
            session, queries.COORDINATORS_TEMPLATE, to=recipient(person), call=call, home=line.home,
            number=line.undecided, link=f"{origin}/nominations?call={call.slug}",
        )  # fmt: skip
    return _record(session, Deed.REMIND_COORDINATORS, call, lines, _counted(lines, reminded), by=by)


def remind_applicants(session: Session, call: Call, lines: Sequence[Line], *, by: Viewer, origin: str) -> uuid.UUID:
    at = ensure(Deed.REMIND_APPLICANTS, call, by=by)
    reminded = queries.drafts_to_remind(session, call, [line.home.id for line in lines if line.home], at)
    for person, _home_id in reminded:
        send(session, queries.APPLICANTS_TEMPLATE, to=recipient(person), call=call, link=f"{origin}/applications")
    return _record(session, Deed.REMIND_APPLICANTS, call, lines, _counted(lines, reminded), by=by)


def refuse_remaining(
    session: Session, call: Call, lines: Sequence[Line], *, by: Viewer, code: RefusalCode, reason: str
) -> uuid.UUID:
    """In the governments' place. What cannot be refused, because somebody was quicker, is left and named."""
    ensure(Deed.REFUSE, call, by=by)
    waiting = queries.undecided(session, call, [line.home.id for line in lines if line.home])
    refused: list[Application] = []
    left: dict[str, str] = {}
    for each in waiting:
        try:
            application = nomination_queries.lock_visible(session, by, each.id)
            nominations.refuse(session, application, by=by, reason=reason, code=code)
            refused.append(application)
        except (Conflict, NotAllowed) as error:
            left[str(each.id)] = str.__str__(error.reason)
    counts = Counter(application.home_id for application in refused)
    by_code = {line.code: counts[line.home.id] for line in lines if line.home}
    ids = [str(application.id) for application in refused]
    return _record(session, Deed.REFUSE, call, lines, by_code, by=by, applications=ids, left=left)


def _counted(lines: Sequence[Line], reminded: Sequence[tuple[Person, uuid.UUID]]) -> dict[str, int]:
    counts = Counter(home_id for _person, home_id in reminded)
    return {line.code: counts[line.home.id] for line in lines if line.home}


def _record(
    session: Session, deed: Deed, call: Call, lines: Sequence[Line], counts: dict[str, int], *, by: Viewer,
    **details: object,
) -> uuid.UUID:  # fmt: skip
    """Why nothing was done at a government is kept as it was shown before."""
    batch = uuid.uuid4()
    skipped = {each.line.code: str.__str__(each.skipped) for each in rules.plan(deed, lines, counts) if each.skipped}
    told = {code: number for code, number in counts.items() if number}
    record(
        session, queries.DEED, "bulk", batch, by=by.id, deed_of=deed.value, call=call.slug, done=told,
        skipped=skipped, **details,
    )  # fmt: skip
    return batch
