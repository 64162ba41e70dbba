"""What the demonstration does not show: set up in the stage's database alone, each with the address where it is seen.

A scene sets up one thing and yields its moments. `links.py` has what letters lead to, `places.py` the internships,
`rounds.py` the contests, `letters.py` what the secretariat writes to many, `downloads.py` files, `refusals.py` the
pages of errors.
"""

from sqlmodel import Session

from portal.settings import Settings
from tests.browser.walking.crawl import Moment
from tests.browser.walking.moments import downloads, letters, links, places, refusals, rounds
from tests.browser.walking.moments.cast import Cast

SCENES = (*links.SCENES, *places.SCENES, *rounds.SCENES, *letters.SCENES, *downloads.SCENES, *refusals.SCENES)


def made(session: Session, settings: Settings) -> list[Moment]:
    cast = Cast(session, settings)
    found = [moment for scene in SCENES for moment in scene(cast)]
    session.flush()
    cast.give_names()
    cast.keep_files()
    return found
