"""What follows a match, in bulk: a placement for each application of a call, with what hangs on it."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from portal.alumni.models import Alumnus
from portal.applications.models import Application
from portal.calls.models import Call
from portal.certificates.models import Certificate
from portal.clock import now, today
from portal.final_reports.models import FinalReport
from portal.matches.models import Result, Waiter
from portal.openings.models import Opening
from portal.placements import instances, matching
from portal.placements.models import Placement, PlacementStatus
from portal.rankings.models import RankingEntry
from portal.stays.models import Evaluation, Stay
from tests import make
from tests.bench.bulk import Values, insert, like

STATES = ("accepted", "agreed", "completed", "certified")


def fill(session: Session, call: Call) -> None:
    """Every fourth is accepted, agreed, completed and certified; one opening has them all."""
    applications = session.exec(
        select(Application.id).where(Application.call_id == call.id).order_by(col(Application.id))
    ).all()
    opening = session.exec(select(Opening).where(Opening.call_id == call.id).order_by(col(Opening.id))).first()
    assert opening is not None
    placements = _placements(session, opening, applications)
    insert(session, Placement, placements)
    of = {state: [row for row in placements if row["status"] is PlacementStatus(state)] for state in STATES}
    by = placements[0]["proposed_by"]
    ended = [*of["completed"], *of["certified"]]
    insert(session, Stay, (like(Stay(placement_id=row["id"])) for row in (*of["agreed"], *ended)))
    insert(session, Evaluation, (like(_evaluation(row, by)) for row in ended))
    insert(session, FinalReport, [*map(_submitted, of["completed"]), *(_published(row, by) for row in of["certified"])])
    certificates = _certificates(session, of["certified"])
    insert(session, Certificate, certificates)
    home = session.exec(select(Application.home_id).where(Application.id == applications[0])).one()
    insert(session, Alumnus, (_alumnus(each, home, opening) for each in certificates))
    insert(session, RankingEntry, (_entry(opening, each, by) for each in applications[::2]))
    _match(session, call, opening, applications)


def _placements(session: Session, opening: Opening, applications: Sequence[uuid.UUID]) -> list[Values]:
    by, at, first = make.secretary(session).id, now(), today() + dt.timedelta(days=60)
    given = {"opening_id": opening.id, "proposed_by": by, "approved_by": by, "approved_at": at, "expires_at": at}
    return [
        like(
            Placement(
                **given, application_id=each, seat=place, status=PlacementStatus(STATES[place % 4]),
                proposed_at=at - dt.timedelta(minutes=place), answered_at=at - dt.timedelta(seconds=place),
                starts_on=first + dt.timedelta(days=place % 90), ends_on=first + dt.timedelta(days=150),
            )
        )
        for place, each in enumerate(applications, 1)
    ]  # fmt: skip


def _evaluation(row: Values, by: uuid.UUID) -> Evaluation:
    return Evaluation(placement_id=row["id"], supervisor="Kim Jisoo", marks=[5] * 5, text="Careful.", given_by=by)


def _submitted(row: Values) -> Values:
    return like(
        FinalReport(placement_id=row["id"], title="A summer", status="submitted", submitted_at=row["proposed_at"])
    )


def _published(row: Values, by: uuid.UUID) -> Values:
    at = row["proposed_at"]
    given = {"status": "accepted", "submitted_at": at, "accepted_at": at, "accepted_by": by, "published_at": at}
    return like(
        FinalReport(placement_id=row["id"], title="A summer", did="We built. " * 200, may_publish=True, **given)
    )


def _certificates(session: Session, rows: Sequence[Values]) -> list[Values]:
    """As the first one, whose words they all repeat."""
    one = make.certificate(session)
    return [
        like(one, id=uuid.uuid4(), placement_id=row["id"], number=f"NEAR-{place:08}", issued_at=row["proposed_at"])
        for place, row in enumerate(rows)
    ]


def _alumnus(certificate: Values, home_id: uuid.UUID, opening: Opening) -> Values:
    given = {"name": "Tuul", "home_id": home_id, "host_id": opening.government_id, "year": 2027}
    return like(Alumnus(certificate_id=certificate["id"], joined_at=certificate["issued_at"], **given))


def _entry(opening: Opening, application_id: uuid.UUID, by: uuid.UUID) -> Values:
    return like(RankingEntry(opening_id=opening.id, application_id=application_id, place=1, changed_by=by))


def _match(session: Session, call: Call, opening: Opening, applications: Sequence[uuid.UUID]) -> None:
    """A published run in which all take part and wait for one opening."""
    numbers = sorted(
        session.exec(
            select(Application.number).where(Application.call_id == call.id, col(Application.number).is_not(None))
        )
    )
    host = matching.Host(1, [numbers])
    whole = instances.Instance({number: [opening.slug] for number in numbers}, {opening.slug: host})
    document = instances.document(whole, seed=1, about={"fixed": [], "removed": []})
    run = make.match_run(session, call, document=json.dumps(document))
    insert(session, Result, (like(Result(run_id=run.id, application_id=each, verdicts=[])) for each in applications))
    waiting = (
        Waiter(run_id=run.id, opening_id=opening.id, place=place, application_id=each)
        for place, each in enumerate(applications, 1)
    )
    insert(session, Waiter, map(like, waiting))
