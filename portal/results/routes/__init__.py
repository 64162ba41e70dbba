"""The entrances of results: their publication, what everybody reads, an author's own, translations, members."""

from fastapi import APIRouter

from portal.results.routes import gallery, members, own, publication, translations

ROUTERS: tuple[APIRouter, ...] = (
    publication.router,
    gallery.router,
    translations.router,
    members.router,
    own.router,
)
