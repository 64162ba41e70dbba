"""Places of an award that the jury gives to nobody. Callers hold the edition locked."""

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.history.actions import record
from portal.i18n import N_
from portal.juries import actions, proposals, rules
from portal.juries.deciding import NOTHING_TO_CONFIRM, YOURS
from portal.juries.groups import Group, Row
from portal.juries.models import Withheld

TOO_MANY = N_("Not so many places of this award are left: some are given. Decide anew about those first.")
NOT_WITHHELD = N_("This is not withheld any more. Reload the page.")


def is_left(row: Row, number: int) -> bool:
    """Whether so many places can be withheld: those that are given stay."""
    places = row.award.places - number
    ranks = [seat.rank for seat in row.given]
    return places >= 0 and (len(ranks) <= places or proposals.is_shared(ranks, places))


def withhold(
    session: Session, edition: Edition, group: Group, row: Row, number: int, reason: str, *, by: Viewer
) -> None:
    """A second person confirms it; whatever was withheld of it before is replaced."""
    actions.check_open(session, edition, by=by)
    if not is_left(row, number):
        raise Conflict(TOO_MANY)
    made = row.withheld or Withheld(
        edition_id=edition.id, award_id=row.award.id, category_id=group.category_id, language=group.language,
        number=number, reason=reason, decided_by=by.id,
    )  # fmt: skip
    made.number, made.reason, made.decided_by, made.decided_at = number, reason, by.id, now()
    made.confirmed_by = made.confirmed_at = None
    session.add(made)
    session.flush()
    _record(session, "withheld", made, by=by, number=number, reason=reason)


def confirm(session: Session, edition: Edition, row: Row, *, seen: str, by: Viewer) -> None:
    actions.check_open(session, edition, by=by)
    found = row.withheld
    if found is None or found.confirmed_at is not None or seen != rules.mark_withheld(found):
        raise Conflict(NOTHING_TO_CONFIRM)
    if not rules.is_second(by, found.decided_by):
        raise Conflict(YOURS)
    found.confirmed_by, found.confirmed_at = by.id, now()
    session.add(found)
    session.flush()
    _record(session, "confirmed withholding", found, by=by)


def take_back(session: Session, edition: Edition, row: Row, *, by: Viewer) -> None:
    actions.check_open(session, edition, by=by)
    if row.withheld is None:
        raise Conflict(NOT_WITHHELD)
    _record(session, "took withholding back", row.withheld, by=by)
    session.delete(row.withheld)
    session.flush()


def _record(session: Session, deed: str, found: Withheld, *, by: Viewer, **told: object) -> None:
    group = {"award": str(found.award_id), "category": str(found.category_id), "language": found.language}
    record(session, deed, "edition", found.edition_id, by=by.id, **group, **told)
