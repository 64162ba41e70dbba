"""The other half of the pages, in a file of its own so that it runs beside the first."""

import pytest

from tests.browser import walk
from tests.browser.walking.looking import Looker
from tests.browser.walking.stage import Stage

pytestmark = pytest.mark.browser


def test_every_second_page_from_the_second(stage: Stage, looker: Looker) -> None:
    assert walk.faults(looker, walk.once(stage.found.kinds())[1::2]) == []
