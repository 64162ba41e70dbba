"""From a secretary's edition to a ranking, and nobody who judges learns who wrote."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.essays.models import Authorship
from portal.history import queries as history
from tests import make
from tests.accounts import letters
from tests.journeys import contests as steps
from tests.journeys.walker import Walker
from tests.people import Cast

As = Callable[[Person], TestClient]
AUTHOR = "siyuan@example.org"
TELLING = (steps.NATIVE, steps.ROMAN, "Ouyang", steps.SCHOOL, "Liaoning", "辽宁", AUTHOR)


def test_from_the_edition_to_the_ranking(app: FastAPI, session: Session, cast: Cast, as_: As) -> None:
    secretary, second = Walker(as_(cast.secretary)), Walker(as_(make.secretary(session, "Second secretary")))
    judges = {name: make.person(session, name) for name in ("Judge Han", "Judge Ito", "Judge Liu")}
    edition = steps.open_edition(secretary, "one-region")
    author = steps.register(app, session, AUTHOR)
    own = steps.write(author, edition)
    number = it_is_sent(author, own)

    essay = the_screener_alone_sees_the_author(secretary, second, edition)
    for name, government in zip(judges, ("Gyeongsangbuk-do", "Shimane", "Liaoning"), strict=True):
        steps.ask_judge(secretary, edition, judges[name], government)
        steps.accept_to_judge(session, Walker(as_(judges[name])), judges[name].email)
    steps.appoint(secretary, essay, "Judge Liu", expect=422).sees("A conflict of interest bars this judge")
    steps.appoint(secretary, essay, "Judge Han").sees("The judge is appointed to this essay.")
    steps.appoint(secretary, essay, "Judge Ito").sees("Judge Han", "Judge Ito")
    assert not author.visit(own).offers("/withdraw")

    han, ito, liu = (Walker(as_(person)) for person in judges.values())
    judges_read_blind(han, ito, edition, essay, number)
    liu.visit("/judging").sees("No essay waits for you now.")
    steps.mark(han, 8, 7, comment="The river is more than a picture here.")
    secretary.visit(f"{edition}/order").sees("73.33")
    steps.mark(ito, 5, 6)
    marks_stand(han)
    for judge in (han, ito, liu):
        steps.told_nothing(judge, *TELLING, number)

    # Idea weighs 60 and language 40: (60 * 7 + 40 * 6) / 9 = 73.33 and (60 * 4 + 40 * 5) / 9 = 48.89.
    code = essay.rpartition("/")[2]
    secretary.visit(f"{edition}/order").sees("Ages 15 to 18, 中文", f"1 {code} 61.11")
    second.visit(f"{edition}/order").sees(f"1 {code} 61.11")
    for page in (edition, f"{edition}/essays", essay, f"{essay}/judges"):
        second.visit(page)
    assert [each for each in TELLING[:4] + TELLING[6:] for page in second.seen if each in page] == []

    assert letters.told(session, AUTHOR) == ["accounts/verify", "essays/received", "essays/admitted"]
    assert {letter.language for letter in letters.to(session, AUTHOR)} == {"zh-Hans"}
    assert [letters.told(session, person.email) for person in judges.values()] == [["panels/offer"]] * 3
    the_history_keeps_the_secret(session)


def it_is_sent(author: Walker, own: str) -> str:
    """The receipt's number. Pressed twice, the button sends once; a page opened before that is too late."""
    tab = author.visit(own).follow("/check").sees(steps.NATIVE, steps.TITLE, "江河").another_tab()
    again = author.visit(author.path).another_tab()
    author.press("/submit")
    assert author.path == again.press("/submit").path == f"{own}/receipt"
    tab.press("/submit", expect=409)
    assert author.visit(f"{own}/text").status == 409
    return next(word for word in author.visit(own).text().split() if word.startswith("E-"))


def the_screener_alone_sees_the_author(secretary: Walker, second: Walker, edition: str) -> str:
    """Until it is admitted, only a screener finds it; the address of the essay, under the code that is drawn then."""
    assert secretary.visit(f"{edition}/screening").status == 404
    secretary.visit(edition).follow("Essays, by code").misses(steps.TITLE, *TELLING)
    screened = secretary.visit(edition).press("/screening").follow(steps.TITLE).sees(*TELLING[:5], AUTHOR).path
    secretary.press("/admit", expect=409).sees("Tick all five checks first.")
    steps.tick_all(secretary, screened).press("/admit").sees(
        "The essay is admitted, and its code is drawn.", "Admitted"
    )
    assert second.visit(screened).status == 404
    essay = secretary.follow("This essay, by its code").misses(*TELLING).path
    second.visit(essay).sees(steps.TITLE, "Who wrote this essay is shown only to those who screen")
    return essay


def judges_read_blind(han: Walker, ito: Walker, edition: str, essay: str, number: str) -> None:
    """Code, language, category, theme and text; each has a code of their own, and no other way to the essay."""
    aliases = [steps.judge_alias(judge.visit("/judging")) for judge in (han, ito)]
    assert aliases[0] != aliases[1]
    han.visit(f"/judging/{aliases[0]}").sees(
        aliases[0], "中文", "Ages 15 to 18", "Rivers", steps.TITLE, steps.TEXT[:30]
    )
    han.sees("Idea (weight 60)", "Language (weight 40)").misses(number, essay.rpartition("/")[2])
    assert ito.visit(f"/judging/{aliases[0]}").status == 404
    for path in (f"{edition}/essays", essay, f"{essay}/judges", f"{edition}/order"):
        assert han.visit(path).status in {403, 404}


def marks_stand(judge: Walker) -> None:
    """A judge cannot go back on submitted marks, not even from a page that was opened before."""
    judge.visit("/judging").follow(steps.judge_alias(judge)).sees("Idea 60 8", "Language 40 7")
    assert not judge.offers(judge.path)
    answer = judge.client.post(judge.path, data={"points_1": "10"})
    assert answer.status_code == 409
    judge.seen.append(answer.text)
    assert "You have submitted your marks for this essay." in answer.text
    judge.visit(judge.path).sees("Idea 60 8")


def the_history_keeps_the_secret(session: Session) -> None:
    """It is whole; what happened to the essay is there without the author's name among those who acted."""
    own = session.exec(select(Authorship).where(Authorship.native_name == steps.NATIVE)).one()
    deeds = history.deeds(session, "essay", own.essay_id)
    screened, judged = ["read who wrote it", "ticked", "admit"], ["barred", "appointed", "appointed", "judge"]
    assert [entry.deed for entry in reversed(deeds)] == screened + judged
    assert own.person_id not in {entry.actor_id for entry in deeds}
    written = [entry.deed for entry in reversed(history.deeds(session, "authorship", own.id))]
    assert written[-3:] == ["wrote", "wrote", "submit"]
    assert history.broken(session) is None
