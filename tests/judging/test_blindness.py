"""What a judge's connection refuses, on the engine the tests run on; and that every judge's route uses one."""

import importlib.util
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel, col, func, select

from portal import migrations
from portal.accounts.access import Relation
from portal.accounts.models import Grant, Person, SignIn
from portal.accounts.viewer import Viewer
from portal.consents.models import Case, Consent, ConsentGuardian
from portal.contests.models import Category, Edition
from portal.db import JUDGE_ROLE
from portal.essays.models import Authorship, Essay, Manuscript, SetAside, Submission
from portal.files.models import StoredFile
from portal.history.models import Entry
from portal.judging import reading
from portal.judging.blindness import SIGHT, get_blind_session
from portal.judging.models import Appointment, Judge, Mark
from portal.judging.routes import ROUTERS
from portal.mail.models import Message
from portal.passages.models import Fingerprint, Fingerprinted, SharedPassages
from portal.registry.models import Government
from portal.screening.models import Disqualification, Redaction, Tick
from portal.web.models import SubmissionKey
from tests import make
from tests.conftest import browser

As = Callable[..., TestClient]


@contextmanager
def blinded(session: Session) -> Iterator[Session]:
    yield from get_blind_session(session, Viewer())


@pytest.fixture
def appointment(session: Session) -> Appointment:
    made = make.appointment(session)
    session.commit()
    return made


HAS_AUTHOR = select(Authorship.id).where(Authorship.essay_id == Essay.id).exists()
HAS_FILE = select(Manuscript.id).where(Manuscript.essay_id == Essay.id).exists()
REFUSED = {
    "who wrote it": select(Authorship.person_id),
    "the whole authorship": select(Authorship),
    "that somebody wrote it": select(Essay.id).where(HAS_AUTHOR),
    "how many wrote": select(func.count()).select_from(Authorship),
    "how many people there are": sa.text("SELECT count(*) FROM person"),
    "a constant from people": sa.text("SELECT 1 FROM person"),
    "essays in the order of their authors": select(Essay.id).join(Authorship).order_by(Authorship.person_id),
    "a name": select(Person.name),
    "a judge with the person": select(Judge.id).join(Judge.person),
    "when it was sent": select(Essay.submitted_at),
    "essays in the order in which they were sent": select(Essay.id).order_by(col(Essay.submitted_at)),
    "essays since a moment": select(Essay.id).where(col(Essay.created_at).is_not(None)),
    "essays by their number of changes": select(Essay.id).group_by(col(Essay.version), col(Essay.id)),
    "the code that the secretariat uses": select(Essay.code),
    "the title as it was": select(Essay.title),
    "the text as it was": select(Essay.text),
    "the notes as they were": select(Essay.notes),
    "essays whose text says a name": select(Essay.id).where(col(Essay.text).contains("Bold")),
    "essays by the length of what is hidden": select(Essay.id).order_by(func.length(Essay.text)),
    "how a text came": select(Essay.source),
    "essays in the order in which they were saved": select(Essay.id).order_by(col(Essay.saved_at)),
    "why it was returned": select(Essay.reason),
    "how often it was sent": select(func.count()).select_from(Submission),
    "what was sent first": select(Submission.text),
    "what was set aside": select(SetAside.text),
    "whether there is a file": select(Essay.id).where(HAS_FILE),
    "the name of a file": select(StoredFile.name),
    "where something is hidden": select(Redaction.begins),
    "how long it is what is hidden": select(func.sum(col(Redaction.ends) - col(Redaction.begins))),
    "why it was to be disqualified": select(Disqualification.reason),
    "who ticked": select(Tick.ticked_by),
    "who entered it from paper": select(Authorship.entered_by),
    "a passport": select(Authorship.nationality),
    "what was written by a machine": select(Authorship.ai_use),
    "who took part": select(Case.person_id),
    "whose child it is": select(ConsentGuardian.name),
    "whether the name may be told": select(Consent.is_given),
    "fingerprints": select(Fingerprint.hash),
    "the order of the fingerprints": select(Fingerprinted.essay_id).order_by(col(Fingerprinted.number)),
    "what is alike": select(SharedPassages.share),
    "the largest instant": select(func.max(Essay.submitted_at)),
    "a whole essay": select(Essay),
    "when it was appointed": select(Appointment.appointed_at),
    "a judge's government": select(Judge.government_id),
    "what was done": select(Entry.deed),
    "how often something was done": select(func.count()).select_from(Entry),
    "roles": select(Grant.role),
    "governments": select(Government.code),
    "mail": select(Message.subject),
    "who is signed in": select(SignIn.person_id),
    "keys of forms": select(SubmissionKey.key),
    "an inner select": select(Essay.id).where(col(Essay.id).in_(select(Authorship.essay_id))),
    "a union": sa.union_all(select(Essay.title), select(Authorship.school)),
    "a window": select(func.row_number().over(order_by=col(Essay.submitted_at))),
    "writing an essay": sa.update(Essay).values(title="x"),
    "writing who judges": sa.update(Appointment).values(judge_id=uuid.UUID(int=1)),
    "making an appointment up": sa.insert(Appointment).values(alias="x"),
    "deleting who wrote it": sa.delete(Authorship),
    "making a person up": sa.insert(Message).values(address="x"),
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_a_judges_connection_refuses(session: Session, appointment: Appointment, statement: Any) -> None:
    with pytest.raises(DatabaseError), blinded(session) as blind:
        blind.execute(statement)
    assert session.exec(select(func.count()).select_from(Authorship)).one() == 1  # sighted again


def test_the_same_statements_are_answered_to_everybody_else(session: Session, appointment: Appointment) -> None:
    """So that what is tested above is the blindness, not a mistake in the statements."""
    for name, statement in REFUSED.items():
        if not name.startswith(("writing", "deleting", "making")):
            session.execute(statement).all()


# Whatever is not in SIGHT


REFUSAL = "prohibited|not authorized|permission denied"
TABLES = {table.name: {column.name for column in table.columns} for table in SQLModel.metadata.sorted_tables}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_other_column_of_any_table_can_be_read(session: Session, table: str) -> None:
    """Also those that were added yesterday: titles as they were, submissions, files, consents, fingerprints."""
    readable = SIGHT.readable.get(table, frozenset())
    hidden = [f'"{name}"' for name in sorted(TABLES[table] - readable)] + ([] if readable else ["count(*)", "1"])
    for column in hidden:
        with pytest.raises(DatabaseError, match=REFUSAL), blinded(session) as blind:
            blind.execute(sa.text(f'SELECT {column} FROM "{table}"'))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_nothing_else_can_be_written(session: Session, table: str) -> None:
    changeable = SIGHT.changeable.get(table, frozenset())
    statements = [f'UPDATE "{table}" SET "{name}" = NULL' for name in sorted(TABLES[table] - changeable)]
    if table not in SIGHT.addable:
        statements += [f'DELETE FROM "{table}"', f'INSERT INTO "{table}" DEFAULT VALUES']
    for statement in statements:
        with pytest.raises(DatabaseError, match=REFUSAL), blinded(session) as blind:
            blind.execute(sa.text(statement))


# The engine's own tables name columns, sizes and how often a table was written.
CATALOGUES = {
    "sqlite": ("sqlite_schema", "pragma_table_list"),
    "postgresql": ("pg_authid", "pg_statistic"),
}


def test_the_engines_own_tables_are_refused(session: Session) -> None:
    for table in CATALOGUES[session.connection().dialect.name]:
        with pytest.raises(DatabaseError, match=REFUSAL), blinded(session) as blind:
            blind.execute(sa.text(f"SELECT count(*) FROM {table}"))


@pytest.mark.parametrize("table", sorted(SIGHT.readable))
def test_what_it_needs_can_be_read(session: Session, appointment: Appointment, table: str) -> None:
    columns = ", ".join(sorted(SIGHT.readable[table]))
    with blinded(session) as blind:
        blind.execute(sa.text(f"SELECT {columns} FROM {table} ORDER BY id")).all()


def test_marks_and_comments_can_be_written(session: Session, appointment: Appointment) -> None:
    edition_id = appointment.essay.edition_id
    with blinded(session) as blind:
        criterion = blind.execute(sa.text("SELECT id FROM criterion")).first()
        assert criterion is not None
        ids = {"appointment_id": appointment.id, "criterion_id": make.first_criterion(blind, edition_id)}
        blind.add(Mark(**ids, points=7))
        blind.flush()
        blind.execute(sa.update(Mark).values(points=8))
        blind.execute(sa.update(Appointment).values(comment="Well argued."))
    session.commit()
    assert session.exec(select(Mark.points)).all() == [8]
    assert session.exec(select(Appointment.comment)).all() == ["Well argued."]


def test_what_was_read_before_is_not_in_reach(session: Session, appointment: Appointment) -> None:
    written = make.authorship(session, appointment.essay)
    with blinded(session) as blind:
        assert written not in blind
        assert not list(blind.identity_map.values())


def _migration(name: str) -> Any:
    path = Path(migrations.__path__[0]) / "versions" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_migrations_grant_what_the_authorizer_allows() -> None:
    granted: dict[str, set[str]] = {}
    for name in ("0002_guards", "0006_from_writing_to_screening", "0008_judging_in_full"):
        migration = _migration(name)
        for table, columns in migration.READABLE.items():
            granted.setdefault(table, set()).update(columns)
        for table, columns in getattr(migration, "HIDDEN", {}).items():
            granted[table].difference_update(columns)
    assert granted == {table: set(columns) for table, columns in SIGHT.readable.items()}


def test_the_judges_role_holds_these_grants_and_no_others(session: Session) -> None:
    if session.connection().dialect.name == "sqlite":
        pytest.skip("SQLite has no roles: its authorizer is built from the mapping itself")
    granted = sa.text(
        "SELECT privilege_type, table_name, column_name FROM information_schema.column_privileges "
        f"WHERE grantee = '{JUDGE_ROLE}' AND table_schema = 'public'"
    )
    rows = session.execute(granted).all()
    readable = {(table, column) for kind, table, column in rows if kind == "SELECT"}
    assert readable == {(table, column) for table, columns in SIGHT.readable.items() for column in columns}
    changeable = {(table, column) for kind, table, column in rows if kind == "UPDATE"}
    assert changeable == {(table, column) for table, columns in SIGHT.changeable.items() for column in columns}
    assert {table for kind, table, _column in rows if kind == "INSERT"} == SIGHT.addable
    whole = sa.text(f"SELECT table_name FROM information_schema.table_privileges WHERE grantee = '{JUDGE_ROLE}'")
    assert set(session.execute(whole).scalars()) <= SIGHT.addable


def _judges_routes() -> list[APIRoute]:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return [route for route in routes if Relation.JUDGE in getattr(route.endpoint, "relations", ())]


def test_every_judges_route_is_blind() -> None:
    routes = _judges_routes()
    assert len(routes) == 4
    for route in routes:
        assert get_blind_session in {dependency.call for dependency in route.dependant.dependencies}, route.path


def by_author(found: Any) -> Any:
    return found.join(Authorship, col(Authorship.essay_id) == Essay.id).order_by(col(Authorship.person_id))


MUTATIONS: dict[str, Callable[[Any], Any]] = {
    "sorted by author": by_author,
    "sorted by the moment of submission": lambda found: found.order_by(col(Essay.submitted_at)),
    "without those from somewhere": lambda found: found.where(HAS_AUTHOR),
    "sorted by the secretariat's code": lambda found: found.order_by(col(Essay.code)),
}


@pytest.mark.parametrize("mutate", MUTATIONS.values(), ids=MUTATIONS)
def test_a_query_that_looks_at_the_author_fails_instead_of_leaking(
    session: Session, as_: As, monkeypatch: pytest.MonkeyPatch, mutate: Callable[[Any], Any]
) -> None:
    made = make.appointment(session)
    judge = as_(made.judge.person)
    original = reading.visible_to
    assert judge.get("/judging").status_code == 200
    monkeypatch.setattr(reading, "visible_to", lambda viewer: mutate(original(viewer)))
    for path in ("/judging", f"/judging/{made.alias}"):
        assert judge.get(path).status_code == 500
    assert judge.post(f"/judging/{made.alias}", data={"points_1": "5"}).status_code == 500
    monkeypatch.undo()
    assert judge.get("/judging").status_code == 200


def test_pooled_connections_see_again(real_app: FastAPI) -> None:
    """Judges' requests and failed ones use every connection of the pool; whoever comes next sees."""
    with real_app.state.database.session(writes=True) as session:
        made = make.appointment(session)
        alias, cookies = made.alias, make.sign_in(session, real_app.state.settings, made.judge.person)
        other = make.sign_in(session, real_app.state.settings, make.secretary(session))
        slug = session.get_one(Edition, made.essay.edition_id).slug
    judge, secretary = browser(real_app), browser(real_app)
    judge.cookies.update(cookies)
    secretary.cookies.update(other)
    for _ in range(6):
        assert judge.get("/judging").status_code == 200
        assert judge.get("/judging/nothing").status_code == 404
        assert judge.post("/judging/nothing").status_code == 404
        assert judge.post(f"/judging/{alias}", data={"points_1": "5"}).status_code == 303
        assert judge.post(f"/judging/{alias}", data={"points_1": "11"}).status_code == 422
        assert secretary.get(f"/contests/{slug}/essays").status_code == 200
        for writes in (True, False):
            with real_app.state.database.session(writes=writes) as session:
                assert session.exec(select(func.count()).select_from(Authorship)).one() == 1
                assert len(session.exec(select(Category)).all()) == 2
