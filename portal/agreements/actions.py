"""Preparing, confirming and refusing an agreement, and asking a minor's guardian."""

import uuid
from typing import Any

from sqlmodel import Session

from portal.accounts import throttle
from portal.accounts.rules import mailbox
from portal.accounts.viewer import Viewer
from portal.agreements import letters, queries, rules
from portal.agreements.forms import Named, Scan
from portal.agreements.models import Agreement, Guardian, Party, Signature
from portal.agreements.rules import Standing, Step
from portal.clock import now
from portal.documents import numbers
from portal.errors import Conflict, NotAllowed, TooMany
from portal.files import actions as files
from portal.files.models import StoredFile
from portal.files.rules import Checked
from portal.history.actions import record
from portal.i18n import N_, Lazy
from portal.placements import actions as placements
from portal.placements.rules import Step as PlacementStep

MANY_MAILS = N_("Many mails were sent for this placement, or to this guardian, today. Try again tomorrow.")


def ensure(step: Step, standing: Standing, *, by: Viewer) -> None:
    """This person may take this step, now."""
    if not rules.may(by, step, standing.placement):
        raise NotAllowed
    _refuse(rules.why_not(step, standing))


def _refuse(reason: Lazy | None) -> None:
    if reason is not None:
        raise Conflict(reason)


# The text


def prepare(session: Session, standing: Standing, *, by: Viewer, origin: str) -> None:
    """By the secretariat, before anybody has confirmed."""
    ensure(Step.PREPARE, standing, by=by)
    _make(session, standing, by=by.id, origin=origin, but=None)


def remake(session: Session, standing: Standing, *, by: Viewer, reason: str, origin: str) -> None:
    """With the facts of today; what was confirmed or refused before counts no more."""
    ensure(Step.REMAKE, standing, by=by)
    agreement = standing.agreement
    assert agreement is not None, "it was refused"
    _drop_answers(session, standing, agreement)
    _write(agreement, standing, by=by.id)
    agreement.remade_reason = reason
    session.flush()
    _record(session, "agreement made anew", standing, by=by.id, digest=agreement.digest, wording=agreement.wording)
    letters.tell(session, standing, "remade", standing.parties, origin=origin, reason=reason)


def _drop_answers(session: Session, standing: Standing, agreement: Agreement) -> None:
    scans = [signature.scan_id for signature in agreement.signatures if signature.scan_id]
    agreement.signatures.clear()
    agreement.refused_at, agreement.refused_party, agreement.refusal = None, None, ""
    if standing.guardian is not None:
        standing.guardian.answered_at = None
    session.flush()
    for scan_id in scans:
        files.forget(session, session.get_one(StoredFile, scan_id))


def _make(session: Session, standing: Standing, *, by: uuid.UUID | None, origin: str, but: Party | None) -> Standing:
    """Keeps the text as it stands now, and tells everybody else that it waits for them."""
    agreement = Agreement(
        placement_id=standing.placement.id, number=numbers.new(f"AG-{now().year}"), wording="", needs_guardian=False,
        content={}, digest="", signatures=[],
    )  # fmt: skip
    _write(agreement, standing, by=by)
    session.add(agreement)
    session.flush()
    made = standing._replace(agreement=agreement)
    _record(session, "agreement made", made, by=by, digest=agreement.digest, wording=agreement.wording)
    others = [party for party in made.parties if party not in {but, Party.GUARDIAN}]
    letters.tell(session, made, "waits", others, origin=origin)
    return made


def _write(agreement: Agreement, standing: Standing, *, by: uuid.UUID | None) -> None:
    draft = standing._replace(agreement=None)
    agreement.content, agreement.digest = dict(draft.draft), draft.digest
    agreement.wording, agreement.needs_guardian = draft.draft["wording"], draft.needs_guardian
    agreement.made_at, agreement.made_by = now(), by


# The parties' word


def confirm(
    session: Session, standing: Standing, party: Party, *, by: Viewer, name: str, digest: str, origin: str
) -> None:
    _ensure_for(Step.CONFIRM, session, standing, party, by=by)
    _sign(session, standing, party, digest, by=by.id, origin=origin, name=name, person_id=by.id)


def _ensure_for(step: Step, session: Session, standing: Standing, party: Party, *, by: Viewer) -> None:
    """This person may speak for this party, now."""
    ensure(step, standing, by=by)
    if party not in rules.represents(by, standing.placement):
        raise NotAllowed
    mailbox = queries.mailbox_of(session, by.id)
    _refuse(rules.why_not_for(party, standing, person_id=by.id, mailbox=mailbox))


def keep_scan(session: Session, standing: Standing, typed: Scan, checked: Checked, *, by: Viewer, origin: str) -> None:
    """The signed paper of who applied on paper, or of their guardian. The office keeps it and signs nothing."""
    ensure(Step.SCAN, standing, by=by)
    if typed.party not in rules.on_paper(standing):
        raise Conflict(rules.ALREADY)
    applicant_id = standing.placement.application.applicant_id
    kept = {"scan_id": files.keep(session, checked, owner_id=applicant_id).id, "scanned_by": by.id}
    signer = {"name": typed.name, "person_id": applicant_id if typed.party is Party.INTERN else None}
    _sign(session, standing, typed.party, typed.digest, by=by.id, origin=origin, **signer, **kept)


def _sign(
    session: Session, standing: Standing, party: Party, digest: str, *, by: uuid.UUID | None, origin: str, **fields: Any
) -> None:
    """Keeps the confirmation of the text that was read; with the last one the placement is agreed."""
    if digest != standing.digest:
        raise Conflict(rules.CHANGED)
    if standing.agreement is None:
        standing = _make(session, standing, by=by, origin=origin, but=party)
    assert standing.agreement is not None, "it was made"
    signature = Signature(agreement_id=standing.agreement.id, party=party, digest=digest, **fields)
    standing.agreement.signatures.append(signature)
    session.flush()
    facts = {"party": party.value, "digest": digest, "on_paper": signature.scan_id is not None}
    _record(session, "agreement confirmed", standing, by=by, **facts)
    if not standing.awaited:
        placements.take_step(session, standing.placement, PlacementStep.AGREE, by=by)
        # A guardian who confirms last is still looking at the page of their link.
        renews = party is not Party.GUARDIAN
        letters.tell(session, standing, "agreed", standing.parties, origin=origin, renews=renews)


def refuse(session: Session, standing: Standing, party: Party, *, by: Viewer, reason: str, origin: str) -> None:
    """The placement stays accepted: the secretariat makes the text anew, or gives the place back."""
    _ensure_for(Step.REFUSE, session, standing, party, by=by)
    _keep_refusal(session, standing, party, by=by.id, reason=reason, origin=origin)


def _keep_refusal(
    session: Session, standing: Standing, party: Party, *, by: uuid.UUID | None, reason: str, origin: str
) -> None:
    if standing.agreement is None:
        standing = _make(session, standing, by=by, origin=origin, but=party)
    agreement = standing.agreement
    assert agreement is not None, "it was made"
    agreement.refused_at, agreement.refused_party, agreement.refusal = now(), party, reason
    session.flush()
    _record(session, "agreement refused", standing, by=by, party=party.value)
    others = [each for each in standing.parties if each is not party]
    letters.tell_secretariat(session, standing, "refused", origin=origin, refused_party=party, reason=reason)
    letters.tell(session, standing, "refused", others, origin=origin, refused_party=party, reason=reason)


# The guardian of a minor


def name_guardian(session: Session, standing: Standing, typed: Named, *, by: Viewer, origin: str) -> None:
    """Asks this person, from now on; the link of another one who was asked before is dead."""
    ensure(Step.NAME_GUARDIAN, standing, by=by)
    guardian = standing.guardian or Guardian(placement_id=standing.placement.id, **_NOBODY)
    guardian.name, guardian.email, guardian.language = typed.name, typed.email, typed.language
    guardian.times_sent, guardian.answered_at = 0, None
    _ask(session, standing._replace(guardian=guardian), guardian, origin=origin)
    _record(session, "guardian asked", standing, by=by.id)


# The mail itself sets its link.
_NOBODY: dict[str, Any] = {"name": "", "email": "", "token_digest": "", "sent_at": None, "expires_at": None}


def ask_guardian_again(session: Session, standing: Standing, *, by: Viewer, origin: str) -> None:
    """With a new link; the one in the earlier mail is dead."""
    ensure(Step.NAME_GUARDIAN, standing, by=by)
    _refuse(rules.why_not_again(standing, now()))
    assert standing.guardian is not None, "it was refused"
    _ask(session, standing, standing.guardian, origin=origin)
    _record(session, "guardian asked again", standing, by=by.id)


def _ask(session: Session, standing: Standing, guardian: Guardian, *, origin: str) -> None:
    limits = (
        throttle.limit(f"{rules.A_DAY} per day", "guardian-placement", str(guardian.placement_id)),
        throttle.limit(f"{rules.AN_ADDRESS_A_DAY} per day", "guardian-address", mailbox(guardian.email)),
    )
    if not all(throttle.take(session, each) for each in limits):
        raise TooMany(MANY_MAILS)
    guardian.times_sent += 1
    letters.tell(session, standing, "guardian", [Party.GUARDIAN], origin=origin)
    session.add(guardian)
    session.flush()


def confirm_as_guardian(session: Session, standing: Standing, *, name: str, digest: str, origin: str) -> None:
    """By the link in the mail, which is used up with it."""
    _answer(standing)
    _sign(session, standing, Party.GUARDIAN, digest, by=None, origin=origin, name=name)


def refuse_as_guardian(session: Session, standing: Standing, *, reason: str, origin: str) -> None:
    _answer(standing)
    _keep_refusal(session, standing, Party.GUARDIAN, by=None, reason=reason, origin=origin)


def _answer(standing: Standing) -> None:
    _refuse(rules.why_link_closed(standing, now()))
    assert standing.guardian is not None, "found by its token"
    standing.guardian.answered_at = now()


def _record(session: Session, deed: str, standing: Standing, *, by: uuid.UUID | None, **details: object) -> None:
    """Without names and addresses: history cannot be erased."""
    record(session, deed, "placement", standing.placement.id, by=by, **details)
