import json

import pytest

from portal.applications import versions
from portal.applications.versions import Change
from portal.applications.words import Part

BEFORE = {
    "about": {"given_name": "Туул", "phone": "+976 1", "born_on": "2005-03-02"},
    "home": {"is_resident": True},
    "languages": {"en": "B2", "mn": "native"},
    "documents": {"cv": {"name": "cv.pdf", "sha256": "a" * 64}},
    "consent": {"consents": ["use", "hosts"], "took_part_before": False},
}


def _after(**parts: dict[str, object]) -> dict[str, dict[str, object]]:
    return {**json.loads(json.dumps(BEFORE)), **parts}


def test_the_same_has_no_differences() -> None:
    assert versions.differences(BEFORE, _after()) == []


@pytest.mark.parametrize(
    ("parts", "part", "key", "change"),
    [
        ({"home": {"is_resident": False}}, Part.HOME, "is_resident", Change.CHANGED),
        ({"home": {}}, Part.HOME, "is_resident", Change.REMOVED),
        ({"motivation": {"motivation": "M"}}, Part.MOTIVATION, "motivation", Change.ADDED),
        ({"languages": {"en": "C1", "mn": "native"}}, Part.LANGUAGES, "en", Change.CHANGED),
        ({"languages": {"mn": "native"}}, Part.LANGUAGES, "en", Change.REMOVED),
        ({"documents": {"cv": {"name": "cv.pdf", "sha256": "b" * 64}}}, Part.DOCUMENTS, "cv", Change.CHANGED),
    ],
)
def test_one_answer_that_differs_is_one_row(
    parts: dict[str, dict[str, object]], part: Part, key: str, change: Change
) -> None:
    (found,) = versions.differences(BEFORE, _after(**parts))
    assert (found.part, found.key, found.change) == (part, key, change)
    assert (found.before, found.after) == (BEFORE.get(part, {}).get(key), parts[part].get(key))


@pytest.mark.parametrize(
    ("part", "key", "value", "label", "shown"),
    [
        (Part.ABOUT, "born_on", "2005-03-02", "Date of birth", "2 March 2005"),
        (Part.HOME, "nationality", "MN", "Your nationality", "Mongolia"),
        (Part.HOME, "is_resident", False, "Do you live in the region of this government?", "No"),
        (Part.LANGUAGES, "en", "B2", "English", "B2: most conversations and texts"),
        (Part.OPENINGS, "choice_1", {"id": "x", "name": "Guide"}, "Choice 1", "Guide"),
        (Part.DOCUMENTS, "y", {"name": "cv.pdf", "sha256": "ab", "purpose": "cv"}, "CV", "cv.pdf\nab"),
        (Part.DOCUMENTS, "x", {"name": "t.pdf", "sha256": "a", "texts": {"en": "Grades"}}, "Grades", "t.pdf\na"),
        (Part.ABOUT, "gone", "value", "gone", "value"),
        (Part.ABOUT, "phone", None, "Telephone number", ""),
    ],
)
def test_a_kept_answer_reads_as_it_was_asked(part: Part, key: str, value: object, label: str, shown: str) -> None:
    assert (versions.label(part, key, value), versions.shown(part, key, value)) == (label, shown)


def test_answers_stand_in_the_order_of_the_form() -> None:
    kept = versions.kept(BEFORE, Part.ABOUT)
    assert [answer.value for answer in kept] == ["Туул", "2 March 2005", "+976 1"]
