"""Judging's entrances: a judge's own desk, and the judges of one essay for those who appoint."""

from fastapi import APIRouter

from portal.judging.routes import appointments, desk

ROUTERS: tuple[APIRouter, ...] = (desk.router, appointments.router)
