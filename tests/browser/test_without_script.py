"""Each role's journey in a browser that runs no script."""

from functools import partial

import pytest

from tests.browser.conftest import Served
from tests.browser.steps import People, Visit, contest, internship

pytestmark = pytest.mark.browser


@pytest.fixture
def without(visit: Visit) -> Visit:
    return partial(visit, java_script_enabled=False)


def test_applicant_coordinators_and_secretary(without: Visit, people: People) -> None:
    internship(without, people)


def test_author_screener_and_judges(without: Visit, people: People, served: Served) -> None:
    contest(without, people, served)
