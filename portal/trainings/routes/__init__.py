"""The entrances to training: a judge's own, and that of those who write the anchor essays."""

from fastapi import APIRouter

from portal.trainings.routes import anchors, desk

ROUTERS: tuple[APIRouter, ...] = (desk.router, anchors.router)
