"""What anybody with a certificate's number sees."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts import checks
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.diplomas import queries, rules, words
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


def known_number(request: Request, diploma_number: str) -> None:
    checks.known_as(request, rules.PREFIX, diploma_number)


@router.get("/diplomas/{diploma_number}")
@allow(Relation.VISITOR)
def show_public(
    _known: Annotated[None, Depends(known_number)],
    request: Request,
    session: Session,
    _viewer: CurrentViewer,
    diploma_number: str,
) -> Response:
    """The same for everybody, whoever looks: nothing here depends on the viewer."""
    shown = queries.public(session, diploma_number)
    return checks.hidden(page(request, "diplomas/public.html", shown=shown, words=words))
