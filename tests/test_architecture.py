"""The house rules that a machine can check."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from portal.web.templating import TEMPLATES, environment

ROOT = Path(__file__).parent.parent
LINT = Path(sys.executable).parent / "lint-imports"
PUBLIC_HOSTS = {"https://pypi.org", "https://files.pythonhosted.org"}
TOP = {
    "portal", "templates", "uploads", "tests", "docs", "alembic.ini", "pyproject.toml", "README.md", "LICENSE",
    "CHANGELOG.md", "Makefile", "uv.lock", ".ci", ".gitignore", ".importlinter",
}  # fmt: skip


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_nothing_else_lies_at_the_top() -> None:
    assert {path.split("/")[0] for path in tracked()} <= TOP


def _contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


BREAKS = {
    "a lower feature imports a higher one": ("portal/calls/rules.py", "import portal.placements.models"),
    "the streets meet": ("portal/contests/rules.py", "import portal.applications.models"),
    "a rule imports an action": ("portal/history/rules.py", "import portal.history.actions"),
    "a query speaks HTTP": ("portal/applications/queries.py", "import fastapi"),
    "the match knows a table": ("portal/placements/matching.py", "import portal.db"),
    "calibration knows a table": ("portal/judging/fitting.py", "import portal.db"),
    "the proof borrows from the match": ("portal/placements/stability.py", "import portal.placements.matching"),
}


@pytest.mark.slow
@pytest.mark.parametrize("place", BREAKS.values(), ids=BREAKS)
def test_a_broken_import_rule_is_found(tmp_path: Path, place: tuple[str, str]) -> None:
    shutil.copytree(ROOT / "portal", tmp_path / "portal", ignore=shutil.ignore_patterns("static", "locale"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    path, line = place
    target = tmp_path / path
    target.write_text(f"{line}  # a deliberate break\n" + target.read_text())
    done = _contracts(tmp_path)
    assert done.returncode == 1, done.stdout[-2000:]
    assert "BROKEN" in done.stdout


def test_every_template_compiles() -> None:
    made: Environment = environment()
    for path in TEMPLATES.rglob("*.*"):
        made.get_template(str(path.relative_to(TEMPLATES)))


@pytest.mark.parametrize("pattern", [r"\sstyle=", r"<style", r"<script>", r"\son[a-z]+=\"", r"\|\s*safe\b"])
def test_templates_keep_to_the_content_security_policy(pattern: str) -> None:
    found = [str(path) for path in TEMPLATES.rglob("*.html") if re.search(pattern, path.read_text())]
    assert found == []


def test_the_lock_file_names_only_the_public_hosts() -> None:
    hosts = set(re.findall(r"https?://[^/\"]+", (ROOT / "uv.lock").read_text()))
    assert hosts == PUBLIC_HOSTS


def test_the_style_sheets_lock_file_names_no_host_but_the_public_one() -> None:
    lock = (ROOT / "portal/static/build/package-lock.json").read_text()
    hosts = set(re.findall(r"\"resolved\": \"(https?://[^/\"]+)", lock))
    assert hosts <= {"https://registry.npmjs.org"}


def test_nothing_under_the_gpl_is_installed() -> None:
    """By their own metadata; a licence that offers a choice is fine."""
    from importlib.metadata import distributions

    for distribution in distributions():
        words = " ".join(
            [distribution.metadata.get("License-Expression") or "", *distribution.metadata.get_all("Classifier", [])]
        )
        strict = re.search(r"\b(A?GPL|GNU (Affero )?General Public)", words)
        lenient = re.search(r"LGPL|Lesser|\bOR\b|MIT License|BSD License|Apache", words)
        assert not strict or lenient, distribution.metadata["Name"]


def test_no_path_of_a_machine_is_in_a_file() -> None:
    suspicious = re.compile(r"/(work|root|home/[a-z]+|opt/pypi)/")
    for name in tracked():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".html", ".txt", ".ini", ".json", ".lock", ".csv", ""}:
            found = suspicious.search(path.read_text(errors="ignore"))
            assert found is None or name == "tests/test_architecture.py", (name, found and found.group())


def test_only_the_demonstration_sets_the_clock_back() -> None:
    sources = [path for path in (ROOT / "portal").rglob("*.py") if "set_back" in path.read_text()]
    folders = {path.parent.name for path in sources if path.name != "clock.py"}
    assert folders == {"demonstration"}
