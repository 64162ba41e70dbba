"""The entrances of dealing: the secretariat's pages, and what a judge's desk offers beside reading."""

from fastapi import APIRouter

from portal.deals.routes import desk, panel, readings

ROUTERS: tuple[APIRouter, ...] = (desk.router, panel.router, readings.router)
