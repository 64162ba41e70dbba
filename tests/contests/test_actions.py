import datetime as dt

import pytest
from sqlmodel import Session, select

from portal.accounts.models import Grant, Role
from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now
from portal.contests import actions, queries, rules
from portal.contests.forms import AboutForm, TextForm
from portal.contests.models import Authorship, EditionStatus, Essay, EssayStatus
from portal.contests.rules import Step
from portal.errors import Conflict, NotAllowed, NotFound
from portal.history import queries as history
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


def test_a_person_writes_one_essay_an_edition(session: Session, cast: Cast) -> None:
    edition, viewer = make.edition(session), viewer_of(session, cast.stranger)
    first = actions.start_essay(session, edition, by=viewer)
    assert actions.start_essay(session, edition, by=viewer).essay_id == first.essay_id
    assert actions.start_essay(session, make.edition(session), by=viewer).essay_id != first.essay_id


@pytest.mark.parametrize(
    "fields",
    [
        {"due_at": now() - DAY},
        {"opens_at": now() + DAY, "due_at": now() + 2 * DAY},
        {"status": EditionStatus.CLOSED},
    ],
)
def test_nothing_is_begun_outside_the_dates(session: Session, cast: Cast, fields: dict) -> None:
    with pytest.raises(Conflict):
        actions.start_essay(session, make.edition(session, **fields), by=viewer_of(session, cast.stranger))


def test_a_judge_of_the_edition_does_not_write_for_it(session: Session) -> None:
    edition = make.edition(session)
    judge = make.judge(session, edition)
    with pytest.raises(Conflict, match="judge"):
        actions.start_essay(session, edition, by=viewer_of(session, judge.person))


def test_submission_keeps_instant_digest_number_and_category_and_sends_the_receipt(session: Session) -> None:
    essay = make.essay(session, "draft")
    essay.category_id = None
    written, viewer = own(session, essay)
    written.number = None
    before = now()
    actions.submit_essay(session, written, version=essay.version, by=viewer)
    session.commit()
    assert essay.status is EssayStatus.SUBMITTED
    assert essay.submitted_at is not None and before <= essay.submitted_at <= now()
    assert essay.submitted_digest == rules.digest(essay.title, essay.text)
    assert written.number is not None and written.number.startswith("E-")
    assert essay.category_id == written.essay.edition.categories[1].id
    assert texts(session) == ["contests/essay_received"]


def test_the_history_of_an_essay_never_names_its_author(session: Session) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "draft", edition=edition)
    written, viewer = own(session, essay)
    actions.submit_essay(session, written, version=essay.version, by=viewer)
    screener = viewer_of(session, make.screener(session, edition))
    actions.screen_essay(session, essay, Step.ADMIT, by=screener)
    written, viewer = own(session, essay)
    actions.withdraw_essay(session, written, by=viewer)
    session.commit()
    entries = history.deeds(session, "essay", essay.id)
    assert [(entry.deed, entry.actor_id) for entry in entries] == [("admit", screener.id)]
    assert [entry.deed for entry in history.deeds(session, "authorship", written.id)] == ["withdraw", "submit"]


def test_an_incomplete_essay_is_not_sent(session: Session) -> None:
    written, viewer = own(session, make.essay(session, "draft", text="too short"))
    with pytest.raises(Conflict, match="shorter than half"):
        actions.submit_essay(session, written, version=1, by=viewer)
    assert written.essay.status is EssayStatus.DRAFT


def test_what_another_window_changed_is_not_written_over(session: Session) -> None:
    written, viewer = own(session, make.essay(session, "draft", text="the first"))
    actions.write_text(session, written, TextForm(version=1, text="the second"), by=viewer)
    for write, form in (
        (actions.write_text, TextForm(version=1, text="x")),
        (actions.write_about, AboutForm(version=1)),
    ):
        with pytest.raises(Conflict, match="another window"):
            write(session, written, form, by=viewer)
    with pytest.raises(Conflict, match="another window"):
        actions.submit_essay(session, written, version=1, by=viewer)
    assert written.essay.text == "the second"


def test_consents_are_kept_each_with_the_instant(session: Session) -> None:
    written, viewer = own(session, make.essay(session, "draft"))
    actions.write_about(session, written, AboutForm(version=1, consents=["original"]), by=viewer)
    assert (written.consents, written.consented_at is None) == (["original"], False)
    actions.write_about(session, written, AboutForm(version=2), by=viewer)
    assert (written.consents, written.consented_at) == ([], None)


def test_the_category_follows_the_date_of_birth(session: Session) -> None:
    written, viewer = own(session, make.essay(session, "draft"))
    categories = written.essay.edition.categories
    actions.write_about(session, written, AboutForm(version=1, born_on=dt.date(2014, 1, 1)), by=viewer)
    assert written.essay.category_id == categories[0].id
    actions.write_about(session, written, AboutForm(version=2, born_on=dt.date(1980, 1, 1)), by=viewer)
    assert written.essay.category_id is None


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
