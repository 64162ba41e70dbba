"""What the contest's states and choices are called, and what a new edition begins with."""

from portal.contests.models import AiRule, ConflictRule, EditionStatus
from portal.i18n import LANGUAGES, N_, Lazy

EDITION_STATUS: dict[EditionStatus, tuple[Lazy, str]] = {
    EditionStatus.DRAFT: (N_("Draft"), "grey"),
    EditionStatus.PUBLISHED: (N_("Published"), "green"),
    EditionStatus.CLOSED: (N_("Closed"), "grey"),
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

# The zones of the member regions. An edition keeps its own time in one of them.
ZONES = (
    "Asia/Seoul", "Asia/Pyongyang", "Asia/Tokyo", "Asia/Shanghai", "Asia/Ulaanbaatar", "Asia/Hovd",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Chita", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Sakhalin",
    "Asia/Magadan", "Asia/Kamchatka", "Asia/Anadyr", "UTC",
)  # fmt: skip
# The same content is about as long as this in each language: words, or characters without spaces.
LIMITS = {"en": 800, "zh-Hans": 1250, "ja": 1900, "ko": 1650, "mn": 700, "ru": 730}
AGES = ((12, 14), (15, 18))
RUBRIC: tuple[tuple[str, int, dict[str, str]], ...] = (
    (
        "Theme and understanding",
        25,
        {
            "2": "The theme is barely touched.",
            "5": "The theme is treated, mostly in general words.",
            "8": "The theme is understood and treated with facts of its own.",
            "10": "The theme is understood deeply, with its causes and its other sides.",
        },
    ),
    (
        "Argument and originality",
        30,
        {
            "2": "Claims stand without reasons.",
            "5": "Reasons are given; the idea is a familiar one.",
            "8": "The reasons hold together and the idea is the writer's own.",
            "10": "A new idea, argued so that it convinces a doubter.",
        },
    ),
    (
        "Structure",
        20,
        {
            "2": "Hard to follow.",
            "5": "A beginning, a middle and an end can be found.",
            "8": "Each part leads to the next.",
            "10": "The form itself carries the thought.",
        },
    ),
    (
        "Language",
        15,
        {
            "2": "Errors hide the meaning.",
            "5": "Clear, with some errors.",
            "8": "Clear, correct and varied.",
            "10": "Exact and a pleasure to read.",
        },
    ),
    (
        "Personal voice and regional insight",
        10,
        {
            "2": "It could have been written anywhere by anybody.",
            "5": "Some experience of the region shows.",
            "8": "The writer's own eyes and region are present.",
            "10": "It shows the region as only this writer could.",
        },
    ),
)


def language(code: str) -> str:
    """A language, named in itself."""
    return LANGUAGES.get(code, code)
