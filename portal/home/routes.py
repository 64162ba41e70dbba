"""The first page, and the pages about the portal itself."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.home import queries
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/")
@allow(Relation.VISITOR)
def first_page(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    return page(request, "home/first.html", **queries.first_page(session, viewer))


@router.get("/accessibility")
@allow(Relation.VISITOR)
def accessibility(request: Request) -> Response:
    return page(request, "home/accessibility.html")


@router.get("/privacy")
@allow(Relation.VISITOR)
def privacy(request: Request) -> Response:
    return page(request, "home/privacy.html")
