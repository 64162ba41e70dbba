"""A minor writes, a guardian decides, and somebody copies: two essays from the first word to their end."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.clock import now
from portal.consents.models import Case, Purpose
from portal.essays.actions import LETTERS
from portal.essays.models import Authorship
from portal.history import queries as history
from portal.jobs.registry import JOBS, Services
from portal.settings import Settings
from tests import make
from tests.accounts import letters
from tests.conftest import browser
from tests.database import JoinedDatabase
from tests.journeys import contests as steps
from tests.journeys.walker import Walker
from tests.people import Cast

As = Callable[[Person], TestClient]
MINOR, COPIER = "bataa@example.org", "suld@example.org"
MOTHER, MISTYPED = "eej@example.org", "eej@exmaple.org"
TITLE, TEXT = "Нэг аяганаас", (Path(__file__).parent / "essay_mn.txt").read_text("utf-8")
COPY = "Далайн эрэг дээр"
WHO_AM_I = "Намайг Батбаяр гэдэг, би Шинэ эрин сургуульд сурдаг."
PET_NAME = "Батаа минь"
PARAGRAPHS = TEXT.strip().split("\n\n")
# The copier keeps three paragraphs of seven, and writes one of their own before them.
OWN_WORDS = "Би энэ тухай өөрөөр боддог: " + " ".join(
    f"{n} дахь өдөр нь бид далайн эргээр алхаж, {n + 1} хясаа түүж, нар жаргахыг хүлээв." for n in range(3, 18)
)
COPIED = "\n\n".join([OWN_WORDS, *PARAGRAPHS[2:5]])
BORN_ON = f"{dt.date(now().year - 16, 1, 2)}"
BATBAYAR = {"native_name": "Болд Батбаяр", "roman_name": "Batbayar Bold", "school": "Шинэ эрин сургууль"}
SULD = {"native_name": "Сүлд", "roman_name": "Suld", "school": "沈阳市蒙古族中学"}
TELLING = (*BATBAYAR.values(), "Батбаяр", "Batbayar", "Шинэ эрин", "Батаа", "Ulaanbaatar", "Улаанбаатар", MINOR, MOTHER)
YES = {f"answer_{purpose.value}": "yes" for purpose in Purpose}


def test_a_minor_a_guardian_and_a_copy(
    app: FastAPI, session: Session, cast: Cast, as_: As, settings: Settings, database: JoinedDatabase
) -> None:
    secretary, second = Walker(as_(cast.secretary)), Walker(as_(make.secretary(session, "Second screener")))
    edition = steps.open_edition(secretary, "one-river", without=())
    minor = steps.register(app, session, MINOR, name=BATBAYAR["native_name"], language="en")
    own = begin(minor, edition, BATBAYAR, "Ulaanbaatar", "MN")
    mother = the_guardian_is_asked(app, session, minor, own)
    number = it_is_sent_before_the_answer(minor, own)
    screened = it_cannot_be_admitted_yet(secretary, edition)
    the_guardian_answers(session, mother, minor, own)
    it_is_returned_once_and_corrected(session, secretary, screened, minor, own)
    code = it_is_admitted_with_a_passage_hidden(secretary, screened)

    judges = [make.person(session, name) for name in ("Judge Ito", "Judge Han")]
    for judge, home in zip(judges, ("Shimane", "Gyeongsangbuk-do"), strict=True):
        steps.ask_judge(secretary, edition, judge, home, ("mn",))
        steps.accept_to_judge(session, Walker(as_(judge)), judge.email)
        steps.appoint(secretary, f"{edition}/essays/{code}", judge.name).sees("The judge is appointed to this essay.")
    desk = Walker(as_(judges[0]))
    alias = the_judge_reads_what_does_not_tell(desk, code)

    work = Services(settings, database)
    copy = somebody_copies(app, session, work, edition)
    two_screeners_disqualify_the_copy(session, secretary, second, edition, copy)

    the_guardian_withdraws(session, mother, desk, alias)
    assert minor.visit(own).heading() == TITLE
    minor.sees("Withdrawn")
    secretary.visit(screened).sees("Has refused", "Withdrawn, because the consent to taking part")
    assert "consents/essay_stopped" in letters.told(session, cast.secretary.email)
    steps.told_nothing(desk, *TELLING, number, copy)
    the_history_is_sound(session)


def begin(author: Walker, edition: str, who: dict[str, str], home: str, nationality: str) -> str:
    author.visit(edition).follow("/write").press("/write")
    path = author.path
    given = {"born_on": BORN_ON, "government_id": author.follow("/about").option("government_id", home)}
    author.press("/about", **who, **given, nationality=nationality)
    return path


def write(author: Walker, own: str, theme: str, text: str, title: str = TITLE) -> None:
    author.visit(own).follow("/text")
    author.press("/text", theme_id=author.option("theme_id", theme), language="mn", title=title, text=text)


# The guardian


def the_guardian_is_asked(app: FastAPI, session: Session, minor: Walker, own: str) -> Walker:
    """First at an address with a slip of the pen; the author's own is refused in between. The guardian's browser."""
    minor.visit(own).follow("/check").follow("/consents")
    minor.sees("At your age a parent or another guardian decides").misses('value="yes"')
    named: dict[str, Any] = {"name": "Сарнай", "language": "mn"}
    minor.press("/guardian", **named, email=MISTYPED).sees("Not arrived yet", MISTYPED)
    minor.press("/guardian", **named, email=MINOR, expect=422).sees("This address is yours")
    minor.press("/guardian", **named, email=MOTHER).sees("The mail with the link was sent.", MOTHER)

    mail = letters.to(session, MOTHER)[-1]
    assert (mail.template, mail.language) == ("consents/guardian", "mn")
    assert mail.subject == "Болд Батбаяр (Batbayar Bold) таны зөвшөөрлийг хүсэж байна"
    assert "Бүртгэл шаардлагагүй." in mail.text
    stranger = Walker(browser(app)).visit(letters.newest_link(session, MISTYPED))
    assert stranger.status == 404
    stranger.misses(BATBAYAR["native_name"])
    return Walker(browser(app, **{"accept-language": "mn"})).visit(letters.newest_link(session, MOTHER))


def it_is_sent_before_the_answer(minor: Walker, own: str) -> str:
    """With a sentence that tells who writes, which the check marks; the receipt's number."""
    write(minor, own, "Rivers", f"{WHO_AM_I}\n\n{TEXT}")
    minor.visit(own).follow("/statements").press("/statements", is_original="true", used_ai="false")
    minor.visit(own).sees("We asked your parent or guardian, and wait for the answer.")
    minor.follow("/check").sees("Words that could tell who you are", "Батбаяр", "your school")
    minor.press("/submit").sees("Your essay is looked at once your parent or guardian has answered.")
    return next(word for word in minor.visit(own).sees("Submitted").text().split() if word.startswith("E-"))


def it_cannot_be_admitted_yet(secretary: Walker, edition: str) -> str:
    """Not with all five ticks; the address of the essay, for those who screen."""
    queue = secretary.visit(edition).press("/screening").sees("The guardian has not answered")
    screened = queue.follow(TITLE).sees(*BATBAYAR.values(), "Ulaanbaatar", MINOR).path
    steps.tick_all(secretary, screened).press("/admit", expect=409)
    secretary.sees("The author is a minor and the guardian has not answered yet.", "Submitted")
    return screened


def the_guardian_answers(session: Session, mother: Walker, minor: Walker, own: str) -> None:
    """No to the name, yes to the rest; a question that was left out is asked for, and nothing typed is lost."""
    mother.sees("Болд Батбаяр (Batbayar Bold) эссэ бичлэгийн уралдаанд оролцож болох уу?", "Таны хариулт")
    unsaid = {name: answer for name, answer in YES.items() if name != "answer_photo"}
    answers = {**unsaid, "answer_name": "no", "signature": "Сарнай"}
    mother.press("/decide", **answers, expect=422).sees("«Тийм» эсвэл «Үгүй»-г сонгоно уу.")
    mother.press("/decide", answer_photo="yes").sees("Баярлалаа, таны хариултыг хүлээн авлаа", "Нэр нийтлэх Үгүй")
    assert not mother.offers("/name/withdraw")
    assert [mail.template for mail in letters.to(session, MOTHER)] == ["consents/guardian"] * 2

    minor.visit(own).sees("Your parent or guardian has agreed that you take part.").follow("See your consents")
    minor.sees("Publishing the name No", "Publishing the essay Yes", "Publishing a photo Yes", "Your guardian Сарнай")


# The screeners


def it_is_returned_once_and_corrected(
    session: Session, secretary: Walker, screened: str, minor: Walker, own: str
) -> None:
    words = "Leave out your name and your school."
    secretary.visit(screened).follow("Return it for correction").press("/return", code="identity", reason=words)
    secretary.sees("Returned for correction")
    assert words in letters.to(session, MINOR)[-1].text
    minor.visit(own).sees("The secretariat wrote:", "The text tells who wrote it.", words)
    write(minor, own, "Rivers", TEXT)
    minor.visit(own).follow("/check").press("/submit").sees("Your essay has arrived")
    minor.visit(own).follow("Read what you sent").sees("The first time", WHO_AM_I, "Corrected")
    secretary.visit(screened).sees("What the author changed since it was returned", WHO_AM_I)
    assert secretary.visit(f"{screened}/return").status == 409


def it_is_admitted_with_a_passage_hidden(secretary: Walker, screened: str) -> str:
    """The ticks belonged to the text that went back. The code that is drawn."""
    secretary.visit(screened).press("/admit", expect=409).sees("Tick all five checks first.")
    secretary.follow("Hide passages").press("/hiding", words=PET_NAME).sees("«▇▇▇, чи сонсож байна уу?»")
    steps.tick_all(secretary, screened).press("/admit").sees("The essay is admitted, and its code is drawn.")
    code = secretary.follow("This essay, by its code").misses(*TELLING).path.rpartition("/")[2]
    assert len(code) == 8
    assert set(code) <= set(LETTERS)
    return code


def the_judge_reads_what_does_not_tell(desk: Walker, code: str) -> str:
    alias = steps.judge_alias(desk.visit("/judging"))
    desk.follow(f"/judging/{alias}").sees(TITLE, PARAGRAPHS[0], "«▇▇▇, чи сонсож байна уу?»").misses(code, WHO_AM_I)
    desk.press(f"/judging/{alias}", points_1="9").sees("Your marks are saved.")
    return alias


# The copy


def somebody_copies(app: FastAPI, session: Session, work: Services, edition: str) -> str:
    """An author of sixteen in China, who agrees alone; the number of the receipt."""
    copier = steps.register(app, session, COPIER, name=SULD["native_name"])
    own = begin(copier, edition, SULD, "辽宁", "CN")
    steps.consent(copier.visit(own).follow("/check").follow("/consents"))
    write(copier, own, "江河", COPIED, COPY)
    copier.visit(own).follow("/statements").press("/statements", is_original="true", used_ai="false")
    copier.visit(own).follow("/check").press("/submit")
    for essay in session.exec(select(Authorship.essay_id)).all():
        JOBS["find_passages"](work, str(essay))
    return next(word for word in copier.visit(own).text().split() if word.startswith("E-"))


def two_screeners_disqualify_the_copy(
    session: Session, secretary: Walker, second: Walker, edition: str, number: str
) -> None:
    secretary.visit(f"{edition}/screening").follow(COPY).sees(*SULD.values(), number, "With 1 essay")
    copy = secretary.path
    secretary.follow("With 1 essay").follow(TITLE).sees("Two essays side by side", "The other essay was sent first.")
    secretary.sees(SULD["native_name"], BATBAYAR["native_name"], PARAGRAPHS[3][:40])
    assert len(secretary.tree.findall(".//mark")) >= 2

    words = "Three paragraphs stand in another essay of this edition."
    secretary.visit(copy).follow("Propose to disqualify it").press("/disqualify", code="copied", reason=words)
    assert not secretary.offers("/disqualification/confirm")
    assert letters.told(session, COPIER)[-1] == "essays/received"
    assert second.visit(copy).status == 404
    second.visit(edition).press("/screening")
    second.visit(copy).sees(words, "Proposed by Secretary").press("/disqualification/confirm").sees("Disqualified")
    assert letters.told(session, COPIER)[-1] == "essays/disqualified"
    assert words in letters.to(session, COPIER)[-1].text


# The guardian, later


def the_guardian_withdraws(session: Session, mother: Walker, desk: Walker, alias: str) -> None:
    """By the link in the mail: the photo, which ends nothing else; then taking part, which ends all at once."""
    mother.visit(letters.newest_link(session, MOTHER)).press("/photo/withdraw").sees("Зураг нийтлэх Үгүй")
    assert desk.visit(f"/judging/{alias}").status == 200
    mother.visit(letters.newest_link(session, MOTHER)).press("/take_part/withdraw").sees("Уралдаанд оролцох Үгүй")
    assert desk.visit(f"/judging/{alias}").status == 404
    desk.visit("/judging").sees("No essay waits for you now.").misses(alias)
    assert letters.told(session, MINOR)[-3:] == ["consents/withdrawn", "consents/withdrawn", "consents/stopped"]


def the_history_is_sound(session: Session) -> None:
    """The essay's part of it names no author; each answer is there by itself, with what it rests on."""
    own = session.exec(select(Authorship).where(Authorship.native_name == BATBAYAR["native_name"])).one()
    deeds = [entry.deed for entry in reversed(history.deeds(session, "essay", own.essay_id))]
    screened = ["read who wrote it", "ticked", "return", "hid passages", "ticked", "admit"]
    assert deeds == [*screened, "appointed", "appointed", "judge", "stop"]
    assert own.person_id not in {entry.actor_id for entry in history.deeds(session, "essay", own.essay_id)}
    case = session.exec(select(Case).where(Case.person_id == own.person_id)).one()
    decided = [entry.deed for entry in reversed(history.deeds(session, "consent", case.id))]
    assert decided[:2] == ["guardian asked"] * 2
    assert sorted(decided[2:7]) == ["consented"] * 4 + ["did not consent"]
    assert decided[7:] == ["did not consent"] * 2
    assert history.broken(session) is None
