"""What hosts send about their candidates, and what a late change needs."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field, create_model

from portal.applications.rules import Candidate
from portal.calls.models import HostCriterion
from portal.calls.rules import Move
from portal.forms import Form, Text
from portal.i18n import N_, Lazy, language
from portal.i18n import gettext as _
from portal.ordering import Order
from portal.rankings import rules
from portal.rankings.rules import Line

MARKS = "marks"
Place = Annotated[int, Field(ge=1, le=999)]
Mark = Annotated[int, Field(ge=1, le=10)]
Reason = Annotated[Text, Field(min_length=10, max_length=2000)]
NOT_BOTH = N_("Give a place, or tick that the candidate is not acceptable, but not both.")


class RankingFields(Form):
    """`ranking_form` adds a place, a tick and the marks of each candidate. `press` is a button's: `up-` and an id."""

    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    version: Annotated[str, Field(max_length=16)] = ""
    press: Annotated[str, Field(pattern=r"^(marks|(up|down)-[0-9a-f]{32})?$")] = ""
    reason: str = ""

    def amiss(self, candidates: Sequence[Candidate]) -> dict[str, Lazy]:
        """Marks decide over places where they are to be followed."""
        if self.press == MARKS:
            return {}
        both = (each.application_id for each in candidates if self._place(each) and self._is_refused(each))
        return {f"place_{each.hex}": NOT_BOTH for each in both}

    def lines(self, candidates: Sequence[Candidate], criteria: Sequence[HostCriterion]) -> dict[uuid.UUID, Line]:
        """What is asked for, the pressed button included."""
        typed = {each.application_id: self._line(each, criteria) for each in candidates}
        if self.press == MARKS:
            return rules.by_marks(typed, criteria)
        way, _dash, one = self.press.partition("-")
        return rules.moved(typed, uuid.UUID(one), Move(way)) if one else rules.normalised(typed)

    def _line(self, candidate: Candidate, criteria: Sequence[HostCriterion]) -> Line:
        marks = {each.id: getattr(self, mark_field(candidate.application_id, each)) for each in criteria}
        given = {criterion: value for criterion, value in marks.items() if value is not None}
        return Line(self._place(candidate), self._is_refused(candidate), given)

    def _place(self, candidate: Candidate) -> int | None:
        place: int | None = getattr(self, f"place_{candidate.application_id.hex}")
        return place

    def _is_refused(self, candidate: Candidate) -> bool:
        return bool(getattr(self, f"refused_{candidate.application_id.hex}"))


class LateOrder(Order):
    """An applicant's order, changed by the secretariat after the deadline."""

    labels: ClassVar[Mapping[str, Lazy]] = {**Order.labels, "reason": N_("Your reason")}
    reason: Reason


def mark_field(application_id: uuid.UUID, criterion: HostCriterion) -> str:
    return f"mark_{application_id.hex}_{criterion.id.hex}"


def ranking_form(
    candidates: Sequence[Candidate], criteria: Sequence[HostCriterion], *, is_late: bool
) -> type[RankingFields]:
    """The form of one opening's list; after the deadline it asks for a reason."""
    fields: dict[str, Any] = {"reason": (Reason, ...)} if is_late else {}
    labels: dict[str, Lazy | str] = dict(RankingFields.labels)
    place, of = _("Place of %(name)s"), _("%(criterion)s, %(name)s")
    for each in candidates:
        name = {"name": each.native_name}
        fields |= _fields_of(each.application_id, criteria)
        labels[f"place_{each.application_id.hex}"] = place % name
        labels |= {mark_field(each.application_id, c): of % {"criterion": c.name(language()), **name} for c in criteria}
    made: type[RankingFields] = create_model("Ranking", __base__=RankingFields, **fields)
    made.labels = labels  # type: ignore[assignment]
    return made


def _fields_of(one: uuid.UUID, criteria: Sequence[HostCriterion]) -> dict[str, Any]:
    marks = {mark_field(one, each): (Mark | None, None) for each in criteria}
    return {f"place_{one.hex}": (Place | None, None), f"refused_{one.hex}": (bool, False), **marks}


def of_lines(lines: rules.Lines, criteria: Sequence[HostCriterion]) -> dict[str, Any]:
    """What stands in the fields; `lines` as the viewer sees them."""
    found: dict[str, Any] = {"version": rules.version(lines)}
    for each, line in lines.items():
        found |= {f"place_{each.hex}": line.place, f"refused_{each.hex}": "true" if line.is_unacceptable else ""}
        found |= {mark_field(each, c): line.marks.get(c.id) for c in criteria}
    return found
