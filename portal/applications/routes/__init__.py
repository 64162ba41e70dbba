"""Applying, part by part, and reading an application.

Withdrawing is an entrance of the placements, since it also gives back a place that is held.
"""

from fastapi import APIRouter

from portal.applications.routes import documents, openings, pages, parts, questions

ROUTERS: tuple[APIRouter, ...] = (pages.router, parts.router, documents.router, openings.router, questions.router)
