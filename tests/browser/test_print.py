"""What is printed: a receipt and the numbers of the regions, as PDF."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from playwright.sync_api import Page

from portal.accounts.models import Role
from tests import make
from tests.browser.conftest import Served
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser
SHEET = 673  # CSS pixels within the margins of an A4 sheet


def pages(page: Page) -> int:
    made = page.pdf(format="A4", prefer_css_page_size=True)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return len(pdf.pages)


def test_a_receipt_is_one_page(visit: Callable[..., Page], served: Served) -> None:
    with served.app.state.database.session(writes=True) as session:
        applicant = make.member(session)
        application = make.application(session, "submitted", applicant=applicant)
        make.version(session, application)
        address, path = applicant.email, f"/applications/{application.id}/receipt"
    page = sign_in(visit(), address)
    page.goto(path)
    assert pages(page) == 1


def test_no_sheet_is_too_narrow_for_the_numbers_and_their_map(visit: Callable[..., Page], served: Served) -> None:
    with served.app.state.database.session(writes=True) as session:
        make.placement(session, "completed")
        staff = make.member(session)
        make.grant(session, staff, Role.AUDITOR)
        address = staff.email
    page = sign_in(visit(viewport={"width": SHEET, "height": 987}), address)
    page.goto("/statistics")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
