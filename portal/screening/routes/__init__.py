"""Screening's entrances: the queue and one essay for screeners; essays by their codes for the secretariat."""

from fastapi import APIRouter

from portal.screening.routes import by_code, deciding, hiding, queue, screen

ROUTERS: tuple[APIRouter, ...] = (queue.router, by_code.router, screen.router, hiding.router, deciding.router)
