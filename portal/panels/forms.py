"""What a secretary sends to ask for a judge, and what the judge answers."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, create_model

from portal.accounts.forms import Address
from portal.forms import Form, Line, Text, refusal
from portal.i18n import LANGUAGES, N_, Lazy
from portal.judging.models import Round
from portal.panels.rules import Terms
from portal.registry.models import Country

NOT_OFFERED = N_("Choose one from the list.")
MOST_BELOW_LEAST = N_("Enter a number that is not below the least.")
NO_FINAL = N_("This edition has no final round. Choose the first one only.")
AT_ACCEPTING = 3  # governments that can be declared while accepting; others afterwards
WHY_TOO = N_("Say in a few words what ties you to this government.")
WHICH = N_("Choose the government that this is about.")


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise refusal(NOT_OFFERED)
    return code


def _all_known(codes: list[str]) -> list[str]:
    return [code for code in LANGUAGES if code in {_known(code) for code in codes}]


def _promised(is_confidential: bool) -> bool:
    if not is_confidential:
        raise refusal(N_("Tick the box if you promise this. Decline if you cannot."))
    return is_confidential


Languages = Annotated[list[str], Field(min_length=1), AfterValidator(_all_known)]
Number = Annotated[int, Field(ge=0, le=1000)]
Reason = Annotated[Text, Field(min_length=1, max_length=2000)]
LABELS: Mapping[str, Lazy] = {
    "email": N_("E-mail address"),
    "name": N_("Name"),
    "language": N_("Language of the letter"),
    "languages": N_("Languages they read"),
    "government_id": N_("Government they belong to"),
    "country": N_("Country they live in"),
    "least": N_("Essays, at least"),
    "most": N_("Essays, at most"),
    "rounds": N_("Rounds"),
    "replaces": N_("In place of"),
}


class TermsForm(Form):
    """What a judge is asked for, or has agreed to, as a secretary changes it."""

    labels: ClassVar[Mapping[str, Lazy]] = LABELS

    languages: Languages
    least: Number
    most: Annotated[Number, Field(ge=1)]
    rounds: Annotated[list[Round], Field(min_length=1)]

    def terms(self) -> Terms:
        return Terms(self.languages, self.least, self.most, Round.FIRST in self.rounds, Round.FINAL in self.rounds)

    def amiss(self, *, has_final: bool) -> dict[str, object]:
        """What is wrong with it beside the rest and the edition, by field."""
        found: dict[str, object] = {"most": MOST_BELOW_LEAST} if self.most < self.least else {}
        return {**found, "rounds": NO_FINAL} if Round.FINAL in self.rounds and not has_final else found


class AskForm(TermsForm):
    email: Address
    name: Annotated[Line, Field(min_length=1, max_length=120)]
    language: Annotated[str, AfterValidator(_known)]
    government_id: uuid.UUID | None = None
    country: Country | None = None
    replaces: Annotated[Line, Field(max_length=8)] = ""
    key: uuid.UUID | None = None


class DeclineForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Why you decline")}

    reason: Reason


class ConflictForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "edition_id": N_("Contest"),
        "government_id": N_("Government"),
        "reason": N_("What ties you to it"),
    }

    edition_id: uuid.UUID
    government_id: uuid.UUID
    reason: Reason


class AcceptFields(Form):
    """What the judge confirms, and the governments they have ties with: conflict_1 and why_1, and so on."""

    languages: Languages
    most: Annotated[Number, Field(ge=1)]
    government_id: uuid.UUID | None = None
    country: Country | None = None
    is_confidential: Annotated[bool, AfterValidator(_promised), Field(validate_default=True)] = False

    def ties(self) -> list[tuple[uuid.UUID | None, str]]:
        return [(getattr(self, f"conflict_{n}"), getattr(self, f"why_{n}")) for n in range(1, AT_ACCEPTING + 1)]

    def conflicts(self) -> dict[uuid.UUID, str]:
        return {government: why for government, why in self.ties() if government is not None}

    def amiss(self, asked: Terms) -> dict[str, object]:
        """What is wrong with it beside what was asked, by field."""
        found: dict[str, object] = {}
        if not set(self.languages) <= set(asked.languages):
            found["languages"] = NOT_OFFERED
        if self.most > asked.most:
            found["most"] = N_("You were asked for fewer. Enter at most as many as that.")
        for n, (government, why) in enumerate(self.ties(), 1):
            if government is not None and not why:
                found[f"why_{n}"] = WHY_TOO
            if government is None and why:
                found[f"conflict_{n}"] = WHICH
        return found


class _Labels(dict[str, Lazy]):
    """The governments are called alike, and so are the reasons."""

    def get(self, name: str, default: Any = None) -> Any:
        stem, _underscore, number = name.rpartition("_")
        return super().get(stem if number.isdigit() else name, default)


_ties: dict[str, Any] = {}
for _n in range(1, AT_ACCEPTING + 1):
    _ties[f"conflict_{_n}"] = (uuid.UUID | None, None)
    _ties[f"why_{_n}"] = (Annotated[Text, Field(max_length=2000)], "")
AcceptForm: type[AcceptFields] = create_model("AcceptForm", __base__=AcceptFields, **_ties)
AcceptForm.labels = _Labels(
    languages=N_("Languages in which you will judge"),
    most=N_("Essays you can read, at most"),
    government_id=N_("Government you belong to"),
    country=N_("Country you live in"),
    is_confidential=N_(
        "I keep what I read to myself, do not try to find out who wrote it, and use no outside service to read it."
    ),
    conflict=N_("Government you have ties with"),
    why=N_("What ties you to it"),
)
