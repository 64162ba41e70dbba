"""What roles, languages and time zones are called."""

import datetime as dt
from zoneinfo import ZoneInfo

from portal import i18n
from portal.accounts.models import Role
from portal.clock import now
from portal.i18n import N_, Lazy

ROLES: dict[Role, Lazy] = {
    Role.COORDINATOR: N_("Coordinator of a government"),
    Role.JUDGE: N_("Judge"),
    Role.SCREENER: N_("Screener"),
    Role.SECRETARY: N_("Secretary"),
    Role.AUDITOR: N_("Auditor"),
}
# The zones of the six countries, from west to east, and UTC.
ZONES = (
    "UTC", "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk",
    "Asia/Urumqi", "Asia/Barnaul", "Asia/Tomsk", "Asia/Novosibirsk", "Asia/Novokuznetsk", "Asia/Krasnoyarsk",
    "Asia/Hovd",
    "Asia/Ulaanbaatar", "Asia/Irkutsk", "Asia/Shanghai", "Asia/Pyongyang", "Asia/Seoul", "Asia/Tokyo",
    "Asia/Chita", "Asia/Yakutsk", "Asia/Khandyga", "Asia/Vladivostok", "Asia/Ust-Nera", "Asia/Magadan",
    "Asia/Sakhalin", "Asia/Srednekolymsk", "Asia/Kamchatka", "Asia/Anadyr",
)  # fmt: skip
LIKELY = {
    "zh-Hans": "Asia/Shanghai",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "mn": "Asia/Ulaanbaatar",
    "ru": "Asia/Vladivostok",
}


def zones(at: dt.datetime | None = None) -> list[tuple[str, str]]:
    """Each zone with its city and offset in the reader's language: "Seoul (UTC+9)"."""
    return [(zone, f"{city(zone)} ({i18n.offset((at or now()).astimezone(ZoneInfo(zone)))})") for zone in ZONES[1:]] + [
        ("UTC", "UTC")
    ]


def city(zone: str) -> str:
    return i18n.city(zone) if zone != "UTC" else zone


def likely_zone() -> str:
    """The zone that a reader of this language probably lives in, to stand in a form."""
    return LIKELY.get(i18n.language(), "UTC")


def languages() -> list[tuple[str, str]]:
    return list(i18n.offered().items())
