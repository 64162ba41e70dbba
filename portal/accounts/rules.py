"""Addresses, networks, roles: what is legal. Pure."""

import contextlib
import datetime as dt
import enum
import hashlib
import hmac
import ipaddress
import secrets
import unicodedata
import uuid
from collections.abc import Sequence

from portal.accounts.models import Grant, Registration, ResetLink, Role
from portal.accounts.viewer import Viewer

VERIFY_FOR = dt.timedelta(hours=24)
RESET_FOR = dt.timedelta(minutes=30)
# Who screens an edition knows who wrote what, and who judges it must not: not now, and not afterwards.
APART = {Role.JUDGE: Role.SCREENER, Role.SCREENER: Role.JUDGE}
FOR_AN_EDITION = frozenset(APART)


def normal_email(address: str) -> str:
    """The one form in which an address is stored and compared: NFKC, case folded, the domain in IDNA."""
    local, _at, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    with contextlib.suppress(UnicodeError):  # kept as it is: the form has already refused what is no domain
        domain = domain.encode("idna").decode()
    return f"{local}@{domain}"


# At this provider dots before the @ mean nothing, and the second domain is another name of the first.
DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def mailbox(address: str) -> str:
    """The mailbox behind an address: "Name+near@example.org" is "name@example.org"."""
    local, _at, domain = normal_email(address).rpartition("@")
    local = local.partition("+")[0]
    if domain in DOTLESS:
        local, domain = local.replace(".", ""), DOTLESS[domain]
    return f"{local}@{domain}"


def new_token() -> str:
    """256 random bits, for an address in a mail or for a cookie."""
    return secrets.token_urlsafe(32)


def is_live(link: Registration | ResetLink, at: dt.datetime) -> bool:
    return link.used_at is None and at < link.expires_at


def device_mark(key: bytes, person_id: uuid.UUID) -> str:
    """What a browser keeps that has signed in to this account: it shows that, and opens nothing."""
    return hmac.new(key, b"device:" + person_id.bytes, hashlib.sha256).hexdigest()[:32]


def client_address(peer: str, forwarded: Sequence[str], trusted: int) -> str:
    """The address a request came from, seen through `trusted` proxies of ours.

    Each proxy adds, at the right end of X-Forwarded-For (`forwarded`: its lines), the address it was
    asked from. So exactly that many entries from the right are true; what stands before them anybody can write.
    """
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    return [*hops, peer][-(trusted + 1) :][0]


def network(address: str) -> str:
    """The /24 or /64 that an address lies in: one household or office, not one machine."""
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return "unknown"
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 64), strict=False))


def fits(role: Role, government_id: uuid.UUID | None, edition_id: uuid.UUID | None) -> bool:
    """A coordinator is for a government, a judge and a screener for an edition, the others for neither."""
    wants = (role is Role.COORDINATOR, role in FOR_AN_EDITION)
    return wants == (government_id is not None, edition_id is not None)


def overlap(grant: Grant, begins_on: dt.date, ends_on: dt.date | None) -> bool:
    if is_void(grant):
        return False
    return grant.begins_on <= (ends_on or dt.date.max) and begins_on <= (grant.ends_on or dt.date.max)


def is_void(grant: Grant) -> bool:
    """Ended before it was ever in force."""
    return grant.ends_on is not None and grant.ends_on < grant.begins_on


def never_began(grant: Grant) -> bool:
    return grant.never_began


def in_force(grant: Grant, day: dt.date) -> bool:
    return grant.begins_on <= day and (grant.ends_on is None or day <= grant.ends_on)


def is_over(grant: Grant, day: dt.date) -> bool:
    return grant.ends_on is not None and grant.ends_on < day


class Step(enum.StrEnum):
    GRANT = "grant"
    END = "end"


def may(viewer: Viewer, step: Step, grant: Grant | None = None) -> bool:
    """Secretaries give and end roles; nobody ends their own as secretary, so that one always remains."""
    own_keys = grant is not None and grant.role is Role.SECRETARY and grant.person_id == viewer.person_id
    return viewer.is_secretary and not (step is Step.END and own_keys)


# In this order: most browsers name others before themselves.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "MicroMessenger": "WeChat",
            "YaBrowser": "Yandex", "Whale": "Whale", "Firefox": "Firefox", "FxiOS": "Firefox", "Chrome": "Chrome",
            "CriOS": "Chrome", "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS",
           "HarmonyOS": "HarmonyOS", "Linux": "Linux"}  # fmt: skip


def browser_name(user_agent: str) -> str:
    """What a person calls the browser that sends this, such as "Firefox, Windows"; empty if nothing is known."""
    found = [next((name for sign, name in signs.items() if sign in user_agent), "") for signs in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name)
