"""Who may what: declared on each route, collected at start, printed in docs/permissions.md.

A route declares the relations that may use it: `@allow(Relation.HOME, Relation.SECRETARY)`. A route
that declares nothing keeps the portal from starting. What a relation means for one object (whose
application, which government) is decided by the feature's `visible_to` and `may`; the gate below is
the second lock: it asks at the door that somebody is signed in, and, before anything is committed,
that the viewer could be in one of the declared relations at all.
"""

import enum
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts

from portal.accounts.models import Role
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.errors import ConfigurationError, NotAllowed, NotSignedIn

E = TypeVar("E", bound=Callable[..., Any])


class Relation(enum.StrEnum):
    """The columns of the table of who may what."""

    VISITOR = "visitor"  # anybody, signed in or not
    PERSON = "person"  # anybody signed in, about themselves
    APPLICANT = "applicant"  # the one whose application or placement it is
    AUTHOR = "author"  # the one who wrote the essay
    HOME = "home coordinator"  # of the applicant's government
    HOST = "host coordinator"  # of the opening's government
    JUDGE = "judge"  # appointed to the essay
    SCREENER = "screener"  # of the edition
    JURY = "jury"  # a secretary who knows no author of the edition, and does not judge it
    SECRETARY = "secretary"
    AUDITOR = "auditor"


POSSIBLE: dict[Relation, Callable[[Viewer], bool]] = {
    Relation.VISITOR: lambda viewer: True,
    Relation.PERSON: lambda viewer: viewer.is_signed_in,
    Relation.APPLICANT: lambda viewer: viewer.is_signed_in,
    Relation.AUTHOR: lambda viewer: viewer.is_signed_in,
    Relation.HOME: lambda viewer: viewer.holds(Role.COORDINATOR),
    Relation.HOST: lambda viewer: viewer.holds(Role.COORDINATOR),
    Relation.JUDGE: lambda viewer: viewer.holds(Role.JUDGE),
    Relation.SCREENER: lambda viewer: viewer.holds(Role.SCREENER),
    Relation.JURY: lambda viewer: viewer.is_secretary,
    Relation.SECRETARY: lambda viewer: viewer.is_secretary,
    Relation.AUDITOR: lambda viewer: viewer.is_auditor,
}


class Permission(NamedTuple):
    """One row of the table."""

    method: str
    path: str
    relations: frozenset[Relation]


def gate(request: Request, viewer: CurrentViewer) -> Iterator[None]:
    """Signed out: 401 at the door. A role that cannot be meant: 403, at the latest before the commit."""
    relations = _declared(request.scope["route"].endpoint)
    fits = any(POSSIBLE[relation](viewer) for relation in relations)
    if not fits and not viewer.is_signed_in:
        raise NotSignedIn
    if not fits and not request.path_params:
        raise NotAllowed
    yield
    if not fits:
        raise NotAllowed


GATE = Depends(gate, scope="function")


def allow(*relations: Relation, gated: bool = True) -> Callable[[E], E]:
    """Declares who may use the endpoint, and has the gate ask after the endpoint's own dependencies.

    A router's dependencies would run before them: the session would be open, and on SQLite hold the
    only write lock, while a form is still arriving or a password is being hashed. What is open to every
    visitor and must answer without a database is not `gated`: it is never asked who they are.
    """
    assert gated or Relation.VISITOR in relations, "only visitors' routes can be left without a gate"

    def declare(endpoint: E) -> E:
        if not gated:
            endpoint.relations = frozenset(relations)  # type: ignore[attr-defined]
            return endpoint
        guarded = functools.wraps(endpoint)(lambda *given, _gate=None, **named: endpoint(*given, **named))
        told = inspect.signature(endpoint)
        door = inspect.Parameter("_gate", inspect.Parameter.KEYWORD_ONLY, default=GATE)
        guarded.__signature__ = told.replace(parameters=[*told.parameters.values(), door])  # type: ignore[attr-defined]
        guarded.relations = frozenset(relations)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def permissions(app: FastAPI) -> list[Permission]:
    """Every route with its relations; a route without a declaration is an error.

    Raises ConfigurationError naming the first such route.
    """
    return sorted(_collect(app))


def _collect(app: FastAPI) -> Iterator[Permission]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route if hasattr(context, "original_route") else context
        if not isinstance(route, APIRoute):
            continue  # static files: the same for everybody
        relations = _declared(route.endpoint)
        if not relations:
            raise ConfigurationError(f"{context.path} declares nobody who may use it (@allow is missing)")
        for method in sorted((context.methods or set()) - {"HEAD"}):
            yield Permission(method, context.path or "", relations)


def _declared(endpoint: Callable[..., Any]) -> frozenset[Relation]:
    found: frozenset[Relation] = getattr(endpoint, "relations", frozenset())
    return found


def as_markdown(table: list[Permission]) -> str:
    """docs/permissions.md: a row a route, a column a relation."""
    heads = [str(relation) for relation in Relation]
    lines = [INTRODUCTION, "", f"| route | {' | '.join(heads)} |", f"| --- |{' :-: |' * len(heads)}"]
    for permission in table:
        cells = ["●" if covers(permission, relation) else "" for relation in Relation]
        lines.append(f"| `{permission.method} {permission.path}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def covers(permission: Permission, relation: Relation) -> bool:
    """Whether somebody in this relation may use the route: visitors' routes are everybody's, and so on upwards."""
    implied = {relation, Relation.VISITOR}
    if relation is not Relation.VISITOR:
        implied.add(Relation.PERSON)
    if relation is Relation.SCREENER:
        implied.add(Relation.SECRETARY)  # only secretaries hold the screening task
    if relation in {Relation.JURY, Relation.SECRETARY}:
        implied |= {Relation.JURY, Relation.SECRETARY}
    return bool(implied & permission.relations)


INTRODUCTION = """# Who may what

Printed from the declarations on the routes by `make permissions`; a test walks every cell with a person in that
relation. A dot says that somebody in this relation to the thing may use the route at the right moment; at a wrong
one the answer is 409. No dot: 404 where the thing may not be known of, 403 where it may, the sign-in page for
visitors.

visitor: anybody · person: anybody signed in, about themselves · applicant, author: the one whose it is · home
coordinator: of the applicant's government · host coordinator: of the opening's government · judge: appointed to the
essay · screener: holds the screening task of the edition · jury: a secretary who knows no author of the edition"""
