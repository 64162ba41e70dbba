"""The jury's meeting from its opening to its confirmation."""

import re
from collections import Counter

from sqlmodel import Session, select

from portal.essays.models import Essay, EssayStatus
from portal.history.models import Entry
from portal.juries import queries
from portal.juries.models import Meeting, Outcome, Withheld
from portal.standings.models import Occasion, Standing
from tests import make
from tests.juries.room import WHY, As, Room


def test_before_the_meeting_the_page_says_what_is_lacking(room: Room, session: Session) -> None:
    assert "lies on no judge" not in room.one.get(room.path).text
    forgotten = make.essay(session, "admitted", edition=room.made.edition)
    session.commit()
    before = room.one.get(room.path).text
    assert "1 essay lies on no judge" in before and str(forgotten.code) in before
    make.saved(session, Meeting(edition_id=room.made.edition.id, opened_by=room.people[0].id))
    session.commit()
    assert "lies on no judge" not in room.one.get(room.path).text


def test_a_meeting_in_which_everything_goes_by_the_order(room: Room, session: Session) -> None:
    assert "Open the meeting" in room.one.get(room.path).text
    assert not queries.has_met(session, room.made.edition.id)
    room.opened()
    assert queries.has_met(session, room.made.edition.id)
    assert session.exec(select(Standing.occasion)).all() == [Occasion.JURY]
    assert room.post("open").status_code == 409
    page = room.group_page()
    assert all(code in page for code in room.made.codes) and "Decide these as the order has it" in page
    early = room.post("close")
    assert early.status_code == 409 and "Not decided yet" in early.text
    assert room.post("accept", **room.group).status_code == 303
    found = [room.verdict(number) for number in range(6)]
    assert [each.outcome for each in found if each] == [Outcome.AWARDED] * 3 + [Outcome.NOT_AWARDED] * 3
    assert [each.award_id for each in found if each][:2] == [room.awards["Gold"], room.awards["Silver"]]
    assert [each.place for each in found if each] == [1, 2, 3, 4, 5, 6]
    assert not any(each.departs for each in found if each)
    assert room.post("minutes", minutes="All were there.", seen=_seen(room.one.get(room.path).text)).status_code == 303
    assert room.post("close").status_code == 303
    assert queries.confirmed(session, room.made.edition) == []
    assert room.post("confirm").status_code == 409  # who closed it
    assert "Jury meeting to confirm" in room.two.get("/").text and "to confirm" not in room.one.get("/").text
    assert room.post("confirm", room.two).status_code == 303
    session.expire_all()
    decided = queries.confirmed(session, room.made.edition)
    assert Counter(each.award.names["en"] for each in decided if each.award) == {"Gold": 1, "Silver": 2}
    assert Counter(each.outcome for each in decided) == {Outcome.AWARDED: 3, Outcome.NOT_AWARDED: 3}
    assert queries.withheld(session, room.made.edition.id) == []
    for late in (room.decide({0: "commended"}, reason=WHY), room.post("accept", **room.group), room.post("close"),
                 room.post("minutes", minutes="Other."), room.post("reopen", reason=WHY),
                 room.post("confirm", room.two)):  # fmt: skip
        assert late.status_code == 409
    assert "All were there." in room.two.get(room.path).text
    assert {essay.status for essay in session.exec(select(Essay))} == {EssayStatus.IN_JUDGING}


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return found[1] if found else ""


def test_what_departs_needs_a_reason_and_a_second_person(room: Room, session: Session) -> None:
    room.opened()
    room.post("accept", **room.group)
    unreasoned = room.decide({2: "not_awarded", 3: "Silver"})
    assert unreasoned.status_code == 422 and "why you decide otherwise" in unreasoned.text
    assert room.decide({2: "not_awarded", 3: "Silver"}, reason=WHY).status_code == 303
    kept = room.verdict(3)
    assert kept and kept.departs and kept.reason == WHY and kept.expected_id is None and kept.confirmed_at is None
    closing = room.post("close")
    assert closing.status_code == 409 and "A second person has to confirm" in closing.text
    assert "Decisions to confirm" in room.two.get("/").text and "Decisions to confirm" not in room.one.get("/").text
    assert room.confirm(3, room.one).status_code == 409
    assert "Another secretary confirms it." in room.confirm(3, room.one).text
    assert room.confirm(3).status_code == 303 and room.confirm(2).status_code == 303
    assert room.confirm(3).status_code == 409
    assert room.post("close").status_code == 303
    deeds = [entry.deed for entry in session.exec(select(Entry).order_by(Entry.number))]  # type: ignore[arg-type]
    assert deeds.count("jury decided") == 8 and deeds.count("jury confirmed") == 2


def test_a_changed_decision_is_confirmed_anew_and_an_old_page_confirms_nothing(room: Room) -> None:
    room.opened()
    room.post("accept", **room.group)
    room.decide({2: "not_awarded"}, reason=WHY)
    page = room.group_page(room.two)
    seen = re.search(r'confirm.*?name="seen" value="([^"]*)"', page, re.S)
    room.decide({2: "commended"}, reason=WHY + " Or not.")
    stale = room.post(f"verdicts/{room.made.codes[2]}/confirm", room.two, seen=seen[1] if seen else "")
    assert stale.status_code == 409
    assert room.confirm(2).status_code == 303
    room.decide({2: "not_awarded"}, reason=WHY)
    kept = room.verdict(2)
    assert kept and kept.confirmed_at is None


def test_two_who_decide_lose_nothing(room: Room) -> None:
    room.opened()
    page = room.page(0, 1)
    assert room.decide({1: "commended"}, room.two, WHY).status_code == 303
    late = room.decide({0: "Gold", 1: "Silver"}, page=page)
    assert late.status_code == 409 and "Somebody else has decided" in late.text
    kept = room.verdict(1)
    assert kept and kept.outcome is Outcome.COMMENDED and kept.decided_by == room.people[1].id
    assert room.verdict(0) is None
    same = room.decide({1: "commended"}, room.one)  # nothing new: whose decision it is stays
    assert same.status_code == 303
    kept = room.verdict(1)
    assert kept and kept.decided_by == room.people[1].id


def test_an_award_has_its_places(room: Room) -> None:
    room.opened()
    room.post("accept", **room.group)
    over = room.decide({1: "Gold"}, reason=WHY)
    assert over.status_code == 422 and "There are not so many places of this award: Gold" in over.text
    assert room.decide({0: "Silver", 1: "Gold"}, reason=WHY).status_code == 303
    left = room.decide({1: "not_awarded"}, reason=WHY)
    assert left.status_code == 303
    room.confirm(0), room.confirm(1)
    assert "neither given nor withheld" in room.post("close").text


def test_places_are_withheld_by_two(room: Room, session: Session) -> None:
    room.opened()
    gold = {**room.group, "award_id": str(room.awards["Gold"])}
    for wrong in (
        {"number": "2"},
        {"number": "0"},
        {"number": "1", "reason": "short"},
        {"number": "1", "award_id": "x"},
    ):
        assert room.post("withheld", **{**gold, "reason": WHY, **wrong}).status_code == 422
    assert room.post("withheld", **gold, number="1", reason=WHY).status_code == 303
    room.post("accept", **room.group)
    found = [room.verdict(number) for number in range(3)]
    assert [each.award_id for each in found if each] == [room.awards["Silver"], room.awards["Silver"], None]
    closing = room.post("close")
    assert closing.status_code == 409 and "confirm that this is withheld: Gold" in closing.text
    seen = _held(room.group_page(room.two))
    assert room.post("withheld/confirm", **gold, seen=seen).status_code == 409  # oneself
    assert room.post("withheld/confirm", room.two, **gold, seen="old").status_code == 409
    assert room.post("withheld/confirm", room.two, **gold, seen=seen).status_code == 303
    assert room.post("withheld/confirm", room.two, **gold, seen=seen).status_code == 409
    room.post("close")
    room.post("confirm", room.two)
    session.expire_all()
    [kept] = queries.withheld(session, room.made.edition.id)
    assert (str(kept.award_id), kept.number, kept.confirmed_at is None) == (gold["award_id"], 1, False)


def _held(page: str) -> str:
    found = re.search(r'withheld/confirm.*?name="seen" value="([^"]*)"', page, re.S)
    return found[1] if found else ""


def test_what_is_withheld_no_longer_lets_the_order_be_asked_again(room: Room, session: Session) -> None:
    room.opened()
    gold = {**room.group, "award_id": str(room.awards["Gold"])}
    room.post("withheld", **gold, number="1", reason=WHY)
    room.post("accept", **room.group)
    assert room.post("withheld/take-back", **gold).status_code == 303
    assert room.post("withheld/take-back", **gold).status_code == 409
    assert session.exec(select(Withheld)).all() == []
    page = room.one.get(room.path).text
    assert "The order has changed since these were decided" in page
    assert room.post("accept", **room.group).status_code == 303
    kept = room.verdict(0)
    assert kept and kept.award_id == room.awards["Gold"]
    assert room.post("close").status_code == 303
    given = room.post("withheld", **gold, number="1", reason=WHY)
    assert given.status_code == 422 and "some are given" in given.text


def test_a_tie_is_decided_together_without_a_second_person(session: Session, as_: As) -> None:
    tied = ((9, 9, 9), (8, 7, 8), (7, 8, 8), (5, 5, 5), (2, 2, 2))
    room = Room(session, as_, make.judged_edition(session, tied, awards=(("Gold", 1), ("Silver", 1), ("Bronze", 1))))
    room.opened()
    page = room.group_page()
    assert "Decide together" in page
    room.post("accept", **room.group)
    assert room.verdict(1) is None and room.verdict(0) is not None
    assert room.decide({1: "Silver", 2: "Silver"}).status_code == 303  # an exact tie shares the place
    assert "Shared: an exact tie" in room.group_page()
    assert "Complete" in room.one.get(room.path).text
    assert room.decide({1: "Bronze", 2: "Silver"}).status_code == 303
    kept = room.verdict(1)
    assert kept and not kept.departs and "Within the tie band" in room.group_page()
    told = [entry.details for entry in session.exec(select(Entry)) if entry.deed == "jury decided"]
    assert [each["within_band"] for each in told][-2:] == [False, True] or True in {
        each["within_band"] for each in told
    }
    assert room.post("close").status_code == 303


def test_without_one_order_the_jury_decides_every_award(session: Session, as_: As) -> None:
    apart = ((9, 8, None, None), (7, 8, None, None), (None, None, 9, 9), (None, None, 4, 5))
    room = Room(session, as_, make.judged_edition(session, apart))
    room.opened()
    assert "no one order" in room.group_page() and "as the order has it" not in room.group_page()
    assert room.decide({0: "Gold"}).status_code == 422
    all_ = {0: "Gold", 1: "commended", 2: "Silver", 3: "not_awarded"}
    assert room.decide(all_, reason=WHY).status_code == 303
    kept = [room.verdict(number) for number in range(4)]
    assert [each.departs for each in kept if each] == [True, False, True, False]
    assert all(each.place is None for each in kept if each)
    room.confirm(0), room.confirm(2)
    closing = room.post("close").text
    assert "neither given nor withheld: Silver" in closing
    silver = {**room.group, "award_id": str(room.awards["Silver"])}
    room.post("withheld", **silver, number="1", reason=WHY)
    room.post("withheld/confirm", room.two, **silver, seen=_held(room.group_page(room.two)))
    assert room.post("close").status_code == 303


def test_an_essay_that_falls_out_takes_its_verdict_with_it(room: Room, session: Session) -> None:
    room.opened()
    room.post("accept", **room.group)
    room.post("close")
    room.post("confirm", room.two)
    gone = session.get_one(Essay, room.made.essays[0].id)
    gone.status = EssayStatus.DISQUALIFIED
    session.add(gone)
    session.commit()
    page = room.one.get(room.path).text
    assert f"Essay {room.made.codes[0]} is out since it was decided (Gold)" in page and "Reopen the meeting" in page
    assert len(queries.confirmed(session, room.made.edition)) == 5
    assert room.post("reopen", reason="short").status_code == 422
    assert room.post("reopen", reason="An essay fell out.").status_code == 303
    session.expire_all()
    assert queries.confirmed(session, room.made.edition) == []
    assert "The order has changed" in room.one.get(room.path).text
    assert room.post("accept", **room.group).status_code == 303
    kept = room.verdict(1)
    assert kept and kept.award_id == room.awards["Gold"]
    assert room.post("close").status_code == 303


def test_before_it_is_confirmed_a_meeting_can_be_reopened(room: Room, session: Session) -> None:
    room.opened()
    assert room.post("reopen", reason=WHY).status_code == 409
    room.post("accept", **room.group)
    room.post("close")
    assert room.decide({0: "commended"}, reason=WHY).status_code == 409
    assert room.post("reopen", room.two, reason=WHY).status_code == 303
    assert room.decide({0: "commended"}, reason=WHY).status_code == 303
    [deed] = [entry for entry in session.exec(select(Entry)) if entry.deed == "reopened jury"]
    assert deed.details == {"reason": WHY}


def test_minutes_of_another_are_not_overwritten(room: Room) -> None:
    room.opened()
    seen = _seen(room.one.get(room.path).text)
    assert room.post("minutes", minutes="One.", seen=seen).status_code == 303
    late = room.post("minutes", room.two, minutes="Two.", seen=seen)
    assert late.status_code == 409 and "Two." in late.text
    assert room.post("minutes", room.two, minutes="One.", seen=seen).status_code == 303  # the same: nothing to lose
    assert room.post("minutes", minutes="x" * 50_001, seen="").status_code == 422


def test_private_notes_are_shown_by_the_code_of_the_judge(session: Session, as_: As) -> None:
    made = make.judged_edition(session)
    for row in session.exec(select(make.Appointment).where(make.Appointment.essay_id == made.essays[0].id)):
        row.private_note, row.comment = f"Note of {row.judge_id}", "Well <b>written</b>."
        if row.judge_id == made.judges[2].id:
            row.locked_at = None
    room = Room(session, as_, made).opened()
    page = room.page(0)
    assert f"Note of {made.judges[0].id}" in page and f"Note of {made.judges[2].id}" not in page
    assert made.judges[0].code in page and "Well &lt;b&gt;written&lt;/b&gt;." in page
    assert "Judge 1<" not in page and "Болд" not in page and "Batbayar" not in page
