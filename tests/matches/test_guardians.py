"""A minor whose guardian has not agreed is left out of the match, and the run says so."""

import datetime as dt
from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.applications.models import Outcome
from portal.clock import today
from portal.matches import inputs, scenes
from portal.matches.models import Result
from portal.matches.verdicts import Code
from tests import make
from tests.matches.stage import Stage, a_call, nominated, ranks
from tests.people import Cast

As = Callable[..., TestClient]
YOUNG = dt.timedelta(days=365 * 16)


def test_they_are_left_out_and_the_run_tells_it(session: Session, cast: Cast, stage: Stage, as_: As) -> None:
    call = a_call(session, age_from=14)
    place = make.opening(session, call, cast.host, capacity=1)
    young, grown = nominated(session, place, born_on=today() - YOUNG), nominated(session, place)
    make.guardians_word(session, young, agrees=True)
    ranks(session, place, young, grown)
    read = scenes.read(session, call, is_continued=False)
    assert not read.facts.held_back
    make.guardians_word(session, young, agrees=False)  # withdrawn after the nomination
    given = inputs.build(scenes.read(session, call, is_continued=False).facts)
    assert list(given.facts.held_back) == [young.number]
    assert list(given.wishes) == [grown.number]
    assert given.rankings[place.slug] == [[grown.number]]
    assert given.about["waiting_for_a_guardian"] == [young.number]
    run = stage.published(call)
    told = as_(cast.secretary).get(f"/calls/{call.slug}/match/{run.number}").text
    assert f"a parent or guardian has not agreed: {young.number}" in told
    assert (young.outcome, grown.outcome) == (Outcome.UNMATCHED, Outcome.MATCHED)
    result = session.exec(select(Result).where(Result.application_id == young.id)).one()
    assert [each["code"] for each in result.verdicts] == [Code.GUARDIAN]
