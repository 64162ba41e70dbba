"""The entrances of home governments, in the order in which they are asked."""

from portal.nominations.routes import decisions, kinship, lists, order, reading

ROUTERS = (lists.router, order.router, decisions.router, kinship.router, reading.router)
