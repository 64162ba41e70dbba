"""Final reports: writing, the secretariat's decision, and what everybody may read."""

from fastapi import APIRouter

from portal.final_reports.routes import decisions, public, writing

ROUTERS: tuple[APIRouter, ...] = (writing.router, decisions.router, public.router)
