import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import now
from portal.consents.models import Consent, ConsentGuardian, Method, Purpose
from portal.consents.rules import Standing, Ward
from portal.screening import rules
from portal.screening.models import Disqualification, Item, Reason
from portal.screening.rules import HIDDEN, Change
from portal.screening.words import ConsentState

TEXTS = st.text(st.characters(exclude_characters="▇"), max_size=60)
PLACES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


def within(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in places if rules.fits(text, (a, b))]


@given(text=TEXTS, places=PLACES)
def test_no_hidden_character_remains_and_the_others_are_unchanged(text: str, places: list[tuple[int, int]]) -> None:
    ranges = within(text, places)
    gone = {n for begins, ends in ranges for n in range(begins, ends)}
    shown = rules.hidden(text, ranges)
    assert shown.replace(HIDDEN, "") == "".join(c for n, c in enumerate(text) if n not in gone)
    # One mark for each stretch, however long: two texts that differ only in what is hidden look alike.
    stretches = sum(n in gone and n - 1 not in gone for n in range(len(text)))
    assert shown.count(HIDDEN) == stretches and shown.count("▇") == 3 * stretches


@given(text=TEXTS, places=PLACES, longer=st.text(min_size=1, max_size=20))
def test_what_is_hidden_says_nothing_by_its_length(text: str, places: list[tuple[int, int]], longer: str) -> None:
    ranges = rules.merged(within(text, places))
    if not ranges:
        return
    begins, ends = ranges[-1]
    other = text[:begins] + longer + text[ends:]
    assert rules.hidden(other, [*ranges[:-1], (begins, begins + len(longer))]) == rules.hidden(text, ranges)


@given(places=PLACES)
def test_merged_ranges_neither_overlap_nor_touch(places: list[tuple[int, int]]) -> None:
    ranges = [(a, b) for a, b in places if a < b]
    merged = rules.merged(ranges)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(merged))
    assert rules.merged([*merged, *ranges]) == merged
    assert {n for a, b in merged for n in range(a, b)} == {n for a, b in ranges for n in range(a, b)}


@pytest.mark.parametrize("text", ["", " ", "0", "None"])
def test_a_text_that_is_hidden_whole_does_not_fall_back(text: str) -> None:
    assert rules.hidden(text, [(0, len(text))] if text else []) == (HIDDEN if text else "")


def test_words_are_found_wherever_they_stand_and_not_looked_for_where_hidden() -> None:
    text = "Болд saw БОЛД, and\nBatbayar  Bold saw a bold river."
    assert [text[a:b] for a, b in rules.places(text, "болд")] == ["Болд", "БОЛД"]
    assert [text[a:b] for a, b in rules.places(text, "and batbayar bold")] == ["and\nBatbayar  Bold"]
    assert rules.places(text, "  ") == rules.places(text, "a.b") == []
    assert rules.outside(rules.places(text, "болд"), [(0, 2)]) == [(9, 13)]


# Consent

AT = now()


def standing(born_on: dt.date, *, guardian: bool = False, given: bool | None = None, by_link: bool = True) -> Standing:
    ward = Ward(born_on, residence="MN", nationality="MN", zone="Asia/Ulaanbaatar")
    asked = ConsentGuardian(name="Oyun", language="mn", expires_at=AT) if guardian else None
    method = Method.LINK if by_link else Method.ACCOUNT
    answer = Consent(
        purpose=Purpose.TAKE_PART, is_given=bool(given), method=method, guardian_id=asked.id if asked else None,
        wording="1", language="mn", digest="", decided_at=AT,
    )  # fmt: skip
    return Standing(ward, AT, None, asked, {} if given is None else {Purpose.TAKE_PART: answer})


CHILD, ADULT = dt.date(2013, 1, 1), dt.date(2000, 1, 1)
STATES = [
    (standing(CHILD), ConsentState.NOBODY),
    (standing(CHILD, guardian=True), ConsentState.WAITING),
    (standing(CHILD, guardian=True, given=False), ConsentState.REFUSED),
    (standing(CHILD, guardian=True, given=True), ConsentState.GIVEN),
    (standing(CHILD, given=True, by_link=False), ConsentState.NOBODY),  # a child's own yes counts nothing
    (standing(ADULT), ConsentState.OWN),
    (standing(ADULT, given=False, by_link=False), ConsentState.REFUSED),
    (standing(ADULT, given=True, by_link=False), ConsentState.GIVEN),
]


@pytest.mark.parametrize(("found", "state"), STATES)
def test_where_a_consent_stands(found: Standing, state: ConsentState) -> None:
    assert rules.consent_state(found) is state
    why_not = rules.why_not_admitted(set(Item), found, None)
    assert (why_not is None) is (state is ConsentState.GIVEN)


def test_admission_needs_all_five_ticks_and_no_open_proposal() -> None:
    agreed = standing(ADULT, given=True, by_link=False)
    for item in Item:
        assert rules.why_not_admitted(set(Item) - {item}, agreed, None) == rules.UNTICKED
    proposal = Disqualification(code=Reason.COPIED, reason="Copied.")
    assert rules.why_not_admitted(set(Item), agreed, proposal) == rules.UNSETTLED


# Changes

WORDS = st.text(st.sampled_from("aб山の 한.\n"), max_size=30)


@given(before=WORDS, after=WORDS)
def test_changes_give_back_both_texts(before: str, after: str) -> None:
    found = rules.changes(before, after)
    assert "".join(each.text for each in found if each.kind != "added") == before
    assert "".join(each.text for each in found if each.kind != "removed") == after


def test_changes_are_told_word_by_word() -> None:
    assert rules.changes("I am Bold here. Rivers flow.", "I am not here. Rivers flow.") == [
        Change("same", "I am "), Change("removed", "Bold "), Change("added", "not "),
        Change("same", "here. Rivers flow."),
    ]  # fmt: skip
    assert Change("removed", "大") in rules.changes("山大川", "山川")
