"""The pages of consents, by who uses them."""

from portal.consenting.routes import data, guardians, own

ROUTERS = (data.router, own.router, guardians.router)
