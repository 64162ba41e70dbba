"""Asking somebody to judge, and their answer."""

import uuid
from collections.abc import Mapping

from sqlmodel import Session, select

from portal.accounts import actions as accounts
from portal.accounts import queries as people
from portal.accounts import rules as account_rules
from portal.accounts import throttle
from portal.accounts.models import Person, Role
from portal.accounts.viewer import Viewer, token_digest
from portal.clock import now
from portal.contests.models import Edition
from portal.errors import Conflict, NotAllowed, TooMany
from portal.history.actions import record
from portal.i18n import N_
from portal.invitations import queries as invitations
from portal.invitations.actions import HAS_ACCOUNT
from portal.invitations.forms import NewcomerForm
from portal.judging import actions as judging
from portal.judging import queries as judging_queries
from portal.judging.models import DeclaredConflict, Judge, JudgeStatus
from portal.judging.rules import may_appoint, takes_judges
from portal.mail import actions as mail
from portal.mail.rules import Recipient
from portal.panels import queries, rules
from portal.panels.rules import Step, Terms
from portal.registry.models import Country, Government
from portal.screening.queries import KNOWS

ASKED_ALREADY = N_("Somebody with this address judges this edition or was asked to. Open their page from the list.")
NOT_YOURS = N_("This letter was sent to another address than that of your account. Sign in with the invited one.")
TWICE = N_("You judge this contest already: you were asked under another address too. Decline this one.")
TOO_MANY = N_("You have sent three hundred letters within an hour. Wait a while before you send another.")
NO_LONGER = N_("Things have changed since you opened this page. Reload it to see where they stand.")
FULL = N_("You have declared ten conflicts. Write to the secretariat before you declare another.")
KNOWN = N_("You have declared this government already.")


def ask(
    session: Session, edition: Edition, terms: Terms, *, email: str, name: str, language: str,
    government: Government | None, country: Country | None, replaces: Judge | None, by: Viewer, origin: str,
) -> Judge:  # fmt: skip
    """Sends a letter with the offer to judge. Whoever calls it has locked the edition."""
    _check(edition, by=by)
    if queries.asked_already(session, edition, email) is not None:
        raise Conflict(ASKED_ALREADY)
    _check_person(session, edition, email)
    made = Judge(
        edition_id=edition.id, email=email, name=name, language=language, **terms._asdict(),
        government_id=government.id if government else None, country=rules.country(government, country),
        status=JudgeStatus.INVITED, invited_by=by.id, replaces_id=replaces.id if replaces else None,
    )  # fmt: skip
    session.add(made)
    _send(session, made, edition, by=by, origin=origin)
    record(session, "asked to judge", "edition", edition.id, by=by.id, judge=str(made.id), **_told(terms))
    return made


def send_again(session: Session, edition: Edition, judge: Judge, *, by: Viewer, origin: str) -> None:
    """With a new link; the one in the earlier letter is dead. Who declined is asked anew."""
    _ensure(edition, judge, Step.SEND_AGAIN, by=by)
    _check(edition, by=by)
    _check_person(session, edition, judge.email)
    judge.status, judge.answered_at, judge.decline_reason = JudgeStatus.INVITED, None, ""
    _send(session, judge, edition, by=by, origin=origin)
    record(session, "asked to judge again", "edition", edition.id, by=by.id, judge=str(judge.id))


def take_back(session: Session, edition: Edition, judge: Judge, *, by: Viewer) -> None:
    _ensure(edition, judge, Step.TAKE_BACK, by=by)
    judge.expires_at = None
    session.add(judge)
    record(session, "took the question back", "edition", edition.id, by=by.id, judge=str(judge.id))


def change_terms(session: Session, edition: Edition, judge: Judge, terms: Terms, *, by: Viewer) -> None:
    """What they are asked for or have agreed to. Essays that they have already stay with them."""
    _ensure(edition, judge, Step.CHANGE, by=by)
    before = rules.terms_of(judge)
    if before == terms:
        return
    judge.sqlmodel_update(terms._asdict())
    session.add(judge)
    details = {"before": _told(before), "after": _told(terms)}
    record(session, "changed what a judge reads", "edition", edition.id, by=by.id, judge=str(judge.id), **details)


# The answer


def decline(session: Session, token: str, reason: str) -> Judge:
    """By the link alone."""
    judge, edition = queries.by_token(session, token, lock=True)
    judge.status, judge.answered_at, judge.decline_reason = JudgeStatus.DECLINED, now(), reason
    session.add(judge)
    record(session, "declined to judge", "edition", edition.id, by=None, judge=str(judge.id))
    _tell_secretariat(session, "panels/declined", judge, edition)
    return judge


def open_account(session: Session, token: str, typed: NewcomerForm, password_hash: str) -> Person:
    """For the asked address, which the link has shown to be theirs. Whether they judge they say next."""
    judge, _edition = queries.by_token(session, token, lock=True)
    if people.by_email(session, judge.email) is not None:
        raise Conflict(HAS_ACCOUNT)
    fields = typed.model_dump(include={"name", "language", "zone"})
    return accounts.open_account(session, email=judge.email, password_hash=password_hash, **fields)


def accept(
    session: Session, token: str, *, languages: list[str], most: int, government: Government | None,
    country: Country | None, conflicts: Mapping[uuid.UUID, str], by: Viewer,
) -> Judge:  # fmt: skip
    """Makes a judge of whoever has the asked address. Ends every signing-in of theirs: what they may do has changed."""
    judge, edition = queries.by_token(session, token, lock=True)
    person = people.get_visible(session, by, by.id)
    if person.email != judge.email:
        raise Conflict(NOT_YOURS)
    accounts.hold(session, person)
    if judging_queries.judge_of(session, edition, person) is not None:
        raise Conflict(TWICE)
    judging.check_fit(session, edition, person)
    terms = rules.agreed(rules.terms_of(judge), languages, most)
    judge.sqlmodel_update(terms._asdict())
    judge.person_id, judge.status, judge.answered_at = person.id, JudgeStatus.ACCEPTED, now()
    judge.government_id = government.id if government else None
    judge.country = rules.country(government, country)
    session.add(judge)
    for government_id, reason in conflicts.items():
        _declare(session, judge, government_id, reason)
    judging.give_role(session, edition, person, by=judge.invited_by)
    accounts.end_sign_ins(session, person.id)
    session.flush()
    told = {**_told(terms), "conflicts": len(conflicts)}
    record(session, "accepted to judge", "edition", edition.id, by=person.id, judge=str(judge.id), **told)
    _tell_secretariat(session, "panels/accepted", judge, edition)
    return judge


def declare(
    session: Session, judge: Judge, edition: Edition, government: Government, reason: str, *, by: Viewer
) -> None:
    """A conflict that a judge remembers later. It counts for what they are given from now on, and stays."""
    session.exec(select(Judge.id).where(Judge.id == judge.id).with_for_update()).one()
    known = {each.government_id for each in judging_queries.conflicts_of(session, judge)}
    if government.id in known:
        raise Conflict(KNOWN)
    if len(known - {None}) >= rules.CONFLICTS:
        raise Conflict(FULL)
    _declare(session, judge, government.id, reason)
    record(session, "declared a conflict", "edition", edition.id, by=by.id, judge=str(judge.id))
    _tell_secretariat(session, "panels/conflict", judge, edition, government=government)


def _declare(session: Session, judge: Judge, government_id: uuid.UUID, reason: str) -> None:
    session.add(DeclaredConflict(judge_id=judge.id, government_id=government_id, reason=reason))


# What all of them need


def _check(edition: Edition, *, by: Viewer) -> None:
    if not may_appoint(by, edition):
        raise NotAllowed
    if not takes_judges(edition):
        raise Conflict(judging.NOT_RUNNING)


def _check_person(session: Session, edition: Edition, email: str) -> None:
    """Nobody is asked who could not accept."""
    person = people.by_email(session, email)
    if person is not None:
        judging.check_fit(session, edition, person)
    elif invitations.is_invited(session, email, Role.SCREENER, edition.id):
        raise Conflict(KNOWS)


def _ensure(edition: Edition, judge: Judge, step: Step, *, by: Viewer) -> None:
    if not may_appoint(by, edition):
        raise NotAllowed
    if not rules.may(by, edition, judge, step, now()):
        raise Conflict(NO_LONGER)


def _send(session: Session, judge: Judge, edition: Edition, *, by: Viewer, origin: str) -> None:
    if not throttle.take(session, throttle.limit(f"{rules.AN_HOUR} per hour", "judge-offers", str(by.id))):
        raise TooMany(TOO_MANY)
    token = account_rules.new_token()
    judge.token_digest, judge.expires_at = token_digest(token), now() + rules.GOOD_FOR
    session.add(judge)
    session.flush()
    to = Recipient(judge.email, judge.language, judge.name, zone=edition.zone)
    link = f"{origin}/judge-offers/{token}"
    mail.send(session, "panels/offer", edition.id, to=to, judge=judge, edition=edition, link=link)


def _tell_secretariat(session: Session, template: str, judge: Judge, edition: Edition, **values: object) -> None:
    for secretary in queries.secretariat(session, edition):
        to = people.recipient(secretary)
        mail.send(session, template, edition.id, to=to, judge=judge, edition=edition, **values)


def _told(terms: Terms) -> dict[str, object]:
    return terms._asdict()
