import datetime as dt

import pytest
from sqlmodel import Session, select

from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now
from portal.contests.models import EditionStatus
from portal.errors import Conflict
from portal.essays import actions, queries, rules
from portal.essays.forms import AboutForm, TextForm
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.essays.rules import Step
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
