"""The entrances to invitations."""

from portal.invitations.routes import handing_over, inviting

ROUTERS = (inviting.router, handing_over.router)
