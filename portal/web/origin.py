"""Refuses a change that another site asks for (the algorithm of Go 1.25's CrossOriginProtection)."""

from starlette.datastructures import Headers

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_cross_origin(method: str, headers: Headers, public_host: str) -> bool:
    """True if a browser says that another origin sent this changing request.

    Sec-Fetch-Site decides where it is present, else Origin against the configured host; a request
    with neither header is no browser's, so no cookie of a browser rides on it unasked.
    """
    if method in SAFE:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] not in {public_host, headers.get("host", "")}
