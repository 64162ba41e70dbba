import datetime as dt
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.judging.models import Judge, JudgeStatus, Round
from portal.panels import rules
from portal.panels.rules import STEPS, Step, Terms
from portal.panels.words import STANDINGS, Standing
from portal.registry.models import Country, Government

EDITION = Edition(id=uuid.uuid4())
ASKED = Terms(["en", "ja"], 10, 40, in_first=True, in_final=False)
DAY = dt.timedelta(days=1)


def judge(**fields: object) -> Judge:
    return Judge(**{"edition_id": EDITION.id, "languages": ["en"], "status": JudgeStatus.INVITED, **fields})


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"expires_at": now() + DAY}, Standing.ASKED),
        ({"expires_at": now() - DAY}, Standing.EXPIRED),
        ({"expires_at": None}, Standing.TAKEN_BACK),
        ({"status": JudgeStatus.ACCEPTED}, Standing.ACCEPTED),
        ({"status": JudgeStatus.DECLINED, "expires_at": now() + DAY}, Standing.DECLINED),
        ({"status": JudgeStatus.LEFT}, Standing.LEFT),
        ({"status": JudgeStatus.ACCEPTED, "excluded_at": now()}, Standing.EXCLUDED),
    ],
)
def test_where_a_judge_stands(fields: dict, standing: Standing) -> None:
    made = judge(**fields)
    assert rules.standing(made, now()) is standing
    assert rules.is_open(made, now()) is (standing is Standing.ASKED)


def test_a_link_is_open_up_to_its_last_moment() -> None:
    at = now()
    made = judge(expires_at=at)
    assert (rules.is_open(made, at - dt.timedelta(microseconds=1)), rules.is_open(made, at)) == (True, False)


def test_every_standing_has_its_words() -> None:
    assert set(STANDINGS) == set(Standing)


@pytest.mark.parametrize("step", Step)
def test_a_secretary_who_does_not_judge_takes_the_steps_that_fit(step: Step) -> None:
    secretary = Held(Role.SECRETARY)
    may = Viewer(uuid.uuid4(), held=frozenset({secretary}))
    judges_too = Viewer(uuid.uuid4(), held=frozenset({secretary, Held(Role.JUDGE, edition_id=EDITION.id)}))
    auditor = Viewer(uuid.uuid4(), held=frozenset({Held(Role.AUDITOR)}))
    for status in JudgeStatus:
        made = judge(status=status, expires_at=now() + DAY)
        fits = step in STEPS.get(rules.standing(made, now()), ())
        assert rules.may(may, EDITION, made, step, now()) is fits
        assert not any(rules.may(viewer, EDITION, made, step, now()) for viewer in (judges_too, auditor, Viewer()))


@pytest.mark.parametrize(
    ("languages", "most", "agreed"),
    [
        (["ja"], 40, ASKED._replace(languages=["ja"])),
        (["ja", "en", "ru"], 99, ASKED),
        (["en", "ja"], 5, ASKED._replace(least=5, most=5)),
        (["en", "ja"], 20, ASKED._replace(most=20)),
    ],
)
def test_less_may_be_agreed_to_than_was_asked_and_never_more(languages: list[str], most: int, agreed: Terms) -> None:
    assert rules.agreed(ASKED, languages, most) == agreed


def test_the_country_of_a_government_counts_before_a_chosen_one() -> None:
    shimane = Government(code="JP-32", country=Country.JP)
    assert rules.country(shimane, Country.MN) is Country.JP
    assert rules.country(None, Country.MN) is Country.MN
    assert rules.country(None, None) is None


def test_the_rounds_in_their_order() -> None:
    assert rules.rounds(ASKED._replace(in_final=True)) == [Round.FIRST, Round.FINAL]
    assert rules.rounds(ASKED._replace(in_first=False, in_final=True)) == [Round.FINAL]
