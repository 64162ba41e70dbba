"""A call and an edition in progress, everybody and everything in them invented, for trying the portal."""

from portal.demonstration.building import accounts_table, build, is_built

__all__ = ["accounts_table", "build", "is_built"]
