"""Every job of the portal, imported once, for whoever runs or queues them."""

from portal.files import jobs as files

__all__ = ["files"]
