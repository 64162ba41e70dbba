"""The entrances of circulars: writing them, and what becomes of them."""

from fastapi import APIRouter

from portal.circulars.routes import sending, writing

ROUTERS: tuple[APIRouter, ...] = (writing.router, sending.router)
