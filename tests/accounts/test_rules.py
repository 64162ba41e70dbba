import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts import rules
from portal.accounts.models import Grant, Role

DAY = dt.date(2027, 3, 1)


@pytest.mark.parametrize(("typed", "kept"), [
    ("Name@Example.ORG", "name@example.org"),
    ("ｎａｍｅ@ｅｘａｍｐｌｅ.org", "name@example.org"),
    ("straße@example.org", "strasse@example.org"),
    ("name@пример.рф", "name@xn--e1afmkfd.xn--p1ai"),
    (" name@例え.jp ", "name@xn--r8jz45g.jp"),
    ("no address", "@no address"),
])  # fmt: skip
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert rules.normal_email(typed) == kept


@settings(deadline=None)
@given(st.text(max_size=60))
def test_the_form_of_an_address_is_final(typed: str) -> None:
    once = rules.normal_email(typed + "@example.org")
    assert rules.normal_email(once) == once


PEER = "192.0.2.9"


@pytest.mark.parametrize(("forwarded", "trusted", "client"), [
    ([], 0, PEER),
    (["203.0.113.7"], 0, PEER),
    (["203.0.113.7"], 1, "203.0.113.7"),
    (["1.1.1.1, 203.0.113.7"], 1, "203.0.113.7"),
    (["1.1.1.1", "203.0.113.7"], 1, "203.0.113.7"),
    (["1.1.1.1, 203.0.113.7, 10.0.0.2"], 2, "203.0.113.7"),
    (["203.0.113.7"], 3, "203.0.113.7"),
    ([], 2, PEER),
])  # fmt: skip
def test_only_our_own_proxies_are_believed(forwarded: list[str], trusted: int, client: str) -> None:
    assert rules.client_address(PEER, forwarded, trusted) == client


@pytest.mark.parametrize(("address", "network"), [
    ("203.0.113.7", "203.0.113.0/24"),
    ("::ffff:203.0.113.7", "203.0.113.0/24"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("[2001:db8:1:2::1]", "2001:db8:1:2::/64"),
    ("testclient", "unknown"),
    ("", "unknown"),
])  # fmt: skip
def test_neighbours_count_as_one(address: str, network: str) -> None:
    assert rules.network(address) == network


def _grant(begins: int = 0, ends: int | None = None, role: Role = Role.SECRETARY) -> Grant:
    ends_on = None if ends is None else DAY + dt.timedelta(days=ends)
    return Grant(person_id=uuid.uuid4(), role=role, begins_on=DAY + dt.timedelta(days=begins), ends_on=ends_on)


@pytest.mark.parametrize(("begins", "ends", "in_force"), [
    (0, None, True), (0, 0, True), (1, None, False), (-5, -1, False), (-5, 5, True), (0, -1, False),
])  # fmt: skip
def test_a_role_is_in_force_on_its_days(begins: int, ends: int | None, in_force: bool) -> None:
    assert rules.in_force(_grant(begins, ends), DAY) is in_force


days = st.integers(-20, 20)


@settings(deadline=None)
@given(days, st.none() | days, days, st.none() | days)
def test_roles_overlap_if_a_day_has_both(begins: int, ends: int | None, other: int, until: int | None) -> None:
    first, second = _grant(begins, ends), _grant(other, until)
    both = any(
        rules.in_force(first, DAY + dt.timedelta(days=n)) and rules.in_force(second, DAY + dt.timedelta(days=n))
        for n in range(-21, 22)
    )
    if until is None or until >= other:
        assert rules.overlap(first, second.begins_on, second.ends_on) is both


@pytest.mark.parametrize(("role", "government", "edition", "fits"), [
    (Role.COORDINATOR, True, False, True), (Role.COORDINATOR, False, False, False),
    (Role.COORDINATOR, True, True, False),
    (Role.JUDGE, False, True, True), (Role.JUDGE, True, False, False), (Role.SCREENER, False, True, True),
    (Role.SECRETARY, False, False, True), (Role.SECRETARY, True, False, False), (Role.AUDITOR, False, True, False),
])  # fmt: skip
def test_what_a_role_is_for(role: Role, government: bool, edition: bool, fits: bool) -> None:
    some = uuid.uuid4()
    assert rules.fits(role, some if government else None, some if edition else None) is fits


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/150.0 Mobile Safari/537.36 EdgA/150.0", "Edge, Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_browsers_have_the_names_that_people_use(user_agent: str, name: str) -> None:
    assert rules.browser_name(user_agent) == name
