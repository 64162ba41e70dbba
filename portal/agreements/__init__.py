"""The agreement of host, home government, intern, and a minor's guardian."""
