"""Every job of the portal, imported once, for whoever runs or queues them."""

from portal.files import jobs as files
from portal.mail import jobs as mail

__all__ = ["files", "mail"]
