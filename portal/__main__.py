"""python -m portal: the command line. What goes wrong is one line on standard error, exit 2.

The verbs of the match, of counting and of calibrating need no settings and no database, and stand alone: importing the
whole portal takes seconds.
"""

import sys
from importlib import import_module

from typer.exceptions import TyperException

from portal.errors import ConfigurationError

ALONE = {
    "match": "portal.placements.verbs",
    "verify-match": "portal.placements.verbs",
    "count": "portal.contests.verbs",
    "calibrate": "portal.judging.verbs",
    "agreement": "portal.judging.verbs",
}


def main() -> int:
    verbs = import_module(ALONE.get("".join(sys.argv[1:2]), "portal.verbs"))
    try:
        return int(verbs.run() or 0)
    except (TyperException, ConfigurationError) as error:
        return _refuse(error.format_message() if isinstance(error, TyperException) else str(error))
    except KeyboardInterrupt:
        return 130


def _refuse(sentence: str) -> int:
    print(f"portal: {' '.join(sentence.split())}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
