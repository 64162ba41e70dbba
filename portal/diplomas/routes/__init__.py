"""Certificates of the contest: the secretariat's pages, the author's, and the public one."""

from portal.diplomas.routes import issuing, own, public

ROUTERS = (public.router, issuing.router, own.router)
