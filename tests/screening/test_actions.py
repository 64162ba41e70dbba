import datetime as dt

import pytest
from sqlmodel import Session, select

from portal.accounts.models import Grant, Role
from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now
from portal.errors import Conflict, NotAllowed, NotFound
from portal.essays import actions, queries
from portal.essays.forms import TextForm
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.essays.rules import Step
from portal.mail.models import Message
from tests import make
from tests.people import Cast

DAY = dt.timedelta(days=1)


def own(session: Session, essay: Essay) -> tuple[Authorship, Viewer]:
    """An author's essay as a request would lock it, and the author."""
    written = make.authorship(session, essay)
    viewer = viewer_of(session, queries.person(session, written.person_id))
    return queries.lock_own(session, viewer, essay.id), viewer


def texts(session: Session) -> list[str]:
    return [message.template for message in session.exec(select(Message))]


def test_screening_is_for_screeners_and_tells_the_author(session: Session, cast: Cast) -> None:
    edition = make.edition(session)
    essay = make.essay(session, edition=edition)
    with pytest.raises(NotAllowed):
        actions.screen_essay(session, essay, Step.ADMIT, by=viewer_of(session, cast.secretary))
    screener = viewer_of(session, make.screener(session, edition))
    actions.screen_essay(session, essay, Step.RETURN, by=screener, reason="Take your name out.")
    assert (essay.status, essay.reason, essay.screened_by) == (
        EssayStatus.RETURNED, "Take your name out.", screener.id,
    )  # fmt: skip
    written, author = own(session, essay)
    actions.submit_essay(session, written, version=essay.version, by=author)
    with pytest.raises(Conflict):
        actions.screen_essay(session, essay, Step.RETURN, by=screener, reason="Again.")
    actions.screen_essay(session, essay, Step.DISQUALIFY, by=screener, reason="Copied from a book.")
    assert texts(session) == [
        "contests/essay_returned", "contests/essay_received", "contests/essay_disqualified",
    ]  # fmt: skip


def test_a_screener_does_not_screen_their_own_essay(session: Session) -> None:
    edition = make.edition(session)
    somebody = make.screener(session, edition)
    essay = make.essay(session, edition=edition, author=somebody)
    with pytest.raises(NotAllowed):
        actions.screen_essay(session, essay, Step.ADMIT, by=viewer_of(session, somebody))


def test_a_returned_essay_can_be_corrected_after_the_deadline_for_a_week(session: Session) -> None:
    edition = make.edition(session, opens_at=now() - 20 * DAY, due_at=now() - 3 * DAY)
    essay = make.essay(session, "returned", edition=edition)
    written, viewer = own(session, essay)
    actions.write_text(session, written, TextForm(version=1, title="T", text=make.ENGLISH), by=viewer)
    essay.returned_at = now() - 8 * DAY
    with pytest.raises(Conflict):
        actions.write_text(session, written, TextForm(version=2, title="T", text=make.ENGLISH), by=viewer)


def test_screening_is_taken_on_once_and_refused_to_judges_present_and_past(session: Session, cast: Cast) -> None:
    edition = make.edition(session)
    actions.take_on_screening(session, edition, by=viewer_of(session, cast.secretary))
    actions.take_on_screening(session, edition, by=viewer_of(session, cast.secretary))
    grants = session.exec(select(Grant).where(Grant.person_id == cast.secretary.id, Grant.role == Role.SCREENER)).all()
    assert len(grants) == 1
    judge = make.secretary(session, "Was a judge")
    make.grant(session, judge, Role.JUDGE, edition_id=edition.id, ends_on=dt.date(2020, 2, 1))
    with pytest.raises(Conflict, match="judge"):
        actions.take_on_screening(session, edition, by=viewer_of(session, judge))


def test_who_judges_an_edition_finds_no_essay_by_code(session: Session) -> None:
    edition = make.edition(session)
    essay = make.essay(session, edition=edition)
    both = make.secretary(session, "Secretary and judge")
    make.grant(session, both, Role.JUDGE, edition_id=edition.id)
    with pytest.raises(NotFound):
        queries.get_essay(session, viewer_of(session, both), edition, essay.code)


def test_drafts_are_nobodys_but_their_authors(session: Session) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "draft", edition=edition)
    for staff in (make.secretary(session), make.screener(session, edition)):
        with pytest.raises(NotFound):
            queries.get_essay(session, viewer_of(session, staff), edition, essay.code)


def test_what_waits(session: Session, cast: Cast) -> None:
    edition = make.edition(session)
    draft = make.essay(session, "draft", edition=edition, author=cast.stranger)
    make.essay(session, edition=edition)
    make.essay(session, edition=edition)
    make.essay(session, "draft", edition=make.edition(session, opens_at=now() - 9 * DAY, due_at=now() - DAY))
    author, screener = viewer_of(session, cast.stranger), viewer_of(session, make.screener(session, edition))
    assert [(each.count, each.href) for each in queries.waiting_for(session, author)] == [(1, f"/essays/{draft.id}")]
    assert [(each.count, each.href) for each in queries.waiting_for(session, screener)] == [
        (2, f"/contests/{edition.slug}/essays?status=submitted")
    ]
    assert queries.waiting_for(session, Viewer()) == []
