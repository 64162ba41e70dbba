"""`python -m portal match` and `verify-match`, as somebody at a shell meets them: one line, and never a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from portal import __main__ as command_line
from portal.placements import instances
from tests import database as databases
from tests.placements.test_instances import ABOUT, DATA


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("match", file)`, in this process."""

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["portal", *map(str, arguments)])
        return Done(command_line.main(), *capsys.readouterr())

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[[object], Path]:
    """`file(data)` holds data as JSON, or bytes as they are."""

    def file(data: object) -> Path:
        path = tmp_path / "match.json"
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return path

    return file


File = Callable[[object], Path]


def refused(done: Done, *words: str) -> None:
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1, done.err
    assert done.err.startswith("portal: ")
    for word in words:
        assert word in done.err


def export(**terms: Any) -> dict[str, Any]:
    return instances.document(instances.check(DATA), **{"seed": 2, "about": ABOUT, **terms})


def test_a_match_is_printed_with_its_figures_and_its_proof(run: Run, file: File) -> None:
    done = run("match", file(DATA))
    printed = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert list(printed) == ["matching", "statistics", "blocking_pairs", "seed", "optimal_for"]
    assert (printed["matching"]["a1"], printed["matching"]["a3"]) == ("h1", None)
    assert (printed["blocking_pairs"], printed["seed"], printed["optimal_for"]) == ([], 0, "applicants")


def test_the_side_and_the_seed_can_be_chosen(run: Run, file: File) -> None:
    def matching(*options: str) -> dict[str, str | None]:
        found: dict[str, str | None] = json.loads(run("match", file(DATA), *options).out)["matching"]
        return found

    assert matching("--optimal-for", "hosts")["a1"] == "h2"
    assert matching("--optimal-for", "applicants") == matching() == matching("--seed", "0")
    assert {matching("--seed", str(seed))["a4"] for seed in range(20)} == {"h3", None}


def test_names_in_any_script_are_shown(run: Run, file: File) -> None:
    done = run(
        "match", file({"applicants": {"申请人": ["主"]}, "hosts": {"主": {"capacity": 1, "ranking": ["申请人"]}}})
    )
    assert '"申请人": "主"' in done.out


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no JSON"),
        (b"\xff", "UTF-8"),
        (b"[" * 100_000, "deeply"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": ' + b"9" * 5000 + b"}", "digits"),
        (b'{"a": 1, "a": 2}', "twice"),
    ],
)
@pytest.mark.parametrize("verb", ["match", "verify-match"])
def test_a_file_that_cannot_be_read_is_one_line(run: Run, file: File, verb: str, data: bytes, word: str) -> None:
    refused(run(verb, file(data)), "match.json", word)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ([], "object"),
        ({"applicants": {}}, "hosts"),
        ({"applicants": {"a\n1": ["h"]}, "hosts": {}}, "no host"),
        ({"applicants": {}, "hosts": {"h": {"capacity": -1, "ranking": []}}}, "capacity"),
    ],
)
def test_a_wrong_instance_is_one_line(run: Run, file: File, data: object, word: str) -> None:
    refused(run("match", file(data)), "match.json", word)


@pytest.mark.parametrize("verb", ["match", "verify-match"])
def test_a_file_that_is_none_is_one_line(run: Run, tmp_path: Path, verb: str) -> None:
    refused(run(verb, tmp_path / "nothing.json"), "nothing.json", "No such file")
    refused(run(verb, tmp_path), "cannot be read", "directory")
    refused(run(verb), "file")


@pytest.mark.parametrize("options", [("--seed", "x"), ("--seed", "1.5"), ("--optimal-for", "nobody"), ("--nonsense",)])
def test_a_wrong_option_is_one_line(run: Run, file: File, options: tuple[str, ...]) -> None:
    refused(run("match", file(DATA), *options), options[0])


def test_a_run_that_holds_is_said_to_hold(run: Run, file: File) -> None:
    done = run("verify-match", file(export()))
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("The match holds")
    assert export()["sha256"] in done.out
    assert "3 of 5 applicants" in done.out


def test_a_run_that_does_not_hold_is_told_with_the_reason(run: Run, file: File) -> None:
    wrong = export()
    wrong["matching"]["a1"] = None
    done = run("verify-match", file(wrong))
    assert (done.code, done.out) == (1, "")
    assert done.err == 'The match does not hold. Applicant "a1" has no place in the file, and by the rule "h1".\n'


@pytest.mark.parametrize("data", [{}, [], None, DATA, {"format": "near-match/2"}])
def test_what_is_no_export_is_refused(run: Run, file: File, data: object) -> None:
    refused(run("verify-match", file(data)), "no exported run")


@pytest.mark.parametrize("depth", range(900, 1000, 7))
def test_a_deep_fact_is_read_or_refused_but_never_a_crash(run: Run, file: File, depth: int) -> None:
    raw = (
        json.dumps(export())
        .encode()
        .replace(b'"statistics": {', b'"statistics": {"x": ' + b"[" * depth + b"]" * depth + b", ")
    )
    done = run("verify-match", file(raw))
    assert done.code in {1, 2}
    assert len(done.err.splitlines()) == 1


def test_they_need_nothing_of_the_portal(file: File, tmp_path: Path) -> None:
    """Neither settings nor a database, not even wrong ones; and nothing that takes long to import is imported."""
    program = (
        "import sys; from portal import __main__ as line; code = line.main(); "
        "print([name for name in ('sqlalchemy', 'fastapi', 'pydantic_settings', 'portal.db') if name in sys.modules]); "
        "sys.exit(code)"
    )
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(databases.ROOT), "PORTAL_DATABASE_URL": "nonsense"}
    for verb, data in {"match": DATA, "verify-match": export()}.items():
        done = subprocess.run(
            [sys.executable, "-c", program, verb, str(file(data))],
            cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == "[]"


def test_a_terminal_without_those_letters_gets_them_escaped(file: File, tmp_path: Path) -> None:
    path = file({"applicants": {"申": []}, "hosts": {}})
    variables = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "portal", "match", str(path)],
        cwd=databases.ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert json.loads(done.stdout)["matching"] == {"申": None}
