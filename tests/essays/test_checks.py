import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, func, select

from portal.contests.models import AiRule
from portal.essays import checks, rules, telling
from portal.essays.checks import State
from portal.essays.models import Essay, EssayStatus
from portal.essays.rules import Check
from portal.essays.telling import Kind, Passage
from portal.history.models import Entry
from portal.i18n import N_
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]
TELLING = "Words that could tell who you are"
HTML = "{http://www.w3.org/1999/xhtml}"


def lines(session: Session, *missing: Check, passages: list[Passage] | None = None, **fields: Any) -> dict[str, Any]:
    """By the English name of a check; `fields` of the authorship, the essay (essay_…) or the edition (edition_…)."""
    of = {
        part: {k.removeprefix(part): v for k, v in fields.items() if k.startswith(part)}
        for part in ("essay_", "edition_")
    }
    edition = make.edition(session, **of["edition_"])
    essay = make.essay(session, "draft", edition=edition, **of["essay_"])
    own = make.authorship(session, essay)
    for name, value in fields.items():
        if not name.startswith(("essay_", "edition_")):
            setattr(own, name, value)
    made = checks.lines(own, essay, edition, list(missing), passages or [])
    return {str.__str__(line.name): line for line in made}


def test_a_complete_essay_is_in_order_line_by_line(session: Session) -> None:
    made = lines(session, used_ai=False)
    assert {line.state for line in made.values()} == {State.RIGHT}
    assert list(made) == [
        "About you", "Age category", "Your text", "Length", "Language", TELLING, "Your own work",
        "Programmes that write", "Your consents",
    ]  # fmt: skip
    assert "Ages 15–18" in made["Age category"].sentence and "480 words" in made["Length"].sentence
    assert all(line.sentence and line.task for line in made.values())


@pytest.mark.parametrize(
    ("name", "fields", "state", "sentence"),
    [
        ("Age category", {"born_on": None}, State.MEND, "Enter your date of birth"),
        ("Age category", {"born_on": dt.date(1990, 1, 1)}, State.MEND, "outside the age categories"),
        ("Length", {"essay_text": "Our river is long. " * 9}, State.MEND, "36 words. It must be 400 to 800. Your text"),
        ("Length", {"essay_language": "ja", "essay_text": "私たちの川は長い。" * 150}, State.RIGHT, "1350 ch"),
        ("Language", {"essay_language": "ru"}, State.LOOK, "in English. Choose the right language. You may send"),
        ("Language", {"essay_text": ""}, State.LOOK, "no text yet"),
        (TELLING, {"passages": [Passage("text", 0, 3, Kind.NAME)]}, State.LOOK, "could tell a judge"),
        (TELLING, {"essay_text": "", "essay_title": ""}, State.LOOK, "no text yet"),
        ("Programmes that write", {"edition_ai_rule": AiRule.ALLOWED}, State.RIGHT, "asks for no statement"),
        ("Programmes that write", {"used_ai": True, "ai_use": "For spelling."}, State.RIGHT, "which programme"),
    ],
)  # fmt: skip
def test_each_check_has_its_state_and_its_sentence(
    session: Session, name: str, fields: dict[str, Any], state: State, sentence: str
) -> None:
    line = lines(session, **fields)[name]
    assert line.state is state
    assert sentence in line.sentence


def test_what_is_missing_is_to_mend_on_its_page_and_said_once(session: Session) -> None:
    born_on = dt.date(1990, 1, 1)
    missing = [
        Check("about", rules.OUTSIDE),
        Check("consents", N_("Say yes or no.")),
        Check("statements", N_("Confirm.")),
    ]
    made = lines(session, *missing, born_on=born_on, is_original=False)
    to_mend = [(line.task, line.sentence) for line in made.values() if line.state is State.MEND]
    assert to_mend == [("about", str(rules.OUTSIDE)), ("statements", "Confirm."), ("consents", "Say yes or no.")]
    assert made["About you"].state is State.RIGHT and "Your own work" not in made


# The page


def test_the_page_shows_every_check_and_marks_what_tells(session: Session, cast: Cast, as_: As) -> None:
    text = f"I am Batbayar Bold.\n{make.ENGLISH} Write to {cast.stranger.email} or call +976 9911 2233."
    essay = make.essay(session, "draft", author=cast.stranger, text=text, notes="My page: https://vk.com/me")
    make.agreed(session, essay)
    session.commit()
    before = session.exec(select(func.count()).select_from(Entry)).one()
    shown = as_(cast.stranger).get(f"/essays/{essay.id}/check")
    assert shown.status_code == 200
    for words in ("Batbayar Bold", cast.stranger.email, "+976 9911 2233", "https://vk.com/me"):
        assert re.search(rf"<mark id=\"passage-\d\">{re.escape(words or '')}<sup>", shown.text), words
        assert re.search(rf"<a class=\"govuk-link\" href=\"#passage-\d\">{re.escape(words or '')}</a>", shown.text), (
            words
        )
    assert "(your name)" in shown.text and "(an e-mail address)" in shown.text and "(a phone number)" in shown.text
    assert "Look at it" in shown.text and "Send your essay" in shown.text
    assert session.exec(select(func.count()).select_from(Entry)).one() == before
    session.expire_all()
    assert session.get_one(Essay, essay.id).status is EssayStatus.DRAFT


def test_what_tells_may_be_sent_all_the_same(session: Session, cast: Cast, as_: As) -> None:
    essay = make.essay(session, "draft", author=cast.stranger, text=f"I am Batbayar Bold. {make.ENGLISH}")
    make.agreed(session, essay)
    sent = as_(cast.stranger).post(f"/essays/{essay.id}/submit", data={"version": essay.version})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/essays/{essay.id}/receipt")


def test_the_page_is_the_authors_alone_and_closes_with_the_essay(session: Session, cast: Cast, as_: As) -> None:
    essay = make.essay(session, "draft", author=cast.stranger)
    assert as_(cast.other_applicant).get(f"/essays/{essay.id}/check").status_code == 404
    sent = make.essay(session, "submitted", author=cast.other_applicant)
    assert as_(cast.other_applicant).get(f"/essays/{sent.id}/check").status_code == 409


ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</mark></article><h1>Batbayar Bold</h1>",
    '"><svg onload=alert(1)>Batbayar<b>Bold</b>@example.org', "'+976 9911 2233' onmouseover='alert(1)",
    "{{ 7 * 7 }} Batbayar {% raw %}", "https://vk.com/\"onclick=\"alert(1)", "@bold_<i>x</i>",
    "&lt;b&gt; Batbayar &amp;",
    "12 Main<br>Street, javascript:alert(1)@example.org", "\u202eBatbayar\u2066 <a href=//evil>",
]  # fmt: skip


@pytest.mark.parametrize("part", ["title", "text", "notes"])
def test_markup_in_an_essay_is_text_inside_marks_and_outside(session: Session, cast: Cast, as_: As, part: str) -> None:
    """The page is parsed as a browser does: what the author wrote is there, letter by letter, and is no element."""
    for attack in ATTACKS:
        hostile = f"I am Batbayar Bold {attack} and Batbayar Bold"
        essay = make.essay(session, "draft", author=make.member(session), **{part: hostile})
        author = session.get_one(type(cast.stranger), make.authorship(session, essay).person_id)
        body = html5lib.parse(as_(author).get(f"/essays/{essay.id}/check").text)
        (article,) = [each for each in body.iter(f"{HTML}article") if each.get("class") == "portal-essay"]
        assert {each.tag.removeprefix(HTML) for each in article.iter()} <= {
            "article",
            "h2",
            "h3",
            "p",
            "mark",
            "sup",
            "span",
        }
        assert all(set(each.attrib) <= {"class", "id", "lang"} for each in article.iter())
        for sup in list(article.iter(f"{HTML}sup")):
            tail, sup.text = sup.tail, ""
            sup.clear()
            sup.tail = tail
        read = "".join(article.itertext())
        assert " ".join(hostile.split()) in " ".join(read.split()), (attack, read)
        listed = [a.text for a in body.iter(f"{HTML}a") if (a.get("href") or "").startswith("#passage-")]
        parts = {each: getattr(essay, each) for each in telling.PARTS}
        known = telling.Known(
            "Болд Батбаяр", "Batbayar Bold", author.name, "School No. 7 of the Steppe", (author.email or "",)
        )
        found = telling.find(known, **parts)
        assert listed == [parts[p.part][p.begins : p.ends] for p in found]
        assert len(found) >= 2


def test_the_marks_are_not_told_by_colour_alone(session: Session, cast: Cast, as_: As) -> None:
    essay = make.essay(session, "draft", author=cast.stranger, text=f"I am Batbayar Bold. {make.ENGLISH}")
    shown = as_(cast.stranger).get(f"/essays/{essay.id}/check").text
    assert 'Batbayar Bold<sup><span class="govuk-visually-hidden">Passage </span>1</sup></mark>' in html.unescape(shown)
