"""The mails about an agreement: to whom each party's go, and the guardian's link, which each mail makes anew."""

from collections.abc import Collection
from typing import Any

from sqlmodel import Session

from portal.accounts import queries as accounts
from portal.accounts.rules import new_token
from portal.accounts.viewer import token_digest
from portal.agreements import rules, words
from portal.agreements.models import Guardian, Party
from portal.agreements.rules import Standing
from portal.applications.offices import Offices, offices
from portal.clock import now
from portal.mail.actions import send
from portal.mail.rules import Recipient


def tell(
    session: Session,
    standing: Standing,
    template: str,
    parties: Collection[Party],
    *,
    origin: str,
    renews: bool = True,
    **values: Any,
) -> None:
    """Each person once, though they may belong to two parties. A guardian's link is made anew if it `renews`."""
    told: set[str] = set()
    for party in parties:
        for to in recipients(session, standing, party):
            if to.address not in told:
                told.add(to.address)
                _send(session, standing, template, to, origin=origin, party=party, renews=renews, **values)


def tell_secretariat(session: Session, standing: Standing, template: str, *, origin: str, **values: Any) -> None:
    for secretary in accounts.secretaries(session):
        _send(session, standing, template, accounts.recipient(secretary), origin=origin, party=None, **values)


def recipients(session: Session, standing: Standing, party: Party) -> list[Recipient]:
    """Who hears of it for a party; a guardian who was not named yet is nobody."""
    placement = standing.placement
    return members(offices(session, [placement.application], [placement.opening.government_id]), standing, party)


def members(known: Offices, standing: Standing, party: Party) -> list[Recipient]:
    """The same, where it is asked of many agreements."""
    placement, guardian = standing.placement, standing.guardian
    application, host = placement.application, placement.opening.government_id
    if party is Party.INTERN:
        return [known.addressee(application)]
    if party is Party.GUARDIAN:
        return [_to_guardian(standing, guardian)] if guardian else []
    return known.officials(application, application.home_id if party is Party.HOME else host)


def _to_guardian(standing: Standing, guardian: Guardian) -> Recipient:
    return Recipient(guardian.email, guardian.language, guardian.name, zone=standing.placement.opening.call.zone)


def _send(
    session: Session, standing: Standing, template: str, to: Recipient, *, origin: str, party: Party | None,
    renews: bool = True, **values: Any,
) -> None:  # fmt: skip
    link = origin + path(standing)
    if party is Party.GUARDIAN and standing.guardian is not None:
        link = fresh_link(standing.guardian, origin=origin) if renews else ""
    send(session, f"agreements/{template}", to=to, link=link, **facts(standing), **values)


def facts(standing: Standing) -> dict[str, Any]:
    """What messages tell of."""
    opening, application = standing.placement.opening, standing.placement.application
    known = {"opening": opening, "application": application, "call": opening.call}
    return {**known, "guardian": standing.guardian, "words": words.PARTIES}


def path(standing: Standing) -> str:
    return f"/placements/{standing.placement.id}/agreement"


def fresh_link(guardian: Guardian, *, origin: str) -> str:
    """The link of an earlier mail is dead."""
    token = new_token()
    guardian.token_digest, guardian.sent_at = token_digest(token), now()
    guardian.expires_at = guardian.sent_at + rules.GOOD_FOR
    return f"{origin}/guardians/{token}?lang={guardian.language}"
