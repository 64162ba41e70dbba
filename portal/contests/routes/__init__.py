"""The contest's entrances, by whom they are for."""

from fastapi import APIRouter

from portal.contests.routes import editions, screening, writing

ROUTERS: tuple[APIRouter, ...] = (editions.router, screening.router, writing.router)
