"""What each person does on the way from an edition to its ranking, through pages and forms only."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from fastapi import FastAPI
from sqlmodel import Session

from portal.accounts.models import Person
from portal.clock import now
from portal.consents.models import Purpose
from portal.screening.models import Item
from tests.accounts import letters
from tests.conftest import browser
from tests.journeys.internships import PASSWORD, in_seoul
from tests.journeys.walker import Walker

NATIVE, ROMAN, SCHOOL = "欧阳思远", "Ouyang Siyuan", "沈阳市第七中学"
BORN_ON = dt.date(now().year - 17, 1, 2)
TITLE = "同一条江"
TEXT = "江水不问两岸的人说什么话，它把上游的雪带给下游的田。我们的计划也应该这样走。\n\n" * 20  # of 625 to 1250
# (name, weight, what ten points take) of the rubric, which takes the place of the usual one.
RUBRIC = (("Idea", 60, "It convinces a doubter."), ("Language", 40, "A pleasure to read."))
THEMES = (("Rivers", "江河"), ("Trains", "火车"))


def open_edition(secretary: Walker, slug: str, *, without: Sequence[str] = ("ja", "ko", "mn", "ru")) -> str:
    """A new edition with two themes and one age category, in all languages but these, published; its address."""
    secretary.visit("/contests").follow("Add an edition")
    dates = {"opens_at": in_seoul(days=-1), "due_at": in_seoul(days=20), "judging_due_at": in_seoul(days=40)}
    secretary.press("/contests/new", title_en="Essays of one region", slug=slug, zone="Asia/Seoul", **dates)
    edition = secretary.path.removesuffix("/edit")
    secretary.follow("/edit/texts").press("/edit/texts", title_zh="一个地区的作文", text_en="Write.")
    secretary.follow("/edit/themes")
    for english, chinese in THEMES:
        secretary.follow("/themes/new").press("/themes/new", name_en=english, name_zh=chinese)
    secretary.visit(f"{edition}/edit/categories").press("/edit/reference", reference_on=f"{now():%Y-%m-%d}")
    _remove(secretary, "12")
    secretary.visit(f"{edition}/edit/languages")
    secretary.press("/edit/languages", **{f"limit_{code}": "" for code in without})
    secretary.follow("/edit/criteria")
    for _each in range(5):
        _remove(secretary)
    for name, weight, best in RUBRIC:
        given = {"name_en": name, "weight": f"{weight}", "anchor_10_en": best}
        secretary.follow("/criteria/new").press("/criteria/new", **given)
    secretary.visit(f"{edition}/edit").sees("Nothing is missing.").press("/publish")
    secretary.sees("The edition is published.", "Idea", "Trains")
    return edition


def _remove(secretary: Walker, said: str = "") -> None:
    """The first row of the list that says this."""
    actions = (form.get("action") or "" for row in _rows(secretary, said) for form in row.iter("form"))
    secretary.press(next(action for action in actions if action.endswith("/remove")))


def _rows(secretary: Walker, said: str) -> list[Element]:
    rows = [each for each in secretary.tree.iter("div") if "summary-list__row" in (each.get("class") or "")]
    return [row for row in rows if said in "".join(row.itertext())]


def register(app: FastAPI, session: Session, address: str, *, name: str = NATIVE, language: str = "zh-Hans") -> Walker:
    """An author who reads and is written to in Chinese, or in another language."""
    author = Walker(browser(app, **{"accept-language": language})).visit("/register")
    typed = {"name": name, "email": address, "password": PASSWORD}
    author.press("/register", **typed, language=language, zone="Asia/Shanghai")
    author.visit(letters.newest_link(session, address)).press("/verify", password=PASSWORD)
    assert author.tree.get("lang") == language
    return author


def write(author: Walker, edition: str) -> str:
    """Everything but the sending; the address of the essay."""
    author.visit(edition).follow("/write").press("/write")
    path = author.path
    author.follow("/about")
    home = author.option("government_id", "辽宁")
    who: dict[str, Any] = {"native_name": NATIVE, "roman_name": ROMAN, "born_on": f"{BORN_ON}", "school": SCHOOL}
    author.press("/about", **who, government_id=home, nationality="CN")
    consent(author.visit(path).follow("/check").follow("/consents"))
    author.visit(path).follow("/text")
    theme = author.option("theme_id", "江河")
    author.press("/text", theme_id=theme, language="zh-Hans", title=TITLE, text=TEXT)
    author.visit(path).follow("/statements").press("/statements", is_original="true", used_ai="false")
    return path


def consent(author: Walker) -> None:
    """Of age for consents: yes to everything but the photo."""
    answers = {f"answer_{purpose.value}": "yes" for purpose in Purpose}
    author.press("/decide", **{**answers, "answer_photo": "no"})


def tick_all(screener: Walker, essay: str) -> Walker:
    """All five checks of screening; the page of the essay, by its author."""
    return screener.visit(essay).press("/ticks", items=[item.value for item in Item])


def ask_judge(
    secretary: Walker, edition: str, person: Person, government: str, languages: Sequence[str] = ("en", "zh-Hans")
) -> None:
    secretary.visit(f"{edition}/judges").follow("/judges/new")
    home = secretary.option("government_id", government)
    secretary.press(
        "/judges/new", email=person.address, name=person.name, languages=list(languages), government_id=home
    )
    secretary.sees(person.name, "Asked")


def accept_to_judge(session: Session, judge: Walker, address: str) -> None:
    """By the link of the letter, as it was asked."""
    judge.visit(letters.newest_link(session, address)).press("/accept", is_confidential="true")
    judge.sees("Essays to judge")


def appoint(secretary: Walker, essay: str, name: str, *, expect: int = 200) -> Walker:
    secretary.visit(essay).follow("Judges of this essay")
    return secretary.press("/judges", judge_id=secretary.option("judge_id", name), expect=expect)


def mark(judge: Walker, *points: int, comment: str = "") -> None:
    """Reads the one essay on the desk, saves a first opinion, and submits the marks for good."""
    judge.visit("/judging").follow("/judging/" + judge_alias(judge))
    judge.press(judge.path, points_1="1").sees("Your marks are saved.")
    given = {f"points_{n}": str(each) for n, each in enumerate(points, 1)}
    judge.press("/lock", **given, comment=comment).sees("Your marks are submitted.", "Submitted")


def judge_alias(judge: Walker) -> str:
    """The code by which this judge alone knows the essay."""
    (alias,) = judge_aliases(judge)
    return alias


def judge_aliases(judge: Walker) -> list[str]:
    """The essays on the desk that stands before them."""
    heads = [each for each in judge.tree.iter("th") if each.get("scope") == "row"]
    return ["".join(each.itertext()).strip() for each in heads]


def told_nothing(walker: Walker, *telling: str) -> None:
    """None of the pages that this person was ever shown says any of this."""
    assert walker.seen
    assert [word for word in telling for page in walker.seen if word in page] == []
