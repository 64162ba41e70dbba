"""Entering an essay for an author who writes on paper: begun, scanned, compared, with what was consented to."""

import uuid

from sqlmodel import Session

from portal.accounts import actions as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.consents import actions as consents
from portal.consents.models import Programme
from portal.consents.rules import is_minor
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.essays import actions as essays
from portal.essays import rules as essay_rules
from portal.essays.models import Authorship
from portal.files import actions as files
from portal.files.models import StoredFile
from portal.files.rules import Checked
from portal.history.actions import record
from portal.paper_essays import queries, rules
from portal.paper_essays.forms import Newcomer, Signed
from portal.registry.models import Government


def enter(session: Session, edition: Edition, home: Government, typed: Newcomer, *, by: Viewer) -> Authorship:
    """A person who cannot sign in, and their draft. Who enters it can never judge the edition."""
    contests.hold(session, edition)  # nobody makes them a judge meanwhile
    why_not = queries.why_not_entered(session, by, edition)
    if why_not is not None:
        raise Conflict(why_not)
    person = accounts.open_without_account(
        session, name=typed.name, email=typed.email, language=typed.language, zone=home.zone, by=by.id
    )
    known = {"entered_by": by.id, "entered_at": now(), "government_id": home.id, "native_name": typed.name}
    return essays.begin(session, edition, person.id, "entered from paper", by=by, **known)


def keep_scan(session: Session, own: Authorship, checked: Checked, *, by: Viewer) -> None:
    """The essay on paper. With another scan the comparison begins anew."""
    _writable(own)
    before = own.scan_id
    own.scan_id, own.compared_at = files.keep(session, checked, owner_id=own.person_id).id, None
    session.add(own)
    session.flush()
    record(session, "scan kept", "authorship", own.id, by=by.id, file=str(own.scan_id))
    if before is not None and own.essay.submitted_at is None:
        files.forget(session, session.get_one(StoredFile, before))


def confirm_comparison(session: Session, own: Authorship, *, version: int, by: Viewer) -> None:
    """Of the text as it stands: what is written later has to be compared again."""
    _writable(own)
    if own.scan_id is None:
        raise Conflict(rules.NO_SCAN)
    if not own.essay.text:
        raise Conflict(rules.NO_TEXT)
    if version != own.essay.version:
        raise Conflict(rules.ELSEWHERE)
    own.compared_at = now()
    session.add(own)
    record(session, "compared with the scan", "authorship", own.id, by=by.id, version=version)


def enter_consents(session: Session, own: Authorship, typed: Signed, scan_id: uuid.UUID, *, by: Viewer) -> None:
    """As they stand on the signed paper; a later one, also a withdrawal, ends the earlier."""
    case = consents.open_case(session, own.person_id, Programme.CONTEST, own.edition_id)
    needs_guardian = is_minor(essay_rules.ward_of(own), now())
    consents.enter_from_paper(
        session, case, typed.answers(), guardian_name=typed.guardian_name if needs_guardian else "",
        language=session.get_one(Person, own.person_id).language, scan_id=scan_id, by=by.id,
    )  # fmt: skip


def _writable(own: Authorship) -> None:
    why_not = essay_rules.why_not_written(own.essay, own.essay.edition, now())
    if why_not is not None:
        raise Conflict(why_not)
