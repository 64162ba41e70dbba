"""The contest's entrances."""

from fastapi import APIRouter

from portal.contests.routes import editions, editor, parts

# The editor's own pages come before those that are named by what an edition has several of.
ROUTERS: tuple[APIRouter, ...] = (editor.router, parts.router, editions.router)
