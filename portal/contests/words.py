"""What the contest's states, dates and choices are called, and what a new edition begins with."""

import enum
import tomllib
from pathlib import Path
from typing import Any

from portal.contests.models import AiRule, AwardScope, ConflictRule, Names, OrderRule
from portal.i18n import LANGUAGES, N_, Lazy


class Phase(enum.StrEnum):
    """Where an edition stands at a moment: its state, and within `published` its dates."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    JUDGING = "judging"
    OVER = "over"
    CLOSED = "closed"


PHASES: dict[Phase, tuple[Lazy, str]] = {
    Phase.DRAFT: (N_("Draft"), "yellow"),
    Phase.UPCOMING: (N_("Opens later"), "blue"),
    Phase.OPEN: (N_("Open"), "green"),
    Phase.JUDGING: (N_("Being judged"), "purple"),
    Phase.OVER: (N_("No longer open"), "grey"),
    Phase.CLOSED: (N_("Closed"), "grey"),
}
# The named dates, in the order of an edition's life, and what each one means.
DATES: dict[str, tuple[Lazy, Lazy]] = {
    "opens_at": (N_("Opens"), N_("From then on essays can be written and sent here.")),
    "due_at": (N_("Essays are due"), N_("What arrives later is refused.")),
    "judging_due_at": (N_("Marks are due"), N_("Until then the judges of the first round read.")),
    "final_due_at": (N_("Marks of the final round are due"), N_("Until then the judges of the final round read.")),
    "jury_on": (N_("Jury meeting"), N_("The jury confirms the awards. It changes no marks.")),
    "results_at": (N_("Results"), N_("The results are published here, for everybody at the same moment.")),
}
AI_RULES: dict[AiRule, Lazy] = {
    AiRule.ALLOWED: N_("Programmes that write may be used."),
    AiRule.DISCLOSED: N_("Programmes that write may be used if the author says how."),
    AiRule.BARRED: N_("Programmes that write must not be used."),
}
CONFLICT_RULES: dict[ConflictRule, Lazy] = {
    ConflictRule.GOVERNMENT: N_("Nobody judges an essay from their own government."),
    ConflictRule.COUNTRY: N_("Nobody judges an essay from their own country."),
}
# By what an order is made of marks: what it is called, and in a sentence what it does.
ORDER_RULES: dict[OrderRule, tuple[Lazy, Lazy]] = {
    OrderRule.MODEL: (
        N_("Means with strict and lenient judges evened out"),
        N_("An essay's score is the mean of its marks after each judge's estimated strictness is taken off."),
    ),
    OrderRule.RAW_MEAN: (
        N_("Plain means"),
        N_("An essay's score is the mean of its marks, whoever gave them."),
    ),
    OrderRule.MEDIAN: (
        N_("Medians"),
        N_("An essay's score is the mark in the middle, or the mean of the middle two. It should have at least five."),
    ),
    OrderRule.TRIMMED_MEAN: (
        N_("Trimmed means"),
        N_("The highest and the lowest mark are left out, the others averaged. Every essay needs at least five marks."),
    ),
    OrderRule.MEAN_RANK: (
        N_("Mean places"),
        N_("Each judge's marks give each essay a place; the lowest mean comes first. All judges read all essays."),
    ),
    OrderRule.KEMENY: (
        N_("Kemeny's order"),
        N_("The order that contradicts the judges least, pair by pair. All judges read all of at most sixteen essays."),
    ),
    OrderRule.BORDA: (
        N_("Borda's order"),
        N_("From each judge an essay gets a point for every essay placed below it. All judges read all essays."),
    ),
}
AWARD_SCOPES: dict[AwardScope, tuple[Lazy, Lazy]] = {
    AwardScope.LANGUAGE: (
        N_("In each language by itself"),
        N_("Awards are given in each age category and language. Essays in different languages are not compared."),
    ),
    AwardScope.CATEGORY: (
        N_("Across the languages"),
        N_("Awards are given in each age category. The judges of the final round read the finalists of all languages."),
    ),
}


class Part(enum.StrEnum):
    """What an edition has several of; the value is the relationship's name and the end of the page's address."""

    THEMES = "themes"
    CATEGORIES = "categories"
    CRITERIA = "criteria"
    AWARDS = "awards"


class Subject(enum.StrEnum):
    """What each page of the editor is about; the value is the end of its address."""

    TEXTS = "texts"
    DATES = "dates"
    THEMES = "themes"
    CATEGORIES = "categories"
    LANGUAGES = "languages"
    CRITERIA = "criteria"
    AWARDS = "awards"
    RULES = "rules"


SUBJECTS: dict[Subject, Lazy] = {
    Subject.TEXTS: N_("Title and invitation"),
    Subject.DATES: N_("Dates and stages"),
    Subject.THEMES: N_("Themes"),
    Subject.CATEGORIES: N_("Age categories"),
    Subject.LANGUAGES: N_("Languages and length"),
    Subject.CRITERIA: N_("Rubric"),
    Subject.AWARDS: N_("Awards"),
    Subject.RULES: N_("Rules"),
}
ADD: dict[Part, Lazy] = {
    Part.THEMES: N_("Add a theme"),
    Part.CATEGORIES: N_("Add an age category"),
    Part.CRITERIA: N_("Add a criterion"),
    Part.AWARDS: N_("Add an award"),
}
FULL: dict[Part, Lazy] = {
    Part.THEMES: N_("An edition has at most 5 themes. Remove one before you add another."),
    Part.CATEGORIES: N_("An edition has at most 6 age categories. Remove one before you add another."),
    Part.CRITERIA: N_("A rubric has at most 8 criteria. Remove one before you add another."),
    Part.AWARDS: N_("An edition has at most 10 awards. Remove one before you add another."),
}
# What the history calls one of them.
ONE: dict[Part, str] = {
    Part.THEMES: "theme",
    Part.CATEGORIES: "age category",
    Part.CRITERIA: "criterion",
    Part.AWARDS: "award",
}

# The zones of the member regions. An edition keeps its own time in one of them.
ZONES = (
    "Asia/Seoul", "Asia/Pyongyang", "Asia/Tokyo", "Asia/Shanghai", "Asia/Ulaanbaatar", "Asia/Hovd",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Chita", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Sakhalin",
    "Asia/Magadan", "Asia/Kamchatka", "Asia/Anadyr", "UTC",
)  # fmt: skip
# The same content is about as long as this in each language: words, or characters without spaces.
LIMITS = {"en": 800, "zh-Hans": 1250, "ja": 1900, "ko": 1650, "mn": 700, "ru": 730}
AGES = ((12, 14), (15, 18))
_BEGINNING: dict[str, Any] = tomllib.loads((Path(__file__).parent / "data" / "beginning.toml").read_text("utf-8"))
# The criteria and awards as columns of their tables.
RUBRIC: tuple[dict[str, Any], ...] = tuple(_BEGINNING["criteria"])
AWARDS: tuple[dict[str, Any], ...] = tuple(_BEGINNING["awards"])


def ages(first: int, last: int) -> Names:
    """What a category from one age to another is called, in every language."""
    return {code: told.format(first=first, last=last) for code, told in _BEGINNING["ages"].items()}


def language(code: str) -> str:
    """A language, named in itself."""
    return LANGUAGES.get(code, code)
