"""The page on which openings are chosen and put in order."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.viewer import viewer_of
from portal.applications import queries
from portal.applications.models import Application, Choice, Status
from portal.calls.models import Call
from portal.clock import now
from portal.openings.models import Opening, OpeningStatus
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]


def _with(session: Session, cast: Cast, chosen: int = 3, state: Status = Status.DRAFT, **fields: object) -> Application:
    """The applicant's, with so many openings of the host chosen, called Opening one, Opening two and so on."""
    call = make.call(session, **fields)
    names = ("one", "two", "three", "four", "five")[:chosen]
    choices = [make.opening(session, call, cast.host, title=f"Opening {name}") for name in names]
    made = make.application(session, state, applicant=cast.applicant, home=cast.home, call=call, choices=choices)
    session.commit()
    return made


def _call_of(session: Session, application: Application) -> Call:
    return session.get_one(Call, application.call_id)


def _ranked(session: Session, application: Application) -> list[uuid.UUID]:
    session.expire_all()
    query = select(Choice.opening_id).where(Choice.application_id == application.id).order_by(Choice.rank)
    return list(session.exec(query))


def _sent(
    seen: Sequence[uuid.UUID], order: Sequence[uuid.UUID] | None = None, **button: uuid.UUID
) -> dict[str, object]:
    ids = {"seen": [str(each) for each in seen], "order": [str(each) for each in (order or seen)]}
    return {**ids, **{name: str(value) for name, value in button.items()}}


def test_buttons_move_and_remove_and_say_so(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast)
    one, two, three = _ranked(session, made)
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    answer = client.post(path, data=_sent([one, two, three], up=three))
    assert answer.headers["location"] == f"{path}#row-{three}"
    assert "“Opening three” is now number 2 of 3." in client.get(path).text
    assert _ranked(session, made) == [one, three, two]
    client.post(path, data=_sent([one, three, two], down=one))
    assert _ranked(session, made) == [three, one, two]
    client.post(path, data=_sent([three, one, two], remove=three))
    assert "“Opening three” is no longer on your list." in client.get(path).text
    assert _ranked(session, made) == [one, two]


def test_a_whole_order_is_saved_as_dragging_sends_it(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast)
    one, two, three = _ranked(session, made)
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    assert client.post(path, data=_sent([one, two, three], [three, one, two])).status_code == 303
    assert _ranked(session, made) == [three, one, two]


def test_a_list_that_was_changed_elsewhere_is_shown_instead_of_overwritten(
    session: Session, cast: Cast, as_: As
) -> None:
    made = _with(session, cast)
    one, two, three = _ranked(session, made)
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    assert client.post(path, data=_sent([one, two, three], remove=two)).status_code == 303
    stale = client.post(path, data=_sent([one, two, three], [three, two, one]))
    assert stale.status_code == 409
    assert "The list was changed somewhere else" in stale.text
    assert "Opening three" in stale.text
    assert _ranked(session, made) == [one, three]


def test_a_double_click_moves_once(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast)
    one, two, three = _ranked(session, made)
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    for _ in range(2):
        assert client.post(path, data=_sent([one, two, three], up=three)).status_code == 303
    assert _ranked(session, made) == [one, three, two]


@pytest.mark.parametrize("value", ["x", "<script>alert(1)</script>", "0" * 40])
def test_what_cannot_be_read_changes_nothing(session: Session, cast: Cast, as_: As, value: str) -> None:
    made = _with(session, cast)
    before = _ranked(session, made)
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    answer = client.post(path, data={"seen": [value], "order": [value]})
    assert answer.status_code == 422
    assert "could not be read" in answer.text
    assert "alert(1)" not in answer.text
    assert client.post(f"{path}/add", data={"opening_id": value}).status_code == 422
    assert _ranked(session, made) == before


def test_openings_are_added_until_the_list_is_full(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast, 1)
    others = [make.opening(session, _call_of(session, made), cast.host) for _ in range(3)]
    session.commit()
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    for opening in others[:2]:
        answer = client.post(f"{path}/add", data={"opening_id": str(opening.id)})
        assert answer.headers["location"] == f"{path}#row-{opening.id}"
    assert client.post(f"{path}/add", data={"opening_id": str(others[0].id)}).status_code == 303, "a second press"
    page = client.get(path).text
    assert "Your list is full" in page
    assert 'name="opening_id"' not in page
    full = client.post(f"{path}/add", data={"opening_id": str(others[2].id)})
    assert full.status_code == 409
    assert "Your list is full" in full.text
    assert len(_ranked(session, made)) == 3
    assert all(session.get_one(Opening, each.id).first_ranked_at for each in others[:2])
    assert session.get_one(Opening, others[2].id).first_ranked_at is None


def test_only_openings_on_offer_elsewhere_can_be_added(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast, 0)
    call = _call_of(session, made)
    wrong = [
        make.opening(session, call, cast.home, title="Own"),
        make.opening(session, call, cast.host, title="Over", status=OpeningStatus.CLOSED),
        make.opening(session, call, cast.host, title="Hidden", status=OpeningStatus.DRAFT),
        make.opening(session, make.call(session), cast.host, title="Elsewhere"),
    ]
    session.commit()
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    page = client.get(path).text
    for opening in wrong:
        assert opening.title not in page.partition("Openings you can choose")[2], opening.title
        answer = client.post(f"{path}/add", data={"opening_id": str(opening.id)})
        assert answer.status_code == 409, opening.title
        assert "cannot be chosen" in answer.text
    assert _ranked(session, made) == []


def test_own_openings_are_offered_where_the_call_allows_it(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast, 0, own_government_is_host=True)
    own = make.opening(session, _call_of(session, made), cast.home)
    session.commit()
    path = f"/applications/{made.id}/openings"
    assert as_(cast.applicant).post(f"{path}/add", data={"opening_id": str(own.id)}).status_code == 303
    assert _ranked(session, made) == [own.id]


def test_a_chosen_opening_that_closed_is_marked(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast, 2)
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    assert "can no longer be chosen" not in client.get(path).text
    session.get_one(Opening, _ranked(session, made)[0]).status = OpeningStatus.CLOSED
    session.commit()
    assert client.get(path).text.count("can no longer be chosen") == 1


def test_what_is_offered_is_searched_and_filtered(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast, 0)
    call = _call_of(session, made)
    make.opening(session, call, cast.host, title="Guide", search_text="guide")
    make.opening(session, call, cast.elsewhere, title="Lakes", search_text="lakes")
    session.commit()
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    for query, shown, hidden in (
        ("q=GUIDE", "Guide", "Lakes"),
        (f"government={cast.elsewhere.code}", "Lakes", "Guide"),
        ("q=%25", "No opening fits", "Guide"),
    ):
        page = client.get(f"{path}?{query}").text
        assert shown in page, query
        assert f">{hidden}</a>" not in page, query
    kept = client.get(f"{path}?q=guide").text
    assert f'action="{path}/add?q=guide"' in kept
    assert client.get(f"{path}?after=nonsense").status_code == 404


def test_the_list_is_paged_by_a_key(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = _with(session, cast, 1)
    some = [make.opening(session, _call_of(session, made), cast.host) for _ in range(5)]
    application = queries.get_visible(session, viewer_of(session, cast.applicant), made.id)
    seen, after, pages = [], None, 0
    while True:
        found = queries.choosable(session, application, after=after)
        seen += [opening.id for opening in found.rows]
        after, pages = found.after, pages + 1
        if after is None:
            break
    assert (sorted(seen), pages) == (sorted(each.id for each in some), 3)


def test_one_opening_needs_as_many_queries_as_thirty(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    made = _with(session, cast, 0)
    client, path, counts = as_(cast.applicant), f"/applications/{made.id}/openings", []
    for more in (1, 29):
        for _ in range(more):
            make.opening(session, _call_of(session, made), cast.host)
        session.commit()
        session.expire_all()
        with counting.queries(database) as found:
            page = client.get(path).text
        counts.append((page.count('name="opening_id"'), len(found)))
    assert [shown for shown, _queries in counts] == [1, 30]
    assert counts[0][1] == counts[1][1]


def test_one_choice_needs_as_many_queries_as_three(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    counts = []
    for chosen in (1, 3):
        made = _with(session, cast, chosen)
        client = as_(cast.applicant)
        with counting.queries(database) as found:
            assert client.get(f"/applications/{made.id}/openings").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("state", [Status.SUBMITTED, Status.NOMINATED, Status.WITHDRAWN])
def test_what_is_sent_keeps_its_order(session: Session, cast: Cast, as_: As, state: Status) -> None:
    made = _with(session, cast, 3, state)
    before = _ranked(session, made)
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    assert client.post(path, data=_sent(before, up=before[2])).status_code == 409
    assert client.post(f"{path}/add", data={"opening_id": str(before[0])}).status_code == 409
    assert _ranked(session, made) == before


def test_titles_are_escaped_in_list_and_message(session: Session, cast: Cast, as_: As) -> None:
    made = _with(session, cast, 1)
    evil = make.opening(session, _call_of(session, made), cast.host, title="<img src=x onerror=1>")
    session.commit()
    client, path = as_(cast.applicant), f"/applications/{made.id}/openings"
    assert client.post(f"{path}/add", data={"opening_id": str(evil.id)}).status_code == 303
    page = client.get(path).text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_late_draft_still_keeps_its_wishes(session: Session, cast: Cast, as_: As) -> None:
    past = {"opens_at": now() - dt.timedelta(days=9), "applications_due_at": now() - dt.timedelta(hours=1)}
    made = _with(session, cast, 2, **past)
    one, two = _ranked(session, made)
    path = f"/applications/{made.id}/openings"
    assert as_(cast.applicant).post(path, data=_sent([one, two], up=two)).status_code == 303
    assert _ranked(session, made) == [two, one]
