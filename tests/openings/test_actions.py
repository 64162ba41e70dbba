import datetime as dt

import pytest
from sqlmodel import Session

from portal.accounts.viewer import VISITOR, viewer_of
from portal.calls.models import CallStatus
from portal.clock import now
from portal.errors import Conflict, NotAllowed, NotFound
from portal.history import queries as history
from portal.openings import actions, queries, rules
from portal.openings.models import Benefit, HostKind, Opening, OpeningStatus, Payer, Presence, What
from portal.openings.rules import Step
from tests import make
from tests.people import Cast

FACTS = {
    "title": "Guide", "tasks": "Show visitors round.", "place": "Andong", "starts_on": dt.date(2027, 7, 1),
    "ends_on": dt.date(2027, 9, 30), "languages": {"en": "B2"}, "fields": ["10"],
}  # fmt: skip
MEALS = {"what": What.MEALS, "note": "", "amount": None, "currency": None, "per": "once", "payer": Payer.HOST}


def an_opening(session: Session, cast: Cast, **fields: object) -> Opening:
    return make.opening(session, make.call(session), cast.host, **fields)


def test_an_opening_is_published_and_closed_with_history(session: Session, cast: Cast) -> None:
    opening, host = an_opening(session, cast, status=OpeningStatus.DRAFT), viewer_of(session, cast.host_coordinator)
    for step in (Step.PUBLISH, Step.CLOSE):
        actions.take_step(session, opening, step, by=host)
    session.commit()
    assert opening.status is OpeningStatus.CLOSED
    assert [deed.deed for deed in history.deeds(session, "opening", opening.id)] == ["closed", "published"]


@pytest.mark.parametrize(("status", "step"), [("draft", "close"), ("published", "publish"), ("closed", "publish")])
def test_a_step_at_the_wrong_moment(session: Session, cast: Cast, status: str, step: str) -> None:
    opening = an_opening(session, cast, status=OpeningStatus(status))
    with pytest.raises(Conflict):
        actions.take_step(session, opening, Step(step), by=viewer_of(session, cast.host_coordinator))
    assert opening.status == status


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.CLOSED, CallStatus.ARCHIVED])
def test_a_call_that_is_not_published_takes_no_openings(session: Session, cast: Cast, status: CallStatus) -> None:
    call, by = make.call(session, status=status), viewer_of(session, cast.host_coordinator)
    with pytest.raises(Conflict):
        actions.draft_opening(session, call, make.host(session, cast.host), by=by, capacity=1, **FACTS)
    draft = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    with pytest.raises(Conflict):
        actions.take_step(session, draft, Step.PUBLISH, by=by)


def test_nobody_acts_for_a_government_they_do_not_coordinate(session: Session, cast: Cast) -> None:
    opening = an_opening(session, cast)
    for person in (cast.other_coordinator, cast.secretary, cast.stranger):
        viewer = viewer_of(session, person)
        with pytest.raises(NotAllowed):
            actions.draft_opening(session, opening.call, opening.host, by=viewer, capacity=1, **FACTS)
        with pytest.raises(NotAllowed):
            actions.edit_opening(session, opening, by=viewer, title="Theirs")
        with pytest.raises(NotAllowed):
            actions.change_capacity(session, opening, 9, by=viewer)
        with pytest.raises(NotAllowed):
            actions.keep_benefits(session, opening, [MEALS], by=viewer)
        with pytest.raises(NotAllowed):
            actions.take_step(session, opening, Step.CLOSE, by=viewer)
    assert (opening.capacity, opening.status, opening.benefits) == (2, "published", [])


def test_places_fall_until_somebody_ranks_them(session: Session, cast: Cast) -> None:
    opening, by = an_opening(session, cast, capacity=3), viewer_of(session, cast.host_coordinator)
    actions.change_capacity(session, opening, 2, by=by)
    actions.mark_ranked(session, {opening.id})
    session.refresh(opening, ["first_ranked_at"])
    with pytest.raises(Conflict):
        actions.change_capacity(session, opening, 1, by=by)
    with pytest.raises(Conflict):
        actions.take_step(session, opening, Step.CLOSE, by=by)
    actions.change_capacity(session, opening, 5, by=by)
    session.commit()
    assert (opening.capacity, opening.status) == (5, "published")
    raised, lowered = history.deeds(session, "opening", opening.id)
    assert (lowered.details["before"], lowered.details["after"]) == ({"capacity": 3}, {"capacity": 2})
    assert raised.details["after"] == {"capacity": 5}


def test_the_history_keeps_no_free_text(session: Session, cast: Cast) -> None:
    opening, by = an_opening(session, cast), viewer_of(session, cast.host_coordinator)
    actions.edit_opening(session, opening, by=by, tasks="Ask Kim Cheol-su.", languages={"en": "C1"}, fields=["04"])
    session.commit()
    [deed] = history.deeds(session, "opening", opening.id)
    before, after = {"languages": {"en": "B2"}, "fields": []}, {"languages": {"en": "C1"}, "fields": ["04"]}
    assert deed.details == {"changed": ["fields", "languages", "tasks"], "before": before, "after": after}


def test_another_host_is_told_by_its_id(session: Session, cast: Cast) -> None:
    opening, other = an_opening(session, cast), make.host(session, cast.host, name="Museum")
    by, former = viewer_of(session, cast.host_coordinator), str(opening.host_id)
    actions.edit_opening(session, opening, by=by, host=other)
    session.commit()
    [deed] = history.deeds(session, "opening", opening.id)
    assert deed.details["before"] == {"host_id": former} and deed.details["after"] == {"host_id": str(other.id)}
    assert "museum" in opening.search_text


def test_the_rows_of_an_opening_are_replaced(session: Session, cast: Cast) -> None:
    opening, by = an_opening(session, cast, studies=["01", "02"]), viewer_of(session, cast.host_coordinator)
    actions.edit_opening(session, opening, by=by, languages={"en": "A1", "ru": "C2"}, fields=["02", "03"])
    actions.keep_benefits(session, opening, [MEALS, {**MEALS, "what": What.VISA}], by=by)
    session.commit()
    actions.keep_benefits(session, opening, [{**MEALS, "what": What.HOUSING}], by=by)
    session.commit()
    session.expire_all()
    again = queries.get_visible(session, by, opening.id)
    assert {each.language: each.level for each in again.languages} == {"en": "A1", "ru": "C2"}
    assert [each.field for each in again.fields] == ["02", "03"]
    assert [each.what for each in again.benefits] == ["housing"]
    deeds = [deed.deed for deed in history.deeds(session, "opening", opening.id)]
    assert deeds == ["benefits changed", "benefits changed", "edited"]


def test_an_address_follows_the_title_until_it_is_published(session: Session, cast: Cast) -> None:
    host, by = make.host(session, cast.host, name="Museum"), viewer_of(session, cast.host_coordinator)
    opening = actions.draft_opening(session, make.call(session), host, by=by, capacity=1, **FACTS)
    assert opening.slug.startswith("gyeongsangbuk-do-museum-guide-")
    actions.edit_opening(session, opening, by=by, title="Archive")
    assert opening.slug.startswith("gyeongsangbuk-do-museum-archive-")
    session.flush()
    actions.take_step(session, opening, Step.PUBLISH, by=by)
    address = opening.slug
    actions.edit_opening(session, opening, by=by, title="Garden")
    assert (opening.slug, "garden" in opening.search_text) == (address, True)


def test_a_host_that_is_renamed_is_found_by_its_new_name(session: Session, cast: Cast) -> None:
    published, by = an_opening(session, cast), viewer_of(session, cast.host_coordinator)
    facts = {name: getattr(published.host, name) for name in ("kind", "address", "website")}
    actions.edit_host(session, published.host, by=by, **{**facts, "name": "Museum"})
    session.commit()
    assert queries.on_offer(session, VISITOR, q="museum")[0] == [published]
    assert queries.on_offer(session, VISITOR, q="tourism")[0] == []
    [deed] = history.deeds(session, "host", published.host_id)
    assert deed.details == {"changed": ["name"], "before": {}, "after": {}}


def test_only_the_secretariat_describes_itself(session: Session, cast: Cast) -> None:
    by, secretary = viewer_of(session, cast.host_coordinator), viewer_of(session, cast.secretary)
    facts = {"name": "NEAR secretariat", "kind": HostKind.SECRETARIAT}
    with pytest.raises(NotAllowed):
        actions.add_host(session, cast.host, by=by, **facts)
    host = actions.add_host(session, cast.host, by=secretary, **facts)
    for viewer in (by, viewer_of(session, cast.stranger)):
        with pytest.raises(NotAllowed):
            actions.edit_host(session, host, by=viewer, **facts)
    with pytest.raises(NotAllowed):
        actions.edit_host(session, make.host(session, cast.host), by=by, **facts)


def test_a_copy_holds_everything_but_the_year(session: Session, cast: Cast) -> None:
    by, benefit = viewer_of(session, cast.host_coordinator), Benefit(position=1, what=What.MEALS, payer=Payer.HOST)
    last_year = {"starts_on": dt.date(2025, 9, 1), "ends_on": dt.date(2025, 10, 31), "status": OpeningStatus.CLOSED}
    former = an_opening(session, cast, studies=["04"], benefits=[benefit], capacity=7, **last_year)
    call = make.call(session)
    made = actions.copy_opening(session, former, call, by=by)
    session.commit()
    kept = {name: value for name, value in rules.stands(former).items() if not name.endswith("_on")}
    assert kept.items() <= rules.stands(made).items()
    assert [rules.offered(each) for each in made.benefits] == [rules.offered(benefit)]
    assert (made.call, made.capacity, made.status, made.copied_from) == (call, 7, "draft", former.id)
    assert made.starts_on > call.applications_due_at.date() and made.starts_on.weekday() == 0
    assert made.slug != former.slug and made.first_ranked_at is None
    for person in (cast.other_coordinator, cast.secretary):
        with pytest.raises(NotAllowed):
            actions.copy_opening(session, former, call, by=viewer_of(session, person))


def test_who_sees_a_draft(session: Session, cast: Cast) -> None:
    draft = an_opening(session, cast, status=OpeningStatus.DRAFT)
    for person in (cast.host_coordinator, cast.secretary, cast.auditor):
        viewer = viewer_of(session, person)
        assert queries.get_visible(session, viewer, draft.id) is draft
        assert queries.get_by_slug(session, viewer, draft.slug) is draft
    outsiders = [viewer_of(session, person) for person in (cast.other_coordinator, cast.stranger)]
    for viewer in (VISITOR, *outsiders):
        for get in (queries.get_visible, queries.lock_visible):
            with pytest.raises(NotFound):
                get(session, viewer, draft.id)
        with pytest.raises(NotFound):
            queries.get_by_slug(session, viewer, draft.slug)


def test_what_is_on_offer(session: Session, cast: Cast) -> None:
    call = make.call(session)
    offered = make.opening(session, call, cast.host)
    for status in (OpeningStatus.DRAFT, OpeningStatus.CLOSED):
        make.opening(session, call, cast.host, status=status)
    make.opening(session, make.call(session, status=CallStatus.CLOSED), cast.host)
    assert queries.on_offer(session, viewer_of(session, cast.host_coordinator)) == ([offered], None)
    assert queries.published_in(session, call.id) == [offered]
    assert queries.locked(session, offered.id).government is cast.host


def test_which_calls_take_openings(session: Session) -> None:
    taking = make.call(session)
    for status in (CallStatus.DRAFT, CallStatus.CLOSED, CallStatus.ARCHIVED):
        make.call(session, status=status)
    over = now() - dt.timedelta(minutes=1)
    make.call(session, openings_due_at=over, applications_due_at=over)
    assert queries.calls_that_take_openings(session, now()) == [taking]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"country": "KR"}, "host"),
        ({"country": "JP"}, "elsewhere"),
        ({"government": "JP-32"}, "elsewhere"),
        ({"language": "ko"}, "host"),
        ({"language": "en"}, "elsewhere"),
        ({"call": "first"}, "host"),
        ({"call": "second", "country": "JP", "language": "ru"}, "elsewhere"),
        ({"call": "first", "country": "JP"}, None),
        ({"call": "nowhere"}, None),
        ({"field": "10", "country": "KR"}, "host"),
        ({"field": "04", "country": "KR"}, None),
        ({"field": "04"}, "elsewhere"),  # it names no field, so it takes all
        ({"presence": Presence.ON_SITE}, "host"),
        ({"presence": Presence.REMOTE, "country": "JP"}, "elsewhere"),
        ({"presence": Presence.REMOTE, "country": "KR"}, None),
        ({"starts_from": dt.date(2027, 8, 1)}, "elsewhere"),
        ({"ends_by": dt.date(2027, 9, 30)}, "host"),
        ({"starts_from": dt.date(2027, 8, 1), "ends_by": dt.date(2027, 9, 30)}, None),
        ({"q": "LAKES"}, "elsewhere"),
        ({"q": "tourism andong"}, "host"),
        ({"q": "coasts lakes"}, None),
        ({"q": "松江"}, "elsewhere"),
        ({"q": "広島"}, "host"),  # written 廣島 there
        ({"q": "100%"}, None),
        ({"q": "%"}, None),
    ],
)
def test_the_list_is_narrowed(session: Session, cast: Cast, wanted: dict[str, object], expected: str | None) -> None:
    first, second = make.call(session, slug="first"), make.call(session, slug="second")
    museum = make.host(session, cast.elsewhere, name="Museum")
    here = {
        "title": "By the sea",
        "tasks": "Compare the coasts of 廣島.",
        "languages": [("ko", "B2")],
        "studies": ["10", "02"],
    }
    later = {"starts_on": dt.date(2027, 8, 2), "ends_on": dt.date(2027, 10, 29), "presence": Presence.REMOTE}
    there = {
        "title": "Lakes and gardens",
        "place": "松江市",
        "tasks": "Count the birds.",
        "languages": [("en", "A1"), ("ru", "B1")],
    }
    made = {
        "host": make.opening(session, first, cast.host, **here),
        "elsewhere": make.opening(session, second, cast.elsewhere, host=museum, **there, **later),
    }
    found, _next = queries.on_offer(session, VISITOR, **wanted)
    assert found == ([made[expected]] if expected else [])


def test_pages_follow_each_other_without_gap_or_repetition(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [an_opening(session, cast) for _ in range(5)]
    seen, after = queries.on_offer(session, VISITOR)
    while after:
        more, after = queries.on_offer(session, VISITOR, after=after)
        seen += more
    assert len(seen) == 5
    assert {opening.id for opening in seen} == {opening.id for opening in made}


def test_hosts_follow_each_other_by_name(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [make.host(session, cast.host, name=f"Office {number}") for number in range(5)]
    make.host(session, cast.elsewhere, name="Office 9")
    viewer = viewer_of(session, cast.host_coordinator)
    seen, after = queries.hosts(session, viewer)
    while after:
        more, after = queries.hosts(session, viewer, after)
        seen += more
    assert seen == made
