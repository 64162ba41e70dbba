"""How the moments of a rule are called."""

from portal.i18n import _, ngettext


def moment(days: int) -> str:
    """So many days after what a rule counts from, or before it."""
    if days == 0:
        return _("at the moment itself")
    if days < 0:
        return ngettext("%(num)s day before", "%(num)s days before", -days) % {"num": -days}
    return ngettext("%(num)s day after", "%(num)s days after", days) % {"num": days}
