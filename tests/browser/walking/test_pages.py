"""Each page once, in one of the six languages in turn: no complaint. More by `python -m tests.browser.walk`."""

import pytest

from tests.browser import walk
from tests.browser.walking.looking import Looker
from tests.browser.walking.stage import Stage

pytestmark = pytest.mark.browser


def test_every_second_page_from_the_first(stage: Stage, looker: Looker) -> None:
    assert walk.faults(looker, walk.once(stage.found.kinds())[::2]) == []
