"""What a secretary may send about the themes, age categories, criteria and awards of an edition."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field, create_model

from portal.contests import rules, words
from portal.contests.forms.fields import Labels, Name, Title, in_six
from portal.contests.models import Category, Criterion, Edition
from portal.contests.rules import ANCHORS
from portal.contests.words import Part
from portal.forms import Day, Form, by_language, in_fields
from portal.i18n import N_, SOURCE, Lazy
from portal.i18n import gettext as _

IN_ENGLISH_TOO = N_("Write it in English too, or empty it in the other languages.")
Age = Annotated[int, Field(ge=5, le=99)]
Weight = Annotated[int, Field(ge=1, le=100)]


class PartFields(Form):
    """A theme, and what the others have too: names in six languages. `facts` are columns of its table."""

    key: uuid.UUID | None = None

    def facts(self) -> dict[str, Any]:
        return {"names": by_language(self, "name")}

    def amiss(self, _edition: Edition, _row_id: uuid.UUID | None) -> dict[str, object]:
        """What is wrong with it among the others, by field."""
        return {}


class CategoryFields(PartFields):
    age_from: Age
    age_to: Age

    def facts(self) -> dict[str, Any]:
        names = by_language(self, "name") or words.ages(self.age_from, self.age_to)
        return {"names": names, "age_from": self.age_from, "age_to": self.age_to}

    def amiss(self, edition: Edition, row_id: uuid.UUID | None) -> dict[str, object]:
        found: dict[str, object] = dict(lacks_english(self, "name"))
        if self.age_to < self.age_from:
            return {**found, "age_to": N_("Enter an age that is not below the youngest.")}
        other = rules.overlapped(edition.categories, self.age_from, self.age_to, row_id)
        if other:
            told = _("Another category has some of these ages: %(first)s to %(last)s. Choose others.")
            found["age_from"] = told % {"first": other.age_from, "last": other.age_to}
        return found


class CriterionFields(PartFields):
    weight: Weight

    def facts(self) -> dict[str, Any]:
        given = {at: by_language(self, f"anchor_{at}") for at in ANCHORS}
        anchors = {at: texts for at, texts in given.items() if texts}
        return {"names": by_language(self, "name"), "weight": self.weight, "anchors": anchors}

    def amiss(self, _edition: Edition, _row_id: uuid.UUID | None) -> dict[str, object]:
        return {field: told for at in ANCHORS for field, told in lacks_english(self, f"anchor_{at}").items()}


class AwardFields(PartFields):
    places: Annotated[int, Field(ge=1, le=1000)]

    def facts(self) -> dict[str, Any]:
        return {"names": by_language(self, "name"), "prizes": by_language(self, "prize"), "places": self.places}

    def amiss(self, _edition: Edition, _row_id: uuid.UUID | None) -> dict[str, object]:
        return dict(lacks_english(self, "prize"))


def lacks_english(form: Form, field: str) -> dict[str, Lazy]:
    """English stands in for the languages that are left empty, so it is there whenever one of them is."""
    texts = by_language(form, field)
    return {f"{field}_en": IN_ENGLISH_TOO} if texts and SOURCE not in texts else {}


_anchors = {name: field for at in ANCHORS for name, field in in_six(f"anchor_{at}", Name, required=False).items()}
ThemeForm: type[PartFields] = create_model("ThemeForm", __base__=PartFields, **in_six("name", Name, required=True))
CategoryForm: type[CategoryFields] = create_model(
    "CategoryForm", __base__=CategoryFields, **in_six("name", Title, required=False)
)
CriterionForm: type[CriterionFields] = create_model(
    "CriterionForm", __base__=CriterionFields, **in_six("name", Title, required=True), **_anchors
)
AwardForm: type[AwardFields] = create_model(
    "AwardForm",
    __base__=AwardFields,
    **in_six("name", Title, required=True),
    **in_six("prize", Name, required=False),
)
FORMS: dict[Part, type[PartFields]] = {
    Part.THEMES: ThemeForm,
    Part.CATEGORIES: CategoryForm,
    Part.CRITERIA: CriterionForm,
    Part.AWARDS: AwardForm,
}
ThemeForm.labels = Labels(name=N_("Theme"))
CategoryForm.labels = Labels(name=N_("Name of the category"), age_from=N_("Youngest age"), age_to=N_("Oldest age"))
CriterionForm.labels = Labels(
    name=N_("Criterion"),
    weight=N_("Weight"),
    anchor_2=N_("What earns 2 points"),
    anchor_5=N_("What earns 5 points"),
    anchor_8=N_("What earns 8 points"),
    anchor_10=N_("What earns 10 points"),
)
AwardForm.labels = Labels(
    name=N_("Name of the award"), prize=N_("What comes with it"), places=N_("How many in each age category")
)


class ReferenceForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reference_on": N_("Ages count on")}

    reference_on: Day


class WeightsFields(Form):
    """All at once, since they are right only together. `WeightsForm` adds lines: `weight_1`, `weight_1_id`."""

    def weights(self) -> dict[uuid.UUID, int]:
        lines = ((getattr(self, f"weight_{n}_id"), getattr(self, f"weight_{n}")) for n in LINES)
        return {id_: weight or 0 for id_, weight in lines if id_}

    def amiss(self) -> dict[str, object]:
        weights = self.weights()
        found: dict[str, object] = {
            f"weight_{n}": N_("Fill this in.")
            for n in LINES
            if getattr(self, f"weight_{n}_id") and not getattr(self, f"weight_{n}")
        }
        total = sum(weights.values())
        if not found and total != rules.WHOLE:
            told = _("The weights add up to %(sum)s. Change them so that they add up to 100.")
            found["weight_1"] = told % {"sum": total}
        return found


LINES = range(1, rules.CRITERIA + 1)
_lines: dict[str, Any] = {f"weight_{n}": (Weight | None, None) for n in LINES}
_ids: dict[str, Any] = {f"weight_{n}_id": (uuid.UUID | None, None) for n in LINES}
WeightsForm: type[WeightsFields] = create_model("WeightsForm", __base__=WeightsFields, **_lines, **_ids)
WeightsForm.labels = {f"weight_{n}": N_("Weight") for n in LINES}


def of_part(row: Any) -> dict[str, Any]:
    """Any of them as its form shows it."""
    given = {name: getattr(row, name) for name in ("age_from", "age_to", "weight", "places") if hasattr(row, name)}
    anchors = getattr(row, "anchors", {})
    for at in ANCHORS:
        given |= in_fields(f"anchor_{at}", anchors.get(at, {}))
    return {**given, **in_fields("name", _own_names(row)), **in_fields("prize", getattr(row, "prizes", {}))}


def _own_names(row: Any) -> dict[str, str]:
    """The usual name of an age category follows its ages, so it is not written down."""
    usual = words.ages(row.age_from, row.age_to) if isinstance(row, Category) else None
    names: dict[str, str] = row.names
    return {} if names == usual else names


def of_weights(criteria: Sequence[Criterion]) -> dict[str, Any]:
    lines = {f"weight_{n}": criterion.weight for n, criterion in enumerate(criteria, 1)}
    return {**lines, **{f"weight_{n}_id": criterion.id for n, criterion in enumerate(criteria, 1)}}
