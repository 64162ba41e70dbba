"""The queue of messages: whose turn it is, how fast, and what becomes of it when the mail server is away."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import Session, col, select

from portal.clock import now
from portal.errors import Conflict, NotFound
from portal.jobs import engine
from portal.jobs.registry import JOBS, Services
from portal.mail import actions, composing, draining, queries, rules
from portal.mail.models import Delivery, Kind, MailServer, Message
from portal.mail.rules import Fate, Outcome, Recipient
from tests import make
from tests.jobs.running import run_jobs
from tests.mail.queueing import make_due, queue, state, using
from tests.mail.server import Mailbox, free_port, listening

READER = Recipient("reader@example.org", "en", "Reader")


def drained(app: FastAPI, **settings: object) -> None:
    """One run of the job, without the engine."""
    services = Services(app.state.settings.model_copy(update=settings), app.state.database)
    draining.drain(services)


def waking(session: Session) -> int:
    """How many jobs wait to look into the queue of messages."""
    schema = "" if session.connection().dialect.name == "sqlite" else "dbos."
    count = f"SELECT count(*) FROM {schema}workflow_status WHERE queue_name = 'mail'"
    return int(session.connection().exec_driver_sql(count).scalar_one())


def subjects(mailbox: Mailbox) -> list[str]:
    return [str(mail["Subject"]) for mail in mailbox.mails]


# Waking


def test_a_transaction_wakes_a_worker_once(session: Session) -> None:
    before = waking(session)
    for _number in range(3):
        actions.wake(session)
    assert waking(session) == before + 1
    session.commit()
    actions.wake(session)
    assert waking(session) == before + 2


def test_what_is_rolled_back_wakes_nobody_and_is_asked_for_anew(session: Session) -> None:
    session.commit()
    before = waking(session)
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        actions.wake(session)
        raise ZeroDivisionError
    assert waking(session) == before
    actions.wake(session)
    assert waking(session) == before + 1
    session.rollback()
    assert waking(session) == before
    actions.wake(session)
    assert waking(session) == before + 1


def test_an_instant_is_asked_for_once(session: Session) -> None:
    before, at = waking(session), now() + dt.timedelta(minutes=1)
    for _number in range(3):
        actions.wake_at(session, at)
    assert waking(session) == before + 1


def test_wakings_that_are_over_are_forgotten_after_days(real_app: FastAPI) -> None:
    queue(real_app)
    run_jobs(real_app)
    with real_app.state.database.session(writes=True) as session:
        actions.wake(session)
        before = waking(session)
        engine.forget_done(session.connection(), "mail", before=now() - dt.timedelta(days=1))
        assert waking(session) == before
        engine.forget_done(session.connection(), "mail", before=now() + dt.timedelta(minutes=1))
        assert waking(session) == 1
    run_jobs(real_app)


# Whose turn it is


def test_what_somebody_waits_for_goes_first(posting: FastAPI, mailbox: Mailbox) -> None:
    at = now()
    for kind in (Kind.CIRCULAR, Kind.REMINDER, Kind.NOTICE, Kind.DECISION, Kind.ACCESS):
        queue(posting, subject=kind.value, kind=kind, priority=rules.PRIORITIES[kind], due_at=at)
    queue(posting, subject="older", priority=1, due_at=at - dt.timedelta(hours=1))
    drained(posting)
    assert subjects(mailbox) == ["access", "older", "decision", "notice", "reminder", "circular"]


def test_all_on_one_connection(posting: FastAPI, mailbox: Mailbox) -> None:
    for _number in range(5):
        queue(posting)
    drained(posting)
    assert len(mailbox.envelopes) == 5
    assert len(mailbox.peers) == 1


def test_a_server_that_takes_few_on_one_connection_gets_another(posting: FastAPI, mailbox: Mailbox) -> None:
    mailbox.most_on_a_connection = 2
    ids = [queue(posting) for _number in range(5)]
    drained(posting)
    assert len(mailbox.envelopes) == 5
    assert {state(posting, each).attempts for each in ids} == {1}


def test_what_is_not_due_or_not_to_be_sent_stays(posting: FastAPI, mailbox: Mailbox) -> None:
    queue(posting, due_at=now() + dt.timedelta(hours=1))
    for delivery in set(Delivery) - {Delivery.QUEUED}:
        queue(posting, delivery=delivery)
    drained(posting)
    assert mailbox.envelopes == []


def test_a_claim_keeps_others_off_until_it_is_over(posting: FastAPI, mailbox: Mailbox) -> None:
    later, earlier = now() + dt.timedelta(minutes=5), now() - dt.timedelta(seconds=1)
    queue(posting, subject="another's", claimed_by="w2", claimed_until=later)
    queue(posting, subject="over", claimed_by="w2", claimed_until=earlier)
    queue(posting, subject="of the killed one", claimed_by=posting.state.settings.executor_id, claimed_until=later)
    drained(posting)
    assert sorted(subjects(mailbox)) == ["of the killed one", "over"]


def test_two_workers_never_take_the_same(real_app: FastAPI) -> None:
    database = real_app.state.database
    ids = {queue(real_app) for _number in range(2)}
    taken: list[uuid.UUID | None] = []
    with database.session(writes=True) as session:
        first = actions.take_turn(session, "w1", per_minute=0).message
        if not database.is_sqlite:  # there the second waits until the first has committed
            with database.session(writes=True) as other:
                second = actions.take_turn(other, "w2", per_minute=0).message
                taken.append(second and second.id)
    if database.is_sqlite:
        with database.session(writes=True) as other:
            second = actions.take_turn(other, "w2", per_minute=0).message
            taken.append(second and second.id)
    assert first is not None
    assert {first.id, *taken} == ids
    with database.session(writes=True) as session:
        assert actions.take_turn(session, "w3", per_minute=0).message is None


def test_nothing_in_flight_twice_within_a_process(posting: FastAPI, mailbox: Mailbox) -> None:
    for _number in range(20):
        queue(posting)
    threads = [threading.Thread(target=drained, args=(posting,)) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mailbox.envelopes) == 20


def test_told_to_stop_it_stops_and_has_the_rest_done_later(posting: FastAPI, mailbox: Mailbox) -> None:
    services = Services(posting.state.settings, posting.state.database)
    services.stopping.set()
    queue(posting)
    draining.drain(services)
    assert mailbox.envelopes == []
    with posting.state.database.session(writes=False) as session:
        assert waking(session) == 2


def test_after_a_while_it_asks_to_be_run_again(
    posting: FastAPI, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "SECONDS", 0.001)
    for _number in range(10):
        queue(posting)
    run_jobs(posting)
    assert len(mailbox.envelopes) == 10


def test_jobs_of_the_release_before_deliver_too(posting: FastAPI, mailbox: Mailbox) -> None:
    message_id = queue(posting)
    JOBS["deliver_message"](Services(posting.state.settings, posting.state.database), str(message_id))
    assert len(mailbox.envelopes) == 1


# The limit per minute


def test_no_more_a_minute_than_allowed(posting: FastAPI, mailbox: Mailbox) -> None:
    for _number in range(5):
        queue(posting)
    drained(posting, mail_per_minute=3)
    drained(posting, mail_per_minute=3, executor_id="w2")
    assert len(mailbox.envelopes) == 3
    with posting.state.database.session(writes=True) as session:
        session.execute(sa.update(Message).values(attempted_at=now() - dt.timedelta(seconds=61)))
    drained(posting, mail_per_minute=3)
    assert len(mailbox.envelopes) == 5


def test_whoever_meets_the_limit_comes_back_when_it_ends(posting: FastAPI, mailbox: Mailbox) -> None:
    queue(posting)
    queue(posting)
    drained(posting, mail_per_minute=1)
    with posting.state.database.session(writes=False) as session:
        turn = queries.turn(session, "w1", per_minute=1)
    attempted = max(attempt for attempt in attempts(posting) if attempt)
    assert turn == queries.Turn(not_before=attempted + dt.timedelta(minutes=1))


def test_a_clock_that_was_set_back_stops_no_mail(posting: FastAPI) -> None:
    later = now() + dt.timedelta(hours=1)
    queue(posting, attempted_at=later)
    with posting.state.database.session(writes=True) as session:
        server = queries.mail_server(session)
        server.down_since, server.ask_at = later, later + rules.SHORTEST_PAUSE
    with posting.state.database.session(writes=False) as session:
        assert queries.turn(session, "w1", per_minute=1).message is not None


def attempts(app: FastAPI) -> list[dt.datetime | None]:
    with app.state.database.session(writes=False) as session:
        return list(session.exec(select(Message.attempted_at)))


# A mail server that is away


def server(app: FastAPI) -> MailServer:
    with app.state.database.session(writes=False) as session:
        return queries.mail_server(session)


@pytest.fixture
def down(real_app: FastAPI) -> FastAPI:
    """A portal whose mail server does not run."""
    return using(real_app, free_port())


def test_a_server_that_is_down_costs_no_attempts(down: FastAPI, mailbox: Mailbox) -> None:
    ids = [queue(down) for _number in range(3)]
    run_jobs(down)
    for message in (state(down, each) for each in ids):
        assert (message.delivery, message.attempts, message.failure) == (Delivery.QUEUED, 0, "")
    found = server(down)
    assert found.failures == 1 and found.down_since
    assert found.failure.startswith("ConnectionRefusedError")
    make_due(down)
    with listening(mailbox, down_port(down)):
        run_jobs(down)
    assert len(mailbox.envelopes) == 3
    found = server(down)
    assert (found.failures, found.down_since, found.ask_at, found.failure) == (0, None, None, "")


def down_port(app: FastAPI) -> int:
    return int(app.state.settings.smtp_url.rpartition(":")[2])


def test_it_is_left_alone_for_longer_each_time(down: FastAPI) -> None:
    queue(down)
    pauses = []
    for failures in range(1, 10):
        make_due(down)
        drained(down)
        found = server(down)
        assert found.failures == failures and found.ask_at
        pauses.append(round((found.ask_at - now()).total_seconds(), -1))
        drained(down)  # meanwhile nobody asks
        assert server(down).failures == failures
    assert pauses == sorted(pauses) and pauses[0] == 10 and pauses[-1] == 600


def test_a_sender_that_is_refused_is_no_fault_of_the_message(posting: FastAPI, mailbox: Mailbox) -> None:
    mailbox.sender_answer = "550 not yours to send as"
    message_id = queue(posting)
    drained(posting)
    assert (state(posting, message_id).delivery, state(posting, message_id).attempts) == (Delivery.QUEUED, 0)
    assert server(posting).failure == "550 not yours to send as"
    mailbox.sender_answer = "250 OK"
    with posting.state.database.session(writes=True) as session:
        actions.ask_server_now(session)
    drained(posting)
    assert state(posting, message_id).delivery is Delivery.SENT


def test_a_message_that_has_the_server_hang_up_does_not_stop_the_others(posting: FastAPI, mailbox: Mailbox) -> None:
    mailbox.hangs_up_on = "poison"
    poison = queue(posting, subject="poison", priority=0)
    other = queue(posting, subject="harmless", priority=1)
    drained(posting)
    found = state(posting, poison)
    assert (found.delivery, found.attempts) == (Delivery.QUEUED, 1)
    assert found.due_at > now()
    assert state(posting, other).delivery is Delivery.SENT


def test_one_message_that_cannot_be_written_does_not_stop_the_others(
    posting: FastAPI, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(posting, address="überall@example.org")  # this server does not speak SMTPUTF8
    queue(posting)
    drained(posting)
    assert len(mailbox.envelopes) == 1


# What became of it


def recorded(app: FastAPI, message_id: uuid.UUID, outcome: Outcome) -> Message:
    with app.state.database.session(writes=True) as session:
        actions.record_outcome(session, message_id, outcome)
    return state(app, message_id)


def test_what_was_held_on_its_way_has_arrived_all_the_same(real_app: FastAPI) -> None:
    for delivery in (Delivery.HELD, Delivery.CANCELLED):
        message_id = queue(real_app, delivery=delivery)
        assert recorded(real_app, message_id, rules.SENT).delivery is Delivery.SENT


def test_what_was_cancelled_on_its_way_and_came_back_stays_cancelled(real_app: FastAPI) -> None:
    message_id = queue(real_app, delivery=Delivery.CANCELLED)
    assert recorded(real_app, message_id, Outcome(Fate.LATER, "451")).delivery is Delivery.CANCELLED


def test_what_came_back_while_held_waits_where_it_was(real_app: FastAPI) -> None:
    message_id = queue(real_app, delivery=Delivery.HELD)
    found = recorded(real_app, message_id, Outcome(Fate.LATER, "451 later"))
    assert (found.delivery, found.attempts, found.failure) == (Delivery.HELD, 1, "451 later")


def test_trying_again_is_for_what_failed(session: Session) -> None:
    failed = make.message(session, delivery=Delivery.FAILED, attempts=9, failure="550 no")
    actions.try_again(session, failed)
    assert (failed.delivery, failed.attempts) == (Delivery.QUEUED, 0)
    with pytest.raises(Conflict):
        actions.try_again(session, failed)


def test_trying_all_again_leaves_out_what_is_not_seen(session: Session) -> None:
    make.message(session, template="essays/received", delivery=Delivery.FAILED)
    mine = make.message(session, template="applications/submitted", delivery=Delivery.FAILED)
    make.message(session, template="essays_of/mine", delivery=Delivery.SENT)
    assert actions.try_all_again(session, seen=sa.not_(queries.within("essays"))) == 1
    session.refresh(mine)
    assert mine.delivery is Delivery.QUEUED


def test_cancelling_is_for_what_waits(session: Session) -> None:
    waiting = make.message(session)
    actions.cancel(session, waiting)
    assert waiting.delivery is Delivery.CANCELLED
    in_flight = make.message(session, claimed_by="w1", claimed_until=now() + dt.timedelta(minutes=1))
    for message in (waiting, in_flight, make.message(session, delivery=Delivery.SENT)):
        with pytest.raises(Conflict):
            actions.cancel(session, message)


def test_a_folder_is_not_the_beginning_of_another(session: Session) -> None:
    made = make.message(session, template="essays_of/mine")
    seen = sa.not_(queries.within("essays"))
    assert queries.lock_seen(session, made.id, seen) is made
    hidden = make.message(session, template="essays/received")
    with pytest.raises(NotFound):
        queries.lock_seen(session, hidden.id, seen)


@pytest.fixture(autouse=True)
def _fresh_templates() -> Iterator[None]:
    yield
    composing._environment.cache_clear()


def test_ten_thousand_need_no_more_jobs_than_one(session: Session) -> None:
    before = waking(session)
    for _number in range(5):
        actions.send(session, "accounts/verify", to=READER, link="https://x.example/y", origin="https://x.example")
    assert waking(session) == before + 1
    assert len(session.exec(select(Message).where(col(Message.address) == READER.address)).all()) == 5
