"""Addresses that nobody meant: no page of any route fails on them, whoever asks."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from portal.accounts.access import Relation
from portal.accounts.models import Person
from portal.forms import Form
from tests.conftest import browser, signed_in
from tests.test_permissions import World, permissions, world  # noqa: F401 - a fixture

IN_PATHS = ("9" * 30, "-1", "%00", "x" * 300, "00000000-0000-0000-0000-000000000000")
IN_QUERIES = ("9" * 30, "%ff%00", "\u202e\u200b' or 1=1 --")
QUERY = (
    "after", "other", "page", "q", "call", "status", "government", "key", "next", "at", "kind", "state", "country",
    "language", "field", "theme", "application_id", "issued", "number", "lang",
)  # fmt: skip
PEOPLE = (Relation.VISITOR, Relation.HOST, Relation.SECRETARY)


def _quoted(garbage: str) -> str:
    return garbage if garbage.startswith("%") else quote(garbage, safe="")


def _asked(address: str) -> Iterator[str]:
    """A right address with wrong questions."""
    for garbage in map(_quoted, IN_QUERIES):
        yield f"{address}?{'&'.join(f'{name}={garbage}' for name in QUERY)}"


def _wrong(world: World, path: str, person: Person | None) -> Iterator[str]:  # noqa: F811
    """Each part in turn."""
    for name in re.findall(r"{(\w+)}", path):
        for garbage in map(_quoted, IN_PATHS):
            yield world.address(path.replace(f"{{{name}}}", garbage), person)


@pytest.mark.slow
@pytest.mark.parametrize("relation", PEOPLE)
def test_no_address_breaks_a_page(app: FastAPI, session: Session, world: World, relation: Relation) -> None:  # noqa: F811
    person = world.person(relation)
    client = browser(app) if person is None else signed_in(app, session, person)
    paths = [each.path for each in permissions() if each.method == "GET"]
    real = [world.address(path, person) for path in paths]
    # The wrong parts are looked for before anybody is asked who they are: one person is enough for those.
    wrong = [each for path in paths for each in _wrong(world, path, person)] if relation is Relation.SECRETARY else []
    session.commit()
    # Files of this world are only rows, so that reading them fails by itself.
    standing = [address for address in real if client.get(address).status_code < 500]
    asked = [*wrong, *(each for address in standing for each in _asked(address))]
    broken = [address for address in asked if client.get(address).status_code >= 500]
    assert (broken, len(real) - len(standing) < 10) == ([], True)


IN_FIELDS = ("a\0b", "9999-12-31T23:59", "0001-01-01", "9" * 30, "\u202e\u200b' or 1=1 --")
# Where something of a set is chosen, something of it, so that the rest is looked at.
CHOSEN = {
    "optimal_for": "hosts", "what": "fewer", "visa": "granted", "ended_by": "host", "end_code": "other",
    "code": "other", "agree": "true", "party": "intern", "then": "submit", "publication": "full",
}  # fmt: skip


def _forms() -> list[type[Form]]:
    """Every form there is, and those made on the way."""
    found: list[type[Form]] = [Form]
    for form in found:
        found += form.__subclasses__()
    return found


def _filled() -> dict[str, str]:
    names = sorted({name for form in _forms() for name in form.model_fields} - {"key"})
    return {name: IN_FIELDS[place % len(IN_FIELDS)] for place, name in enumerate(names)} | CHOSEN


@pytest.mark.slow
@pytest.mark.parametrize("relation", PEOPLE[1:])
def test_no_form_breaks_an_action(app: FastAPI, session: Session, world: World, relation: Relation) -> None:  # noqa: F811
    person = world.person(relation)
    client = signed_in(app, session, person)
    paths = [each.path for each in permissions() if each.method == "POST" and not each.path.startswith("/sign-out")]
    addresses = [world.address(path, person) for path in paths]
    session.commit()
    broken = []
    for address in addresses:
        savepoint = session.connection().begin_nested()
        answer = client.post(address, data=_filled())
        savepoint.rollback()
        if answer.status_code >= 500:
            broken.append(address)
    assert broken == []
