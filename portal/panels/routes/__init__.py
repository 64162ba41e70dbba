"""The entrances to an edition's judges: those who ask, who is asked, and a judge's own conflicts."""

from fastapi import APIRouter

from portal.panels.routes import asking, conflicts, judges, offers

ROUTERS: tuple[APIRouter, ...] = (offers.router, conflicts.router, asking.router, judges.router)
