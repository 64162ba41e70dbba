"""The entrances for authors."""

from fastapi import APIRouter

from portal.essays.routes import writing

ROUTERS: tuple[APIRouter, ...] = (writing.router,)
