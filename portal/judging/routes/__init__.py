"""Judging's entrances: a judge's own desk, and the panel for those who appoint."""

from fastapi import APIRouter

from portal.judging.routes import desk, panel

ROUTERS: tuple[APIRouter, ...] = (desk.router, panel.router)
