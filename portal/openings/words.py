"""What the states and choices of an opening are called."""

from babel.numbers import format_currency

from portal.i18n import N_, Lazy, babel_locale
from portal.openings.models import Benefit, Education, HostKind, OpeningStatus, Payer, Per, Presence, What
from portal.registry.words import LANGUAGE_NAMES

STATUSES: dict[OpeningStatus, Lazy] = {
    OpeningStatus.DRAFT: N_("Draft"),
    OpeningStatus.PUBLISHED: N_("Published"),
    OpeningStatus.CLOSED: N_("Closed"),
}
COLOURS = {OpeningStatus.DRAFT: "yellow", OpeningStatus.PUBLISHED: "green", OpeningStatus.CLOSED: "grey"}
HOST_KINDS: dict[HostKind, Lazy] = {
    HostKind.OFFICE: N_("Government office"),
    HostKind.COMPANY: N_("Company"),
    HostKind.INSTITUTE: N_("Institute"),
    HostKind.SECRETARIAT: N_("NEAR secretariat"),
}
PRESENCES: dict[Presence, Lazy] = {
    Presence.ON_SITE: N_("At the host"),
    Presence.REMOTE: N_("From afar"),
    Presence.BOTH: N_("Partly at the host, partly from afar"),
}
EDUCATIONS: dict[Education, Lazy] = {
    Education.ANY: N_("Any"),
    Education.SECONDARY: N_("Secondary school"),
    Education.VOCATIONAL: N_("Vocational training"),
    Education.BACHELOR: N_("Bachelor's degree, or studying for it"),
    Education.MASTER: N_("Master's degree, or studying for it"),
    Education.DOCTORATE: N_("Doctorate, or working on it"),
}
LANGUAGES = LANGUAGE_NAMES
# The Common European Framework of Reference for Languages.
LEVELS: dict[str, Lazy] = {
    "A1": N_("A1, beginner"),
    "A2": N_("A2, elementary"),
    "B1": N_("B1, intermediate"),
    "B2": N_("B2, upper intermediate"),
    "C1": N_("C1, advanced"),
    "C2": N_("C2, proficient"),
}
# The broad groups of the International Standard Classification of Education, ISCED-F 2013.
FIELDS: dict[str, Lazy] = {
    "01": N_("Teaching and education"),
    "02": N_("Arts, humanities and languages"),
    "03": N_("Social sciences, journalism and libraries"),
    "04": N_("Business, administration and law"),
    "05": N_("Natural sciences, mathematics and statistics"),
    "06": N_("Computing and information technology"),
    "07": N_("Engineering, industry and construction"),
    "08": N_("Farming, forests, fisheries and animal health"),
    "09": N_("Health and social care"),
    "10": N_("Services, such as tourism, transport and safety"),
}
WHATS: dict[What, Lazy] = {
    What.STIPEND: N_("Stipend"),
    What.AIRFARE: N_("Travel to the place and back"),
    What.HOUSING: N_("Housing"),
    What.MEALS: N_("Meals"),
    What.INSURANCE: N_("Insurance"),
    What.VISA: N_("Visa costs"),
    What.TRANSPORT: N_("Local transport"),
    What.LANGUAGE_COURSE: N_("Language course"),
    What.OTHER: N_("Something else"),
}
PERS: dict[Per, Lazy] = {
    Per.ONCE: N_("once"),
    Per.DAY: N_("a day"),
    Per.WEEK: N_("a week"),
    Per.MONTH: N_("a month"),
}
# An amount and how often it is given, each as a whole phrase.
AMOUNTS: dict[Per, Lazy] = {
    Per.ONCE: N_("%(amount)s once"),
    Per.DAY: N_("%(amount)s a day"),
    Per.WEEK: N_("%(amount)s a week"),
    Per.MONTH: N_("%(amount)s a month"),
}
PAYERS: dict[Payer, Lazy] = {
    Payer.HOST: N_("The host organisation"),
    Payer.HOST_GOVERNMENT: N_("The host's government"),
    Payer.HOME_GOVERNMENT: N_("The home government"),
    Payer.SECRETARIAT: N_("NEAR secretariat"),
}
CURRENCIES: dict[str, Lazy] = {
    "CNY": N_("Chinese yuan (CNY)"),
    "JPY": N_("Japanese yen (JPY)"),
    "KRW": N_("South Korean won (KRW)"),
    "KPW": N_("North Korean won (KPW)"),
    "MNT": N_("Mongolian tögrög (MNT)"),
    "RUB": N_("Russian roubles (RUB)"),
    "USD": N_("US dollars (USD)"),
    "EUR": N_("Euros (EUR)"),
}
IN_KIND = N_("In kind")


def amount(benefit: Benefit) -> str:
    """What is given of it: "KRW 900,000 a month", or that it is given in kind."""
    if benefit.amount is None or benefit.currency is None:
        return str(IN_KIND)
    money = format_currency(benefit.amount, benefit.currency, "¤¤ #,##0", locale=babel_locale(), currency_digits=False)
    return AMOUNTS[benefit.per] % {"amount": money}
