"""How long the same content is in six languages (practice.md A5)."""

from portal.contests.rules import length
from portal.contests.words import LIMITS
from tests.texts import HERE

PARALLEL = dict(block.split("\n", 1) for block in (HERE / "parallel.txt").read_text().strip().split("\n\n"))
# Of 1,000 English words, as measured on the Universal Declaration of Human Rights.
MEASURED = {"zh-Hans": 1560, "ja": 2350, "ko": 2030, "mn": 870, "ru": 910}


def test_the_same_paragraph_counts_as_its_language_leads_to_expect() -> None:
    counts = {language: length(text, language) for language, text in PARALLEL.items()}
    assert counts["mn"] <= counts["ru"] < counts["en"] < counts["zh-Hans"] < counts["ko"] <= counts["ja"]
    for language, of_thousand in MEASURED.items():
        ratio = counts[language] / counts["en"] * 1000
        assert 0.7 < ratio / of_thousand < 1.3, (language, ratio)


def test_a_paragraph_takes_about_the_same_part_of_every_limit() -> None:
    """So that no language gives its authors much more room than another."""
    parts = [length(PARALLEL[language], language) / most for language, most in LIMITS.items()]
    assert max(parts) < 1.4 * min(parts)
