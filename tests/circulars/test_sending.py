"""A circular on its way, with the real job engine and a real mail server."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select

from portal.accounts.models import Person, Role
from portal.circulars import actions, queries, rules
from portal.circulars.models import Circular, CircularRecipient, CircularState
from portal.clock import now
from portal.mail import actions as mail
from portal.mail import bulk
from portal.mail.models import Delivery, Kind, Message
from portal.mail.rules import SENT, Fate, Outcome
from tests import make
from tests.database import ROOT
from tests.jobs.running import run_jobs
from tests.mail.server import Mailbox, listening


def _sent(app: FastAPI, readers: int = 5, **fields: object) -> uuid.UUID:
    """On its way to so many coordinators."""
    with app.state.database.session(writes=True) as session:
        secretary = make.secretary(session)
        for number in range(readers):
            language = ("ko", "mn", "en")[number % 3]
            person = make.person(session, f"Coordinator {number}", language=language)
            make.grant(session, person, Role.COORDINATOR, government_id=make.government(session, "MN-1").id)
        made = make.circular(session, secretary, **fields)
        actions.send(session, made, seen=rules.mark(made, readers), by=make.viewer(session, secretary))
    return made.id


def _messages(session: Session) -> list[Message]:
    return list(session.exec(select(Message).where(col(Message.circular_id).is_not(None)).order_by(Message.address)))


def _by(app: FastAPI, step: rules.Step, circular_id: uuid.UUID) -> None:
    with app.state.database.session(writes=True) as session:
        circular = queries.lock(session, circular_id)
        assert circular is not None and circular.sent_by is not None
        viewer = make.viewer(session, session.get_one(Person, circular.sent_by))
        actions.STEPS[step](session, circular, by=viewer)


def _delivering(app: FastAPI, port: int) -> None:
    app.state.settings = app.state.settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{port}"})


def test_everybody_gets_it_in_their_language_and_by_name(real_app: FastAPI) -> None:
    circular_id, mailbox = _sent(real_app), Mailbox()
    with listening(mailbox) as port:
        _delivering(real_app, port)
        run_jobs(real_app, 60)
    by_address = {str(mail["To"]): mail for mail in mailbox.mails}
    assert len(mailbox.mails) == len(by_address) == 5
    with real_app.state.database.session(writes=False) as session:
        found = _messages(session)
        assert session.get_one(Circular, circular_id).state is CircularState.SENT
        recipients = session.exec(select(CircularRecipient)).all()
    assert {each.message_id for each in recipients} == {each.id for each in found}
    assert {each.delivery for each in found} == {Delivery.SENT}
    assert {(each.kind, each.priority) for each in found} == {(Kind.CIRCULAR, 4)}
    assert sorted(each.language for each in found) == ["en", "en", "en", "ko", "ko"], "Mongolian is not written"
    for each in recipients:
        assert each.name in next(message.text for message in found if message.id == each.message_id)


def test_a_second_run_of_the_job_writes_nothing_twice(real_app: FastAPI) -> None:
    circular_id = _sent(real_app, 3)
    with real_app.state.database.session(writes=True) as session:
        assert actions.write_some(session, circular_id)
    with real_app.state.database.session(writes=True) as session:
        assert actions.write_some(session, circular_id) == ""
    with real_app.state.database.session(writes=True) as session:
        assert actions.write_some(session, circular_id) == ""
        assert len(_messages(session)) == 3


def test_a_paused_circular_rests_and_goes_on_where_it_was(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "BATCH", 2)
    circular_id = _sent(real_app, 5)
    with real_app.state.database.session(writes=True) as session:
        assert actions.write_some(session, circular_id)
    _by(real_app, rules.Step.PAUSE, circular_id)
    with listening(Mailbox()) as port:
        _delivering(real_app, port)
        run_jobs(real_app, 60)
    with real_app.state.database.session(writes=False) as session:
        assert [each.delivery for each in _messages(session)] == [Delivery.HELD] * 2
    _by(real_app, rules.Step.CONTINUE, circular_id)
    mailbox = Mailbox()
    with listening(mailbox) as port:
        _delivering(real_app, port)
        run_jobs(real_app, 60)
    assert len(mailbox.mails) == len({str(mail["To"]) for mail in mailbox.mails}) == 5


def test_a_cancelled_rest_never_goes_out(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "BATCH", 2)
    circular_id, mailbox = _sent(real_app, 5), Mailbox()
    with real_app.state.database.session(writes=True) as session:
        assert actions.write_some(session, circular_id)
    _by(real_app, rules.Step.CANCEL, circular_id)
    with listening(mailbox) as port:
        _delivering(real_app, port)
        run_jobs(real_app, 60)
    assert mailbox.mails == []
    with real_app.state.database.session(writes=False) as session:
        circular = session.get_one(Circular, circular_id)
        progress = queries.progress(session, circular)
        assert (progress.numbers[Delivery.CANCELLED], progress.waiting) == (5, 0)
        rows, _after = queries.results(session, circular)
        assert {each.delivery for each in rows} == {Delivery.CANCELLED}


@pytest.mark.parametrize(("stop", "state"), [(bulk.hold, Delivery.HELD), (bulk.cancel, Delivery.CANCELLED)])
def test_what_a_worker_holds_in_its_hands_goes_now_or_not_at_all(
    real_app: FastAPI, stop: Callable[[Session, uuid.UUID], None], state: Delivery
) -> None:
    """A server that asks for a while of patience must not get it later all the same."""
    circular_id = _sent(real_app, 2)
    with real_app.state.database.session(writes=True) as session:
        actions.write_some(session, circular_id)
        taken, patient = _messages(session)
        for each in (taken, patient):
            each.claimed_by, each.claimed_until = "w1", now() + dt.timedelta(minutes=20)
    with real_app.state.database.session(writes=True) as session:
        stop(session, circular_id)
    with real_app.state.database.session(writes=True) as session:
        mail.record_outcome(session, taken.id, SENT)
        mail.record_outcome(session, patient.id, Outcome(Fate.LATER, "451 later"))
    with real_app.state.database.session(writes=False) as session:
        assert [each.delivery for each in _messages(session)] == [Delivery.SENT, state]


def test_messages_of_authors_stand_with_those_of_the_contest(real_app: FastAPI) -> None:
    with real_app.state.database.session(writes=True) as session:
        secretary, edition = make.secretary(session), make.edition(session)
        make.essay(session, "draft", edition=edition)
        made = make.circular(session, secretary, audience="authors", choices={"edition": str(edition.id)})
        actions.send(session, made, seen=rules.mark(made, 1), by=make.viewer(session, secretary))
    with real_app.state.database.session(writes=True) as session:
        actions.write_some(session, made.id)
        assert [(each.template, each.edition_id) for each in _messages(session)] == [("essays/circular", edition.id)]


@pytest.mark.slow
def test_a_writer_that_is_killed_again_and_again_loses_none_and_doubles_none(real_app: FastAPI, tmp_path: Path) -> None:
    circular_id = _sent(real_app, 300)
    url = real_app.state.settings.database_url
    real_app.state.database.dispose()
    for _kill in range(6):
        writer = subprocess.Popen([sys.executable, "-m", "tests.circulars.writer", url, str(circular_id)], cwd=ROOT,
                                  env=os.environ, stdout=subprocess.PIPE)  # fmt: skip
        assert writer.stdout is not None
        writer.stdout.readline()  # it has begun
        time.sleep(0.05)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    while True:
        with real_app.state.database.session(writes=True) as session:
            if not actions.write_some(session, circular_id):
                break
    with real_app.state.database.session(writes=False) as session:
        written = session.exec(select(Message.address).where(Message.circular_id == circular_id)).all()
        assert (len(written), len(set(written))) == (300, 300)
        assert session.get_one(Circular, circular_id).state is CircularState.SENT
