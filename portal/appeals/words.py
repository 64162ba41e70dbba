"""What an appeal's states and rulings are called."""

from portal.appeals.models import Ruling
from portal.i18n import N_, Lazy

RULINGS: dict[Ruling, Lazy] = {
    Ruling.UPHELD: N_("The procedure was not kept"),
    Ruling.REJECTED: N_("The procedure was kept"),
}
TAGS: dict[Ruling | None, tuple[Lazy, str]] = {
    None: (N_("To decide"), "blue"),
    Ruling.UPHELD: (RULINGS[Ruling.UPHELD], "orange"),
    Ruling.REJECTED: (RULINGS[Ruling.REJECTED], "grey"),
}
