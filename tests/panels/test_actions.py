import datetime as dt

import pytest
from sqlmodel import Session, col, select

from portal.accounts.actions import give
from portal.accounts.models import Grant, Invitation, Person, Role, SignIn
from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now, today
from portal.contests.actions import judges_read_until
from portal.contests.models import Edition, EditionStatus
from portal.errors import Conflict, NotAllowed, NotFound, TooMany
from portal.history.models import Entry
from portal.judging import queries as judging
from portal.judging.models import DeclaredConflict, Judge, JudgeStatus
from portal.panels import actions, queries, rules
from portal.panels.rules import Terms
from portal.panels.words import Standing
from portal.registry.models import Country
from portal.settings import Settings
from tests import make
from tests.accounts import letters
from tests.people import Cast

ORIGIN = "http://127.0.0.1:8000"
TERMS = Terms(["en", "ru"], 5, 30, in_first=True, in_final=False)
DAY = dt.timedelta(days=1)


@pytest.fixture
def secretary(session: Session, cast: Cast) -> Viewer:
    return viewer_of(session, cast.secretary)


@pytest.fixture
def edition(session: Session) -> Edition:
    return make.edition(session)


def ask(session: Session, edition: Edition, by: Viewer, **changes: object) -> Judge:
    given = {
        "email": "asked@example.org", "name": "Asked", "language": "ru", "government": None, "country": None,
        "replaces": None,
    }  # fmt: skip
    return actions.ask(session, edition, TERMS, **{**given, **changes}, by=by, origin=ORIGIN)


def token_of(session: Session, email: str = "asked@example.org") -> str:
    return letters.newest_link(session, email).rpartition("/")[2]


def accept(session: Session, token: str, person: Person, **changes: object) -> Judge:
    given = {"languages": ["en"], "most": 20, "government": None, "country": None, "conflicts": {}}
    return actions.accept(session, token, **{**given, **changes}, by=viewer_of(session, person))


def test_who_is_asked_gets_a_letter_in_their_language(session: Session, edition: Edition, secretary: Viewer) -> None:
    judge = ask(session, edition, secretary, government=make.government(session, "JP-32"), country=Country.MN)
    session.commit()
    assert (judge.status, judge.person_id, judge.country) == (JudgeStatus.INVITED, None, Country.JP)
    (letter,) = letters.to(session, "asked@example.org")
    assert letter.template == "panels/offer"
    assert judge.token_digest not in letter.text and token_of(session) in letter.text
    assert not [entry for entry in session.exec(select(Entry)) if "asked@example.org" in str(entry.details)]


def test_accepting_gives_the_role_and_what_was_agreed(
    session: Session, cast: Cast, edition: Edition, secretary: Viewer, settings: Settings
) -> None:
    ask(session, edition, secretary, email=cast.stranger.email)
    conflicts = {cast.host.id: "My pupils live there."}
    make.sign_in(session, settings, cast.stranger)
    judge = accept(
        session, token_of(session, cast.stranger.email), cast.stranger, government=cast.home, conflicts=conflicts
    )
    session.commit()
    assert (judge.status, judge.person_id) == (JudgeStatus.ACCEPTED, cast.stranger.id)
    assert rules.terms_of(judge) == Terms(["en"], 5, 20, in_first=True, in_final=False)
    assert (judge.government_id, judge.country) == (cast.home.id, Country.MN)
    declared = session.exec(select(DeclaredConflict)).one()
    assert (declared.government_id, declared.reason) == (cast.host.id, "My pupils live there.")
    grant = session.exec(select(Grant).where(Grant.person_id == cast.stranger.id)).one()
    assert (grant.role, grant.granted_by, grant.ends_on) == (Role.JUDGE, secretary.id, judges_read_until(edition))
    assert letters.told(session, cast.secretary.email) == ["panels/accepted"]
    running = select(SignIn).where(SignIn.person_id == cast.stranger.id, col(SignIn.ended_at).is_(None))
    assert session.exec(running).all() == []


def test_the_final_round_is_part_of_the_role(session: Session, edition: Edition, secretary: Viewer) -> None:
    edition.finalists, edition.final_due_at = 3, edition.judging_due_at + 30 * DAY
    edition.results_at = edition.jury_on = None
    assert judges_read_until(edition) == (edition.final_due_at + 14 * DAY).date()


def test_a_declined_offer_keeps_the_reason_and_can_be_made_again(
    session: Session, cast: Cast, edition: Edition, secretary: Viewer
) -> None:
    judge = ask(session, edition, secretary)
    token = token_of(session)
    actions.decline(session, token, "No time.")
    assert (judge.status, judge.decline_reason) == (JudgeStatus.DECLINED, "No time.")
    assert letters.told(session, cast.secretary.email) == ["panels/declined"]
    with pytest.raises(Conflict, match="have declined"):
        actions.decline(session, token, "Twice.")
    actions.send_again(session, edition, judge, by=secretary, origin=ORIGIN)
    assert (judge.status, judge.decline_reason) == (JudgeStatus.INVITED, "")
    with pytest.raises(NotFound):
        queries.by_token(session, token)
    assert queries.by_token(session, token_of(session))[0] is judge


def test_a_question_taken_back_cannot_be_answered(session: Session, edition: Edition, secretary: Viewer) -> None:
    judge = ask(session, edition, secretary)
    token = token_of(session)
    actions.take_back(session, edition, judge, by=secretary)
    with pytest.raises(Conflict, match="taken this question back"):
        actions.decline(session, token, "No.")
    with pytest.raises(Conflict):
        actions.take_back(session, edition, judge, by=secretary)
    actions.send_again(session, edition, judge, by=secretary, origin=ORIGIN)
    assert rules.standing(judge, now()) is Standing.ASKED


def test_an_old_link_and_a_closed_edition_answer_with_a_sentence(
    session: Session, edition: Edition, secretary: Viewer
) -> None:
    judge = ask(session, edition, secretary)
    token = token_of(session)
    judge.expires_at = now()
    with pytest.raises(Conflict, match="fourteen days"):
        queries.by_token(session, token)
    judge.expires_at, edition.status = now() + DAY, EditionStatus.CLOSED
    with pytest.raises(Conflict, match="no longer takes judges"):
        actions.decline(session, token, "No.")
    with pytest.raises(Conflict, match="published"):
        actions.send_again(session, edition, judge, by=secretary, origin=ORIGIN)


def test_only_the_asked_address_accepts(session: Session, cast: Cast, edition: Edition, secretary: Viewer) -> None:
    ask(session, edition, secretary)
    with pytest.raises(Conflict, match="another address"):
        accept(session, token_of(session), cast.stranger)


def test_one_person_judges_once_whatever_their_addresses(
    session: Session, cast: Cast, edition: Edition, secretary: Viewer
) -> None:
    ask(session, edition, secretary, email=cast.stranger.email)
    for email in (cast.stranger.email, cast.stranger.email.replace("@", "+near@")):
        with pytest.raises(Conflict, match="was asked to"):
            ask(session, edition, secretary, email=email)
    ask(session, edition, secretary, email="second@example.org")
    first, second = token_of(session, cast.stranger.email), token_of(session, "second@example.org")
    accept(session, first, cast.stranger)
    cast.stranger.email = "second@example.org"
    session.flush()
    with pytest.raises(Conflict, match="under another address"):
        accept(session, second, cast.stranger)
    with pytest.raises(Conflict, match="accepted this already"):
        accept(session, first, cast.stranger)


def test_who_knows_authors_is_not_asked(session: Session, cast: Cast, edition: Edition, secretary: Viewer) -> None:
    author = make.person(session, "Author")
    make.essay(session, "submitted", edition=edition, author=author)
    for person in (make.screener(session, edition), author):
        with pytest.raises(Conflict, match=r"knows who wrote what"):
            ask(session, edition, secretary, email=person.email)
    make.saved(session, Invitation(
        email="screens@example.org", role=Role.SCREENER, edition_id=edition.id, token_digest="0" * 64,
        invited_at=now(), expires_at=now() + DAY,
    ))  # fmt: skip
    with pytest.raises(Conflict, match="knows who wrote what"):
        ask(session, edition, secretary, email="screens@example.org")


def test_who_came_to_know_an_author_meanwhile_cannot_accept(
    session: Session, cast: Cast, edition: Edition, secretary: Viewer
) -> None:
    ask(session, edition, secretary, email=cast.stranger.email)
    make.essay(session, "submitted", edition=edition, author=cast.stranger)
    with pytest.raises(Conflict, match="knows who wrote what"):
        accept(session, token_of(session, cast.stranger.email), cast.stranger)


def test_who_is_asked_to_judge_does_not_screen_before_they_answer(
    session: Session, cast: Cast, edition: Edition, secretary: Viewer
) -> None:
    second = make.secretary(session, "Second")
    judge = ask(session, edition, secretary, email=second.email)
    screen = {"begins_on": today(), "ends_on": None, "edition_id": edition.id}
    with pytest.raises(Conflict, match="asked to judge"):
        give(session, second, Role.SCREENER, None, **screen)
    actions.take_back(session, edition, judge, by=secretary)
    give(session, second, Role.SCREENER, None, **screen)


def test_only_a_secretary_who_does_not_judge_asks(session: Session, cast: Cast, edition: Edition) -> None:
    judge = make.judge(session, edition)
    make.grant(session, judge.person, Role.SECRETARY)
    for person in (cast.stranger, cast.auditor, judge.person):
        with pytest.raises(NotAllowed):
            ask(session, edition, viewer_of(session, person))
    offered = make.judge_offer(session, edition)
    for step in (actions.take_back, lambda *a, by: actions.change_terms(*a, TERMS, by=by)):
        with pytest.raises(NotAllowed):
            step(session, edition, offered, by=viewer_of(session, judge.person))


def test_a_secretary_who_judges_is_not_told_of_answers(
    session: Session, cast: Cast, edition: Edition, secretary: Viewer
) -> None:
    judge = make.judge(session, edition)
    make.grant(session, judge.person, Role.SECRETARY)
    make.judge_offer(session, edition)
    actions.decline(session, "t" * 43, "No.")
    assert letters.told(session, judge.person.email) == []
    assert letters.told(session, cast.secretary.email) == ["panels/declined"]


def test_letters_are_limited(session: Session, edition: Edition, secretary: Viewer, monkeypatch) -> None:
    monkeypatch.setattr(rules, "AN_HOUR", 1)
    ask(session, edition, secretary)
    with pytest.raises(TooMany):
        ask(session, edition, secretary, email="another@example.org")


def test_a_changed_workload_is_written_down(session: Session, edition: Edition, secretary: Viewer) -> None:
    judge = make.judge(session, edition)
    changed = Terms(["ja"], 1, 2, in_first=False, in_final=True)
    for _ in range(2):
        actions.change_terms(session, edition, judge, changed, by=secretary)
    session.commit()
    assert rules.terms_of(judge) == changed
    entry = session.exec(select(Entry).where(Entry.deed == "changed what a judge reads")).one()
    assert (entry.details["before"]["most"], entry.details["after"]["most"]) == (40, 2)


def test_conflicts_declared_later_stay_and_are_few(
    session: Session, cast: Cast, edition: Edition, secretary: Viewer, monkeypatch
) -> None:
    judge = make.judge(session, edition)
    by = viewer_of(session, judge.person)
    monkeypatch.setattr(rules, "CONFLICTS", 1)
    actions.declare(session, judge, edition, cast.home, "I taught there.", by=by)
    assert [each.government_id for each in judging.conflicts_of(session, judge)] == [cast.home.id]
    assert letters.told(session, cast.secretary.email) == ["panels/conflict"]
    with pytest.raises(Conflict, match="already"):
        actions.declare(session, judge, edition, cast.home, "Again.", by=by)
    with pytest.raises(Conflict, match="ten conflicts"):
        actions.declare(session, judge, edition, cast.host, "Another.", by=by)
