"""Steps of the journeys in a browser, and the two whole journeys: with script, without it, and by keyboard alone."""

import re
import uuid
from collections.abc import Callable

from fastapi import FastAPI
from playwright.sync_api import Page, expect

from portal.accounts.models import Role
from portal.clock import now
from tests import make
from tests.accounts import letters
from tests.browser.conftest import Served, picture
from tests.files import samples

Visit = Callable[..., Page]
JUDGES = ("Judge Han", "Judge Ito")
ESSAY = "江水不问两岸的人说什么话，它把上游的雪带给下游的田。我们的计划也应该这样走。\n\n" * 20


class People:
    """Who takes part, by address; committed, so that the server sees them."""

    def __init__(self, app: FastAPI) -> None:
        with app.state.database.session(writes=True) as session:
            self.home_id = make.government(session, "MN-1").id
            call = make.call(session, titles={"en": "Spring in the regions"})
            make.requested_document(session, call)
            self.call = call.slug
            edition, author = (
                make.edition(session, titles={"en": "Essays of one region"}),
                make.member(session, "欧阳思远"),
            )
            make.consent(session, author, edition)
            self.edition, self.author = edition.slug, author.email
            self.applicant = make.member(session, "Туул").email
            self.judges = [make.member(session, name).email for name in JUDGES]
            self.home, self.host = (self._coordinator(session, code) for code in ("MN-1", "KR-47"))
            secretary = make.member(session, "Secretary")
            make.grant(session, secretary, Role.SECRETARY)
            self.secretary = secretary.email

    def _coordinator(self, session: object, code: str) -> str:
        person = make.member(session, f"Coordinator {code}")
        make.grant(session, person, Role.COORDINATOR, government_id=make.government(session, code).id)
        email: str = person.email
        return email


def sign_in(page: Page, address: str) -> Page:
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


def click(page: Page, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]


def sees(page: Page, *texts: str) -> None:
    for text in texts:
        expect(page.get_by_role("main")).to_contain_text(text)


def save(page: Page, part: str, **fields: str) -> None:
    """One part of the task list: opened, filled in, saved."""
    click(page, part, "link")
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)
    click(page, "Save")
    sees(page, "Saved.")


def choose(page: Page, part: str, **fields: str) -> None:
    click(page, part, "link")
    for name, value in fields.items():
        page.locator(f"#{name}").select_option(value)
    click(page, "Save")
    sees(page, "Saved.")


def offer_an_opening(page: Page, call: str) -> str:
    page.goto(f"/calls/{call}")
    click(page, "Offer an opening")
    click(page, "Add a host organisation")
    page.locator("#name").fill("Tourism division")
    page.get_by_role("radio").first.check()
    click(page, "Save")
    page.get_by_label("Title").fill("Guide for visitors")
    page.get_by_label("Tasks").fill("Help with the guide for visitors.")
    page.get_by_label("Place of work").fill("Andong")
    page.locator("#level_en").select_option("B2")
    page.get_by_label("First day").fill("2027-09-06")
    page.get_by_label("Last day").fill("2027-11-26")
    click(page, "Save")
    click(page, "Publish the opening")
    sees(page, "The opening is published.", "Guide for visitors")
    return str(page.get_by_role("link", name="See the candidates").get_attribute("href")).split("/")[2]


def apply(page: Page, call: str, opening: str, home_id: uuid.UUID, shot: str = "") -> str:
    """Part by part to the receipt; the address of the application."""
    page.goto(f"/calls/{call}")
    click(page, "Apply")
    click(page, "Start")
    path = page.url
    about_you(page)
    click(page, "Your home government", "link")
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("Your nationality").select_option("MN")
    page.locator("#home_id").select_option(str(home_id))
    click(page, "Save")
    click(page, "Education", "link")
    page.get_by_label("School or university, subject and year").fill("National University of Mongolia, economics")
    page.get_by_label("I am enrolled at a school or university").check()
    page.get_by_label("Date of graduation, expected or past").fill(f"{now().year + 2}-06-30")
    click(page, "Save")
    choose(page, "Languages", language_1="mn", level_1="native", language_2="en", level_2="B2")
    if shot:
        picture(page, f"{shot}-tasks")
    save(page, "Motivation", motivation="I want to learn how a region brings visitors to its villages.")
    add_opening(page, opening)
    add_cv(page, path)
    declare(page)
    expect(page.get_by_text("Complete", exact=True)).to_have_count(8)
    click(page, "Check your answers")
    sees(page, "Батбаярын Туул", "Guide for visitors", "cv.pdf")
    click(page, "Submit your application")
    expect(page.locator("h1")).to_have_text("Your application is submitted")
    sees(page, "Your number is P", "Fingerprint of what you sent (SHA-256)")
    return path


def about_you(page: Page) -> None:
    """A Mongolian name: a patronymic and a given name, and no family name."""
    click(page, "About you", "link")
    page.get_by_label("Family or clan name, patronymic, given name").check()
    typed = {"given_name": "Туул", "patronymic": "Батбаярын", "roman_family_name": "Batbayar"}
    typed |= {"roman_given_name": "Tuul", "born_on": f"{now().year - 22}-05-17", "phone": "+976 9911 2233"}
    for name, value in typed.items():
        page.locator(f"#{name}").fill(value)
    click(page, "Save")
    sees(page, "Saved.")


def declare(page: Page) -> None:
    click(page, "Declarations and consent", "link")
    for question in page.get_by_role("radio", name="No").all():
        question.check()
    for consent in ("is used for this call", "passed on to the hosts", "I state in this application is true"):
        page.get_by_role("checkbox", name=consent).check()
    click(page, "Save")


def add_opening(page: Page, opening: str) -> None:
    click(page, "Openings in the order of your wish", "link")
    page.locator(f"form:has(input[value='{opening}']) button:has-text('Add')").click()
    sees(page, "is now number 1 on your list")
    click(page, "Go on")


def add_cv(page: Page, path: str) -> None:
    click(page, "Documents", "link")
    cv = {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}
    page.locator("input[type=file]").set_input_files(cv)  # type: ignore[arg-type]
    click(page, "Add the document")
    sees(page, "The document is added.", "cv.pdf")
    page.goto(path)


def write(page: Page, edition: str) -> None:
    page.goto(f"/contests/{edition}")
    click(page, "Write your essay")
    click(page, "Start your essay")
    click(page, "About you", "link")
    for name, value in {"native_name": "欧阳思远", "roman_name": "Ouyang Siyuan", "school": "沈阳市第七中学"}.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_label("Date of birth").fill("2010-05-31")
    page.get_by_label("Home government").select_option("Liaoning Province")
    page.get_by_label("Nationality").select_option("CN")
    click(page, "Save")
    click(page, "Statements", "link")
    page.get_by_role("checkbox").check()
    page.get_by_label("No", exact=True).check()
    click(page, "Save")
    click(page, "Your text", "link")
    for name in ("Rivers", "中文"):
        page.get_by_label(name, exact=True).check()
    page.get_by_label("Title").fill("同一条江")
    page.get_by_label("Text", exact=True).fill(ESSAY)
    click(page, "Save")
    click(page, "Check and send", "link")
    click(page, "Send your essay")
    expect(page.locator("h1")).to_have_text("Your essay has arrived")


def screen(page: Page, edition: str) -> None:
    """Taken on, and the one essay admitted; the page of its judges is left open."""
    page.goto(f"/contests/{edition}")
    click(page, "Take on the screening")
    page.locator("table a").click()
    sees(page, "Ouyang Siyuan", "沈阳市第七中学")
    for check in page.locator("input[name=items]").all():
        check.check()
    click(page, "Save what you have checked")
    click(page, "Admit this essay")
    sees(page, "The essay is admitted, and its code is drawn.")
    click(page, "This essay, by its code", "link")


def ask_judges(page: Page, edition: str, addresses: list[str]) -> None:
    for address, name in zip(addresses, JUDGES, strict=True):
        page.goto(f"/contests/{edition}/judges")
        click(page, "Ask somebody to judge")
        page.get_by_label("E-mail address").fill(address)
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("中文", exact=True).check()
        click(page, "Send the letter")
        sees(page, "The letter is sent.")


def accept_to_judge(page: Page, link: str) -> Page:
    page.goto(link)
    page.locator("input[name=is_confidential]").check()
    click(page, "Accept and become a judge")
    sees(page, "You are a judge of this contest now")
    return page


def appoint(page: Page, essay: str) -> None:
    page.goto(essay)
    click(page, "Judges of this essay", "link")
    for name in JUDGES:
        page.get_by_label("Judge", exact=True).select_option(name)
        click(page, "Appoint this judge")
        sees(page, "The judge is appointed to this essay.", name)


def mark(page: Page, points: int) -> None:
    """The same points on every line of the rubric."""
    click(page, "Judging", "link")
    page.locator("table a").click()
    sees(page, "同一条江", "Rivers", "Ages 15–18")
    expect(page.get_by_role("main")).not_to_contain_text("欧阳")
    for line in range(1, 6):
        page.locator(f"input[name=points_{line}][value='{points}']").check()
    click(page, "Save your marks")
    sees(page, "Your marks are saved.")
    picture(page, f"judge-{points}")
    click(page, "Submit your marks for good")
    sees(page, "Your marks are submitted.")


def internship(visit: Visit, people: People) -> None:
    host, home, applicant = (sign_in(visit(), each) for each in (people.host, people.home, people.applicant))
    picture(applicant, "first-page")
    opening = offer_an_opening(host, people.call)
    path = apply(applicant, people.call, opening, people.home_id, "application")
    picture(applicant, "receipt")

    click(home, "Nominations", "link")
    click(home, "Read the applications")
    click(home, "Батбаярын Туул", "link")
    sees(home, "+976 9911 2233", "17 May 2004")
    click(home, "Nominate")
    click(home, "Nominate")
    sees(home, "The application is nominated")

    click(host, "Placements", "link")
    click(host, "Openings and their candidates", "link")
    click(host, "Guide for visitors", "link")
    sees(host, "Батбаярын Туул", "Places taken: 0 of 1")
    expect(host.get_by_role("main")).not_to_contain_text("9911 2233")
    secretary = sign_in(visit(), people.secretary)
    secretary.goto(f"/openings/{opening}/candidates")
    click(secretary, "Propose outside the match")
    secretary.get_by_label("Why this place is given outside the match").fill("Both governments agreed on it.")
    click(secretary, "Propose the placement")
    host.goto("/placements")
    click(host, "Батбаярын Туул", "link")
    click(host, "Approve and offer the place")
    sees(host, "The place is offered")

    applicant.goto("/placements")
    click(applicant, "Guide for visitors", "link")
    sees(applicant, "This is an offer, and it waits for your answer")
    click(applicant, "Accept the place")
    sees(applicant, "You accepted the place.", "Accepted")
    host.reload()
    sees(host, "Accepted")
    applicant.goto(path)
    sees(applicant, "Nominated")


def contest(visit: Visit, people: People, served: Served) -> None:
    write(sign_in(visit(), people.author), people.edition)
    secretary = sign_in(visit(), people.secretary)
    screen(secretary, people.edition)
    essay = secretary.url
    ask_judges(secretary, people.edition, people.judges)
    with served.app.state.database.session(writes=False) as session:
        newest = [letters.to(session, address)[-1].text for address in people.judges]
    links = [re.search(r"/judge-offers/\S+", text)[0] for text in newest]  # type: ignore[index]
    judges = [sign_in(visit(), address) for address in people.judges]
    for judge, link in zip(judges, links, strict=True):
        accept_to_judge(judge, link)
    appoint(secretary, essay)
    for judge, points in zip(judges, (10, 4), strict=True):
        mark(judge, points)
    # Everything at 10 is 100, everything at 4 is 100 * 3 / 9 = 33.33; their mean is 66.67.
    secretary.goto(f"/contests/{people.edition}/order")
    row = secretary.get_by_role("row").nth(1)  # below the heads
    expect(row).to_contain_text("66.67")
    picture(secretary, "order")
