"""From the event to a real mail server and back, with real jobs."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from portal.clock import now
from portal.mail import actions, composing, rules
from portal.mail.letter import letter
from portal.mail.models import Delivery, Message
from portal.mail.rules import Fate, Outcome, Recipient
from portal.settings import Settings
from tests.jobs.running import Victim, run_jobs
from tests.mail.queueing import make_due, queue, said, state
from tests.mail.server import Mailbox

READER = Recipient("reader@example.org", "en", "Reader")


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A template of the tests' own."""
    shutil.copytree(composing.TEMPLATES / "mail", tmp_path / "templates" / "mail")
    (tmp_path / "templates" / "mail" / "hello.txt").write_text("Hello {{ thing }}\nOpen {{ link }} {{ thing }}")
    monkeypatch.setattr(composing, "TEMPLATES", tmp_path / "templates")
    composing._environment.cache_clear()
    yield "hello"
    composing._environment.cache_clear()


def test_a_message_is_delivered_once(posting: FastAPI, mailbox: Mailbox) -> None:
    message_id = queue(posting, address="reader@example.org", subject="Заявка 申請", text="Сайн уу 你好\n" * 50)
    run_jobs(posting)
    run_jobs(posting)
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Заявка 申請"
    assert said(mail).replace("\r\n", "\n") == "Сайн уу 你好\n" * 50
    assert mail["Message-ID"] == f"<{message_id}@127.0.0.1>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == "reader@example.org"
    assert mailbox.envelopes[0].rcpt_tos == ["reader@example.org"]
    found = state(posting, message_id)
    assert (found.delivery, found.attempts, found.failure) == (Delivery.SENT, 1, "")
    assert found.sent_at is not None


def test_send_writes_the_message_and_queues_its_delivery(posting: FastAPI, mailbox: Mailbox, hello: str) -> None:
    with posting.state.database.session(writes=True) as session:
        actions.send(session, hello, to=READER, thing="a\r\nBcc: b@c.de", link="https://own.example/x")
    run_jobs(posting)
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert "https://own.example/x" in said(mail)


def test_what_is_rolled_back_is_never_sent(posting: FastAPI, mailbox: Mailbox, hello: str) -> None:
    with pytest.raises(ZeroDivisionError), posting.state.database.session(writes=True) as session:
        actions.send(session, hello, to=READER, thing="x", link="")
        raise ZeroDivisionError
    run_jobs(posting)
    assert mailbox.envelopes == []


def test_headers_stay_the_same_whatever_the_row_holds(settings: Settings) -> None:
    plain = letter(settings, Message(**row()))
    for payload in ("a\r\nBcc: x@y.z", "a\nBcc: x", "a\rb", "a\x85b", "a\u2028b", "=?utf-8?q?=0D=0ABcc:?=", "x" * 5000):
        try:
            mail = letter(settings, Message(**row(subject=payload)))
        except ValueError:
            continue
        assert mail.keys() == plain.keys()
        assert b"\nBcc:" not in mail.as_bytes()


def row(**fields: object) -> dict[str, object]:
    given = {"address": "a@example.org", "language": "en", "template": "t", "subject": "s", "text": "t"}
    return {**given, **fields}


@pytest.mark.parametrize(
    "address",
    [
        "a@b.org\r\nBcc: c@d.org",
        "no address",
        "a@b.org, c@d.org",
        "",
        "a@b c.org",
        "@",
        "=?utf-8?q?=0D=0ABcc=3A_x?=@example.org",
    ],
)
def test_what_is_no_single_address_is_never_written_to(posting: FastAPI, mailbox: Mailbox, address: str) -> None:
    message_id = queue(posting, address=address)
    run_jobs(posting)
    assert mailbox.envelopes == []
    assert state(posting, message_id).delivery is Delivery.FAILED


def test_a_refusal_is_final_and_says_what_the_server_said(posting: FastAPI, mailbox: Mailbox) -> None:
    mailbox.recipient_answer = "550 no such user here"
    message_id = queue(posting)
    run_jobs(posting)
    found = state(posting, message_id)
    assert (found.delivery, found.attempts) == (Delivery.FAILED, 1)
    assert found.failure == "550 no such user here"


@pytest.mark.parametrize("where", ["recipient_answer", "data_answer"])
def test_not_now_is_tried_again(
    posting: FastAPI, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    setattr(mailbox, where, "451 try later")
    message_id = queue(posting)
    run_jobs(posting)
    found = state(posting, message_id)
    assert (found.delivery, found.attempts, found.failure) == (Delivery.QUEUED, 1, "451 try later")
    assert mailbox.envelopes == []
    setattr(mailbox, where, "250 OK")
    make_due(posting)
    run_jobs(posting)
    assert (state(posting, message_id).delivery, len(mailbox.envelopes)) == (Delivery.SENT, 1)


def test_after_two_days_it_is_given_up() -> None:
    pauses = [rules.pause_before(attempt) for attempt in range(1, len(rules.PAUSES) + 2)]
    assert pauses[-1] is None
    assert all(pauses[:-1]) and pauses[:-1] == sorted(pauses[:-1])  # type: ignore[type-var]
    assert dt.timedelta(days=1.5) < sum(rules.PAUSES, dt.timedelta()) < dt.timedelta(days=3)


def test_given_up_after_the_last_attempt(real_app: FastAPI) -> None:
    message_id = queue(real_app, attempts=len(rules.PAUSES))
    with real_app.state.database.session(writes=True) as session:
        actions.record_outcome(session, message_id, Outcome(Fate.LATER, "451 again"))
    assert state(real_app, message_id).delivery is Delivery.FAILED


def test_what_has_arrived_is_not_sent_again(posting: FastAPI, mailbox: Mailbox) -> None:
    message_id = queue(posting, delivery=Delivery.SENT, sent_at=now())
    run_jobs(posting)
    assert mailbox.envelopes == []
    with posting.state.database.session(writes=True) as session:
        actions.record_outcome(session, message_id, Outcome(Fate.NEVER, "late news"))
    assert state(posting, message_id).delivery is Delivery.SENT


def test_without_a_server_the_console_shows_it(real_app: FastAPI, capsys: pytest.CaptureFixture[str]) -> None:
    message_id = queue(
        real_app, address="newcomer@example.org", subject="Confirm", text="http://127.0.0.1:8000/verify?t=1"
    )
    run_jobs(real_app)
    shown = capsys.readouterr().out
    for part in ("To: newcomer@example.org", "Subject: Confirm", "http://127.0.0.1:8000/verify?t=1"):
        assert part in shown
    assert state(real_app, message_id).delivery is Delivery.SENT


def test_killed_between_the_servers_yes_and_ours_it_is_sent_again_as_the_same_message(
    posting: FastAPI, mailbox: Mailbox, tmp_path: Path
) -> None:
    mailbox.dawdle = 60
    message_id = queue(posting)
    posting.state.database.dispose()
    smtp = {"PORTAL_SMTP_URL": posting.state.settings.smtp_url}
    first = Victim(posting, tmp_path, seconds=0, **smtp)
    first.wait_until(lambda: bool(mailbox.envelopes))
    first.kill()
    mailbox.dawdle = 0
    assert Victim(posting, tmp_path, seconds=0, **smtp).process.wait(60) == 0
    assert [mail["Message-ID"] for mail in mailbox.mails] == [f"<{message_id}@127.0.0.1>"] * 2
    found = state(posting, message_id)
    assert (found.delivery, found.attempts) == (Delivery.SENT, 1)
