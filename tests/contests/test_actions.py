import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session, select

from portal.accounts.models import Grant, Role
from portal.accounts.viewer import viewer_of
from portal.contests import actions, queries
from portal.contests.models import AiRule, Edition, EditionStatus
from portal.contests.rules import EditionStep, Move
from portal.contests.words import Part
from portal.errors import Conflict, NotAllowed
from portal.history.models import Entry
from tests import make
from tests.people import Cast

DAY = dt.timedelta(days=1)


@pytest.fixture
def by(session: Session, cast: Cast) -> Any:
    return viewer_of(session, cast.secretary)


def newest(session: Session, edition: Edition) -> Entry:
    session.commit()
    found = select(Entry).where(Entry.subject_id == edition.id).order_by(Entry.number.desc())
    return session.exec(found.limit(1)).one()


def test_only_the_secretariat_makes_and_changes_editions(session: Session, cast: Cast) -> None:
    edition = make.edition(session)
    for person in (cast.home_coordinator, cast.auditor, cast.stranger):
        by = viewer_of(session, person)
        for act in (
            lambda by=by: actions.draft_edition(session, "mine", by=by),
            lambda by=by: actions.copy_edition(session, edition, "mine", by=by),
            lambda by=by: actions.edit_edition(session, edition, by=by, titles={"en": "Mine"}),
            lambda by=by: actions.add_part(session, edition, Part.THEMES, by=by, names={"en": "Mine"}),
            lambda by=by: actions.take_edition_step(session, edition, EditionStep.CLOSE, by=by),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_the_history_keeps_dates_before_and_after_but_no_words(session: Session, by: Any) -> None:
    edition = make.edition(session)
    was, later = edition.due_at, edition.due_at + DAY
    actions.edit_edition(session, edition, by=by, due_at=later, titles={"en": "A new title"})
    entry = newest(session, edition)
    assert entry.details["changed"] == ["due_at", "titles"]
    assert entry.details["before"] == {"due_at": was.isoformat()}
    assert entry.details["after"] == {"due_at": later.isoformat()}


def test_judges_read_on_when_their_date_moves(session: Session, by: Any, cast: Cast) -> None:
    edition = make.edition(session)
    judge = make.judge(session, edition, cast.home)
    actions.edit_edition(session, edition, by=by, judging_due_at=edition.judging_due_at + 100 * DAY)
    grant = session.exec(select(Grant).where(Grant.person_id == judge.person_id, Grant.role == Role.JUDGE)).one()
    assert grant.ends_on == (edition.judging_due_at + 14 * DAY).date()


@pytest.mark.parametrize("status", [EditionStatus.PUBLISHED, EditionStatus.CLOSED])
def test_the_frame_is_fixed_after_publication(session: Session, by: Any, status: EditionStatus) -> None:
    edition = make.edition(session, status=status)
    theme, criterion = edition.themes[0], edition.criteria[0]
    for act in (
        lambda: actions.edit_edition(session, edition, by=by, ai_rule=AiRule.BARRED),
        lambda: actions.edit_edition(session, edition, by=by, reference_on=edition.reference_on + DAY),
        lambda: actions.set_limits(session, edition, {"en": 800}, by=by),
        lambda: actions.set_weights(session, edition, {each.id: each.weight for each in edition.criteria}, by=by),
        lambda: actions.add_part(session, edition, Part.AWARDS, by=by, names={"en": "Prize"}, places=1),
        lambda: actions.edit_part(session, edition, Part.CRITERIA, criterion, by=by, weight=26),
        lambda: actions.move_part(session, edition, Part.THEMES, theme, Move.DOWN, by=by),
        lambda: actions.remove_part(session, edition, Part.THEMES, theme, by=by),
    ):
        with pytest.raises(Conflict):
            act()


def test_a_published_address_stays(session: Session, by: Any) -> None:
    edition = make.edition(session)
    slug = edition.slug
    actions.edit_edition(session, edition, by=by, slug="elsewhere", titles={"en": "Renamed"})
    assert (edition.slug, edition.titles) == (slug, {"en": "Renamed"})


def test_an_edition_that_lacks_something_is_not_published(session: Session, by: Any) -> None:
    edition = make.edition(session, status=EditionStatus.DRAFT)
    actions.edit_part(session, edition, Part.CRITERIA, edition.criteria[0], by=by, weight=26)
    with pytest.raises(Conflict, match="add up to 100"):
        actions.take_edition_step(session, edition, EditionStep.PUBLISH, by=by)
    actions.edit_part(session, edition, Part.CRITERIA, edition.criteria[0], by=by, weight=25)
    actions.take_edition_step(session, edition, EditionStep.PUBLISH, by=by)
    assert edition.status is EditionStatus.PUBLISHED


def test_removing_closes_the_gap_and_moving_keeps_positions_whole(session: Session, by: Any) -> None:
    edition = make.edition(session, status=EditionStatus.DRAFT)
    names = [criterion.names["en"] for criterion in edition.criteria]
    actions.remove_part(session, edition, Part.CRITERIA, edition.criteria[0], by=by)
    actions.move_part(session, edition, Part.CRITERIA, edition.criteria[-1], Move.UP, by=by)
    session.expire_all()
    found = queries.get_visible(session, by, edition.slug).criteria
    assert [each.names["en"] for each in found] == [*names[1:3], names[4], names[3]]
    assert [each.position for each in found] == [1, 2, 3, 4]


def test_languages_come_and_go_while_it_is_a_draft(session: Session, by: Any) -> None:
    edition = make.edition(session, status=EditionStatus.DRAFT)
    actions.set_limits(session, edition, {"en": 500, "mn": 400}, by=by)
    actions.set_limits(session, edition, {"en": 500, "ja": 900}, by=by)
    session.flush()
    session.expire_all()
    limits = queries.get_visible(session, by, edition.slug).limits
    assert {limit.language: limit.most for limit in limits} == {"en": 500, "ja": 900}
    assert newest(session, edition).details["before"] == {"en": 500, "mn": 400}
