"""The entrances to one's own messages, and to declining reminders."""

from portal.inbox.routes import reading, unsubscribing

ROUTERS = (reading.router, unsubscribing.router)
