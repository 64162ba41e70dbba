"""Asking guardians, and keeping what is decided, purpose by purpose.

A link can only take away. A no becomes a yes by a new question, never by the old link: a yes rests on a text that was
read that day and on a name typed under it, and a link may lie in a mailbox for years.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from portal.accounts import throttle
from portal.accounts.rules import mailbox
from portal.clock import now
from portal.consents import letters, queries, rules, wording
from portal.consents.forms import Named
from portal.consents.models import Case, Consent, ConsentGuardian, Method, Programme, Purpose
from portal.consents.rules import Standing
from portal.consents.wording import About, Reader
from portal.errors import Conflict, TooMany
from portal.history.actions import record
from portal.i18n import N_, Lazy

MANY_MAILS = N_("Many mails were sent to your guardian, or to this address, today. Try again tomorrow.")


def open_case(session: Session, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Case:
    """The one case of this person in this edition or call, held until this transaction ends."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    row = {"id": uuid.uuid4(), "person_id": person_id, "programme": programme, "round_id": round_id, "opened_at": now()}
    session.execute(insert(Case).values(row).on_conflict_do_nothing())
    case = queries.lock_case(session, person_id, programme, round_id)
    assert case is not None, "it was there, or is now"
    return case


def _refuse(reason: Lazy | None) -> None:
    if reason is not None:
        raise Conflict(reason)


# Asking a guardian


def ask(
    session: Session, case: Case, standing: Standing, typed: Named, about: About, *, by: uuid.UUID, origin: str
) -> None:
    """This guardian, from now on. The link of another one who has not answered is dead."""
    _refuse(rules.why_not_asked(standing))
    at = now()
    if standing.guardian is not None:
        standing.guardian.replaced_at = at
        session.add(standing.guardian)
        session.flush()
    guardian = ConsentGuardian(
        case_id=case.id, name=typed.name, email=typed.email, language=typed.language, asked_at=at, times_sent=0,
        expires_at=at + rules.GOOD_FOR,
    )  # fmt: skip
    session.add(guardian)
    session.flush()
    _send(session, guardian, about, origin=origin)
    record(session, "guardian asked", "consent", case.id, by=by)


def ask_again(session: Session, standing: Standing, about: About, *, by: uuid.UUID, origin: str) -> None:
    """With a new link, which is good for as long as the first one was; the one in the earlier mail is dead."""
    _refuse(rules.why_not_again(standing))
    guardian = standing.guardian
    assert guardian is not None, "it was refused"
    _send(session, guardian, about, origin=origin)
    record(session, "guardian asked again", "consent", guardian.case_id, by=by)


def _send(session: Session, guardian: ConsentGuardian, about: About, *, origin: str) -> None:
    limits = (
        throttle.limit(f"{rules.A_DAY} per day", "consents-case", str(guardian.case_id)),
        throttle.limit(f"{rules.AN_ADDRESS_A_DAY} per day", "consents-address", mailbox(guardian.email)),
    )
    if not all(throttle.take(session, each) for each in limits):
        raise TooMany(MANY_MAILS)
    guardian.sent_at = now()
    guardian.expires_at, guardian.times_sent = guardian.sent_at + rules.GOOD_FOR, guardian.times_sent + 1
    letters.write(session, guardian, about, "asked", link=letters.fresh_link(guardian, origin=origin))
    session.add(guardian)
    session.flush()


# Deciding


def decide(
    session: Session, case: Case, answers: Mapping[Purpose, bool], *, method: Method, by: uuid.UUID | None,
    wording: str, language: str, digest: str, **evidence: Any,
) -> None:  # fmt: skip
    """Keeps each answer as a row of its own and ends the one it follows. `by` is None for a guardian by link.

    `evidence`: guardian_id, entered_by, scan_id, name.
    """
    at = now()
    for purpose, is_given in answers.items():
        earlier = queries.current(session, case, purpose)
        if earlier is not None:
            earlier.ended_at = at
            session.add(earlier)
            session.flush()
        session.add(Consent(
            case_id=case.id, purpose=purpose, is_given=is_given, method=method, wording=wording, language=language,
            digest=digest, decided_at=at, **evidence,
        ))  # fmt: skip
        deed = "consented" if is_given else "did not consent"
        record(session, deed, "consent", case.id, by=by, purpose=purpose.value, method=method.value, wording=wording)
    session.flush()


def decide_by_link(
    session: Session, case: Case, guardian: ConsentGuardian, answers: Mapping[Purpose, bool], *, name: str,
    read: wording.Reading,
) -> None:  # fmt: skip
    """Once; the case is held, and the rules were asked whether the link is still open."""
    guardian.answered_at = now()
    session.add(guardian)
    decide(
        session, case, answers, method=Method.LINK, by=None, guardian_id=guardian.id, name=name,
        wording=wording.VERSION, language=read.language, digest=read.digest,
    )  # fmt: skip


def withdraw_by_link(
    session: Session, case: Case, guardian: ConsentGuardian, standing: Standing, purpose: Purpose
) -> None:
    """A yes that this guardian gave; at any time."""
    given = standing.current.get(purpose)
    if given is None or given.guardian_id != guardian.id or not given.is_given:
        raise Conflict(rules.NOT_GIVEN)
    _end(session, case, given, method=Method.LINK, by=None, guardian_id=guardian.id, name=given.name)


def decide_own(
    session: Session, case: Case, standing: Standing, answers: Mapping[Purpose, bool], *, by: uuid.UUID, name: str,
    read: wording.Reading,
) -> None:  # fmt: skip
    """By the person, signed in; a yes only from somebody of age."""
    _refuse(rules.why_not_own(standing, answers))
    decide(
        session, case, answers, method=Method.ACCOUNT, by=by, name=name, wording=wording.VERSION,
        language=read.language, digest=read.digest,
    )  # fmt: skip


def withdraw_own(
    session: Session, case: Case, standing: Standing, purpose: Purpose, *, by: uuid.UUID, name: str
) -> None:
    """Whoever gave it: a minor can always say no for themselves."""
    given = standing.current.get(purpose)
    if given is None or not given.is_given:
        raise Conflict(rules.NOT_GIVEN)
    _end(session, case, given, method=Method.ACCOUNT, by=by, name=name)


def _end(
    session: Session, case: Case, given: Consent, *, method: Method, by: uuid.UUID | None, **evidence: Any
) -> None:
    """The no that follows a yes rests on the text that the yes was given under."""
    text = {"wording": given.wording, "language": given.language, "digest": given.digest}
    decide(session, case, {given.purpose: False}, method=method, by=by, **text, **evidence)


def enter_from_paper(
    session: Session, case: Case, answers: Mapping[Purpose, bool], *, guardian_name: str = "", language: str,
    scan_id: uuid.UUID | None, by: uuid.UUID,
) -> None:  # fmt: skip
    """What stands on a signed form, entered by a coordinator. `guardian_name` is empty for somebody of age, who signed
    alone; a minor's guardian is kept without an address, and has no link."""
    reader = Reader.GUARDIAN if guardian_name else Reader.OWN
    guardian = _on_paper(session, case, guardian_name, language) if guardian_name else None
    decide(
        session, case, answers, method=Method.PAPER, by=by, entered_by=by, scan_id=scan_id, name=guardian_name,
        guardian_id=guardian.id if guardian else None, wording=wording.VERSION, language=language,
        digest=wording.digest(language, case.programme, reader),
    )  # fmt: skip


def _on_paper(session: Session, case: Case, name: str, language: str) -> ConsentGuardian:
    at, earlier = now(), queries.guardians(session, [case]).get(case.id)
    if earlier is not None:
        earlier.replaced_at = at
        session.add(earlier)
        session.flush()
    made = ConsentGuardian(
        case_id=case.id, name=name, language=language, times_sent=0, asked_at=at, sent_at=at, expires_at=at,
        answered_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made
