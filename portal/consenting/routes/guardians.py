"""A guardian's own page: by a link, without an account, in one of six languages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal import i18n
from portal.accounts import throttle
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import database, network, settings
from portal.accounts.viewer import CurrentViewer
from portal.consenting import actions, queries
from portal.consenting.queries import Opened
from portal.consenting.routes import answering
from portal.consenting.routes.answering import SentAnswers
from portal.consents import queries as consents
from portal.consents import rules, wording
from portal.consents.forms import Answers
from portal.consents.models import Purpose
from portal.consents.rules import Link
from portal.consents.wording import Reader, Reading
from portal.errors import NotFound
from portal.web.forms import Pressed, Sent, blank
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


def known_link(request: Request, token: str) -> None:
    """At the door: who guesses at links is stopped after some."""
    with database(request).session(writes=False) as session:
        if consents.is_known(session, token):
            return
    throttle.admit(database(request), [throttle.limit(rules.GUESSES, "consent-links", network(request))])
    language = answering.language(request.query_params.get("lang", ""), i18n.language())
    raise NotFound(wording.text(language)["closed"]["unknown"])


def counted(request: Request) -> None:
    throttle.admit(database(request), throttle.forms(network(request)))


KnownLink = Annotated[None, Depends(known_link)]
Counted = Annotated[None, Depends(counted)]


@router.get("/consents/{token}")
@allow(Relation.VISITOR)
def show_link(
    _known: KnownLink, request: Request, token: str, session: Session, viewer: CurrentViewer, read: str = ""
) -> Response:
    """Changes nothing: mail scanners open links too."""
    opened = queries.by_token(session, token)
    return _page(request, token, opened, blank(Answers), _text(opened, read))


@router.post("/consents/{token}/decide")
@allow(Relation.VISITOR)
def decide(
    _known: KnownLink, _counted: Counted, form: SentAnswers,
    request: Request, token: str, session: Session, viewer: CurrentViewer,
) -> Response:  # fmt: skip
    opened = queries.by_token(session, token, lock=True)
    read = _text(opened, str(form.values.get("language", "")))
    if opened.state is not Link.OPEN:
        return _page(request, token, opened, form, read, status=409)
    form = answering.checked(form, read, signs=True)
    answers = answering.completed(form)
    if answers is None:
        return _page(request, token, opened, form, read, status=422)
    name, origin = answering.signature(form), settings(request).public_origin
    actions.decide_by_link(session, opened, answers, name=name, read=read, token=token, origin=origin)
    return go(request, _path(token, read))


@router.post("/consents/{token}/{purpose}/withdraw")
@allow(Relation.VISITOR)
def withdraw(
    _known: KnownLink, _counted: Counted, _pressed: Pressed,
    request: Request, token: str, purpose: Purpose, session: Session, viewer: CurrentViewer, read: str = "",
) -> Response:  # fmt: skip
    opened = queries.by_token(session, token, lock=True)
    text = _text(opened, read)
    if purpose not in _given(opened):
        return _page(request, token, opened, blank(Answers), text, status=409)
    actions.withdraw_by_link(session, opened, purpose, token=token, origin=settings(request).public_origin)
    return go(request, _path(token, text))


def _path(token: str, read: Reading) -> str:
    return f"/consents/{token}?read={read.language}"


def _text(opened: Opened, wanted: str) -> Reading:
    guardian = opened.guardian
    language = answering.language(wanted, guardian.language)
    return wording.reading(opened.entry.about, language, Reader.GUARDIAN, guardian=guardian.name)


def _given(opened: Opened) -> set[Purpose]:
    """What this guardian agreed to and can withdraw."""
    rows = opened.standing.current.items()
    return {purpose for purpose, row in rows if row.is_given and row.guardian_id == opened.guardian.id}


def _page(
    request: Request, token: str, opened: Opened, form: Sent[Answers], read: Reading, *, status: int = 200
) -> Response:
    """Where a link is not open it says why; only who has answered is told so as a matter of course."""
    state, about = opened.state, opened.entry.about
    if state is Link.OPEN:
        until = wording.instant(opened.guardian.expires_at, about.zone, read.language)
        template, more = "link", {"answers": form, "until": until, "purposes": Purpose}
    elif state is Link.ANSWERED:
        names = wording.purposes(read.language, about.programme)
        template, more = "decided", {"standing": opened.standing, "given": _given(opened), "names": names}
    else:
        status, template, more = 409, "closed", {"reason": wording.text(read.language)["closed"][state.value]}
    return page(
        request, f"consenting/{template}.html", status, token=token, about=about, is_again=status == 409, **more,
        **answering.shown(read),
    )  # fmt: skip
