import datetime as dt
import uuid

import pytest
from sqlmodel import Session, select

from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now
from portal.contests import queries as contests
from portal.contests.models import AiRule, Edition, EditionStatus
from portal.errors import Conflict
from portal.essays import actions, queries, rules
from portal.essays.forms import AboutForm, ChoiceForm, DraftForm, Keep, StatementsForm, TextForm
from portal.essays.models import Authorship, Essay, EssayStatus, SetAside, Source
from portal.history import queries as history
from portal.mail.models import Message
from portal.screening import actions as screening
from portal.screening.models import Reason
from tests import make
from tests.people import Cast

DAY = dt.timedelta(days=1)


def own(session: Session, essay: Essay) -> tuple[Authorship, Viewer]:
    """An author's essay as a request would lock it, and the author, with the guardian's consent."""
    person = contests.person(session, make.authorship(session, essay).person_id)
    make.consent(session, person, session.get_one(Edition, essay.edition_id))
    viewer = viewer_of(session, person)
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
    assert texts(session) == ["essays/received"]


def test_the_history_of_an_essay_never_names_its_author(session: Session) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "draft", edition=edition)
    written, viewer = own(session, essay)
    actions.submit_essay(session, written, version=essay.version, by=viewer)
    screener = viewer_of(session, make.screener(session, edition))
    make.ticked(session, essay, contests.person(session, screener.id))
    screening.admit(session, essay, by=screener)
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
    with pytest.raises(actions.Overtaken):
        actions.write_text(session, written, TextForm(version=1, text="x"), by=viewer)
    with pytest.raises(actions.Overtaken):
        actions.keep_draft(session, written, DraftForm(version=1, text="x", sitting=uuid.uuid4()), by=viewer)
    for write, form in (
        (actions.write_about, AboutForm(version=1)),
        (actions.write_statements, StatementsForm(version=1)),
    ):
        with pytest.raises(Conflict, match="another window"):
            write(session, written, form, by=viewer)
    with pytest.raises(Conflict, match="another window"):
        actions.submit_essay(session, written, version=1, by=viewer)
    assert written.essay.text == "the second"


def test_other_pages_of_the_essay_do_not_stand_in_each_others_way(session: Session) -> None:
    written, viewer = own(session, make.essay(session, "draft"))
    text, person = rules.mark_of(written.essay), rules.mark_of_author(written)
    actions.write_about(session, written, AboutForm(version=1, school="Another"), by=viewer)
    actions.write_text(session, written, TextForm(version=1, began=text, text="written"), by=viewer)
    assert (written.essay.text, written.school) == ("written", "Another")
    with pytest.raises(Conflict, match="another window"):
        actions.write_about(session, written, AboutForm(version=1, began=person), by=viewer)


def test_a_sitting_is_one_line_of_the_history(session: Session) -> None:
    written, viewer = own(session, make.essay(session, "draft"))
    sitting = uuid.uuid4()
    for number, text in enumerate(("one", "one two", "one two", "one two three")):
        version = min(number + 1, written.essay.version)
        actions.keep_draft(session, written, DraftForm(version=version, text=text, sitting=sitting), by=viewer)
    actions.keep_draft(session, written, DraftForm(version=4, text="more", sitting=uuid.uuid4()), by=viewer)
    session.commit()
    assert written.essay.version == 5
    assert [entry.deed for entry in history.deeds(session, "authorship", written.id)] == ["began writing"] * 2


def test_a_window_whose_answer_was_lost_goes_on(session: Session) -> None:
    written, viewer = own(session, make.essay(session, "draft"))
    here, there = uuid.uuid4(), uuid.uuid4()
    actions.keep_draft(session, written, DraftForm(version=1, text="one", sitting=here), by=viewer)
    actions.keep_draft(session, written, DraftForm(version=1, text="one two", sitting=here), by=viewer)
    assert written.essay.text == "one two"
    with pytest.raises(actions.Overtaken):
        actions.keep_draft(session, written, DraftForm(version=1, text="other", sitting=there), by=viewer)


@pytest.mark.parametrize(
    ("keep", "kept", "aside"), [(Keep.MINE, "mine", "theirs"), (Keep.OTHER, "theirs", "mine")], ids=["mine", "other"]
)
def test_the_text_that_was_not_chosen_is_set_aside_until_the_essay_is_sent(
    session: Session, keep: Keep, kept: str, aside: str
) -> None:
    essay = make.essay(session, "draft", text=f"theirs {make.ENGLISH}", version=2)
    written, viewer = own(session, essay)
    mine = {"text": f"mine {make.ENGLISH}", "title": "T", "theme_id": essay.theme_id, "language": "en"}
    for _twice in range(2):
        actions.choose(session, written, ChoiceForm(version=2, keep=keep, **mine), by=viewer)
        session.flush()
    (lost,) = queries.set_aside(session, essay)[0]
    assert (essay.text[: len(kept)], lost.text[: len(aside)]) == (kept, aside)
    actions.submit_essay(session, written, version=essay.version, by=viewer)
    session.flush()
    assert not queries.has_set_aside(session, essay)


def test_a_third_window_makes_the_choice_a_new_one(session: Session) -> None:
    essay = make.essay(session, "draft", text="the third", version=3)
    written, viewer = own(session, essay)
    with pytest.raises(actions.Overtaken):
        actions.choose(session, written, ChoiceForm(version=2, keep=Keep.MINE, text="mine"), by=viewer)
    assert (essay.text, session.exec(select(SetAside)).all()) == ("the third", [])


def test_a_text_changed_by_hand_is_a_typed_one(session: Session) -> None:
    essay = make.essay(session, "draft", source=Source.FILE, text="from a file", title="")
    written, viewer = own(session, essay)
    actions.write_text(session, written, TextForm(version=1, text="from a file", title="T"), by=viewer)
    assert essay.source is Source.FILE
    actions.write_text(session, written, TextForm(version=2, text="from a file, changed", title="T"), by=viewer)
    assert essay.source is Source.TYPED


@pytest.mark.parametrize(
    ("rule", "given", "kept"),
    [
        (AiRule.ALLOWED, {"used_ai": True, "ai_use": "x"}, (None, "")),
        (AiRule.DISCLOSED, {"used_ai": True, "ai_use": "x"}, (True, "x")),
        (AiRule.DISCLOSED, {"used_ai": False, "ai_use": "x"}, (False, "")),
        (AiRule.DISCLOSED, {}, (None, "")),
        (AiRule.BARRED, {"used_none": True, "used_ai": True}, (False, "")),
        (AiRule.BARRED, {"used_ai": False}, (None, "")),
    ],
)
def test_statements_are_kept_as_the_edition_asks_for_them(
    session: Session, rule: AiRule, given: dict, kept: tuple
) -> None:
    written, viewer = own(session, make.essay(session, "draft", edition=make.edition(session, ai_rule=rule)))
    actions.write_statements(session, written, StatementsForm(version=1, **given), by=viewer)
    assert (written.used_ai, written.ai_use) == kept
    assert not written.is_original


def test_each_sending_is_kept_as_it_was(session: Session) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "draft", edition=edition, notes="A book.")
    written, viewer = own(session, essay)
    actions.submit_essay(session, written, version=essay.version, by=viewer)
    number, first = written.number, essay.text
    screener = viewer_of(session, make.screener(session, edition))
    screening.return_once(session, essay, Reason.IDENTITY, "Take your name out.", by=screener)
    changed = {"text": "Corrected. " + first, "theme_id": essay.theme_id, "language": "en", "title": essay.title}
    actions.write_text(session, written, TextForm(version=essay.version, **changed), by=viewer)
    actions.submit_essay(session, written, version=essay.version, by=viewer)
    session.flush()
    sent = queries.submissions(session, essay)
    assert [(each.number, each.text, each.notes) for each in sent] == [
        (1, first, "A book."), (2, essay.text, ""),
    ]  # fmt: skip
    assert written.number == number
    assert [each.digest for each in sent] == [rules.digest(each.title, each.text, each.notes) for each in sent]


def test_nothing_is_sent_without_a_guardian_who_was_asked(session: Session) -> None:
    essay = make.essay(session, "draft")
    person = contests.person(session, make.authorship(session, essay).person_id)
    viewer = viewer_of(session, person)
    written = queries.lock_own(session, viewer, essay.id)
    with pytest.raises(Conflict, match="Name a parent or guardian"):
        actions.submit_essay(session, written, version=1, by=viewer)
    make.consent(session, person, written.essay.edition, take_part=False)
    with pytest.raises(Conflict, match="did not agree"):
        actions.submit_essay(session, written, version=1, by=viewer)
    assert essay.status is EssayStatus.DRAFT


def test_the_category_follows_the_date_of_birth(session: Session) -> None:
    written, viewer = own(session, make.essay(session, "draft"))
    categories = written.essay.edition.categories
    actions.write_about(session, written, AboutForm(version=1, born_on=dt.date(2014, 1, 1)), by=viewer)
    assert written.essay.category_id == categories[0].id
    actions.write_about(session, written, AboutForm(version=2, born_on=dt.date(1980, 1, 1)), by=viewer)
    assert written.essay.category_id is None
