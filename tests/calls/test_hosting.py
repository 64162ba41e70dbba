"""What hosts score candidates by, and the rules of the match and of the offers."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session
from starlette.datastructures import FormData

from portal.calls import actions, queries, rules
from portal.calls.forms.hosting import CriteriaFields, CriteriaForm, OffersForm
from portal.calls.models import Call, CallStatus, HostCriterion
from portal.calls.rules import Weighted
from portal.clock import now
from portal.errors import Conflict
from portal.history import queries as history
from portal.web.forms import Sent, check
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]
CRITERIA = {
    "criterion_1_en": "Motivation", "criterion_1_zh": "动机", "criterion_1_weight": "60",
    "criterion_2_en": "Skills", "criterion_2_weight": "40",
}  # fmt: skip
OFFERS = {"answer_days": "5", "reserve_days": "30"}


def criteria_of(session: Session, call: Call) -> list[tuple[dict[str, str], int]]:
    session.expire_all()
    return [(each.names, each.weight) for each in queries.criteria(session, call.id)]


def form(**changes: str) -> Sent[CriteriaFields]:
    return check(CriteriaForm, FormData({**CRITERIA, **changes}))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"criterion_2_weight": "30"}, "criterion_1_weight", "add up to 90"),
        ({"criterion_2_weight": ""}, "criterion_2_weight", "Enter its weight"),
        ({"criterion_2_en": "", "criterion_2_ru": "Навыки"}, "criterion_2_en", "in English too"),
        ({"criterion_3_weight": "10"}, "criterion_3_en", "in English too"),
    ],
)
def test_what_is_wrong_with_criteria(changes: dict[str, str], field: str, sentence: str) -> None:
    data = form(**changes).data
    assert data is not None
    assert sentence in str(data.amiss()[field])


def test_criteria_are_right_as_a_whole_or_not_there() -> None:
    for right in (form(), check(CriteriaForm, FormData())):
        assert right.data is not None
        assert right.data.amiss() == {}


def test_a_button_moves_a_line() -> None:
    data = form(move="up-2").data
    assert data is not None
    assert [row.weight for row in data.rows()] == [40, 60]
    assert form(move="sideways-1").errors.keys() == {"move"}


def test_weights_stay_once_a_mark_is_given() -> None:
    one, other = (HostCriterion(names={}, weight=weight) for weight in (60, 40))
    same = [Weighted(other.id, {"en": "New"}, 40), Weighted(one.id, {}, 60)]
    heavier = [Weighted(one.id, {}, 50), Weighted(other.id, {}, 50)]
    assert rules.may_weigh([one, other], heavier)
    one.marked_at = now()
    assert rules.may_weigh([one, other], same)
    assert not rules.may_weigh([one, other], heavier)
    assert not rules.may_weigh([one, other], same[:1])
    assert not rules.may_weigh([one, other], [*same, Weighted(None, {}, 1)])


@pytest.mark.parametrize("pair", ["KR-KR", "KR", "KR-US", "KR-JP-CN", "-"])
def test_a_pair_names_two_of_the_six(pair: str) -> None:
    assert (
        "two different countries"
        in check(OffersForm, FormData([*OFFERS.items(), ("blocked_pairs", pair)])).errors["blocked_pairs"]
    )


def test_a_pair_is_kept_one_way_round_and_once() -> None:
    sent = [*OFFERS.items(), *(("blocked_pairs", pair) for pair in ("KP-JP", "JP-KP", "RU-CN"))]
    data = check(OffersForm, FormData(sent)).data
    assert data is not None
    assert data.facts()["blocked_pairs"] == [["CN", "RU"], ["JP", "KP"]]


@pytest.mark.parametrize(("field", "value"), [("answer_days", "2"), ("answer_days", "15"), ("reserve_days", "181")])
def test_days_have_bounds(field: str, value: str) -> None:
    assert field in check(OffersForm, FormData({**OFFERS, field: value})).errors


def test_criteria_are_kept_told_moved_and_removed(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    call = make.call(session)
    secretary, here = as_(cast.secretary), f"/calls/{call.slug}/edit/criteria"
    assert secretary.post(here, data=CRITERIA).headers["location"] == f"/calls/{call.slug}/edit"
    assert criteria_of(session, call) == [({"en": "Motivation", "zh-Hans": "动机"}, 60), ({"en": "Skills"}, 40)]
    [motivation, skills] = queries.criteria(session, call.id)
    assert "2 criteria" in secretary.get(f"/calls/{call.slug}/edit").text
    public = client.get(f"/calls/{call.slug}").text
    assert "Motivation" in public and "60 of 100" not in public
    assert "动机" in client.get(f"/calls/{call.slug}", headers={"accept-language": "zh-Hans"}).text
    assert "Motivation: 60 of 100, Skills: 40 of 100" in as_(cast.host_coordinator).get(f"/calls/{call.slug}").text

    known = {**CRITERIA, "criterion_1_id": str(motivation.id), "criterion_2_id": str(skills.id)}
    assert secretary.post(here, data={**known, "move": "down-1"}).headers["location"] == here
    assert [weight for _names, weight in criteria_of(session, call)] == [40, 60]
    alone = {"criterion_1_id": str(motivation.id), "criterion_1_en": "Motivation", "criterion_1_weight": "100"}
    assert secretary.post(here, data=alone).status_code == 303
    assert criteria_of(session, call) == [({"en": "Motivation"}, 100)]
    assert queries.criteria(session, call.id)[0].id == motivation.id
    assert secretary.post(here, data=alone).status_code == 303
    assert [deed.deed for deed in history.deeds(session, "call", call.id)] == ["criteria edited"] * 3


def test_marked_criteria_keep_their_weights_and_the_page_says_so(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    one = make.criterion(session, call, names={"en": "Motivation"}, marked_at=now())
    secretary, here = as_(cast.secretary), f"/calls/{call.slug}/edit/criteria"
    assert "Hosts have given marks by these criteria" in secretary.get(here).text
    mended = {"criterion_1_id": str(one.id), "criterion_1_en": "<b>Wish</b>", "criterion_1_weight": "100"}
    split = {**mended, "criterion_1_weight": "50", "criterion_2_en": "Skills", "criterion_2_weight": "50"}
    refused = secretary.post(here, data=split)
    assert refused.status_code == 422
    assert "so criteria and weights stay" in refused.text and "&lt;b&gt;Wish" in refused.text
    assert secretary.post(here, data=mended).status_code == 303
    assert criteria_of(session, call) == [({"en": "<b>Wish</b>"}, 100)]


def test_the_action_itself_keeps_the_weights(session: Session, cast: Cast) -> None:
    call = make.call(session)
    make.criterion(session, call)
    actions.mark_criteria(session, call.id)
    with pytest.raises(Conflict):
        actions.set_criteria(session, call, [], by=make.viewer(session, cast.secretary))


def test_wrong_criteria_are_shown_again(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, status=CallStatus.DRAFT)
    answer = as_(cast.secretary).post(
        f"/calls/{call.slug}/edit/criteria", data={**CRITERIA, "criterion_1_weight": "61", "criterion_2_ja": "<技能>"}
    )
    assert answer.status_code == 422
    assert "The weights add up to 101." in answer.text and "&lt;技能&gt;" in answer.text
    assert criteria_of(session, call) == []


def test_offers_and_pairs_are_kept_and_told_to_whom_they_concern(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    call = make.call(session)
    secretary, here = as_(cast.secretary), f"/calls/{call.slug}/edit/offers"
    assert "Between 3 and 14." in secretary.get(here).text
    sent = {**OFFERS, "blocked_pairs": ["KP-JP", "JP-KP"]}
    assert secretary.post(here, data=sent).status_code == 303
    session.expire_all()
    assert (call.answer_days, call.reserve_days, call.blocked_pairs) == (5, 30, [["JP", "KP"]])
    assert 'value="JP-KP" checked' in secretary.get(here).text
    public, officials = client.get(f"/calls/{call.slug}").text, as_(cast.auditor).get(f"/calls/{call.slug}").text
    assert "You have 5 days to answer an offer." in public and "30 days after the results" in public
    assert "Pairs kept apart" not in public and "Japan and DPR Korea" in officials
    wrong = secretary.post(here, data={**OFFERS, "reserve_days": "<200>"})
    assert (wrong.status_code, "&lt;200&gt;" in wrong.text) == (422, True)
    [deed] = history.deeds(session, "call", call.id)
    assert deed.details["after"]["blocked_pairs"] == [["JP", "KP"]]


def test_a_copy_has_the_same_criteria_without_their_marks(session: Session, cast: Cast) -> None:
    earlier = make.call(session, answer_days=4, blocked_pairs=[["JP", "KP"]])
    make.criterion(session, earlier, marked_at=now())
    facts = {name: getattr(earlier, name) for name in ("opens_at", "rankings_due_at")}
    copy = actions.copy_call(session, earlier, "again", by=make.viewer(session, cast.secretary), **facts)
    [criterion] = queries.criteria(session, copy.id)
    assert (criterion.weight, criterion.marked_at) == (100, None)
    assert (copy.answer_days, copy.blocked_pairs) == (4, [["JP", "KP"]])
