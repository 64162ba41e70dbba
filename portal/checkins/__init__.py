"""Check-ins: in the first week and then every month intern and host each say how the stay goes."""
