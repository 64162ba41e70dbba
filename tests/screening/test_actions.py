import datetime as dt
import uuid
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portal.accounts import actions as accounts
from portal.accounts.models import Grant, Invitation, Person, Role
from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now
from portal.contests.models import ConflictRule, Edition
from portal.errors import Conflict, NotAllowed, NotFound
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.models import Essay, EssayStatus
from portal.history import queries as history
from portal.judging import actions as judging
from portal.judging import reading as judges_reading
from portal.judging.models import Appointment, Round
from portal.judging.words import Bar
from portal.mail.models import Message
from portal.screening import actions, queries, queue, rules
from portal.screening.models import Disqualification, FairCopy, Item, Part, Reason, Redaction, Tick
from portal.screening.queue import Filters
from portal.screening.words import ConsentState, Show
from portal.standings import queries as standings
from tests import make
from tests.people import Cast

DAY = dt.timedelta(days=1)
WHY = "Copied from a book."


class Room:
    """An edition with two screeners and an essay that waits for them."""

    def __init__(self, session: Session, state: str = "submitted", **fields: object) -> None:
        self.session = session
        self.edition: Edition = make.edition(session)
        self.people: list[Person] = [make.screener(session, self.edition, name) for name in ("First", "Second")]
        self.first, self.second = (viewer_of(session, person) for person in self.people)
        self.essay: Essay = make.essay(session, state, edition=self.edition, **fields)
        self.essay.submitted_digest = "digest"

    def hide(self, *places: tuple[Part, tuple[int, int]], **given: object) -> None:
        actions.hide(self.session, self.essay, places, by=self.first, **{"digest": "digest", **given})

    def copy(self) -> FairCopy:
        return self.session.exec(select(FairCopy).where(FairCopy.essay_id == self.essay.id)).one()

    def ready(self) -> None:
        make.ready(self.session, self.essay, self.people[0])


@pytest.fixture
def room(session: Session) -> Room:
    return Room(session)


def letters(session: Session) -> list[str]:
    return [message.template for message in session.exec(select(Message))]


def deeds(session: Session, essay: Essay) -> list[str]:
    session.commit()
    return [entry.deed for entry in reversed(history.deeds(session, "essay", essay.id))]


# Admitting


def test_admission_draws_a_code_makes_the_copy_and_tells_the_author(session: Session, room: Room, cast: Cast) -> None:
    room.ready()
    room.hide((Part.TITLE, (0, 6)), (Part.TEXT, (4, 10)))
    with pytest.raises(NotAllowed):
        actions.admit(session, room.essay, by=viewer_of(session, cast.secretary))
    actions.admit(session, room.essay, by=room.first)
    essay, copy = room.essay, room.copy()
    assert (essay.status, len(essay.code or ""), essay.screened_by) == (EssayStatus.ADMITTED, 8, room.first.id)
    assert copy.title == "▇▇▇ the river" and copy.text == f"Our ▇▇▇{essay.text[10:]}"
    assert essay.title == "Across the river"
    assert letters(session) == ["essays/admitted"]
    assert deeds(session, essay) == ["hid passages", "admit"]


def test_without_a_consent_that_counts_nothing_is_admitted(session: Session, room: Room) -> None:
    make.ticked(session, room.essay, room.people[0])
    with pytest.raises(Conflict, match="named no guardian"):
        actions.admit(session, room.essay, by=room.first)
    make.agreed(session, room.essay, is_given=False)
    with pytest.raises(Conflict, match="refused"):
        actions.admit(session, room.essay, by=room.first)
    make.agreed(session, room.essay)
    session.delete(session.exec(select(Tick).where(Tick.item == Item.THEME)).one())
    session.flush()
    with pytest.raises(Conflict, match="five checks"):
        actions.admit(session, room.essay, by=room.first)
    assert room.essay.status is EssayStatus.SUBMITTED and room.essay.code is None


def test_an_adult_agrees_for_themselves(session: Session, room: Room) -> None:
    make.authorship(session, room.essay).born_on = dt.date(2001, 1, 1)
    make.ticked(session, room.essay, room.people[0])
    with pytest.raises(Conflict, match="has not agreed"):
        actions.admit(session, room.essay, by=room.first)
    make.agreed(session, room.essay, by_guardian=False)
    actions.admit(session, room.essay, by=room.first)


def test_a_screener_does_not_screen_their_own_essay(session: Session) -> None:
    edition = make.edition(session)
    somebody = make.screener(session, edition)
    essay = make.ready(session, make.essay(session, edition=edition, author=somebody), make.screener(session, edition))
    by = viewer_of(session, somebody)
    for attempt in (
        lambda: actions.admit(session, essay, by=by),
        lambda: actions.return_once(session, essay, Reason.FORM, WHY, by=by),
        lambda: actions.propose(session, essay, Reason.FORM, WHY, by=by),
        lambda: actions.tick(session, essay, set(Item), set(), by=by),
        lambda: actions.hide(session, essay, [(Part.TITLE, (0, 1))], digest="", by=by),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_ticks_say_who_ticked_and_nobody_unticks_what_they_did_not_see(session: Session, room: Room) -> None:
    actions.tick(session, room.essay, {Item.THEME}, set(), by=room.first)
    actions.tick(session, room.essay, {Item.FORMAL}, set(), by=room.second)  # a page from before
    kept = queries.ticks(session, room.essay)
    assert {item: tick.ticked_by for item, tick in kept.items()} == {
        Item.THEME: room.first.id, Item.FORMAL: room.second.id,
    }  # fmt: skip
    actions.tick(session, room.essay, {Item.FORMAL}, {Item.FORMAL, Item.THEME}, by=room.second)
    assert set(queries.ticks(session, room.essay)) == {Item.FORMAL}
    assert deeds(session, room.essay) == ["ticked", "ticked", "unticked"]


# Codes


def kendall(order: Sequence[int]) -> float:
    """Kendall's tau between the order of a list and that of its values, all different."""
    pairs = [(a, b) for n, a in enumerate(order) for b in order[n + 1 :]]
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs)


def test_codes_say_nothing_about_the_order_of_admission(session: Session, room: Room) -> None:
    many = []
    for _ in range(500):
        essay = Essay(edition_id=room.edition.id, status=EssayStatus.SUBMITTED, submitted_at=now())
        actions._draw_code(session, essay)
        many.append(essay.code)
    ranks = {code: rank for rank, code in enumerate(sorted(many))}
    assert len(ranks) == 500
    # Under independence tau is normal around 0 with sd sqrt(2 (2n + 5) / 9n (n - 1)) = 0.030: five of them here.
    assert abs(kendall([ranks[code] for code in many])) < 0.15
    assert kendall(range(20)) == 1 and kendall(range(20, 0, -1)) == -1


def test_a_code_that_is_taken_is_drawn_again_and_kept(
    session: Session, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.essay(session, "admitted", edition=room.edition, code="TAKEN234")
    drawn = iter(["TAKEN234", "TAKEN234", "FREE2345", "OTHER234"])
    monkeypatch.setattr(essays, "random_code", lambda _length: next(drawn))
    room.ready()
    actions.admit(session, room.essay, by=room.first)
    assert room.essay.code == "FREE2345"
    actions._draw_code(session, room.essay)
    assert room.essay.code == "FREE2345"


# What is hidden


def test_hidden_passages_merge_and_the_copy_follows_until_judges_read(session: Session) -> None:
    room = Room(session, "admitted", title="Batbayar by the river")
    room.hide((Part.TITLE, (0, 4)))
    room.hide((Part.TITLE, (4, 8)), (Part.TITLE, (16, 21)))
    assert [(each.begins, each.ends) for each in queries.redactions(session, room.essay)] == [(0, 8), (16, 21)]
    assert room.copy().title == "▇▇▇ by the ▇▇▇"
    last = queries.redactions(session, room.essay)[1]
    actions.show(session, room.essay, [last.id], by=room.second)
    assert room.copy().title == "▇▇▇ by the river"
    room.essay.status = EssayStatus.IN_JUDGING
    with pytest.raises(Conflict, match="stays hidden"):
        actions.show(session, room.essay, [queries.redactions(session, room.essay)[0].id], by=room.first)
    with pytest.raises(Conflict, match="why more is hidden"):
        room.hide((Part.TITLE, (9, 11)))
    room.hide((Part.TITLE, (9, 11)), reason="A judge wrote to us.")
    assert room.copy().title == "▇▇▇ ▇▇▇ the river"
    assert queries.redactions(session, room.essay)[1].reason == "A judge wrote to us."
    assert deeds(session, room.essay) == ["hid passages"] * 2 + ["showed passages", "hid passages"]


def test_an_essay_that_is_hidden_whole_shows_nothing_of_itself(session: Session) -> None:
    room = Room(session, "admitted", title="Bold", text="Bold", notes="")
    room.hide((Part.TITLE, (0, 4)), (Part.TEXT, (0, 4)))
    assert (room.copy().title, room.copy().text, room.copy().notes) == ("▇▇▇", "▇▇▇", "")


@pytest.mark.parametrize("place", [(0, 0), (5, 3), (0, 17), (-1, 3)])
def test_what_is_not_in_the_text_is_not_hidden(session: Session, room: Room, place: tuple[int, int]) -> None:
    with pytest.raises(Conflict):
        room.hide((Part.TITLE, place))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Redaction(essay_id=room.essay.id, part=Part.TITLE, begins=4, ends=4, marked_by=room.first.id))
        session.flush()


def test_a_page_of_another_text_hides_nothing(session: Session, room: Room) -> None:
    with pytest.raises(Conflict, match="another text"):
        room.hide((Part.TITLE, (0, 1)), digest="of before")
    for state in ("returned", "disqualified", "withdrawn"):
        room.essay.status = EssayStatus(state)
        with pytest.raises(Conflict):
            room.hide((Part.TITLE, (0, 1)))


def test_a_secretary_without_the_task_hides_more_once_it_is_admitted(session: Session, cast: Cast) -> None:
    by = viewer_of(session, cast.secretary)
    for state, may in (("submitted", False), ("admitted", True), ("in_judging", True)):
        essay = Room(session, state).essay
        give = {"digest": "digest", "by": by, "reason": "It names her village."}
        if may:
            actions.hide(session, essay, [(Part.TITLE, (0, 6))], **give)
        else:
            with pytest.raises(NotAllowed):
                actions.hide(session, essay, [(Part.TITLE, (0, 6))], **give)
    judge = make.judge(session, session.get_one(Edition, essay.edition_id)).person
    make.grant(session, judge, Role.SECRETARY)
    with pytest.raises(NotAllowed):
        actions.hide(session, essay, [(Part.TITLE, (0, 6))], **{**give, "by": viewer_of(session, judge)})


def test_what_is_hidden_is_not_looked_for(session: Session) -> None:
    """Else whoever must not know the author could ask word by word."""
    room = Room(session, "admitted", text="Bold met Bold at the river.")
    assert len(queries.still_shown(session, room.essay, "bold")) == 2
    room.hide((Part.TEXT, (0, 4)), (Part.TEXT, (9, 13)))
    assert queries.still_shown(session, room.essay, "bold") == []


# Returning


def test_it_is_returned_once_with_a_code_and_what_belonged_to_its_text_ends(session: Session, room: Room) -> None:
    make.ready(session, room.essay, room.people[0])
    room.hide((Part.TITLE, (0, 6)))
    actions.return_once(session, room.essay, Reason.IDENTITY, "Take your name out.", by=room.first)
    essay = room.essay
    assert (essay.status, essay.reason_code, essay.reason) == (EssayStatus.RETURNED, "identity", "Take your name out.")
    assert queries.redactions(session, essay) == [] and queries.ticks(session, essay) == {}
    letter = session.exec(select(Message)).one()
    assert letter.template == "essays/returned"
    assert "The text tells who wrote it" in letter.text and "Take your name out." in letter.text
    essay.status = EssayStatus.SUBMITTED
    with pytest.raises(Conflict, match="returned once already"):
        actions.return_once(session, essay, Reason.FORM, "Once more, please.", by=room.second)


# Disqualifying


def test_it_takes_two_to_disqualify(session: Session, room: Room, cast: Cast) -> None:
    actions.propose(session, room.essay, Reason.COPIED, WHY, by=room.first)
    assert room.essay.status is EssayStatus.SUBMITTED and letters(session) == []
    with pytest.raises(Conflict, match="Another screener"):
        actions.confirm(session, room.essay, by=room.first)
    with pytest.raises(NotAllowed):
        actions.confirm(session, room.essay, by=viewer_of(session, cast.secretary))
    actions.confirm(session, room.essay, by=room.second)
    assert (room.essay.status, room.essay.reason_code) == (EssayStatus.DISQUALIFIED, "copied")
    letter = session.exec(select(Message)).one()
    assert letter.template == "essays/disqualified"
    assert "Passages stand in other texts too." in letter.text and WHY in letter.text
    assert deeds(session, room.essay) == ["proposed disqualification", "disqualify"]
    with pytest.raises(Conflict):
        actions.confirm(session, room.essay, by=room.second)


def test_the_author_who_screens_confirms_nothing(session: Session) -> None:
    edition = make.edition(session)
    author, other = (make.screener(session, edition, name) for name in ("Author", "Other"))
    essay = make.essay(session, edition=edition, author=author)
    actions.propose(session, essay, Reason.COPIED, WHY, by=viewer_of(session, other))
    with pytest.raises(NotAllowed):
        actions.dismiss(session, essay, "It is not copied.", by=viewer_of(session, author))
    assert queue.waiting_for(session, viewer_of(session, author))[0].text == "Essays to screen"


def test_until_it_is_settled_nothing_else_is_decided(session: Session, room: Room) -> None:
    room.ready()
    actions.propose(session, room.essay, Reason.COPIED, WHY, by=room.first)
    for by in (room.first, room.second):
        for attempt in (actions.admit, actions.return_once, actions.propose):
            more = () if attempt is actions.admit else (Reason.FORM, WHY)
            with pytest.raises(Conflict, match="proposed"):
                attempt(session, room.essay, *more, by=by)
    with pytest.raises(Conflict, match="dismiss"):
        actions.take_back(session, room.essay, by=room.second)
    actions.dismiss(session, room.essay, "The book quotes the essay.", by=room.second)
    settled = queries.proposals(session, room.essay)
    assert [(each.is_confirmed, each.settled_by, each.answer) for each in settled] == [
        (False, room.second.id, "The book quotes the essay.")
    ]
    actions.propose(session, room.essay, Reason.AI, WHY, by=room.second)
    actions.take_back(session, room.essay, by=room.second)
    assert len(queries.proposals(session, room.essay)) == 1
    actions.admit(session, room.essay, by=room.first)
    assert room.essay.reason_code is None


def test_the_database_refuses_one_who_settles_their_own_proposal(session: Session, room: Room) -> None:
    proposal = make.proposed(session, room.essay, room.people[0])
    wrong = sa.update(Disqualification).where(col(Disqualification.id) == proposal.id)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(wrong.values(settled_by=room.first.id, settled_at=now(), is_confirmed=True))
    with pytest.raises(IntegrityError), session.begin_nested():
        make.proposed(session, room.essay, room.people[1])


@pytest.mark.parametrize("state", ["admitted", "in_judging"])
def test_judges_lose_a_disqualified_essay_at_once(session: Session, state: str) -> None:
    room = Room(session, state)
    made = make.appointment(session, room.essay, make.judge(session, room.edition))
    make.marks(session, made, 5, 5, 5, 5, 5)
    judge = viewer_of(session, made.judge.person)
    assert len(judges_reading.desk(session, judge)[0]) == (state == "in_judging")
    actions.propose(session, room.essay, Reason.COPIED, WHY, by=room.first)
    assert len(standings.groups(session, room.edition, Round.FIRST)) == (state == "in_judging")
    actions.confirm(session, room.essay, by=room.second)
    assert judges_reading.desk(session, judge) == ([], "")
    assert standings.groups(session, room.edition, Round.FIRST) == []
    with pytest.raises(NotFound):
        judges_reading.get_reading(session, judge, made.alias)


# Who knows who wrote what does not judge


def test_screening_is_taken_on_once_and_refused_to_judges_present_past_and_invited(
    session: Session, cast: Cast
) -> None:
    edition = make.edition(session)
    actions.take_on_screening(session, edition, by=viewer_of(session, cast.secretary))
    actions.take_on_screening(session, edition, by=viewer_of(session, cast.secretary))
    grants = session.exec(select(Grant).where(Grant.person_id == cast.secretary.id, Grant.role == Role.SCREENER)).all()
    assert len(grants) == 1 and letters(session) == []
    for ends_on in (None, dt.date(2020, 2, 1)):
        judge = make.secretary(session, "Judge")
        make.grant(session, judge, Role.JUDGE, edition_id=edition.id, ends_on=ends_on)
        with pytest.raises(Conflict, match="judge"):
            actions.take_on_screening(session, edition, by=viewer_of(session, judge))
    invited = make.secretary(session, "Invited")
    invitation = _invite(session, invited, Role.JUDGE, edition)
    with pytest.raises(Conflict, match="invited to judge"):
        actions.take_on_screening(session, edition, by=viewer_of(session, invited))
    invitation.revoked_at = now()
    actions.take_on_screening(session, edition, by=viewer_of(session, invited))
    with pytest.raises(NotAllowed):
        actions.take_on_screening(session, edition, by=viewer_of(session, cast.stranger))


def _invite(session: Session, person: Person, role: Role, edition: Edition) -> Invitation:
    made = Invitation(
        email=person.email, role=role, edition_id=edition.id, token_digest=uuid.uuid4().hex, invited_at=now(),
        expires_at=now() + 7 * DAY,
    )  # fmt: skip
    return make.saved(session, made)  # type: ignore[no-any-return]


@pytest.mark.parametrize("how", ["screens", "screened", "invited", "wrote", "entered"])
def test_who_can_know_an_author_is_made_no_judge_and_barred_if_one_already(
    session: Session, cast: Cast, how: str
) -> None:
    edition, secretary = make.edition(session), viewer_of(session, cast.secretary)
    theirs = make.essay(session, edition=edition, author=cast.stranger if how == "wrote" else None)
    if how in {"screens", "screened"}:
        ends_on = None if how == "screens" else dt.date(2020, 2, 1)
        make.grant(session, cast.stranger, Role.SCREENER, edition_id=edition.id, ends_on=ends_on)
    if how == "invited":
        _invite(session, cast.stranger, Role.SCREENER, edition)
    if how == "entered":
        own = make.authorship(session, theirs)
        own.entered_by, own.entered_at = cast.stranger.id, now()
        session.flush()
    with pytest.raises(Conflict, match="knows who wrote what"):
        judging.add_judge(session, edition, cast.stranger, languages=["en"], government_id=None, by=secretary)
    other = make.essay(session, "admitted", edition=edition)
    judge = make.judge(session, edition, cast.elsewhere, person=cast.stranger)
    assert judging.appoint(session, edition, other, judge, by=secretary) is Bar.CONFLICT
    elsewhere = make.edition(session)
    judging.add_judge(session, elsewhere, cast.stranger, languages=["en"], government_id=None, by=secretary)


def test_whatever_way_a_role_comes_it_is_asked_what_speaks_against_it(session: Session, cast: Cast) -> None:
    """As by an invitation that was sent before: what `give` asks, every way asks."""
    edition = make.edition(session)
    make.essay(session, edition=edition, author=cast.stranger)
    make.grant(session, cast.applicant, Role.JUDGE, edition_id=edition.id, ends_on=dt.date(2020, 2, 1))
    day = now().date()
    for person, role in ((cast.stranger, Role.JUDGE), (cast.applicant, Role.SCREENER)):
        with pytest.raises(Conflict):
            accounts.give(session, person, role, None, begins_on=day, ends_on=None, edition_id=edition.id)


def test_a_guardian_does_not_judge_the_essay_of_their_child(session: Session, cast: Cast) -> None:
    edition, secretary = make.edition(session), viewer_of(session, cast.secretary)
    essay, other = (make.essay(session, "admitted", edition=edition) for _ in range(2))
    make.agreed(session, essay)
    guardian = session.exec(select(make.ConsentGuardian)).one()
    judge = make.judge(session, edition, cast.elsewhere)
    judge.person.email = guardian.email
    session.flush()
    assert judging.appoint(session, edition, essay, judge, by=secretary) is Bar.CONFLICT
    assert judging.appoint(session, edition, other, judge, by=secretary) is None
    assert len(session.exec(select(Appointment)).all()) == 1


def test_the_edition_says_whether_a_country_is_a_conflict(session: Session, cast: Cast) -> None:
    secretary = viewer_of(session, cast.secretary)
    for rule, barred in ((ConflictRule.GOVERNMENT, None), (ConflictRule.COUNTRY, Bar.CONFLICT)):
        edition = make.edition(session, conflict_rule=rule)
        essay = make.essay(session, "admitted", edition=edition, government=make.government(session, "KR-47"))
        judge = make.judge(session, edition, make.government(session, "KR-48"))
        assert judging.appoint(session, edition, essay, judge, by=secretary) is barred


def test_a_past_judge_does_not_write_for_the_edition(session: Session, cast: Cast) -> None:
    edition = make.edition(session)
    make.grant(session, cast.stranger, Role.JUDGE, edition_id=edition.id, ends_on=dt.date(2020, 2, 1))
    with pytest.raises(Conflict, match="judge this edition"):
        essays.start_essay(session, edition, by=viewer_of(session, cast.stranger))


def test_who_judges_an_edition_finds_no_essay_by_code(session: Session, room: Room) -> None:
    essay = make.essay(session, "admitted", edition=room.edition)
    both = make.secretary(session, "Secretary and judge")
    make.grant(session, both, Role.JUDGE, edition_id=room.edition.id)
    with pytest.raises(NotFound):
        queries.get_essay(session, viewer_of(session, both), room.edition, essay.code or "")


def test_drafts_are_nobodys_but_their_authors(session: Session, room: Room) -> None:
    draft = make.essay(session, "draft", edition=room.edition)
    with pytest.raises(NotFound):
        queries.get_screened(session, room.first, room.edition, draft.id)


# The queue


def titles(session: Session, room: Room, by: Viewer | None = None, **filters: object) -> list[str]:
    rows, _following = queue.waiting_essays(session, by or room.first, room.edition, Filters(**filters))
    return [row.essay.title for row in rows]


def test_the_queue_shows_the_longest_waiting_first_by_filter_with_counts(session: Session) -> None:
    room = Room(session, title="A", submitted_at=now() - 5 * DAY)
    kinds = {
        "B": {"returned_at": now(), "submitted_at": now() - 4 * DAY},
        "C": {"language": "mn", "submitted_at": now() - 3 * DAY},
        "D": {"source": "paper", "category_id": room.edition.categories[0].id, "submitted_at": now() - 2 * DAY},
    }
    made = {title: make.essay(session, edition=room.edition, title=title, **each) for title, each in kinds.items()}
    admitted = make.essay(session, "admitted", edition=room.edition, title="E")
    make.essay(session, "returned", edition=room.edition)
    make.agreed(session, made["C"])
    make.proposed(session, made["D"], room.people[0])
    make.proposed(session, admitted, room.people[0])
    expected = {Show.ALL: "ABCD", Show.AGAIN: "B", Show.CONSENT: "ABD", Show.PAPER: "D", Show.SECOND: "DE"}
    counts = queue.counts(session, room.first, room.edition)
    for show, found in expected.items():
        assert "".join(titles(session, room, show=show)) == found
        assert counts.shown.get(show, len(found)) == len(found)
    assert titles(session, room, language="mn") == ["C"]
    assert titles(session, room, category_id=room.edition.categories[0].id) == ["D"]
    assert counts.languages == {"en": 3, "mn": 1}
    assert counts.categories == {room.edition.categories[0].id: 1, room.edition.categories[1].id: 3}


def test_a_row_tells_the_guardians_answer(session: Session, room: Room) -> None:
    make.agreed(session, make.essay(session, edition=room.edition))
    rows, _ = queue.waiting_essays(session, room.first, room.edition, Filters())
    assert [row.consent for row in rows] == [ConsentState.NOBODY, ConsentState.GIVEN]


def test_what_waits(session: Session, cast: Cast, room: Room) -> None:
    assert queue.waiting_for(session, viewer_of(session, cast.secretary)) == []
    make.proposed(session, make.essay(session, "in_judging", edition=room.edition), room.people[0])
    make.proposed(session, make.essay(session, "withdrawn", edition=room.edition), room.people[0])
    base = f"/contests/{room.edition.slug}/screening"
    assert [(each.count, each.href) for each in queue.waiting_for(session, room.first)] == [(1, base)]
    assert [(each.count, each.href) for each in queue.waiting_for(session, room.second)] == [
        (1, f"{base}?show=second"), (1, base),
    ]  # fmt: skip
    assert queue.waiting_for(session, Viewer()) == []


def test_a_withdrawn_essay_leaves_a_proposal_behind_that_changes_nothing(session: Session, room: Room) -> None:
    actions.propose(session, room.essay, Reason.COPIED, WHY, by=room.first)
    written = make.authorship(session, room.essay)
    author = viewer_of(session, session.get_one(Person, written.person_id))
    essays.withdraw_essay(session, essay_queries.lock_own(session, author, room.essay.id), by=author)
    with pytest.raises(Conflict):
        actions.confirm(session, room.essay, by=room.second)
    assert room.essay.status is EssayStatus.WITHDRAWN
    assert {
        EssayStatus.SUBMITTED, EssayStatus.RETURNED, EssayStatus.ADMITTED, EssayStatus.IN_JUDGING,
        EssayStatus.SHORTLISTED,
    } == rules.DISQUALIFIABLE  # fmt: skip
