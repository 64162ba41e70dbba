"""What a secretary may send about an edition itself: a form for each page of the editor."""

import datetime as dt
import uuid
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, create_model, field_validator

from portal.clock import moved_on
from portal.consents import ages
from portal.contests import rules, words
from portal.contests.forms.fields import Labels, Story, Title, in_six
from portal.contests.models import AiRule, AwardScope, ConflictRule, Edition, OrderRule
from portal.forms import SUFFIXES, Form, LocalTime, at_local, by_language, in_fields, refusal, to_local
from portal.i18n import LANGUAGES, N_, SOURCE, Lazy
from portal.i18n import gettext as _
from portal.registry.models import Country
from portal.registry.words import country

TIMES = ("opens_at", "due_at", "judging_due_at")
STAGES = ("first_readings", "finalists", "final_readings", "final_due_at", "jury_on", "results_at")
# How essays are decided on, as far as the page of rules asks for it.
DECIDING = (
    "order_rule", "final_rule", "award_scope", "extra_readings", "most_readings", "shows_marks", "appeal_days",
)  # fmt: skip
FIRST_RULES = tuple(rule for rule in OrderRule if rule not in (OrderRule.KEMENY, OrderRule.BORDA))
COUNTRIES = (*Country, ages.OTHER)
FILL_THIS_IN = N_("Fill this in.")


def _free_of_pages(slug: str) -> str:
    if slug in rules.RESERVED:
        raise refusal(N_("This address is a page of the portal. Choose another."))
    return slug


def _known_zone(zone: str) -> str:
    if zone not in words.ZONES:
        raise refusal(N_("Choose one from the list."))
    return zone


Slug = Annotated[
    str,
    Field(min_length=3, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
    AfterValidator(_free_of_pages),
]
Zone = Annotated[str, AfterValidator(_known_zone)]


class TextsFields(Form):
    """`TextsForm` adds the title and the invitation in each language."""

    slug: Slug | None = None

    def facts(self) -> dict[str, Any]:
        return {"titles": by_language(self, "title"), "texts": {SOURCE: "", **by_language(self, "text")}}

    def amiss(self, edition: Edition) -> dict[str, Lazy]:
        """A draft may wait for its invitation."""
        lacks_text = rules.is_fixed(edition) and not self.facts()["texts"][SOURCE]
        return {"text_en": FILL_THIS_IN} if lacks_text else {}


TextsForm: type[TextsFields] = create_model(
    "TextsForm",
    __base__=TextsFields,
    **in_six("title", Title, required=True),
    **in_six("text", Story, required=False),
)
TextsForm.labels = Labels(title=N_("Title"), text=N_("Rules and invitation"), slug=N_("Web address"))


class DeadlinesForm(Form):
    """Times are the edition's own clock: `zone` stands before them, so that they can be read in it."""

    zone: Zone
    opens_at: LocalTime
    due_at: LocalTime
    judging_due_at: LocalTime

    @field_validator(*TIMES)
    @classmethod
    def _in_order(cls, local: dt.datetime, info: ValidationInfo) -> dt.datetime:
        """The instant at which the edition's clock shows this."""
        if "zone" not in info.data:
            return local
        at = at_local(local, info.data["zone"])
        before = {"due_at": "opens_at", "judging_due_at": "due_at"}.get(info.field_name or "")
        if before and before in info.data and at <= info.data[before]:
            raise refusal(N_("This must be later than the date before it."))
        return at


class NewEditionForm(DeadlinesForm):
    """What an edition begins with. Everything else has a page of its own afterwards."""

    labels: ClassVar = {
        "title_en": N_("Title in English"),
        "slug": N_("Web address"),
        "zone": N_("Time zone"),
        **{name: words.DATES[name][0] for name in TIMES},
    }

    key: uuid.UUID | None = None
    title_en: Title
    slug: Slug

    def fresh(self) -> dict[str, Any]:
        """The columns of an edition from scratch. Ages count on the day on which essays are due."""
        due_on = dt.date.fromisoformat(to_local(self.due_at, self.zone)[:10])
        begin = {"titles": {SOURCE: self.title_en}, "texts": {SOURCE: ""}, "reference_on": due_on}
        return {**self._dates(), **begin}

    def copied(self, earlier: Edition) -> dict[str, Any]:
        """Those that differ in a copy. A title that is new in English is new in every language."""
        same_title = self.title_en == earlier.titles[SOURCE]
        years = self.opens_at.year - earlier.opens_at.year
        return {
            **self._dates(),
            **rules.later_stages(earlier, self.zone, self.judging_due_at),
            "titles": earlier.titles if same_title else {SOURCE: self.title_en},
            "reference_on": moved_on(earlier.reference_on, years),
        }

    def _dates(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("zone", *TIMES)}


class DatesForm(DeadlinesForm):
    labels: ClassVar = {
        **NewEditionForm.labels,
        **{name: told for name, (told, _meaning) in words.DATES.items()},
        "first_readings": N_("Judges who read each essay in the first round"),
        "finalists": N_("Essays that go on to the final round"),
        "final_readings": N_("Judges who read each essay in the final round"),
    }

    first_readings: Annotated[int, Field(ge=1, le=7)]
    finalists: Annotated[int, Field(ge=1, le=1000)] | None = None
    final_readings: Annotated[int, Field(ge=1, le=9)] = 5
    final_due_at: LocalTime | None = None
    jury_on: Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2100, 12, 31))] | None = None
    results_at: LocalTime | None = None

    @field_validator("final_due_at", "results_at")
    @classmethod
    def _on_the_editions_clock(cls, local: dt.datetime | None, info: ValidationInfo) -> dt.datetime | None:
        return at_local(local, info.data["zone"]) if local and "zone" in info.data else local

    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("zone", *TIMES, *STAGES)}

    def amiss(self) -> dict[str, Lazy]:
        return rules.out_of_order(self.zone, self.facts())


class LanguagesFields(Form):
    """`LanguagesForm` adds the longest essay in each language, `limit_en` and so on."""

    def limits(self) -> dict[str, int]:
        given = {code: getattr(self, f"limit_{suffix}") for code, suffix in SUFFIXES.items()}
        return {code: most for code, most in given.items() if most is not None}

    def amiss(self) -> dict[str, Lazy]:
        return {} if self.limits() else {"": N_("Admit at least one language: give its limit.")}


LIMIT = Annotated[int, Field(ge=50, le=10_000)]
_limits: dict[str, Any] = {f"limit_{suffix}": (LIMIT | None, None) for suffix in SUFFIXES.values()}
LanguagesForm: type[LanguagesFields] = create_model("LanguagesForm", __base__=LanguagesFields, **_limits)
LanguagesForm.labels = Labels(limit=N_("Longest essay"))


class _RuleLabels(dict[str, Lazy]):
    def get(self, name: str, default: Any = None) -> Any:
        code = name.removeprefix("age_")
        return _("Age of consent: %(country)s") % {"country": of_country(code)} if code != name else super().get(name)


class RulesFields(Form):
    """`RulesForm` adds an age of consent for each country, `age_CN` and so on; without one the usual age holds."""

    ai_rule: AiRule
    conflict_rule: ConflictRule
    # What is left out stays as it is.
    order_rule: OrderRule | None = None
    final_rule: OrderRule | None = None
    award_scope: AwardScope | None = None
    extra_readings: Annotated[int, Field(ge=0, le=10_000)] | None = None
    most_readings: Annotated[int, Field(ge=1, le=9)] | None = None
    shows_marks: bool | None = None
    appeal_days: Annotated[int, Field(ge=0, le=90)] | None = None

    @field_validator("order_rule")
    @classmethod
    def _of_marks(cls, rule: OrderRule | None) -> OrderRule | None:
        """The first round's judges do not all read all."""
        if rule is not None and rule not in FIRST_RULES:
            raise refusal(N_("Choose one from the list."))
        return rule

    def amiss(self, edition: Edition) -> dict[str, Lazy]:
        is_few = self.most_readings is not None and self.most_readings < edition.first_readings
        return {"most_readings": N_("This is less than the number of judges of the first round.")} if is_few else {}

    def facts(self) -> dict[str, Any]:
        given = {name: value for name in DECIDING if (value := getattr(self, name)) is not None}
        return {**self._frame(), **given}

    def _frame(self) -> dict[str, Any]:
        set_ = {code: getattr(self, f"age_{code}") for code in COUNTRIES}
        ages_ = {str(code): age for code, age in set_.items() if age is not None}
        return {"ai_rule": self.ai_rule, "conflict_rule": self.conflict_rule, "consent_ages": ages_}


AGE = Annotated[int, Field(ge=10, le=ages.OLDEST)]
_ages: dict[str, Any] = {f"age_{code}": (AGE | None, None) for code in COUNTRIES}
RulesForm: type[RulesFields] = create_model("RulesForm", __base__=RulesFields, **_ages)
RulesForm.labels = _RuleLabels(
    ai_rule=N_("Programmes that write"),
    conflict_rule=N_("Who may not judge an essay"),
    order_rule=N_("How the first round's order is made"),
    final_rule=N_("How the final round's order is made"),
    award_scope=N_("Within what awards are given"),
    extra_readings=N_("Extra readings"),
    most_readings=N_("Most judges of an essay"),
    shows_marks=N_("Marks of the other judges"),
    appeal_days=N_("Days for an appeal"),
)


def of_country(code: str) -> str:
    """Its name for the reader; "other" is everywhere else."""
    return _("Any other country") if code == ages.OTHER else country(Country(code))


def proposal(today: dt.date) -> dict[str, Any]:
    """Dates to begin with: twelve weeks to write, eight to judge."""
    friday = today + dt.timedelta(days=(4 - today.weekday()) % 7)
    opens = friday + dt.timedelta(days=10)  # a Monday
    due, judged = (friday + dt.timedelta(weeks=weeks) for weeks in (14, 22))
    return {
        "zone": words.ZONES[0],
        "opens_at": f"{opens}T09:00",
        "due_at": f"{due}T18:00",
        "judging_due_at": f"{judged}T18:00",
    }


def of_copy(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """What a copy begins with: the title, and the dates moved on by whole years."""
    years = rules.years_on(edition, at)
    local = {name: dt.datetime.fromisoformat(to_local(getattr(edition, name), edition.zone)) for name in TIMES}
    moved = {name: f"{moved_on(time, years):%Y-%m-%dT%H:%M}" for name, time in local.items()}
    return {"title_en": edition.titles[SOURCE], "zone": edition.zone, **moved}


def of_texts(edition: Edition) -> dict[str, Any]:
    return {"slug": edition.slug, **in_fields("title", edition.titles), **in_fields("text", edition.texts)}


def of_dates(edition: Edition) -> dict[str, Any]:
    given = {name: getattr(edition, name) for name in (*TIMES, *STAGES)}
    local = {
        name: to_local(value, edition.zone) if isinstance(value, dt.datetime) else value
        for name, value in given.items()
    }
    return {"zone": edition.zone, **local}


def of_languages(edition: Edition) -> dict[str, Any]:
    return {f"limit_{SUFFIXES[limit.language]}": limit.most for limit in edition.limits if limit.language in LANGUAGES}


def of_rules(edition: Edition) -> dict[str, Any]:
    ages_ = {f"age_{code}": age for code, age in edition.consent_ages.items()}
    deciding = {name: getattr(edition, name) for name in DECIDING}
    return {"ai_rule": edition.ai_rule.value, "conflict_rule": edition.conflict_rule.value, **deciding, **ages_}
