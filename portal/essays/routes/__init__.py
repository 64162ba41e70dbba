"""The entrances for authors."""

from fastapi import APIRouter

from portal.essays.routes import checking, writing

ROUTERS: tuple[APIRouter, ...] = (writing.router, checking.router)
