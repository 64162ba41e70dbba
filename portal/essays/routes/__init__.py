"""The entrances for authors."""

from fastapi import APIRouter

from portal.essays.routes import checking, editor, writing

ROUTERS: tuple[APIRouter, ...] = (writing.router, editor.router, checking.router)
