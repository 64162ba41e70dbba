"""create_app(settings): wiring, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import APIRouter, FastAPI

from portal import duties, navigation  # noqa: F401 - every job is known from here on
from portal.accounts import access
from portal.accounts import routes as accounts
from portal.agreements import routes as agreements
from portal.alumni import routes as alumni
from portal.appeals import routes as appeals
from portal.applications import routes as applications
from portal.calls import routes as calls
from portal.certificates import routes as certificates
from portal.checkins import routes as checkins
from portal.circulars import routes as circulars
from portal.consenting import routes as consenting
from portal.contests import routes as contests
from portal.cutbacks import routes as cutbacks
from portal.db import Database
from portal.deals import routes as deals
from portal.diplomas import routes as diplomas
from portal.essays import routes as essays
from portal.feeds import routes as feeds
from portal.files.storage import make_storage
from portal.final_reports import routes as final_reports
from portal.home import checks, health, messages
from portal.home import routes as home
from portal.inbox import routes as inbox
from portal.interviews import routes as interviews
from portal.invitations import routes as invitations
from portal.jobs import engine
from portal.judging import routes as judging
from portal.juries import routes as juries
from portal.manuscripts import routes as manuscripts
from portal.matches import routes as matches
from portal.namesakes import routes as namesakes
from portal.nominations import routes as nominations
from portal.openings import routes as openings
from portal.panels import routes as panels
from portal.paper_essays import routes as paper_essays
from portal.papers import routes as papers
from portal.passages import routes as passages
from portal.placements import routes as placements
from portal.private_lines import routes as private_lines
from portal.rankings import routes as rankings
from portal.references import routes as references
from portal.registry import api as registry_api
from portal.registry import routes as registry
from portal.reports import routes as reports
from portal.results import routes as results
from portal.screening import routes as screening
from portal.settings import Settings, read_settings
from portal.standings import routes as standings
from portal.statistics import routes as statistics
from portal.stays import routes as stays
from portal.trainings import routes as trainings
from portal.web import errors
from portal.web.compression import Compressed
from portal.web.edge import Edge
from portal.web.static import FOLDER, Static
from portal.wordings import routes as wordings

# The first route that fits answers: what is posted higher up the street (/calls/{slug}/apply,
# /openings/{id}/propose) comes before the steps of the lower feature (/calls/{slug}/{step}),
# and /people/invite before /people/{person_id}.
ROUTERS: tuple[APIRouter, ...] = (
    home.router,
    registry.router,
    registry_api.router,
    *invitations.ROUTERS,
    *inbox.ROUTERS,
    wordings.router,
    accounts.router,
    messages.router,
    health.router,
    checks.router,
    *circulars.ROUTERS,
    feeds.router,
    *consenting.ROUTERS,
    cutbacks.router,
    reports.router,
    statistics.router,
    matches.router,
    rankings.router,
    alumni.router,
    certificates.router,
    *stays.ROUTERS,
    private_lines.router,
    checkins.router,
    *final_reports.ROUTERS,
    *interviews.ROUTERS,
    *agreements.ROUTERS,
    placements.router,
    *nominations.ROUTERS,
    references.router,
    papers.router,
    namesakes.router,
    *applications.ROUTERS,
    *calls.ROUTERS,
    *openings.ROUTERS,
    appeals.router,
    *diplomas.ROUTERS,
    *results.ROUTERS,
    *juries.ROUTERS,
    *standings.ROUTERS,
    *trainings.ROUTERS,
    *deals.ROUTERS,
    *panels.ROUTERS,
    *judging.ROUTERS,
    passages.router,
    *screening.ROUTERS,
    manuscripts.router,
    paper_essays.router,
    *essays.ROUTERS,
    *contests.ROUTERS,
)


def create_app(settings: Settings | None = None, database: Database | None = None, *, worker: bool = False) -> FastAPI:
    """The portal as an ASGI application, with background work inside if `worker`.

    Raises ConfigurationError if a route declares nobody.
    """
    settings = settings or read_settings()
    app = FastAPI(title="NEAR youth portal", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.settings = settings
    app.state.database = database or Database(settings.database_url)
    app.state.worker = worker
    app.state.storage = make_storage(settings)
    app.state.navigation = navigation.for_viewer
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Static(directory=FOLDER))
    app.add_middleware(Compressed, minimum_size=1000, compresslevel=6)
    app.add_middleware(Edge, settings=settings)
    errors.install(app)
    app.state.permissions = access.permissions(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    if app.state.worker:
        await to_thread.run_sync(engine.launch, app.state.settings, app.state.database)
    yield
    if app.state.worker:
        await to_thread.run_sync(engine.stop)
    app.state.database.dispose()
