"""What tests of the pages share."""

import re
from collections.abc import Callable

from fastapi.testclient import TestClient

from portal.contests.models import Edition

As = Callable[..., TestClient]
ELSEWHERE = {"sec-fetch-site": "cross-site"}
WHY = {"reason": "The marks were given without reading."}
PAGES = ("", "/judges", "/bias", "/kept")


def order_of(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="govuk-table__header">(\w{9})<', page)


def home(edition: Edition) -> str:
    return f"/contests/{edition.slug}/order"
