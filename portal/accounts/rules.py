"""Addresses and passwords. Pure."""

import contextlib
import unicodedata


def normal_email(address: str) -> str:
    """The one form in which an address is stored and compared: NFKC, case folded, the domain in IDNA."""
    local, _at, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    with contextlib.suppress(UnicodeError):  # kept as it is: the form has already refused what is no domain
        domain = domain.encode("idna").decode()
    return f"{local}@{domain}"
