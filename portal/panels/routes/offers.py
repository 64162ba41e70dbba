"""The offer to judge, behind the link of a letter: read and declined without an account, accepted with one."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal import i18n
from portal.accounts import entrance, passwords
from portal.accounts import queries as people
from portal.accounts import words as account_words
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import Hashed
from portal.accounts.routes.entrance import begin
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests.words import CONFLICT_RULES
from portal.errors import Conflict
from portal.i18n import LANGUAGES, N_
from portal.invitations.forms import NewcomerForm
from portal.judging.models import Judge
from portal.panels import actions, queries, rules, words
from portal.panels.forms import AT_ACCEPTING, NOT_OFFERED, AcceptFields, AcceptForm, DeclineForm
from portal.panels.routes.asking import choices
from portal.registry.words import country
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
HERE = "/judge-offers/{token}"
SentAccept = Annotated[Sent[AcceptFields], Depends(sent(AcceptForm))]
SentDecline = Annotated[Sent[DeclineForm], Depends(sent(DeclineForm))]
SentNewcomer = Annotated[Sent[NewcomerForm], Depends(sent(NewcomerForm))]
WELCOME = N_("Thank you. You are a judge of this contest now; the secretariat was told.")
DECLINED = N_("Thank you for your answer. The secretariat was told.")
OPENED = N_("Your account is open. Read on below, then say whether you will judge.")


def hash_newcomer(request: Request, token: str, form: SentNewcomer) -> Hashed:
    """Hashes for an open offer only."""
    if form.data is None:
        return Hashed()
    typed = form.data
    return entrance.hash_for_link(
        request, typed.name, typed.password, lambda session: queries.by_token(session, token)[0].email
    )


@router.get(HERE)
@allow(Relation.VISITOR)
def show_offer(request: Request, session: Session, viewer: CurrentViewer, token: str) -> Response:
    """Changes nothing: mail scanners open links too."""
    return _page(request, session, viewer, token)


@router.post(f"{HERE}/decline")
@allow(Relation.VISITOR)
def decline(form: SentDecline, request: Request, session: Session, viewer: CurrentViewer, token: str) -> Response:
    if form.data is None:
        return _page(request, session, viewer, token, 422, declining=form)
    actions.decline(session, token, form.data.reason)
    return go(request, "/", DECLINED)


@router.post(f"{HERE}/register")
@allow(Relation.VISITOR)
def open_account(
    form: SentNewcomer,
    hashed: Annotated[Hashed, Depends(hash_newcomer)],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    token: str,
) -> Response:
    """Opens an account and comes back here: accepting is a step of its own."""
    if form.data is None or hashed.refused:
        shown = form.refused(*hashed.refused) if hashed.refused else form
        return _page(request, session, viewer, token, 422, newcomer=shown)
    person = actions.open_account(session, token, form.data, hashed.hash)
    begin(request, session, person, instead_of=viewer)
    return go(request, HERE.format(token=token), OPENED)


@router.post(f"{HERE}/accept")
@allow(Relation.PERSON)
def accept(form: SentAccept, request: Request, session: Session, viewer: CurrentViewer, token: str) -> Response:
    judge, _edition = queries.by_token(session, token)
    form = _checked(session, judge, form)
    if form.data is None:
        return _page(request, session, viewer, token, 422, accepting=form)
    try:
        _accept(session, viewer, token, form.data)
    except Conflict as conflict:
        return _page(request, session, viewer, token, 409, accepting=form.refused("", conflict.reason))
    begin(request, session, people.get_visible(session, viewer, viewer.id), instead_of=viewer)
    return go(request, "/judging", WELCOME)


def _accept(session: Session, viewer: Viewer, token: str, typed: AcceptFields) -> None:
    home = people.government(session, typed.government_id) if typed.government_id else None
    actions.accept(
        session, token, languages=typed.languages, most=typed.most, government=home, country=typed.country,
        conflicts=typed.conflicts(), by=viewer,
    )  # fmt: skip


def _checked(session: Session, judge: Judge, form: Sent[AcceptFields]) -> Sent[AcceptFields]:
    """With what only the database can find wrong."""
    if form.data is None:
        return form
    wrong = form.data.amiss(rules.terms_of(judge))
    named = {"government_id": form.data.government_id}
    named |= {f"conflict_{n}": government for n, (government, _why) in enumerate(form.data.ties(), 1)}
    known = {government.id for government in people.governments(session)}
    wrong |= {field: NOT_OFFERED for field, government in named.items() if government and government not in known}
    return form.all_refused(wrong)


def _page(
    request: Request, session: Session, viewer: Viewer, token: str, status: int = 200,
    accepting: Sent[AcceptFields] | None = None, declining: Sent[DeclineForm] | None = None,
    newcomer: Sent[NewcomerForm] | None = None,
) -> Response:  # fmt: skip
    judge, edition = queries.by_token(session, token)
    own_email = people.get_visible(session, viewer, viewer.id).email if viewer.is_signed_in else None
    shown: dict[str, Any] = {
        "accepting": accepting or blank(AcceptForm, **_standing(judge)),
        "declining": declining or blank(DeclineForm),
        "newcomer": newcomer
        or blank(NewcomerForm, name=judge.name, language=i18n.language(), zone=account_words.likely_zone()),
        "form": accepting or declining or newcomer,
    }
    return page(
        request, "panels/offer.html", status, edition=edition, judge=judge, token=token, own_email=own_email,
        has_account=people.by_email(session, judge.email) is not None, words=words, has=rules.rounds(judge),
        conflict_rule=CONFLICT_RULES[edition.conflict_rule], country=country, ties=AT_ACCEPTING,
        zones=account_words.zones(), account_languages=account_words.languages(), shortest=passwords.SHORTEST,
        asked_languages=[(code, LANGUAGES[code]) for code in judge.languages], **choices(session), **shown,
    )  # fmt: skip


def _standing(judge: Judge) -> dict[str, Any]:
    home: uuid.UUID | None = judge.government_id
    return {"languages": judge.languages, "most": judge.most, "government_id": home, "country": judge.country}
