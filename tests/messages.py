"""Collects the sentences of the portal into its catalogues: `make messages`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "portal" / "locale"
TEMPLATE = ROOT / "var" / "messages.pot"
PYBABEL = str(Path(sys.executable).parent / "pybabel")


def collect(target: Path) -> None:
    """Writes the template catalogue of all sentences in Python and in templates."""
    # Without --ignore-dirs Babel passes over templates/_layout and templates/_parts.
    options = ["--ignore-dirs=.*", "--no-location", "--sort-output", "--omit-header", "--add-comments=translators:"]
    _pybabel("extract", "-F", str(LOCALES / "babel.cfg"), "-k", "N_", *options, "-o", str(target), ".")


def update() -> None:
    """Brings every catalogue up to the template; what is new stands there untranslated."""
    TEMPLATE.parent.mkdir(exist_ok=True)
    collect(TEMPLATE)
    for catalogue in LOCALES.glob("*/LC_MESSAGES/messages.po"):
        language = catalogue.parent.parent.name
        options = ["--no-fuzzy-matching", "--ignore-obsolete", "--no-wrap"]
        _pybabel("update", "-l", language, "-i", str(TEMPLATE), "-o", str(catalogue), *options)


def _pybabel(*arguments: str) -> None:
    subprocess.run([PYBABEL, "--quiet", *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    update()
