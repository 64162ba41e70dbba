"""From admitted essays to certificates: a panel, deals, marks, a jury, a publication, an appeal, and what proves it."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.accounts.models import Person
from portal.clock import now
from portal.contests.models import Award, Edition
from portal.essays.models import Essay, EssayStatus
from portal.history import queries as history
from portal.jobs.registry import Services
from portal.judging.models import Appointment, DeclaredConflict, End, Judge, Round
from portal.juries.models import Outcome, Verdict
from portal.mail.models import Message
from portal.results.jobs import publish_due_results
from portal.settings import Settings
from portal.standings.models import Occasion, Standing
from tests import make
from tests.accounts import letters
from tests.conftest import browser
from tests.database import JoinedDatabase
from tests.journeys import contests
from tests.journeys import judgings as steps
from tests.journeys.internships import SEOUL, in_seoul
from tests.journeys.walker import Walker
from tests.journeys.world import World

As = Callable[[Person], TestClient]
DAY = dt.timedelta(days=1)
NAMES = ("Anu", "Bayar", "Chimeg", "Dulam", "Enkhe", "Ganbat", "Hulan")
GOOD = {"Anu": 9, "Bayar": 7, "Chimeg": 7, "Dulam": 5, "Enkhe": 4, "Ganbat": 2, "Hulan": 6}
STRICT = {"Judge Han": 0, "Judge Ito": -1, "Judge Liu": 1, "Judge Mori": 0}
AWARDS = (("Grand prize", 1), ("Silver", 1), ("Bronze", 2), ("Special prize", 1))
WHY = "The jury found its argument far stronger than the marks say."
MILLISECOND = dt.timedelta(milliseconds=1)


@pytest.fixture
def world(session: Session, as_: As, settings: Settings, database: JoinedDatabase) -> Iterator[World]:
    with time_machine.travel(now()) as clock:
        yield World(session, Services(settings, database), as_, clock)


class Contest:
    """Essays of seven minors that are admitted, all but one of them with all consents; and who works on them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        at = now()
        self.edition: Edition = make.edition(
            session, opens_at=at - 60 * DAY, due_at=at - DAY, judging_due_at=at + 20 * DAY, final_due_at=at + 40 * DAY,
            first_readings=2, finalists=5, final_readings=3, seed=7,
        )  # fmt: skip
        self.edition.awards = [Award(position=n, names={"en": name}, places=k) for n, (name, k) in enumerate(AWARDS, 1)]
        session.flush()
        self.awards = {award.names["en"]: award.id for award in self.edition.awards}
        self.path = f"/contests/{self.edition.slug}"
        self.screeners = [make.screener(session, self.edition, f"Screener {n}") for n in (1, 2)]
        self.first, self.second, self.third = (make.secretary(session, f"Secretary {n}") for n in (1, 2, 3))
        self.essays = {name: self._essay(name) for name in NAMES}
        session.commit()

    def _essay(self, name: str) -> Essay:
        author = make.person(self.session, name)
        given = {"title": f"The essay of {name}", "edition": self.edition, "author": author}
        made = make.essay(self.session, "admitted", **given)
        own = make.authorship(self.session, made)
        own.native_name = own.roman_name = f"{name} Nyam"
        make.saved(self.session, own)
        make.consent(self.session, author, self.edition, name=name != "Anu")
        return made

    def code(self, name: str) -> str:
        return str(self.essays[name].code)

    def author(self, name: str) -> Person:
        return make.person_of(self.session, self.essays[name])

    def readings(self, round_: Round = Round.FIRST) -> list[Appointment]:
        """That have not ended."""
        found = select(Appointment).where(Appointment.round == round_, col(Appointment.ended_at).is_(None))
        return list(self.session.exec(found.execution_options(populate_existing=True)))

    def verdicts(self) -> dict[str, Verdict]:
        found = {each.essay_id: each for each in self.session.exec(select(Verdict))}
        return {name: found[essay.id] for name, essay in self.essays.items() if essay.id in found}


def opinion(judge: str) -> dict[str, tuple[int, ...]]:
    """Each judge is as strict as they are, and wavers; of Bayar's essay and Chimeg's they think just the same."""
    turn = list(STRICT).index(judge)
    found = {}
    for n, name in enumerate(NAMES):
        like = 1 if name == "Chimeg" else n
        wavers = (0, (turn + like) % 3 - 1, (turn + 2 * like) % 2, 0, 0)
        found[f"The essay of {name}"] = tuple(min(10, max(1, GOOD[name] + STRICT[judge] + each)) for each in wavers)
    return found


@pytest.mark.slow
def test_from_admitted_essays_to_certificates(world: World, app: FastAPI, tmp_path: Path) -> None:
    contest = Contest(world.session)
    judges = a_panel_is_asked(world, app, contest)
    one_trains(world, contest, judges)
    the_first_round_is_dealt(world, contest)
    one_knows_a_writer(world, contest, judges)
    one_is_lost(world, contest, judges.pop("Judge Mori"))
    everybody_marks(contest, judges, Round.FIRST)
    one_is_disqualified(world, contest)
    finalists_are_taken_and_read(world, contest, judges)
    the_jury_decides(world, contest)
    at = it_is_ordered_and_confirmed(world, contest)
    nothing_is_public_before_the_instant(world, app, contest, at)
    everybody_reads_the_results(world, app, contest)
    an_author_reads_what_judges_said(world, contest)
    number = certificates_are_issued(world, app, contest)
    an_appeal_is_decided_by_somebody_else(world, contest, number)
    the_bundle_gives_the_published_order(world, contest, tmp_path)
    judges_stay_unnamed(world, contest)
    assert history.broken(world.session) is None


def a_panel_is_asked(world: World, app: FastAPI, contest: Contest) -> dict[str, Walker]:
    """Three with an account accept, one opens one for it, one declines."""
    secretary, session = world.walk(contest.first), world.session
    places = ("Gyeongsangbuk-do", "Shimane", "Liaoning", "Shimane")
    known = {name: make.person(session, name) for name in STRICT if name != "Judge Ito"}
    addresses = {name: known[name].email if name in known else "ito@example.org" for name in STRICT}
    for (name, address), place in zip(addresses.items(), places, strict=True):
        steps.ask(secretary, contest.path, address, name, place)
    judges = {name: world.walk(person) for name, person in known.items()}
    for name, judge in judges.items():
        contests.accept_to_judge(session, judge, addresses[name])
    judges["Judge Ito"] = steps.open_account_to_judge(app, session, addresses["Judge Ito"])
    steps.ask(secretary, contest.path, "kim@example.org", "Judge Kim", "Gyeongsangbuk-do")
    steps.decline_to_judge(app, session, "kim@example.org")
    secretary.visit(f"{contest.path}/judges").sees("Judge Kim", "Said no", *STRICT)
    return judges


def one_trains(world: World, contest: Contest, judges: dict[str, Walker]) -> None:
    secretary = world.walk(contest.first)
    steps.write_anchor(secretary, contest.path)
    steps.train(judges["Judge Ito"], 5, 6, 7, 6, 6)
    secretary.visit(f"{contest.path}/training/results").sees("Done 1 of 1", "Not finished 0 of 1")


def the_first_round_is_dealt(world: World, contest: Contest) -> None:
    secretary = world.walk(contest.first)
    steps.order_deal(secretary, contest.path, "first")
    assert world.work() == ["deals.compute"]
    assert contest.readings() == []
    secretary.visit(f"{contest.path}/deal").sees("To look at", "New readings", "14", "Judge Mori")
    assert world.walk(contest.second).visit(secretary.path).offers("/make")
    secretary.press("/make").sees("Being dealt")
    assert world.work() == ["deals.make"]
    secretary.visit(f"{contest.path}/deal").sees("Dealt")
    assert len(contest.readings()) == 14
    assert len({(each.essay_id, each.judge_id) for each in contest.readings()}) == 14


def one_knows_a_writer(world: World, contest: Contest, judges: dict[str, Walker]) -> None:
    """The essay is gone from the desk, and the job gives it to another judge at once."""
    title = "The essay of Ganbat"  # no finalist: all three who are left will read those
    desks = {name: steps.essays_on_the_desk(judge) for name, judge in judges.items() if name != "Judge Mori"}
    name = next(name for name, desk in desks.items() if title in desk)
    judge, path = judges[name], desks[name][title]
    judge.visit(path).follow("/conflict").press("/conflict", reason="A pupil of mine.")
    judge.sees("The essay has left your desk")
    assert title not in steps.essays_on_the_desk(judge) and judge.visit(path).status == 404
    assert len(contest.readings()) == 13
    assert world.work() == ["deals.compute", "deals.make"]
    assert len(contest.readings()) == 14
    declared = world.session.exec(select(DeclaredConflict)).one()
    again = [each.judge_id for each in contest.readings() if each.essay_id == declared.essay_id]
    assert len(set(again)) == 2 and declared.judge_id not in again


def one_is_lost(world: World, contest: Contest, judge: Walker) -> None:
    """With one essay marked, which counts; the others are dealt again."""
    title, path = next(iter(steps.essays_on_the_desk(judge).items()))
    judge.visit(path).press("/lock", **steps.points(*opinion("Judge Mori")[title])).sees("Your marks are submitted.")
    secretary = world.walk(contest.first)
    code = world.session.exec(select(Judge.code).where(Judge.name == "Judge Mori")).one()
    secretary.visit(f"{contest.path}/judges").follow(code).sees("Judge Mori").follow("/leave")
    secretary.press("/leave", reason="Nobody reaches him.").sees("no longer judges")
    assert world.work() == ["deals.compute", "deals.make"]
    lost = world.session.exec(select(Judge).where(col(Judge.left_at).is_not(None))).one()
    readings = contest.readings()
    assert len(readings) == 14
    assert [each.locked_at is not None for each in readings if each.judge_id == lost.id] == [True]
    ends = world.session.exec(select(Appointment.end_reason).where(Appointment.judge_id == lost.id)).all()
    assert End.LEFT in ends
    assert judge.visit("/judging").path.startswith("/sign-in")
    assert world.walk(world.session.get_one(Person, lost.person_id)).visit("/judging").status == 403


def everybody_marks(contest: Contest, judges: dict[str, Walker], round_: Round) -> None:
    for name, judge in judges.items():
        assert steps.mark_all(judge, opinion(name), name)
    assert all(each.locked_at for each in contest.readings(round_))


def one_is_disqualified(world: World, contest: Contest) -> None:
    first, second = (world.walk(person) for person in contest.screeners)
    here = f"{contest.path}/screening/{contest.essays['Hulan'].id}"
    first.visit(f"{here}/disqualify").press("/disqualify", code="copied", reason="A page of it stands in a book.")
    assert not first.visit(here).offers("/disqualification/confirm")
    second.visit(here).press("/disqualification/confirm")
    world.session.expire_all()
    assert contest.essays["Hulan"].status is EssayStatus.DISQUALIFIED
    world.walk(contest.first).visit(f"{contest.path}/order").misses(contest.code("Hulan"))


def finalists_are_taken_and_read(world: World, contest: Contest, judges: dict[str, Walker]) -> None:
    secretary = world.walk(contest.first)
    secretary.visit(f"{contest.path}/finalists").press("/finalists").sees("The finalists are taken")
    world.session.expire_all()
    on = {name for name, essay in contest.essays.items() if essay.status is EssayStatus.SHORTLISTED}
    assert on == {"Anu", "Bayar", "Chimeg", "Dulam", "Enkhe"}
    steps.order_deal(secretary, contest.path, "final")
    assert world.work() == ["deals.compute"]
    secretary.visit(f"{contest.path}/deal").sees("To look at").press("/make")
    assert world.work() == ["deals.make"]
    assert len(contest.readings(Round.FINAL)) == 15
    everybody_marks(contest, judges, Round.FINAL)


def the_jury_decides(world: World, contest: Contest) -> None:
    """One prize is withheld, two essays that are tied at a line are decided together, two depart from the order."""
    secretary, second = world.walk(contest.first), world.walk(contest.second)
    codes = {name: contest.code(name) for name in NAMES}
    secretary.visit(f"{contest.path}/jury").press("/jury/open").sees("The meeting is open.")
    group = secretary.follow("Ages 15–18").path
    secretary.sees("Decide together").press(
        "/jury/withheld", award_id=secretary.option("award_id", "Special prize"), number="1", reason=WHY
    )
    secretary.sees("Withheld: Special prize")
    assert not secretary.offers("/withheld/confirm")
    second.visit(group).press("/withheld/confirm").sees("You have confirmed that it is withheld.")

    secretary.visit(group).follow("Decide these together").sees(codes["Bayar"], codes["Chimeg"])
    together = {codes["Bayar"]: contest.awards["Silver"], codes["Chimeg"]: contest.awards["Bronze"]}
    steps.decide(secretary, contest.path, together).sees("Within the tie band")
    secretary.visit(group).press("/jury/accept").sees("It is put down.")
    departing = {codes["Dulam"]: "commended", codes["Enkhe"]: contest.awards["Bronze"]}
    steps.decide(secretary, contest.path, departing, WHY).sees("Departs, to be confirmed")
    secretary.visit(f"{contest.path}/jury").press("/jury/close", expect=409)
    for name in ("Dulam", "Enkhe"):
        second.visit(group).press(f"/verdicts/{codes[name]}/confirm").sees("You have confirmed this decision.")
    secretary.visit(f"{contest.path}/jury").press("/jury/close").sees("The meeting is closed.")
    second.visit(f"{contest.path}/jury").press("/jury/confirm").sees("What the jury decided is confirmed.")

    found = contest.verdicts()
    assert {name: each.outcome for name, each in found.items()} == {
        "Anu": Outcome.AWARDED, "Bayar": Outcome.AWARDED, "Chimeg": Outcome.AWARDED, "Dulam": Outcome.COMMENDED,
        "Enkhe": Outcome.AWARDED,
    }  # fmt: skip
    assert [found[name].place for name in ("Anu", "Bayar", "Chimeg", "Dulam", "Enkhe")] == [1, 2, 2, 4, 5]
    assert [name for name, each in found.items() if each.departs] == ["Dulam", "Enkhe"]


def it_is_ordered_and_confirmed(world: World, contest: Contest) -> dt.datetime:
    """For nine days from now; whoever ordered it does not confirm it."""
    secretary, second = world.walk(contest.first), world.walk(contest.second)
    when = in_seoul(days=9)
    secretary.visit(f"{contest.path}/publication").press("/publication", when="later", publish_at=when)
    assert not secretary.offers("/publication/confirm")
    second.visit(f"{contest.path}/publication").press("/publication/confirm").sees("The publication is confirmed.")
    world.work()
    assert letters.told(world.session, contest.author("Anu").email) == []
    return dt.datetime.fromisoformat(when).replace(tzinfo=SEOUL)


def nothing_is_public_before_the_instant(world: World, app: FastAPI, contest: Contest, at: dt.datetime) -> None:
    codes = [contest.code(name) for name in NAMES]
    own = f"/essays/{contest.essays['Anu'].id}"
    with time_machine.travel(at - MILLISECOND, tick=False):
        author, anybody = world.walk(contest.author("Anu")), Walker(browser(app))
        anybody.visit(f"{contest.path}/results").sees("are not out yet").misses("Nyam", *codes)
        assert anybody.visit(f"{contest.path}/results/{contest.code('Bayar')}").status == 404
        assert [author.visit(own + page).status for page in ("/result", "/certificate", "/appeal")] == [409] * 3
        assert author.visit(own).status == 200
        author.misses("Grand prize")
        publish_due_results(world.services)
        assert letters.told(world.session, contest.author("Anu").email) == []
        for walker in (author, anybody):
            contests.told_nothing(walker, "Grand prize won", "Judge Han")
    with time_machine.travel(at, tick=False):
        Walker(browser(app)).visit(f"{contest.path}/results").sees("Grand prize", "Bayar Nyam")
    world.move_to(at)


def everybody_reads_the_results(world: World, app: FastAPI, contest: Contest) -> None:
    """Also before the job has told anybody; each line as far as its author agreed to it."""
    anybody = Walker(browser(app)).visit(f"{contest.path}/results")
    anybody.sees("Grand prize", "An author from", "Bayar Nyam", "Chimeg Nyam", "Dulam Nyam", "Not given this time")
    anybody.misses("Anu Nyam", "Ganbat Nyam", "Hulan Nyam", "Judge ")
    anybody.follow("The essay of Anu").sees("An author from").misses("Anu Nyam")
    publish_due_results(world.services)
    publish_due_results(world.services)
    told = {name: letters.told(world.session, contest.author(name).email) for name in NAMES}
    assert told["Anu"] == told["Enkhe"] == ["results/awarded"]
    assert told["Dulam"] == ["results/commended"] and told["Ganbat"] == ["results/not_awarded"]
    assert not {"results/awarded", "results/commended", "results/not_awarded"} & set(told["Hulan"])
    world.session.expire_all()
    assert contest.essays["Anu"].status is EssayStatus.AWARDED


def an_author_reads_what_judges_said(world: World, contest: Contest) -> None:
    author = world.walk(contest.author("Anu"))
    author.visit(f"/essays/{contest.essays['Anu'].id}").follow("/result")
    author.sees("Grand prize", "Final round", "First round", "Comment about The essay of Anu.")
    author.misses("Judge Han", "Judge Ito", "Judge Liu", "Note by", *judges_traces(world.session))
    assert world.walk(contest.author("Bayar")).visit(author.path).status == 404


def judges_traces(session: Session) -> set[str]:
    """What would tell a judge: names, addresses, codes, identifiers, the code by which they knew an essay."""
    judges = session.exec(select(Judge)).all()
    people = [session.get_one(Person, each.person_id) for each in judges if each.person_id]
    aliases = session.exec(select(Appointment.alias)).all()
    ids = [str(each.id) for each in (*judges, *people)]
    return {*STRICT, *(each.email for each in people), *ids, *aliases}


def certificates_are_issued(world: World, app: FastAPI, contest: Contest) -> str:
    """For all six that took part to the end; the number of the first one's."""
    secretary = world.walk(contest.first)
    signed = {"signatory": "Kim Secretary", "office": "secretary_general"}
    secretary.visit(f"{contest.path}/certificates").press("/certificates", all="true", **signed)
    assert world.work() == ["diplomas.issue"]
    secretary.visit(f"{contest.path}/certificates").sees("6 of 6")
    author = world.walk(contest.author("Anu"))
    own = f"/essays/{contest.essays['Anu'].id}/certificate"
    author.visit(own).sees("Valid", "Grand prize", "Anu Nyam")
    number = author.follow("/diplomas/" + number_of(author)).path.rpartition("/")[2]
    paper = author.client.get(f"{own}.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    anybody = Walker(browser(app)).visit(f"/diplomas/{number}")
    anybody.sees("This certificate is valid", number).misses("Anu Nyam")
    assert Walker(browser(app)).visit(f"/diplomas/{number[:-1]}").status == 404
    assert "diplomas/issued" in letters.told(world.session, contest.author("Ganbat").email)
    return number


def number_of(author: Walker) -> str:
    found = steps.NUMBER.search(author.page)
    assert found
    return found[1]


def an_appeal_is_decided_by_somebody_else(world: World, contest: Contest, number: str) -> None:
    author = world.walk(contest.author("Ganbat"))
    here = f"/essays/{contest.essays['Ganbat'].id}/appeal"
    author.visit(here).press("/appeal", text=f"My essay was read by one judge only. {number}").sees("is sent")
    involved, other = world.walk(contest.second), world.walk(contest.third)
    appeal = the_appeal(other, contest)
    involved.visit(appeal).sees("You had a part in this result")
    assert not involved.offers(appeal)
    ruling = {"ruling": "rejected", "answer": "Two judges have read it, as the rules of this contest say."}
    assert involved.client.post(appeal, data=ruling).status_code == 403
    other.visit(appeal).press(appeal, **ruling).sees("The appeal is decided")
    author.visit(here).sees("The procedure was kept", "Two judges have read it").misses("Secretary 3")
    assert letters.told(world.session, contest.author("Ganbat").email)[-1] == "appeals/decided"


def the_appeal(walker: Walker, contest: Contest) -> str:
    walker.visit(f"{contest.path}/appeals")
    links = [link.get("href") or "" for link in walker.tree.iter("a")]
    [found] = {href for href in links if href.startswith(f"{contest.path}/appeals/")}
    return found


def the_bundle_gives_the_published_order(world: World, contest: Contest, folder: Path) -> None:
    """Whoever has it reckons the order of the jury again, without the portal's database."""
    told, reckoned = steps.calibrated(world.walk(contest.first), contest.path, folder)
    [group], [anew] = told["order"]["groups"], reckoned["groups"]
    by_marks = {each["entry"]: each["rank"] for each in anew["entries"]}
    assert by_marks == {each["entry"]: each["recommended_rank"] for each in group["order"]}
    places = {contest.code(name): verdict.place for name, verdict in contest.verdicts().items()}
    assert by_marks == places
    assert {each["occasion"] for each in told["kept"]} >= {Occasion.ROUND_END.value, Occasion.JURY.value}
    before = world.session.exec(select(Standing).where(Standing.occasion == Occasion.JURY)).one()
    assert told["digest"] == before.digest
    assert len(steps.marks_in(folder)) == 15
    whole = b"".join(each.read_bytes() for each in sorted(folder.iterdir()))
    assert [name for name in (*NAMES, *STRICT) if name.encode() in whole] == []


def judges_stay_unnamed(world: World, contest: Contest) -> None:
    """In no mail to an author."""
    addresses = {contest.author(name).email for name in NAMES}
    mails = world.session.exec(select(Message).where(col(Message.address).in_(addresses))).all()
    said = " ".join(f"{mail.subject} {mail.text}" for mail in mails)
    assert mails and [trace for trace in judges_traces(world.session) if trace in said] == []
