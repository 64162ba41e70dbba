"""Editing a government: what changes, what is kept, what stays out of the history."""

import datetime as dt

from sqlmodel import Session

from portal.history import queries as history
from portal.registry import actions, queries, rules
from portal.registry.models import Government, Membership
from portal.registry.queries import Wanted
from tests.people import Cast


def edit(session: Session, cast: Cast, code: str = "CN-TJ", **changes: object) -> Government:
    government = queries.get_government(session, code)
    wanted = {**rules.values(government), **{key.replace("__", "."): value for key, value in changes.items()}}
    actions.edit_government(session, government, wanted, by=cast.secretary.id)
    session.commit()
    return government


def test_an_edit_sets_what_differs_and_marks_it(session: Session, cast: Cast) -> None:
    government = edit(session, cast, names__en="Tianjin City", status="member", status_since="2026-03-01")
    assert government.names["en"] == "Tianjin City" and government.names["ja"] == "天津市"
    assert (government.status, government.status_since) == (Membership.MEMBER, dt.date(2026, 3, 1))
    assert government.edited == ["names.en", "status", "status_since"]


def test_an_edit_keeps_before_and_after_in_the_history(session: Session, cast: Cast) -> None:
    government = edit(session, cast, status="member", status_since="2026-03-01")
    (entry,) = history.deeds(session, "government", government.id)
    assert (entry.deed, entry.actor_id) == ("edit", cast.secretary.id)
    assert entry.details["changes"] == {"status": ["observer", "member"], "status_since": [None, "2026-03-01"]}


def test_a_contact_is_not_written_into_what_cannot_be_erased(session: Session, cast: Cast) -> None:
    government = edit(session, cast, contact_name="Wang Example", contact_email="wang@example.org")
    (entry,) = history.deeds(session, "government", government.id)
    assert entry.details["contact"] == ["contact_name", "contact_email"]
    assert "wang" not in str(entry.details).casefold()


def test_an_edit_that_changes_nothing_leaves_no_trace(session: Session, cast: Cast) -> None:
    government = edit(session, cast)
    assert history.deeds(session, "government", government.id) == []
    assert government.edited == []


def test_a_renamed_government_is_found_by_its_new_name_and_by_the_old_one_kept_beside(
    session: Session, cast: Cast
) -> None:
    edit(session, cast, "JP-02", names__en="Northernmost Honshu", aliases=["Aomori Prefecture"])
    for text in ("northernmost", "aomori prefecture"):
        assert [each.code for each in queries.governments(session, Wanted(q=text))] == ["JP-02"]


def test_a_date_can_be_taken_back(session: Session, cast: Cast) -> None:
    edit(session, cast, status_since="2020-01-01")
    assert edit(session, cast, status_since=None).status_since is None
