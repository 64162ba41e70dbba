"""The command line, as somebody at a shell meets it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import database as databases
from tests.mail.server import Mailbox, listening

SECRET = "a secret that only this test knows, and long"
Run = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="the command line is tried on its default, SQLite"),
]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("verb", NAME=value)`: python -m portal in earnest, on a database of its own."""
    base = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_") and key != "PORT"}
    mine = {
        "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path}/portal.db",
        "PORTAL_STORAGE_URL": f"file:{tmp_path}/uploads",
        "PORTAL_SECRET": SECRET,
    }

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "portal", *arguments]
        variables = {**base, **mine, **settings}
        return subprocess.run(
            command, cwd=databases.ROOT, env=variables, capture_output=True, text=True, timeout=100, check=False
        )

    return run


def _refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_help_names_every_verb(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for verb in (
        "serve",
        "worker",
        "migrate",
        "demo",
        "create-secretary",
        "mail-test",
        "verify-history",
        "match",
        "verify-match",
        "count",
    ):
        assert verb in done.stdout


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("PORTAL_SECRET", "", "secrets.token_urlsafe"),
        ("PORTAL_SECRET", "short", "32 characters"),
        ("PORTAL_DATABASE_URL", "mysql://nowhere/x", "sqlite or postgresql"),
        ("PORTAL_DATABASE_URL", "not a url", "PORTAL_DATABASE_URL"),
        ("PORTAL_DATABASE_URL", "postgresql://portal@127.0.0.1:1/portal", "does not answer"),
        ("PORTAL_PUBLIC_ORIGIN", "http://youth.example.org", "https"),
        ("PORTAL_PUBLIC_ORIGIN", "youth.example.org/path", "PORTAL_PUBLIC_ORIGIN"),
        ("PORTAL_STORAGE_URL", "ftp://x", "PORTAL_STORAGE_URL"),
        ("PORTAL_SMTP_URL", "mail.example.org", "PORTAL_SMTP_URL"),
        ("PORTAL_SMTP_URL", "smtp://mail.example.org?tls=perhaps", "tls=required"),
        ("PORTAL_MAIL_PER_MINUTE", "-1", "PORTAL_MAIL_PER_MINUTE"),
        ("PORTAL_EXECUTOR_ID", "two words", "PORTAL_EXECUTOR_ID"),
        ("PORTAL_UPLOAD_LIMIT_MB", "many", "PORTAL_UPLOAD_LIMIT_MB"),
        ("PORTAL_LOG_LEVEL", "loud", "PORTAL_LOG_LEVEL"),
        ("PORT", "99999", "PORT"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(run: Run, setting: str, value: str, word: str) -> None:
    _refused(run("migrate", **{setting: value}), word)


@pytest.mark.parametrize("arguments", [("nonsense",), ("serve", "--nonsense"), ("create-secretary",)])
def test_a_wrong_argument_is_one_clear_line(run: Run, arguments: tuple[str, ...]) -> None:
    _refused(run(*arguments))


@pytest.mark.parametrize("verb", [("serve",), ("worker",), ("verify-history",), ("create-secretary", "a@example.org")])
def test_an_empty_database_is_not_served(run: Run, verb: tuple[str, ...]) -> None:
    _refused(run(*verb), "portal migrate")


def test_the_first_secretary_gets_a_link_and_no_password(run: Run) -> None:
    assert run("migrate").returncode == 0
    done = run("create-secretary", "first@example.org", PORTAL_PUBLIC_ORIGIN="https://youth.example.org")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1].startswith("https://youth.example.org/invitations/")
    _refused(run("create-secretary", "nobody"), "no e-mail address")


def test_on_sqlite_the_worker_is_inside(run: Run) -> None:
    run("migrate")
    _refused(run("worker", "--id", "w1"), "serve")
    _refused(run("serve", "--no-worker"), "SQLite")


def test_mail_test_tells_what_the_mail_server_said(run: Run) -> None:
    _refused(run("mail-test", "me@example.org"), "PORTAL_SMTP_URL is empty")
    mailbox = Mailbox()
    mailbox.data_answer = "250 queued as 4XYZ"
    with listening(mailbox) as port:
        done = run("mail-test", "me@example.org", PORTAL_SMTP_URL=f"smtp://127.0.0.1:{port}")
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == "The server took the message: 250 queued as 4XYZ"
        assert [mail["To"] for mail in mailbox.mails] == ["me@example.org"]
        mailbox.recipient_answer = "550 no such user here"
        refused = run("mail-test", "me@example.org", PORTAL_SMTP_URL=f"smtp://127.0.0.1:{port}")
    assert refused.returncode == 2
    assert refused.stdout.startswith("Connected to")
    assert "550 no such user here" in refused.stderr and "Traceback" not in refused.stderr


def test_tampering_is_named_with_exit_1(run: Run, tmp_path: Path) -> None:
    run("migrate")
    run("create-secretary", "first@example.org")
    sound = run("verify-history")
    assert (sound.returncode, "sound" in sound.stdout) == (0, True)
    with sqlite3.connect(tmp_path / "portal.db") as connection:
        connection.execute("DROP TRIGGER history_no_update")
        connection.execute("UPDATE history SET deed = 'nothing' WHERE number = 1")
    broken = run("verify-history")
    assert broken.returncode == 1
    assert "row 1" in broken.stderr


def test_the_demonstration_is_kept_and_never_served_in_earnest(run: Run) -> None:
    first = run("demo", "--applicants", "30", PORTAL_SECRET="")
    assert first.returncode == 0, first.stderr
    assert "near-demonstration-2027" in first.stdout
    assert run("demo").stdout == first.stdout
    _refused(run("serve"), "demonstration")
    assert run("verify-history").returncode == 0


def test_the_demonstration_needs_an_empty_portal(run: Run) -> None:
    run("migrate")
    run("create-secretary", "first@example.org")
    _refused(run("demo"), "demonstration")
