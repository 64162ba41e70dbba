"""What each account finds: its main pages, and one of every kind of page that those link to."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from portal.demonstration.people import ACCOUNTS, DOMAIN, Account
from tests.conftest import browser

pytestmark = pytest.mark.slow

EVERYBODY = (
    "/",
    "/calls",
    "/calls/autumn-2027",
    "/calls/winter-2027",
    "/openings",
    "/experiences",
    "/alumni",
    "/contests",
    "/contests/essays-2027",
    "/contests/essays-2026",
    "/contests/essays-2026/results",
    "/governments",
)
ESSAYS = (
    "/contests/essays-2027/essays",
    "/contests/essays-2027/order",
    "/contests/essays-2027/judges",
    "/contests/essays-2027/deal",
    "/contests/essays-2027/training",
)
JUDGED = (
    "/contests/essays-2026/order",
    "/contests/essays-2026/order?round=final",
    "/contests/essays-2026/order/judges",
    "/contests/essays-2026/order/bias",
    "/contests/essays-2026/order/kept",
    "/contests/essays-2026/finalists",
    "/contests/essays-2026/jury",
    "/contests/essays-2026/publication",
    "/contests/essays-2026/certificates",
    "/contests/essays-2026/appeals",
)
SCREENING = ("/contests/essays-2027/screening",)
PLACED = (
    "/placements",
    "/stays",
    "/certificates",
    "/final-reports",
    "/calls/winter-2027/match",
    "/calls/spring-2027/rankings",
)
MAIN: dict[str, tuple[str, ...]] = {
    "applicant": ("/applications", "/placements", "/account"),
    "intern": ("/applications", "/placements", "/stays", "/account"),
    "alumna": ("/applications", "/placements", "/account"),
    "author": ("/essays", "/account", "/account/data"),
    "home_coordinator": ("/nominations", "/placements", "/openings/mine"),
    "host_coordinator": ("/nominations", "/placements", "/openings/mine", "/rankings", "/stays"),
    "second_host_coordinator": ("/nominations", "/placements", "/openings/mine", "/rankings", "/stays"),
    "judge_jp": ("/judging",),
    "judge_ru": ("/judging",),
    "judge_mn": ("/judging",),
    "secretary": (
        *ESSAYS,
        *SCREENING,
        *PLACED,
        "/people",
        "/nominations",
        "/messages",
        "/calls/spring-2028",
        "/contests/essays-2028",
    ),
    "screener": (*SCREENING, "/contests/essays-2027/screening?show=second"),
    "third_secretary": (*ESSAYS, *JUDGED),
    "second_secretary": (
        *ESSAYS,
        *JUDGED,
        "/contests/essays-2026/members",
        *PLACED,
        "/people",
        "/nominations",
        "/messages",
        "/calls/spring-2028",
    ),
    "auditor": (*ESSAYS, *JUDGED, *PLACED, "/people", "/nominations", "/messages", "/contests/essays-2028"),
}
BANNER = 'class="portal-demo"'
SignIn = Callable[[str], TestClient]
NAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/essays/)[2-9A-Z]{8}|(?<=/judging/)\w+|(?<=/governments/)[\w-]+")


def kind(path: str) -> str:
    """Pages that differ only in the thing that they show are of one kind."""
    return NAMED.sub("*", path)


def links(html: str) -> dict[str, str]:
    found = re.findall(r'<a [^>]*href="(/[^"#?]*)"', html)
    return {kind(path): path for path in found if not path.startswith("/static")}


def shown(client: TestClient, path: str) -> str:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    is_page = answer.headers["content-type"].startswith("text/html")
    assert not is_page or BANNER in answer.text, f"{path} does not say that it is a demonstration"
    return answer.text if is_page else ""


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.key)
def test_every_account_finds_its_pages(signed_in: SignIn, account: Account) -> None:
    client = signed_in(account.address)
    linked: dict[str, str] = {}
    for path in (*EVERYBODY, *MAIN[account.key]):
        linked |= links(shown(client, path))
    for path in linked.values():
        shown(client, path)


def test_a_visitor_sees_what_it_is(demo_app: FastAPI) -> None:
    for path in EVERYBODY:
        shown(browser(demo_app), path)


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.key)
def test_where_to_look_first_is_a_page_of_that_account(signed_in: SignIn, account: Account) -> None:
    path = account.look.partition(" ")[0]
    assert links(shown(signed_in(account.address), path))


AUTHORS = ("Hao Siyu", "Nonomura Hina", "Ko Eunbyeol", "Polina Zavialova", "Lkhagva Namuun", "Ma Xiaocao")


def test_only_screeners_see_who_wrote_what(signed_in: SignIn) -> None:
    first, second, other = (signed_in(f"{name}@{DOMAIN}") for name in ("secretary", "screener", "second-secretary"))
    essay = links(shown(first, "/contests/essays-2027/screening"))["/contests/essays-2027/screening/*"]
    for screener in (first, second):
        assert re.search(
            r"Hao Siyu|Nonomura Hina|Ko Eunbyeol|Polina Zavialova|Lkhagva Namuun|Ma Xiaocao", shown(screener, essay)
        )
    assert other.get(essay).status_code == 404
