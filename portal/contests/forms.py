"""What a secretary sends to make an edition, an author to write, a screener to decide."""

import datetime as dt
import itertools
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, create_model, field_validator, model_validator

from portal.contests.words import ZONES
from portal.forms import Day, Form, Line, LocalTime, Text, at_local, refusal
from portal.i18n import LANGUAGES, N_, SOURCE, Lazy

CRITERIA = 6  # lines of the rubric that the page offers
ANCHORS = ("2", "5", "8", "10")
Slug = Annotated[Line, Field(min_length=3, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Title = Annotated[Line, Field(max_length=160)]
Lines = Annotated[Text, Field(max_length=2000)]
Story = Annotated[Text, Field(max_length=20_000)]
# A theme, a category or a criterion in its order, in the other languages where it was given.
Names = dict[str, str]


def key(code: str) -> str:
    """A language code as part of a field's name."""
    return code.replace("-", "_").lower()


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def ages(text: str) -> list[tuple[int, int]]:
    """Age categories, one a line: 12-14."""
    found = []
    for line in lines(text):
        first, _dash, last = line.replace("–", "-").partition("-")
        if not (first.strip().isdecimal() and last.strip().isdecimal()):
            raise refusal(N_("Write one category a line as two ages with a dash, for example 12-14."))
        found.append((int(first), int(last)))
    pairs = sorted(found)
    if any(first > last for first, last in pairs) or any(
        younger[1] >= older[0] for younger, older in itertools.pairwise(pairs)
    ):
        raise refusal(N_("Each category goes from the younger to the older age, and none overlaps another."))
    return pairs


class EditionFields(Form):
    """What is the same in every language. `EditionForm` adds a field for each language and line of the rubric."""

    slug: Slug
    zone: str
    opens_at: LocalTime
    due_at: LocalTime
    judging_due_at: LocalTime
    reference_on: Day
    ages: Annotated[Text, Field(max_length=200)]

    @field_validator("slug")
    @classmethod
    def _not_a_page(cls, slug: str) -> str:
        if slug == "new":
            raise refusal(N_("This address is a page of the portal. Choose another."))
        return slug

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in ZONES:
            raise refusal(N_("Choose one from the list."))
        return zone

    @field_validator("opens_at", "due_at", "judging_due_at")
    @classmethod
    def _in_order(cls, local: dt.datetime, info: ValidationInfo) -> dt.datetime:
        """The instant at which the edition's clock shows this: `zone` stands before the times."""
        if "zone" not in info.data:
            return local
        at = at_local(local, info.data["zone"])
        before = {"due_at": "opens_at", "judging_due_at": "due_at"}.get(info.field_name or "")
        if before and before in info.data and at <= info.data[before]:
            raise refusal(N_("This must be later than the date before it."))
        return at

    @field_validator("ages")
    @classmethod
    def _at_least_one(cls, text: str) -> str:
        if not ages(text):
            raise refusal(N_("Write one category a line as two ages with a dash, for example 12-14."))
        return text

    @model_validator(mode="after")
    def _whole(self) -> "EditionFields":
        if not self.limits:
            raise refusal(N_("Admit at least one language: give its limit."))
        filled = sum(bool(self.given(f"criterion_{n}")) for n in range(1, CRITERIA + 1))
        self._same_count("themes", len(lines(self.given("themes_en"))))
        self._same_count("category_names", len(ages(self.ages)))
        self._same_count("criterion_names", filled)
        if sum(criterion["weight"] for criterion in self.criteria) != 100:
            raise refusal(N_("The weights of the rubric must add up to 100."))
        return self

    def _same_count(self, name: str, count: int) -> None:
        for code in LANGUAGES:
            found = lines(self.given(f"{name}_{key(code)}"))
            if found and len(found) != count:
                raise refusal(
                    N_("In %(language)s, write %(count)s lines for %(field)s in the same order, or leave it empty."),
                    language=LANGUAGES[code], count=count, field=WHAT[name],
                )  # fmt: skip

    def given(self, name: str) -> str:
        return str(getattr(self, name, None) or "")

    def in_languages(self, name: str) -> Names:
        return {code: text for code in LANGUAGES if (text := self.given(f"{name}_{key(code)}"))}

    def lines_in_languages(self, name: str) -> list[Names]:
        """The lines of a field, each with its translations."""
        by_language = {code: lines(text) for code, text in self.in_languages(name).items()}
        count = max((len(found) for found in by_language.values()), default=0)
        return [{code: found[i] for code, found in by_language.items()} for i in range(count)]

    @property
    def categories(self) -> list[tuple[int, int, Names]]:
        names = self.lines_in_languages("category_names")
        return [
            (first, last, {"en": f"Ages {first}–{last}", **(names[i] if names else {})})
            for i, (first, last) in enumerate(ages(self.ages))
        ]

    @property
    def limits(self) -> dict[str, int]:
        return {code: most for code in LANGUAGES if (most := getattr(self, f"limit_{key(code)}", None))}

    @property
    def criteria(self) -> list[dict[str, Any]]:
        filled = [n for n in range(1, CRITERIA + 1) if self.given(f"criterion_{n}")]
        others = self.lines_in_languages("criterion_names") or [{}] * len(filled)
        return [self._criterion(n, names) for n, names in zip(filled, others, strict=False)]

    def _criterion(self, n: int, names: Names) -> dict[str, Any]:
        return {
            "names": {**names, "en": self.given(f"criterion_{n}")},
            "weight": getattr(self, f"weight_{n}", None) or 0,
            "anchors": {at: {SOURCE: text} for at in ANCHORS if (text := self.given(f"anchor_{n}_{at}"))},
        }


WHAT: dict[str, Lazy] = {
    "themes": N_("themes"),
    "category_names": N_("names of the age categories"),
    "criterion_names": N_("names of the criteria"),
}
LIMIT = Annotated[int | None, Field(ge=50, le=10_000)]
WEIGHT = Annotated[int | None, Field(ge=1, le=100)]


def _many() -> dict[str, Any]:
    """The fields that repeat: by language, and by line of the rubric."""
    fields: dict[str, Any] = {"title_en": (Title, ...), "text_en": (Story, ...), "themes_en": (Lines, ...)}
    for code in map(key, LANGUAGES):
        fields.setdefault(f"title_{code}", (Title | None, None))
        fields.setdefault(f"text_{code}", (Story | None, None))
        fields.setdefault(f"themes_{code}", (Lines | None, None))
        fields[f"category_names_{code}"] = (Lines | None, None)
        fields[f"criterion_names_{code}"] = (Lines | None, None)
        fields[f"limit_{code}"] = (LIMIT, None)
    for n in range(1, CRITERIA + 1):
        fields[f"criterion_{n}"] = (Title | None, None)
        fields[f"weight_{n}"] = (WEIGHT, None)
        fields.update({f"anchor_{n}_{at}": (Annotated[Line, Field(max_length=300)] | None, None) for at in ANCHORS})
    return fields


EditionForm: type[EditionFields] = create_model("EditionForm", __base__=EditionFields, **_many())


class SharedLabels(dict[str, Lazy]):
    """Repeated fields share a label: title_en, title_ja and so on are all "Title"."""

    def get(self, name: str, default: Any = None) -> Any:
        while name:
            if name in self:
                return self[name]
            name = name.rpartition("_")[0]
        return default


EditionForm.labels = SharedLabels(
    slug=N_("Address"), zone=N_("Time zone"), opens_at=N_("Opens"), due_at=N_("Essays are due"),
    judging_due_at=N_("Marks are due"), reference_on=N_("Ages count on"), ages=N_("Age categories"), title=N_("Title"),
    text=N_("Rules and invitation"), themes=N_("Themes"), category_names=N_("Names of the age categories"),
    criterion_names=N_("Names of the criteria"), limit=N_("Longest essay"), criterion=N_("Criterion"),
    weight=N_("Weight"), anchor=N_("What it takes"),
)  # fmt: skip
