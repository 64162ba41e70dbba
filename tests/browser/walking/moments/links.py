"""What a letter leads to, good and expired. Tokens are known here, and in the database as digests only."""

import datetime as dt
from collections.abc import Iterator

from sqlmodel import select

from portal.accounts.models import Invitation, Registration, ResetLink, Role
from portal.accounts.viewer import token_digest
from portal.calls.models import Purpose
from portal.clock import now
from portal.mail import unsubscribing
from portal.mail.models import Message
from tests import make
from tests.browser.walking.crawl import Moment
from tests.browser.walking.moments.cast import APPLICANT, DISTANT, HOME, SCREENER, Cast, ago

GOOD_AND_EXPIRED = (("good", DISTANT), ("expired", dt.timedelta(days=-1)))
STATUS = {"good": 200, "expired": 409}


def agreement_guardian(cast: Cast) -> Iterator[Moment]:
    """Somebody of seventeen has accepted a place, and a parent is asked to agree."""
    for what, lasts in GOOD_AND_EXPIRED:
        token = f"{what}-agreement-guardian"
        placement = cast.minor_placement()
        make.guardian(cast.session, placement, token, name="Сарангэрэл", sent_at=ago(30), expires_at=now() + lasts)
        yield Moment(f"/guardians/{token}", what=what, status=STATUS[what])
        yield Moment(f"/guardians/{token}/refuse", what=what, status=STATUS[what])
    yield Moment(f"/placements/{placement.id}/agreement/guardian", cast.applicant_of(placement))


def agreement_guardian_has_answered(cast: Cast) -> Iterator[Moment]:
    make.guardian(cast.session, cast.minor_placement(), "answered-guardian", name="Сарангэрэл", answered_at=now())
    yield Moment("/guardians/answered-guardian", what="answered")


def consent_guardian(cast: Cast) -> Iterator[Moment]:
    """A parent opens the letter about the contest too late."""
    edition = cast.edition("essays-2027")
    essay = make.essay(cast.session, "draft", edition=edition)
    case = make.case(cast.session, make.person_of(cast.session, essay), edition)
    make.named_guardian(cast.session, case, "expired-consent", name="Сарангэрэл", expires_at=ago(1))
    yield Moment("/consents/expired-consent", what="expired", status=409)


def invitation(cast: Cast) -> Iterator[Moment]:
    """To somebody new, to somebody who has an account, and one that nobody took up."""
    _invited(cast, "good-invitation", "newcomer@example.org")
    _invited(cast, "known-invitation", APPLICANT)
    _invited(cast, "expired-invitation", "late@example.org", expires_at=ago(1))
    yield Moment("/invitations/good-invitation")
    yield Moment("/invitations/known-invitation", what="has an account")
    yield Moment("/invitations/known-invitation", APPLICANT, what="own")
    yield Moment("/invitations/known-invitation", SCREENER, what="of somebody else")
    yield Moment("/invitations/expired-invitation", what="expired", status=409)


def _invited(cast: Cast, token: str, email: str, **fields: dt.datetime) -> None:
    given = {"invited_at": ago(2), "expires_at": now() + DISTANT, **fields}
    made = Invitation(
        email=email, role=Role.AUDITOR, token_digest=token_digest(token), invited_by=cast.person(SCREENER).id, **given
    )
    make.saved(cast.session, made)


def judge_offer(cast: Cast) -> Iterator[Moment]:
    """Somebody is asked to judge."""
    edition = cast.edition("essays-2027")
    given = {"name": "Болормаа", "government_id": cast.government("MN-1").id, "country": "MN"}
    for what, lasts in GOOD_AND_EXPIRED:
        token, email = f"{what}-judge-offer", f"{what}-judge@example.org"
        make.judge_offer(cast.session, edition, token, email=email, expires_at=now() + lasts, **given)
        yield Moment(f"/judge-offers/{token}", what=what, status=STATUS[what])


def new_password(cast: Cast) -> Iterator[Moment]:
    person = cast.person(APPLICANT)
    for what, lasts in GOOD_AND_EXPIRED:
        made = ResetLink(person_id=person.id, token_digest=token_digest(f"{what}-reset"), expires_at=now() + lasts)
        make.saved(cast.session, made)
        yield Moment(f"/reset/{what}-reset", what=what, status=STATUS[what])


def registration(cast: Cast) -> Iterator[Moment]:
    for what, lasts in GOOD_AND_EXPIRED:
        token, typed = f"{what}-registration", {"name": "Номин", "language": "mn", "zone": "Asia/Ulaanbaatar"}
        made = Registration(
            email=f"{what}@example.org", password_hash="!", token_digest=token_digest(token), sent_at=ago(2),
            expires_at=now() + lasts, **typed,
        )  # fmt: skip
        make.saved(cast.session, made)
        yield Moment(f"/verify?token={token}", what=what, status=STATUS[what])


def letter_of_reference(cast: Cast) -> Iterator[Moment]:
    """A referee opens the request too late."""
    placement = cast.placement("accepted")
    application = make.application_of(cast.session, placement)
    make.letter(cast.session, application, token_digest=token_digest("expired-letter"), expires_at=ago(1))
    yield Moment("/letters/expired-letter", what="expired", status=409)


def choosing_a_referee(cast: Cast) -> Iterator[Moment]:
    call, home = cast.call("autumn-2027"), cast.government(HOME)
    requested = make.requested_document(cast.session, call, purpose=Purpose.LETTER, is_required=False)
    found = make.application(cast.session, "draft", home=home, choices=[cast.opening(call)])
    yield Moment(f"/applications/{found.id}/letters/{requested.id}/referee", cast.account(found.applicant_id))


def unsubscribing_from_reminders(cast: Cast) -> Iterator[Moment]:
    """The link in the footer of a reminder."""
    message = cast.session.exec(select(Message).where(Message.address == APPLICANT)).first()
    assert message is not None, "the applicant has been written to"
    path = unsubscribing.path(cast.settings.key, message.id)
    yield Moment(path)
    yield Moment(path[:-1] + "!", what="cut off", status=404)


SCENES = (
    agreement_guardian, agreement_guardian_has_answered, consent_guardian, invitation, judge_offer, new_password,
    registration, letter_of_reference, choosing_a_referee,
    unsubscribing_from_reminders,
)  # fmt: skip
