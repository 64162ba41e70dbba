"""The registry as JSON, its OpenAPI document, and the page that shows the document to people."""

import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import JSONResponse, Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.i18n import N_, _
from portal.registry import queries, words
from portal.registry.models import Country, Government, Membership
from portal.registry.queries import Wanted
from portal.web.templating import page
from portal.web.transaction import Session

PREFIX = "/api/"
TITLE = N_("NEAR youth portal")
ABOUT = N_("The regional governments of Northeast Asia that belong to NEAR, as open data. No key is needed.")
WRONG = N_("A parameter cannot be accepted.")


KINDS: list[JsonValue] = [*sorted(words.KINDS)]
COMMITTEES: list[JsonValue] = [*sorted(words.PURPOSES)]


class Problem(BaseModel):
    """Why there is no answer."""

    error: str
    reference: str = Field(description=N_("Names this request in the portal's log."))


class WrongParameter(BaseModel):
    parameter: str
    problem: str


class WrongRequest(BaseModel):
    """Which parameters cannot be accepted, and why."""

    error: str
    problems: list[WrongParameter]


class GovernmentOut(BaseModel):
    """One regional government."""

    code: str = Field(description=N_("ISO 3166-2 code; the key of this registry."), examples=["KR-47"])
    country: Country
    kind: str = Field(description=N_("The kind of government, for example province, prefecture or aimag."))
    status: Membership
    status_since: dt.date | None = Field(description=N_("The day from which the status holds, if it is known."))
    joined_in: int | None = Field(description=N_("The year of joining, if it is known."))
    names: dict[str, str] = Field(description=N_("The name in each of the six languages."))
    native_name: str
    aliases: list[str] = Field(description=N_("Earlier names and other spellings."))
    seat: str = Field(description=N_("The seat of the administration, romanised."))
    latitude: float
    longitude: float
    zone: str = Field(description=N_("The time zone of the seat, by its name in the tz database."))
    website: str


class GovernmentsOut(BaseModel):
    """One page of governments in the order of their codes."""

    total: int = Field(description=N_("How many governments fit all filters, on all pages together."))
    governments: list[GovernmentOut]
    next: str | None = Field(description=N_("The address of the next page, or null on the last."))


class Asked(BaseModel):
    """The parameters of the list. An unknown one is refused: a misspelt filter would quietly give everything."""

    model_config = ConfigDict(extra="forbid")

    country: Country | None = Field(None, description=N_("Only governments of this country."))
    kind: str | None = Field(
        None, description=N_("Only governments of this kind."), json_schema_extra={"enum": KINDS},
        pattern=f"^({'|'.join(map(str, KINDS))})$",
    )  # fmt: skip
    status: Membership | None = Field(None, description=N_("Only members, observers or former members."))
    committee: str | None = Field(
        None, description=N_("Only the government that coordinates this committee."),
        json_schema_extra={"enum": COMMITTEES}, pattern=f"^({'|'.join(map(str, COMMITTEES))})$",
    )  # fmt: skip
    q: str = Field("", max_length=100, description=N_("Words to find in any name, the code, the country or the seat."))
    after: str = Field(
        "", pattern="^([A-Z0-9-]{2,8})?$", description=N_("Only governments whose code comes after this.")
    )
    limit: int = Field(50, ge=1, le=100, description=N_("How many governments to a page."))


class ApiRoute(APIRoute):
    """Answers a parameter that cannot be accepted in JSON that names it; pages answer with a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except RequestValidationError as error:
                return _refusal(error)

        return handle


def _refusal(error: RequestValidationError) -> JSONResponse:
    problems = [{"parameter": str(each["loc"][-1]), "problem": each["msg"]} for each in error.errors()]
    return JSONResponse({"error": _(WRONG), "problems": problems}, 422)


router = APIRouter(route_class=ApiRoute)
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": N_("There is no such government.")}
}
REFUSED: dict[int | str, dict[str, Any]] = {
    422: {"model": WrongRequest, "description": N_("A parameter cannot be accepted.")}
}


@router.get(
    "/api/v1/governments", summary=N_("List the governments"), response_model=GovernmentsOut, responses=REFUSED,
    tags=["governments"],
)  # fmt: skip
@allow(Relation.VISITOR)
def governments(asked: Annotated[Asked, Query()], session: Session, _viewer: CurrentViewer) -> GovernmentsOut:
    wanted = Wanted(asked.country, asked.kind, asked.status, asked.committee, asked.q)
    found = queries.governments_after(session, wanted, after=asked.after, limit=asked.limit)
    return GovernmentsOut(
        total=queries.how_many(session, wanted),
        governments=[_out(each) for each in found[: asked.limit]],
        next=_next(asked, found[asked.limit - 1].code) if len(found) > asked.limit else None,
    )


@router.get(
    "/api/v1/governments/{code}", summary=N_("Read one government"), response_model=GovernmentOut,
    responses={**NOT_FOUND, **REFUSED}, tags=["governments"],
)  # fmt: skip
@allow(Relation.VISITOR)
def government(
    code: Annotated[str, Path(description=N_("The ISO 3166-2 code, for example KR-47."))], session: Session,
    _viewer: CurrentViewer,
) -> GovernmentOut:  # fmt: skip
    return _out(queries.get_government(session, code))


def _out(government: Government) -> GovernmentOut:
    return GovernmentOut.model_validate(government, from_attributes=True)


def _next(asked: Asked, last: str) -> str:
    given = asked.model_dump(mode="json", exclude_defaults=True) | {"after": last}
    return f"/api/v1/governments?{urlencode(given)}"


@router.get("/api/v1/openapi.json", include_in_schema=False)
@allow(Relation.VISITOR)
def openapi(request: Request, _viewer: CurrentViewer) -> JSONResponse:
    return JSONResponse(document(request.app))


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: the routes under /api of every feature, and no page."""
    routes = [context for context in iter_route_contexts(app.routes) if (context.path or "").startswith(PREFIX)]
    return get_openapi(title=str.__str__(TITLE), version="1", description=str.__str__(ABOUT), routes=routes)


@router.get("/api", include_in_schema=False)
@allow(Relation.VISITOR)
def described(request: Request, _viewer: CurrentViewer) -> Response:
    return page(request, "registry/api.html", api=document(request.app))
