"""The jury's entrances: taking the finalists, the meeting, its decisions."""

from fastapi import APIRouter

from portal.juries.routes import deciding, finalists, meeting, withholding

ROUTERS: tuple[APIRouter, ...] = (finalists.router, meeting.router, deciding.router, withholding.router)
