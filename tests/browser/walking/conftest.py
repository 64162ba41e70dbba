from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.walking import looking
from tests.browser.walking import stage as stages


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> stages.Stage:
    """One for all workers: what they share is the folder above their own."""
    own = tmp_path_factory.getbasetemp()
    return stages.stage((own if worker_id == "master" else own.parent) / "walk")


@pytest.fixture(scope="module")
def looker(
    chromium: Browser, stage: stages.Stage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[looking.Looker]:
    with stages.serving(stage, tmp_path_factory.mktemp("served")) as served:
        made = looking.Looker(chromium, served, stage.data)
        yield made
        made.close()
