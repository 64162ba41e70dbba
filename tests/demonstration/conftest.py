"""The demonstration, built once on a database of its own in which everything really is committed."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from portal import demonstration
from portal.app import create_app
from portal.db import Database
from portal.demonstration.building import PASSWORD
from portal.settings import Settings
from tests import database as databases
from tests import make
from tests.conftest import ORIGIN, browser


def seeded(folder: Path) -> Database:
    """What a portal begins with: the schema and the registry."""
    made = Database(databases.empty_url(folder, f"demo_{uuid.uuid4().hex[:12]}"))
    databases.build(made)
    make.registry(made)
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    made = seeded(tmp_path)
    yield made
    made.dispose()
    databases.drop(made.url.render_as_string(hide_password=False))


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = seeded(tmp_path_factory.mktemp("demonstration"))
    demonstration.build(demo_settings(tmp_path_factory.mktemp("storage")), made)
    yield made
    made.dispose()
    databases.drop(made.url.render_as_string(hide_password=False))


@pytest.fixture(scope="package")
def demo_app(built: Database, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(demo_settings(tmp_path_factory.mktemp("served")), built)


def demo_settings(storage: Path) -> Settings:
    return Settings(demonstration=True, storage_url=f"file:{storage}", public_origin=ORIGIN)


@pytest.fixture(scope="package")
def signed_in(demo_app: FastAPI) -> Callable[[str], TestClient]:
    """The browser of who signed in with this address and the printed password; once for all tests."""
    browsers: dict[str, TestClient] = {}

    def sign_in(address: str) -> TestClient:
        if address not in browsers:
            browsers[address] = browser(demo_app)
            answer = browsers[address].post("/sign-in", data={"email": address, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        return browsers[address]

    return sign_in
