"""The essay editor: no word is lost when the window closes, the network drops, or two windows write on."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from portal import lengths
from portal.contests.rules import COUNTED_IN_CHARACTERS
from portal.contests.words import LIMITS, language
from portal.essays import paragraphs
from portal.essays.models import Essay, SetAside
from tests import make
from tests.browser.conftest import Served, picture
from tests.essays import samples

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SENTENCE = "The ferry leaves at six, and I"
# Autosave waits some seconds after the last key.
SOON = 15_000


class Writing:
    """A draft, and its author's browsers."""

    def __init__(self, served: Served, visit: Visit, **fields: str) -> None:
        self.database, self.visit = served.app.state.database, visit
        with self.database.session(writes=True) as session:
            author = make.member(session, "Author")
            made = make.essay(session, "draft", author=author, **fields)
            self.address, self.essay_id = author.email, made.id
            self.path = f"/essays/{made.id}/text"

    def essay(self) -> Essay:
        with self.database.session(writes=False) as session:
            return session.get_one(Essay, self.essay_id)

    def set_aside(self) -> list[str]:
        with self.database.session(writes=False) as session:
            return [each.text for each in session.exec(select(SetAside))]

    def open(self, **options: object) -> Page:
        page = self.visit(**options)
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(self.address)
        page.get_by_label("Password", exact=True).fill(make.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        page.goto(self.path)
        return page


@pytest.fixture
def writing(served: Served, visit: Visit) -> Iterator[Writing]:
    yield Writing(served, visit, text="One.")


def type_on(page: Page, words: str) -> None:
    page.locator("#text").press("Control+End")
    page.locator("#text").press_sequentially(words)


def said(page: Page, sentence: str) -> None:
    expect(page.locator("[data-editor-said]")).to_contain_text(re.compile(sentence), timeout=SOON)


def kept_here(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('essay ')).length"))


def test_what_is_typed_is_saved_by_itself_and_then_kept_nowhere_else(writing: Writing) -> None:
    page = writing.open()
    type_on(page, SENTENCE)
    said(page, "Not saved yet")
    assert kept_here(page) == 1
    said(page, r"Saved at \d\d:\d\d\.")
    assert kept_here(page) == 0
    assert writing.essay().text == f"One.{SENTENCE}"
    picture(page, "editor")
    type_on(page, " wait")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Your text is saved.")
    assert (writing.essay().text, kept_here(page)) == (f"One.{SENTENCE} wait", 0)


def test_a_window_that_closes_in_mid_sentence_shows_it_when_opened_again(writing: Writing) -> None:
    page = writing.open()
    page.context.set_offline(True)  # the power goes: nothing leaves this machine
    type_on(page, SENTENCE)
    page.close()
    page.context.set_offline(False)
    assert writing.essay().text == "One."
    again = page.context.new_page()
    again.goto(writing.path)
    expect(again.locator("#text")).to_have_value(f"One.{SENTENCE}")
    said(again, r"Saved at")
    assert (writing.essay().text, kept_here(again)) == (f"One.{SENTENCE}", 0)


def test_a_window_that_is_closed_sends_what_it_holds(writing: Writing) -> None:
    page = writing.open()
    type_on(page, SENTENCE)
    page.goto("/essays")
    expect(page.get_by_role("main")).to_contain_text("Your essays")
    page.wait_for_timeout(500)
    assert writing.essay().text == f"One.{SENTENCE}"
    page.goto(writing.path)
    expect(page.locator("#text")).to_have_value(f"One.{SENTENCE}")
    assert kept_here(page) == 0
    expect(page.locator("[data-editor-choice]")).to_be_hidden()


def test_while_the_network_is_down_nothing_is_lost(writing: Writing) -> None:
    page = writing.open()
    page.context.set_offline(True)
    type_on(page, SENTENCE)
    said(page, "kept in this browser. It is sent when the connection is back")
    page.get_by_role("button", name="Save", exact=True).click()
    said(page, "kept in this browser")
    expect(page.locator("#text")).to_have_value(f"One.{SENTENCE}")
    page.context.set_offline(False)
    said(page, r"Saved at")
    assert writing.essay().text == f"One.{SENTENCE}"


def test_an_answer_that_was_lost_is_no_other_window(writing: Writing) -> None:
    page = writing.open()

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/draft", lose, times=1)
    type_on(page, SENTENCE)
    said(page, "kept in this browser")
    assert writing.essay().text == f"One.{SENTENCE}"
    type_on(page, " wait")
    said(page, r"Saved at")
    assert writing.essay().text == f"One.{SENTENCE} wait"


def test_signing_out_leaves_nothing_in_the_browser(writing: Writing) -> None:
    page = writing.open()
    page.route("**/draft", lambda route: route.abort())
    type_on(page, SENTENCE)
    assert kept_here(page) == 1
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert kept_here(page) == 0


@pytest.mark.parametrize(("button", "kept", "aside"), [("this", "mine", "other"), ("the other", "other", "mine")])
def test_two_windows_end_in_a_choice_and_in_no_loss(writing: Writing, button: str, kept: str, aside: str) -> None:
    page = writing.open()
    other = page.context.new_page()
    other.goto(writing.path)
    type_on(other, " The other window.")
    said(other, r"Saved at")
    type_on(page, " And mine.")
    said(page, "changed in another window")
    type_on(page, " Still typing.")
    page.get_by_role("button", name="Compare the two texts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two texts of one essay")
    expect(page.locator("mark")).to_contain_text(["And mine. Still typing", "The other window"])
    picture(page, "choice")
    page.get_by_role("button", name=f"Keep the text of {button} window").click()
    texts = {"mine": "One. And mine. Still typing.", "other": "One. The other window."}
    expect(page.locator("#text")).to_have_value(texts[kept])
    expect(page.locator("[data-editor-choice]")).to_be_hidden()
    assert kept_here(page) == 0
    page.get_by_role("link", name="Texts that you set aside").click()
    expect(page.get_by_role("main")).to_contain_text(texts[aside])
    assert (writing.essay().text, writing.set_aside()) == (texts[kept], [texts[aside]])


def test_a_copy_of_before_meets_a_newer_text(writing: Writing) -> None:
    page = writing.open()
    page.context.set_offline(True)
    type_on(page, SENTENCE)
    page.close()
    page.context.set_offline(False)
    elsewhere = writing.open()
    type_on(elsewhere, " From the school's computer.")
    said(elsewhere, r"Saved at")
    again = page.context.new_page()
    again.goto(writing.path)
    expect(again.locator("#text")).to_have_value(f"One.{SENTENCE}")
    again.get_by_role("button", name="Compare the two texts").click()
    expect(again.get_by_role("main")).to_contain_text("From the school's computer.")
    assert writing.essay().text == "One. From the school's computer."


def test_two_windows_without_script(writing: Writing) -> None:
    page = writing.open(java_script_enabled=False)
    other = page.context.new_page()
    other.goto(writing.path)
    for window, text in ((other, "The other window."), (page, "Mine.")):
        window.locator("#text").fill(text)
        window.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two texts of one essay")
    page.get_by_role("button", name="Keep the text of this window").click()
    expect(page.locator("#text")).to_have_value("Mine.")
    assert writing.set_aside() == ["The other window."]


@pytest.mark.parametrize("code", LIMITS)
def test_the_count_on_the_page_is_the_servers(writing: Writing, code: str) -> None:
    page = writing.open()
    page.get_by_label(language(code), exact=True).check()
    text = f"  {samples.WRITTEN[code]}\n e\u0301👩\u200d🔬🇰🇷 2 — "
    page.locator("#text").fill(text)
    page.locator("#notes").fill("Not counted at all.")
    in_characters = code in COUNTED_IN_CHARACTERS
    count = (lengths.graphemes if in_characters else lengths.words)(paragraphs.cleaned(text))
    unit = "characters without spaces" if in_characters else "words"
    most = LIMITS[code]
    expected = f"Written: {count} {unit}. It must be {(most + 1) // 2} to {most}."
    expect(page.locator("[data-count-shown]")).to_have_text(expected)


PASTE = """
([plain, html]) => {
  const data = new DataTransfer()
  data.setData('text/plain', plain)
  if (html) data.setData('text/html', html)
  const area = document.querySelector('#text')
  area.value = ''
  area.focus()
  area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  return area.value
}
"""
WORD = """<html><head><style>p.MsoNormal {margin:0cm}</style></head><body lang=EN-GB><!--StartFragment-->
<p class=MsoNormal>When the ferry left<br>the <b>harbour</b> my grandmother
counted&nbsp;the lights<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>\u00b7<span>&nbsp;&nbsp;
</span></span>one ticket</p>
<p class=MsoNormal><img src=x onerror="document.title='run'">&#8203;An end.</p><script>document.title='run'</script>
<!--EndFragment--></body></html>"""


def test_what_is_pasted_becomes_paragraphs(writing: Writing) -> None:
    page = writing.open()
    assert page.evaluate(PASTE, ["plain", WORD]) == (
        "When the ferry left\nthe harbour my grandmother counted the lights\n\n• one ticket\n\nAn end."
    )
    assert "run" not in page.title()
    for code, text in samples.WRITTEN.items():
        assert page.evaluate(PASTE, [samples.wrapped(code), ""]) == text
    said(page, r"Saved at")


def test_the_page_cleans_as_the_server_does(writing: Writing) -> None:
    page = writing.open()
    script = "async (texts) => { const { cleaned, tidied } = await import('/static/paragraphs.js');"
    script += " return texts.map((text) => [cleaned(text), tidied(text)]) }"
    there = page.evaluate(script, samples.EVERYTHING)
    assert there == [[paragraphs.cleaned(text), paragraphs.tidied(text)] for text in samples.EVERYTHING]
