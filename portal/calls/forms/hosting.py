"""What a secretary may send about what follows the nominations: what hosts score by, the match, the offers."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, create_model

from portal.calls import rules
from portal.calls.models import Call, HostCriterion
from portal.calls.rules import Move, Weighted
from portal.forms import SUFFIXES, Form, Line, by_language, in_fields, refusal
from portal.i18n import N_, SOURCE, Lazy
from portal.registry.models import Country

LINES = range(1, 11)  # of criteria
Name = Annotated[Line, Field(max_length=120)]
Weight = Annotated[int, Field(ge=1, le=100)]
ENGLISH_NAME = N_("Write the name in English too, or empty this criterion wholly.")
NO_WEIGHT = N_("Enter its weight, or empty this criterion wholly.")
NOT_A_HUNDRED = N_("The weights add up to %(sum)s. Change them so that they add up to 100.")
TWO_COUNTRIES = N_("Choose two different countries of the six.")


class CriteriaFields(Form):
    """`CriteriaForm` adds the lines: `criterion_1_id`, `criterion_1_en` and so on, `criterion_1_weight`.

    `move` is the button that was pressed, for example `up-2`.
    """

    move: Annotated[str, Field(pattern=r"^(up|down)-([1-9]|10)$")] = ""

    def rows(self) -> list[Weighted]:
        """What is written, in the order that is asked for."""
        lines = [line for line in LINES if self._names(line)]
        return [
            Weighted(self._of(line, "id"), self._names(line), self._of(line, "weight") or 0)
            for line in self._moved(lines)
        ]

    def amiss(self) -> dict[str, Lazy | str]:
        """What is wrong with the lines, by field."""
        found: dict[str, Lazy | str] = dict(self._incomplete())
        total = sum(row.weight for row in self.rows())
        if not found and self.rows() and total != rules.WHOLE:
            found["criterion_1_weight"] = NOT_A_HUNDRED % {"sum": total}
        return found

    def _incomplete(self) -> Iterator[tuple[str, Lazy]]:
        for line in LINES:
            names, weight = self._names(line), self._of(line, "weight")
            if (names or weight) and SOURCE not in names:
                yield f"criterion_{line}_en", ENGLISH_NAME
            if names and not weight:
                yield f"criterion_{line}_weight", NO_WEIGHT

    def _moved(self, lines: list[int]) -> list[int]:
        way, _dash, line = self.move.partition("-")
        return rules.moved(lines, int(line), Move(way)) if way and int(line) in lines else lines

    def _names(self, line: int) -> dict[str, str]:
        return by_language(self, f"criterion_{line}")

    def _of(self, line: int, what: str) -> Any:
        return getattr(self, f"criterion_{line}_{what}")


def _lines() -> dict[str, Any]:
    names = {f"criterion_{line}_{suffix}": (Name, "") for line in LINES for suffix in SUFFIXES.values()}
    ids = {f"criterion_{line}_id": (uuid.UUID | None, None) for line in LINES}
    return {**names, **ids, **{f"criterion_{line}_weight": (Weight | None, None) for line in LINES}}


CriteriaForm: type[CriteriaFields] = create_model("CriteriaForm", __base__=CriteriaFields, **_lines())
CriteriaForm.labels = {
    **{f"criterion_{line}_{suffix}": N_("Criterion") for line in LINES for suffix in SUFFIXES.values()},
    **{f"criterion_{line}_weight": N_("Weight") for line in LINES},
}


def of_criteria(criteria: Sequence[HostCriterion]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line, each in enumerate(criteria, 1):
        found |= {f"criterion_{line}_id": each.id, f"criterion_{line}_weight": each.weight}
        found |= in_fields(f"criterion_{line}", each.names)
    return found


def lines_shown(values: Mapping[str, Any], *, spare: int) -> Sequence[int]:
    """The lines with something in them, and some more to fill in."""
    filled = [line for line in LINES if any(values.get(f"criterion_{line}_{what}") for what in ("en", "weight", "id"))]
    return LINES[: max(filled, default=0) + spare]


def _two_countries(pair: str) -> str:
    """Both ways round are the same pair; it is kept in the order of the countries."""
    codes = pair.split("-")
    if len(codes) != 2 or len(set(codes)) != 2 or not set(codes) <= set(Country):
        raise refusal(TWO_COUNTRIES)
    return "-".join(rules.in_order(codes))


class OffersForm(Form):
    labels: ClassVar = {
        "answer_days": N_("Days to answer an offer"),
        "reserve_days": N_("Days that the reserve list lives"),
        "blocked_pairs": N_("Countries between which nobody is placed"),
    }

    answer_days: Annotated[int, Field(ge=3, le=14)]
    reserve_days: Annotated[int, Field(ge=0, le=180)]
    blocked_pairs: list[Annotated[str, AfterValidator(_two_countries)]] = Field(default_factory=list, max_length=100)

    def facts(self) -> dict[str, Any]:
        pairs = [list(pair) for pair in rules.PAIRS if "-".join(pair) in self.blocked_pairs]
        return {"answer_days": self.answer_days, "reserve_days": self.reserve_days, "blocked_pairs": pairs}


def of_offers(call: Call) -> dict[str, Any]:
    return {
        "answer_days": call.answer_days,
        "reserve_days": call.reserve_days,
        "blocked_pairs": ["-".join(pair) for pair in call.blocked_pairs],
    }
