"""What the parties are called, and the languages of the countries."""

from portal.agreements.models import Party
from portal.i18n import N_, Lazy
from portal.registry.models import Country

PARTIES: dict[Party, Lazy] = {
    Party.INTERN: N_("Intern"),
    Party.HOST: N_("Host"),
    Party.HOME: N_("Home government"),
    Party.GUARDIAN: N_("Guardian"),
}
CONFIRM: dict[Party, Lazy] = {
    Party.INTERN: N_("Confirm as the intern"),
    Party.HOST: N_("Confirm for the host"),
    Party.HOME: N_("Confirm for the home government"),
    Party.GUARDIAN: N_("Confirm as the guardian"),
}
# Each country's main language.
LANGUAGES: dict[Country, str] = {
    Country.CN: "zh-Hans",
    Country.JP: "ja",
    Country.KR: "ko",
    Country.KP: "ko",
    Country.MN: "mn",
    Country.RU: "ru",
}
