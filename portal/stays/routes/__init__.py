"""The pages of a stay."""

from portal.stays.routes import course, pages, preparation

ROUTERS = (pages.router, preparation.router, course.router)
