"""Deals from the order to the desks, by the portal's own jobs."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from portal.clock import now
from portal.contests.models import Edition
from portal.deals import actions, facts, inputs, making, queries, rules
from portal.deals.models import Deal, DealKind, DealStatus
from portal.errors import Conflict, NotAllowed
from portal.essays.models import EssayStatus
from portal.history.models import Entry
from portal.judging.models import Appointment, DeclaredConflict, JudgeStatus, Round
from portal.mail.models import Message
from portal.screening import queries as screening
from tests import make
from tests.counting import queries as counted
from tests.deals.stage import Stage

Build = Callable[..., Stage]
DAY = dt.timedelta(days=1)


def mails(session: Session, template: str) -> list[Message]:
    return list(session.exec(select(Message).where(Message.template == template)))


def test_a_round_from_the_order_to_the_desks(stage: Stage) -> None:
    deal = stage.computed()
    assert deal.status is DealStatus.READY and stage.readings() == []
    assert len(deal.pairs) == 12 == deal.figures["new"] and deal.figures["essays"] == 6
    assert len(deal.digest) == 64
    making.make(stage.session, stage.edition, deal, by=stage.by)
    stage.session.commit()
    stage.make(deal)
    assert deal.status is DealStatus.DEALT and deal.progress == 100
    assert all(len(stage.judges_of(essay)) == 2 for essay in stage.essays)
    assert set(stage.loads().values()) == {3}
    assert {essay.status for essay in stage.essays} == {EssayStatus.IN_JUDGING}
    assert {(each.deal_id, each.appointed_by) for each in stage.readings()} == {(deal.id, stage.secretary.id)}
    told = mails(stage.session, "deals/dealt")
    assert sorted(each.address for each in told) == sorted(person.email or "" for person in stage.people())
    assert "/judging" in told[0].text and ": 3." in told[0].text


def test_history_tells_of_a_deal_once(stage: Stage) -> None:
    deal = stage.dealt()
    found = stage.session.exec(select(Entry).where(Entry.subject == "deal", Entry.subject_id == deal.id)).all()
    assert [each.deed for each in found] == ["ordered a deal", "had a deal made", "dealt"]


def test_the_same_seed_the_same_deal(build: Build) -> None:
    stage = build(essays=12, judges=6)
    first = stage.computed(seed=7)
    actions.discard(stage.session, stage.edition, first, by=stage.by)
    second = stage.computed(seed=7)
    actions.discard(stage.session, stage.edition, second, by=stage.by)
    third = stage.computed(seed=8)
    assert first.pairs == second.pairs and first.digest == second.digest == third.digest
    assert third.pairs != first.pairs


def test_what_bars_a_judge_is_kept_to(stage: Stage) -> None:
    """Their own government, a declared conflict, a guardian, an author, somebody who reads no such language."""
    session, edition = stage.session, stage.edition
    essay, other = stage.essays[0], stage.essays[1]
    home = make.government(session, "MN-1")
    compatriot = stage.judge(10, home="MN-1")
    declared = stage.judge(11)
    session.add(DeclaredConflict(judge_id=declared.id, essay_id=essay.id, reason="A pupil."))
    shuns = stage.judge(12)
    session.add(DeclaredConflict(judge_id=shuns.id, government_id=home.id))
    guardian = stage.judge(13)
    case = make.case(session, make.person_of(session, essay), edition)
    local, _at, domain = guardian.person.email.partition("@")
    make.named_guardian(session, case, "t0", email=f"{local}+child@{domain}")
    only_russian = stage.judge(14, languages=("ru",))
    gone = stage.judge(15, status=JudgeStatus.LEFT, left_at=now())
    final_only = stage.judge(16, in_first=False, in_final=True)
    author = stage.judge(17)
    make.essay(session, edition=edition, author=author.person)
    session.commit()
    given = facts.given(session, edition, Round.FIRST, DealKind.ROUND)
    ids = {judge.id for judge in given.judges}
    assert not {str(each.id) for each in (gone, final_only, author)} & ids
    by_id = {each.id: each for each in given.essays}
    this = by_id[str(essay.id)]
    judges = {each.id: each for each in given.judges}
    assert this.barred == {str(declared.id), str(guardian.id)}
    assert all(not judges[str(each.id)].shuns.isdisjoint(this.homes) for each in (compatriot, shuns))
    assert judges[str(compatriot.id)].shuns.isdisjoint(by_id[str(other.id)].homes)
    stage.dealt()
    barred = {each.id for each in (compatriot, declared, shuns, guardian, only_russian, gone, final_only, author)}
    assert not stage.judges_of(essay) & barred


def test_who_knows_authors_is_the_same_one_by_one_and_together(stage: Stage) -> None:
    session, edition = stage.session, stage.edition
    desk = make.coordinator(session, make.government(session, "JP-32"), "Desk")
    colleague = make.coordinator(session, make.government(session, "JP-32"), "Colleague")
    make.paper_essay(session, desk, "submitted", edition=edition, government=make.government(session, "JP-32"))
    people = [
        desk, colleague, make.screener(session, edition), make.person_of(session, stage.essays[0]), stage.secretary,
        *(judge.person for judge in stage.judges),
    ]  # fmt: skip
    together = screening.knowing_authors(session, [person.id for person in people], edition)
    assert together == {person.id for person in people if screening.knows_authors(session, person, edition.id)}
    assert len(together) == 4


def test_the_number_of_queries_is_the_same_for_five_and_fifty(build: Build, database) -> None:  # type: ignore[no-untyped-def]
    stage = build(essays=5, judges=3)
    stage.dealt()

    def ask() -> int:
        with counted(database) as seen:
            facts.given(stage.session, stage.edition, Round.FIRST, DealKind.ROUND)
        return len(seen)

    few = ask()
    for n in range(45):
        essay = stage.essay(n, "in_judging")
        make.appointment(stage.session, essay, stage.judges[n % 3])
    _ = [stage.judge(n) for n in range(20)]
    stage.session.commit()
    stage.session.expire_all()
    assert ask() == few <= 18  # of these, six load the edition anew


def test_an_impossible_deal_says_what_is_short(build: Build) -> None:
    stage = build(essays=4, judges=2, first_readings=3)
    deal = stage.computed()
    assert deal.status is DealStatus.IMPOSSIBLE and deal.pairs == []
    short = deal.problem["short"][0]
    assert (short["limit"], short["needed"], short["available"]) == ("too_few_judges", 3, 2)
    assert short["essays"] == sorted(essay.code or "" for essay in stage.essays)


def test_with_nothing_to_deal_nothing_is_dealt(build: Build) -> None:
    stage = build(essays=0)
    deal = stage.computed()
    assert (deal.status, deal.problem) == (DealStatus.DISCARDED, {"sentence": "nothing"})


def test_only_what_is_lacking_is_dealt(stage: Stage) -> None:
    stage.dealt()
    before = {(each.essay_id, each.judge_id) for each in stage.readings()}
    late = stage.essay(3)
    stage.session.commit()
    deal = stage.dealt()
    assert {essay for essay, _judge in deal.pairs} == {str(late.id)}
    assert before < {(each.essay_id, each.judge_id) for each in stage.readings()}


def test_one_deal_at_a_time(stage: Stage) -> None:
    stage.ordered()
    with pytest.raises(Conflict) as refused:
        stage.ordered()
    assert refused.value.reason == rules.ONE_AT_A_TIME


@pytest.mark.parametrize(
    ("fields", "round_", "sentence"),
    [
        ({"status": "draft"}, Round.FIRST, rules.NOT_RUNNING),
        ({}, Round.FINAL, rules.NO_FINAL),
        (
            {"opens_at": now() - 9 * DAY, "due_at": now() - 8 * DAY, "judging_due_at": now() - DAY},
            Round.FIRST,
            rules.OVER,
        ),
    ],
)
def test_a_deal_at_a_wrong_moment(build: Build, fields, round_: Round, sentence) -> None:  # type: ignore[no-untyped-def]
    stage = build(**fields)
    with pytest.raises(Conflict) as refused:
        stage.ordered(round_)
    assert refused.value.reason == sentence


def test_who_judges_the_edition_orders_nothing(stage: Stage) -> None:
    make.judge(stage.session, stage.edition, person=stage.secretary)
    with pytest.raises(NotAllowed):
        stage.ordered()


def test_what_changed_since_is_not_dealt(stage: Stage) -> None:
    deal = stage.computed()
    stage.essays[0].status = EssayStatus.DISQUALIFIED
    make.saved(stage.session, stage.essays[0])
    with pytest.raises(Conflict) as refused:
        making.make(stage.session, stage.edition, deal, by=stage.by)
    assert refused.value.reason == rules.CHANGED
    assert stage.readings() == []


def test_a_job_that_is_cut_off_begins_anew_and_gives_nothing_twice(stage: Stage, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from portal.deals import jobs

    monkeypatch.setattr(jobs, "CHUNK", 4)
    deal = stage.computed()
    making.make(stage.session, stage.edition, deal, by=stage.by)
    stage.session.commit()
    chunks = list(jobs.chunks(queries.pairs(stage.session, deal.id)))
    assert [len(chunk) for chunk in chunks] == [4, 4, 4]
    assert making.give(stage.session, deal.id, chunks[0], percent=33)
    stage.session.commit()
    assert len(stage.readings()) == 4 and deal.progress == 33
    stage.make(deal)
    stage.make(deal)
    assert len(stage.readings()) == 12 and deal.status is DealStatus.DEALT
    assert len(mails(stage.session, "deals/dealt")) == 4


def test_who_left_and_what_was_withdrawn_meanwhile_is_left_out(stage: Stage) -> None:
    deal = stage.computed()
    making.make(stage.session, stage.edition, deal, by=stage.by)
    gone, withdrawn = stage.judges[0], stage.essays[0]
    gone.status, gone.left_at = JudgeStatus.LEFT, now()
    withdrawn.status = EssayStatus.WITHDRAWN
    stage.session.commit()
    stage.make(deal)
    assert stage.judges_of(withdrawn) == set() and gone.id not in stage.loads()
    again = stage.again()
    assert again.status is DealStatus.DEALT
    assert all(len(stage.judges_of(essay)) == 2 for essay in stage.essays[1:])


def test_an_extra_reading_is_dealt_by_the_job_itself(stage: Stage) -> None:
    stage.dealt()
    wanted = stage.essays[0]
    deal = actions.order(
        stage.session, stage.edition, Round.FIRST, DealKind.EXTRA, by=stage.by, essay_ids=[wanted.id]
    )  # fmt: skip
    stage.session.commit()
    stage.make(stage.compute(deal))
    assert deal.status is DealStatus.DEALT and len(deal.pairs) == 1
    assert [len(stage.judges_of(essay)) for essay in stage.essays] == [3, 2, 2, 2, 2, 2]


def test_a_disturbance_gives_up_a_deal_that_nobody_confirmed(stage: Stage) -> None:
    stage.dealt()
    stage.essay(2)
    stage.session.commit()
    ready = stage.computed()
    actions.order(stage.session, stage.edition, Round.FIRST, DealKind.EXTRA, by=None, essay_ids=[stage.essays[0].id])
    stage.session.commit()
    assert (ready.status, ready.problem) == (DealStatus.DISCARDED, {"sentence": "overtaken"})


def test_orders_of_the_portal_wait_for_each_other(stage: Stage) -> None:
    """Two that wait become one; what comes while one is computed follows it."""
    stage.dealt()
    order = lambda n: actions.order(  # noqa: E731
        stage.session, stage.edition, Round.FIRST, DealKind.AGAIN, by=None, essay_ids=[stage.essays[n].id]
    )
    first = order(0)
    assert order(1) is first and len(first.figures["named"]) == 2
    begun = actions.begin(stage.session, first.id)
    assert order(2) is first and len(first.figures["next"]) == 1 and begun is not None
    stage.session.commit()
    stage.compute(first)
    assert first.status is DealStatus.DISCARDED  # nothing was lacking
    assert [deal.figures["named"] for deal in stage.deals(DealKind.AGAIN)[1:]] == [[str(stage.essays[2].id)]]


# The final round


def final(build: Build, **named) -> Stage:  # type: ignore[no-untyped-def]
    made = build(essays=0, judges=0, finalists=3, final_readings=2, final_due_at=now() + 60 * DAY, **named)
    made.essays = [made.essay(n, "shortlisted") for n in range(3)]
    made.judges = [made.judge(n, in_final=True, most=2) for n in range(3)]
    made.session.commit()
    return made


def test_in_the_final_round_everybody_reads_everything(build: Build) -> None:
    stage = final(build)
    own = stage.judge(9, home="MN-1", in_final=True)
    stage.session.commit()
    deal = stage.dealt(Round.FINAL)
    assert deal.status is DealStatus.DEALT
    assert [len(stage.judges_of(essay)) for essay in stage.essays] == [3, 4, 4]
    assert own.id not in stage.judges_of(stage.essays[0])
    assert {essay.status for essay in stage.essays} == {EssayStatus.SHORTLISTED}
    assert {each.round for each in stage.readings()} == {Round.FINAL}
    row = deal.figures["judges"][0]
    assert (row["load"], row["most"]) == (3, 2)


def test_a_finalist_with_too_few_judges_is_named(build: Build) -> None:
    stage = final(build)
    for judge in stage.judges[:2]:
        stage.session.add(DeclaredConflict(judge_id=judge.id, essay_id=stage.essays[1].id))
    stage.session.commit()
    deal = stage.computed(Round.FINAL)
    assert deal.status is DealStatus.IMPOSSIBLE
    assert deal.problem["short"] == [
        {"limit": "final", "needed": 2, "available": 1, "essays": [stage.essays[1].code], "more": 0, "judges": []}
    ]


def test_lists_do_not_load_pairs(stage: Stage) -> None:
    stage.dealt()
    edition_id, by = stage.edition.id, stage.by
    stage.session.expunge_all()
    edition = stage.session.get_one(Edition, edition_id)
    listed, _following = queries.deals(stage.session, by, edition)
    assert listed and all("pairs" not in each.__dict__ for each in listed)


def test_the_digest_knows_what_decides_and_no_order(stage: Stage) -> None:
    given = facts.given(stage.session, stage.edition, Round.FIRST, DealKind.ROUND)
    turned = inputs.Given(
        given.round, given.kind, given.readings, given.essays[::-1], given.judges[::-1], given.kept, given.past
    )
    assert inputs.digest(given) == inputs.digest(turned)
    fewer = inputs.Given(given.round, given.kind, given.readings, given.essays[1:], given.judges)
    assert inputs.digest(fewer) != inputs.digest(given)


def test_no_token_tells_who_wrote_it(stage: Stage) -> None:
    """What is kept of a deal names essays, judges and counts."""
    deal = stage.dealt()
    kept = repr((deal.figures, deal.problem, deal.pairs))
    authors = [make.person_of(stage.session, essay) for essay in stage.essays]
    assert not [each for each in authors if str(each.id) in kept or each.name in kept or (each.email or "?") in kept]
    assert "government:" not in kept and "country:" not in kept
    assert stage.session.exec(select(Appointment).where(col(Appointment.deal_id).is_(None))).all() == []
    assert stage.session.get_one(Deal, deal.id).readings == 2
