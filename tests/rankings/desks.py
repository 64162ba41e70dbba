"""A host's desk: an opening in a call that is being ranked, with candidates and somebody who ranks them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.calls.models import Call, HostCriterion
from portal.openings.models import Opening
from portal.rankings import forms, queries, rules
from tests import make
from tests.people import Cast

NAMES = ("Anu", "Bold", "Cai", "Dorj")


@dataclass
class Setting:
    call: Call
    opening: Opening
    candidates: list[Application]
    criteria: list[HostCriterion]
    host: Person

    @property
    def path(self) -> str:
        return f"/openings/{self.opening.id}/ranking"


def setting(session: Session, cast: Cast, count: int = 3, weights: Iterable[int] = ()) -> Setting:
    """Candidates by name: Anu, Bold, Cai, Dorj."""
    call = make.ranked_call(session)
    opening = make.opening(session, call, cast.host)
    criteria = [make.criterion(session, call, weight) for weight in weights]
    found = [candidate(session, call, opening, name) for name in NAMES[:count]]
    return Setting(call, opening, found, criteria, cast.host_coordinator)


def candidate(session: Session, call: Call, opening: Opening, name: str) -> Application:
    return make.application(
        session, "nominated", call=call, choices=[opening], roman_name=name, native_name=f"{name} of the steppe"
    )


def form(session: Session, desk: Setting, viewer: Person | None = None, **places: Any) -> dict[str, str]:
    """As a browser sends it: `anu=1` is a place, `bold="no"` not acceptable, `cai=[7, 8]` marks."""
    session.expire_all()
    asked = make.viewer(session, viewer or desk.host)
    found = queries.desk(session, asked, queries.get_visible(session, asked, desk.opening.id))
    sent = {"version": rules.version(found.shown)}
    for application in desk.candidates:
        sent |= _fields(application, places.get(application.roman_name.lower()), desk.criteria)
    return sent


def _fields(application: Application, said: Any, criteria: list[HostCriterion]) -> dict[str, str]:
    key = application.id.hex
    if said == "no":
        return {f"refused_{key}": "true"}
    if isinstance(said, list):
        pairs = zip(criteria, said, strict=True)
        return {forms.mark_field(application.id, each): str(value) for each, value in pairs}
    return {f"place_{key}": "" if said is None else str(said)}


def standing(session: Session, desk: Setting) -> dict[str, Any]:
    """What is saved: a place, "no", or None."""
    session.expire_all()
    lines = queries.lines(session, desk.opening)
    names = {each.id: each.roman_name for each in desk.candidates}
    return {names[each]: "no" if line.is_unacceptable else line.place for each, line in lines.items()}
