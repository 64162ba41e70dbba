"""How an edition's order is made: asked for in the editor, told to everybody, fixed from the opening on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.clock import now
from portal.contests import queries
from portal.contests.models import AwardScope, Edition, OrderRule
from tests import make
from tests.contests.editing import DATES, NEW, draft, saved
from tests.people import Cast

As = Callable[..., TestClient]
FRAME = {"ai_rule": "disclosed", "conflict_rule": "government"}
RULES = {
    **FRAME, "order_rule": "trimmed_mean", "final_rule": "kemeny", "award_scope": "category", "extra_readings": "40",
    "most_readings": "6", "shows_marks": "true", "appeal_days": "21",
}  # fmt: skip


def the_edition(session: Session, slug: str) -> Edition:
    session.expire_all()
    return session.exec(select(Edition).where(Edition.slug == slug).options(*queries.parts())).one()


def told(edition: Edition) -> tuple[Any, ...]:
    return (
        edition.order_rule, edition.final_rule, edition.award_scope, edition.extra_readings, edition.most_readings,
        edition.shows_marks, edition.appeal_days,
    )  # fmt: skip


def test_the_rules_of_deciding_are_saved_shown_and_copied(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    assert told(the_edition(session, "peace-2027"))[:2] == (OrderRule.MODEL, OrderRule.MODEL)
    saved(secretary, f"{here}/edit/rules", RULES)
    edition = the_edition(session, "peace-2027")
    wanted = (OrderRule.TRIMMED_MEAN, OrderRule.KEMENY, AwardScope.CATEGORY, 40, 6, True, 21)
    assert told(edition) == wanted
    shown = secretary.get(f"{here}/edit/rules").text
    for chosen in ("trimmed_mean", "kemeny", "category", "true"):
        assert re.search(rf'value="{chosen}" checked', shown), chosen
    saved(secretary, f"{here}/edit/rules", {**FRAME, "shows_marks": "false"})  # what is left out stays
    assert told(the_edition(session, "peace-2027")) == (*wanted[:5], False, 21)
    saved(secretary, f"{here}/copy", {**NEW, "slug": "peace-2028"})
    copied = the_edition(session, "peace-2028")
    assert told(copied) == (*wanted[:5], False, 21)
    seeds = {edition.seed, *(the_edition(session, slug).seed for slug in ("peace-2027", "peace-2028"))}
    assert len(seeds) == 2, "an edition draws with a seed of its own"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"order_rule": "kemeny"}, "Choose one from the list."),
        ({"order_rule": "dice"}, "Choose one from the list."),
        ({"most_readings": "2"}, "This is less than the number of judges of the first round."),
        ({"most_readings": "10"}, "Enter a number of at most 9."),
        ({"extra_readings": "-1"}, "Enter a number of at least 0."),
        ({"appeal_days": "91"}, "Enter a number of at most 90."),
    ],
)
def test_wrong_rules_are_shown_again(cast: Cast, as_: As, given: dict[str, str], sentence: str) -> None:
    secretary = as_(cast.secretary)
    answer = secretary.post(f"{draft(secretary)}/edit/rules", data={**RULES, **given})
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize(
    "given",
    [
        {"order_rule": "median"}, {"final_rule": "borda"}, {"award_scope": "category"}, {"extra_readings": "5"},
        {"most_readings": "9"},
    ],
)  # fmt: skip
def test_nothing_by_which_essays_are_decided_on_changes_after_the_opening(
    session: Session, cast: Cast, as_: As, given: dict[str, str]
) -> None:
    edition = make.edition(session)  # open
    before, secretary = told(edition), as_(cast.secretary)
    answer = secretary.post(f"/contests/{edition.slug}/edit/rules", data={**FRAME, **given})
    assert answer.status_code == 409
    assert "is fixed once an edition has opened" in answer.text.replace("\n", " ")
    assert told(the_edition(session, edition.slug)) == before
    page = secretary.get(f"/contests/{edition.slug}/edit/rules").text
    assert 'name="order_rule"' not in page and "What follows stays" in page
    saved(secretary, f"/contests/{edition.slug}/edit/rules", {**FRAME, "shows_marks": "true", "appeal_days": "7"})
    assert told(the_edition(session, edition.slug)) == (*before[:5], True, 7)


def test_before_the_opening_a_published_edition_may_change_them(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    assert secretary.post(f"{here}/publish").status_code == 303
    edition = the_edition(session, "peace-2027")
    assert edition.opens_at > now(), "this test is of the past"
    saved(secretary, f"{here}/edit/rules", RULES)
    assert told(the_edition(session, "peace-2027"))[0] is OrderRule.TRIMMED_MEAN


def test_how_many_go_on_stays_after_the_opening(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    saved(secretary, f"{here}/edit/dates", DATES)
    secretary.post(f"{here}/publish")
    edition = the_edition(session, "peace-2027")
    edition.opens_at = now()
    session.commit()
    opened = {**DATES, "opens_at": "2026-01-10T09:00"}
    assert 'name="finalists" value="12"' in secretary.get(f"{here}/edit/dates").text.replace('type="hidden" ', "")
    refused = secretary.post(f"{here}/edit/dates", data={**opened, "finalists": "11"})
    assert refused.status_code == 409 and "is fixed once an edition has opened" in refused.text.replace("\n", " ")
    saved(secretary, f"{here}/edit/dates", opened)


def test_everybody_is_told_how_the_order_is_made(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    saved(secretary, f"{here}/edit/dates", DATES)
    saved(secretary, f"{here}/edit/rules", RULES)
    secretary.post(f"{here}/publish")
    shown = " ".join(re.sub(r"<[^>]+>", " ", client.get(here).text).split())
    for sentence in (
        "How the order is made", "The highest and the lowest mark are left out", "In the final round: The order that",
        "The judges of the final round read the finalists of all languages.", "at most 40 times in all",
        "Equal scores are told apart by the mean on the criterion that weighs most",
    ):  # fmt: skip
        assert sentence in shown, sentence
