"""An essay that comes as a file, in a real browser: chosen, read, confirmed, and then it stands in the editor."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.conftest import Served, picture
from tests.browser.steps import click, sees, sign_in
from tests.files import prose, samples
from tests.files.prose import PROSE

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WRITTEN = [f"{n}　{each}" for n in "一二三四五" for each in PROSE["ja"]]


@pytest.mark.parametrize("scripted", [True, False])
def test_a_file_becomes_the_text_once_it_is_confirmed(served: Served, visit: Visit, scripted: bool) -> None:
    with served.app.state.database.session(writes=True) as session:
        author = make.member(session, "Author")
        edition = make.edition(session, titles={"en": "Essays of one region"})
        essay = make.essay(session, "draft", edition=edition, author=author, language="ja", text="Typed before.")
        address, path = author.email, f"/essays/{essay.id}"
    page = sign_in(visit(java_script_enabled=scripted), address)
    page.goto(f"{path}/text")
    click(page, "Or upload a file", "link")
    page.locator("#file").set_input_files(
        [{"name": "scan.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}]
    )
    click(page, "Read this file")
    sees(page, "There is no text in this file.")
    page.locator("#file").set_input_files([{"name": "作文.docx", "mimeType": WORD, "buffer": prose.docx(WRITTEN)}])
    click(page, "Read this file")
    sees(page, "Is this your text?", "作文.docx", "characters without spaces", WRITTEN[-1])
    if scripted:
        picture(page, "manuscript-1280")
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        picture(page, "manuscript-390")
    click(page, "This is my text")
    expect(page.locator("#text")).to_have_value("\n\n".join(WRITTEN))
    sees(page, "Your text")
    page.goto(f"{path}/file")
    sees(page, "You confirmed the text of 作文.docx")
    if scripted:
        picture(page, "manuscript-confirmed")
