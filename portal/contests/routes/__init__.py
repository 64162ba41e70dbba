"""The contest's entrances."""

from fastapi import APIRouter

from portal.contests.routes import editions

ROUTERS: tuple[APIRouter, ...] = (editions.router,)
