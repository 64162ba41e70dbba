"""One page for the numbers of all certificates, whichever street they come from."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from portal.accounts import checks
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.documents import numbers
from portal.documents.certificates import CHECK
from portal.i18n import N_, gettext
from portal.web.links import go
from portal.web.templating import page

router = APIRouter()
NOT_A_NUMBER = N_(
    "This is not a certificate number. After NEAR or ESSAY it has fifteen letters and digits; compare each."
)


@router.get(CHECK)
@allow(Relation.VISITOR)
def check(
    request: Request, _viewer: CurrentViewer, number: Annotated[str | None, Query(max_length=200)] = None
) -> Response:
    """Case, spaces, hyphens and the letters before the number do not matter. What cannot be a number is told at once,
    without looking for it."""
    if number is None:
        return checks.hidden(page(request, "home/check.html", typed="", error=""))
    meant = numbers.meant(number)
    if not meant:
        return checks.hidden(page(request, "home/check.html", 422, typed=number, error=gettext(NOT_A_NUMBER)))
    [(kind, read), *others] = meant
    return checks.hidden(go(request, checks.known(request, meant) if others else f"{kind.path}{read}"))
