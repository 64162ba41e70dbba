"""`python -m portal count`, as somebody at a shell meets it: a number, or one line and never a traceback."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from portal import __main__ as command_line
from tests import database as databases


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("--language", "ja", file)`, in this process."""

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["portal", "count", *map(str, arguments)])
        return Done(command_line.main(), *capsys.readouterr())

    return run


@pytest.mark.parametrize(
    ("language", "count"),
    [("en", 3), ("MN", 3), ("ru", 3), ("ja", 12), ("zh", 12), ("ZH-hans", 12), ("ko", 12)],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_is_counted_by_the_rule_of_its_language(
    run: Run, tmp_path: Path, language: str, count: int, mark: bytes
) -> None:
    file = tmp_path / "essay.txt"
    file.write_bytes(mark + "One\u3000川 — 🇰🇷 rivers\r\n".encode())
    assert run("--language", language, file) == (0, f"{count}\n", "")


def test_a_dash_is_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("二つの 川。\n".encode())))
    assert run("-", "--language", "ja").out == "5\n"


def test_an_empty_file_counts_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.touch()
    assert run("--language", "ja", file).out == "0\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe\x00", "it is not UTF-8"), (b"a\x00b", "it holds a NUL character"), (None, "No such file")],
)
def test_what_is_no_text_is_refused_in_one_line(run: Run, tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "essay.txt"
    if content is not None:
        file.write_bytes(content)
    refused(run("--language", "ja", file), "essay.txt", words)


def test_what_is_no_file_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    refused(run("--language", "ja", tmp_path), "Is a directory")
    refused(run("--language", "ja", "a\0b"), "cannot be read")
    refused(run("--language", "fr", tmp_path), "none of the contest's languages", "zh-Hans")
    refused(run("--language", "ja"), "Missing argument")
    refused(run(tmp_path), "Missing option")


def refused(done: Done, *words: str) -> None:
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert all(word in done.err for word in ("portal: ", *words))


def test_counting_does_not_wait_for_the_whole_portal() -> None:
    told = "import sys, portal.contests.verbs; print('sqlalchemy' in sys.modules, 'fastapi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=databases.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
