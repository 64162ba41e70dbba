""" "My data": everything that somebody, or their guardian, has agreed to, in one place."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal import i18n
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import words as application_words
from portal.consenting import queries
from portal.consenting.routes import answering
from portal.consents import queries as consents
from portal.consents import wording, words
from portal.consents.models import Purpose
from portal.consents.wording import About, Reader
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/account/data")
@allow(Relation.PERSON)
def my_data(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    found, next_after = queries.agreed(session, viewer, after=after)
    applications = [] if after else queries.applications_of(session, viewer)
    return page(
        request, "consenting/data.html", found=found, next_after=next_after, applications=applications, words=words,
        purposes=Purpose, application_words=application_words,
    )  # fmt: skip


@router.get("/account/data/{consent_id}")
@allow(Relation.APPLICANT, Relation.AUTHOR)
def read_text(request: Request, session: Session, viewer: CurrentViewer, consent_id: uuid.UUID) -> Response:
    """The text that a decision rests on, in the language it was read in."""
    consent = consents.get_own(session, viewer, consent_id)
    names = consents.guardian_names(session, [consent])
    guardian = names.get(consent.guardian_id or consent.id, "")
    title = queries.title_of(session, consent.case, i18n.language())
    about = About(consent.case.programme, viewer.name, {i18n.SOURCE: title}, viewer.zone)
    reader = Reader.GUARDIAN if consent.guardian_id else Reader.OWN
    read = wording.reading(about, consent.language, reader, guardian=guardian, version=consent.wording)
    return page(
        request,
        "consenting/text.html",
        consent=consent,
        title=title,
        guardian=guardian,
        words=words,
        **answering.shown(read),
    )
