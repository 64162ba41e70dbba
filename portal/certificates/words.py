"""What offices and the parts of the public page are called."""

from portal.i18n import N_, Lazy

OFFICES: dict[str, Lazy] = {
    "secretary_general": N_("Secretary General"),
    "deputy_secretary_general": N_("Deputy Secretary General"),
}
