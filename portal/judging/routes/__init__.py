"""Judging's entrances: a judge's own desk, the panel for those who appoint, and the judges of one essay."""

from fastapi import APIRouter

from portal.judging.routes import appointments, desk, panel

ROUTERS: tuple[APIRouter, ...] = (desk.router, panel.router, appointments.router)
