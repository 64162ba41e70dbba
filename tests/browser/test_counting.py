"""The count in the page (portal/static/count.js) is the count on the server (portal/lengths.py), text by text."""

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from portal import lengths
from portal.demonstration.texts import read
from portal.i18n import LANGUAGES
from portal.web.static import FOLDER

pytestmark = pytest.mark.browser
RULES: dict[str, Callable[[str], int]] = {
    "characters": lengths.characters,
    "words": lengths.words,
    "graphemes": lengths.graphemes,
}
SAMPLES = (
    "",
    " \n\t ",
    "e\u0301tude",
    "한글",
    "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "\u1112\u119e\u11ab\uae00",
    "\u1100\ud7b0\ud7fb",
    "漢字　かな",
    "が\u3099ぎ",
    "か\u3099き\u309a",
    "👩\u200d🔬 👩🏽\u200d🚀",
    "🇰🇷🇲🇳🇷",
    "👍🏿👍",
    "1️⃣ #️⃣",
    "☝🏻\ufe0f",
    "नि क्षि",
    "ดีจัง",
    "Ёлка й и\u0306",
    "монгол\u180eхэл",
    "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ",
    "well-known — !? … ③ １２ Ⅳ",
    "a\u00a0b\u2009c\u3000d\u1680e\u2028f\u2029g\u202fh\u205fi",
    "a\u200bb\u200cc\u200dd\ufeffe\u00adf",
    "葛\U000e0100飾区",
    "𠮷野家",
    "\u0301a",
    "\u202eabc\u202c",
    "«Так», — сказал он.",
    "don’t",
    "line\nline\r\nline",
    "𝟙𝟚",
    "ↂ",
    "²",
    "一二三",
    "٣ ٤",
    "\u1160\u115f",
    "ﾊﾟ",
    "㍻ ㈱",
    "☎️",
    "🏴\U000e0067\U000e0062\U000e007f",
)
ALPHABET = (
    "aé漢字かがハﾊﾟ한\u1112\u1161\u11ab\u119e\ud7b0\ud7fbЖёᠮ\u180b नि\u0301\u3099\u200d\u200b\ufe0f\u3000\u00a0"
    "\n\t .,—!？。「」1Ⅳ③"
    "👩🔬🏽🇰🇷🇲🇳👍😀𠮷\U000e0100\u2028\u2009-'"
)
# What the page writes into its own words, and what is typed into its field.
PAGE = """<div data-count="{unit}" data-count-most="1" data-count-used="{{count}}"><textarea></textarea>
<p data-count-shown hidden></p><p data-count-said></p></div>"""
TYPE_EACH = """texts => texts.map(text => {
  const area = document.querySelector('textarea')
  area.value = text
  area.dispatchEvent(new Event('input', { bubbles: true }))
  return [area.value, Number(document.querySelector('[data-count-shown]').textContent)]
})"""


def made_up(number: int) -> list[str]:
    dice = random.Random(7)
    return ["".join(dice.choices(ALPHABET, k=dice.randint(1, 60))) for _each in range(number)]


@pytest.mark.parametrize("unit", RULES)
def test_the_page_counts_as_the_server_does(chromium: Browser, unit: str) -> None:
    essays = read("essays")["essays"]
    assert {essay["language"] for essay in essays} == set(LANGUAGES)
    wanted = [*SAMPLES, *(essay["text"] for essay in essays), *made_up(2000)]
    page = chromium.new_page()
    page.set_content(PAGE.format(unit=unit))
    page.add_script_tag(content=(FOLDER / "count.js").read_text("utf-8"), type="module")
    page.wait_for_function("!document.querySelector('[data-count-shown]').hidden")
    counted = page.evaluate(TYPE_EACH, wanted)
    page.close()
    # The server takes the ends off what is sent, and the browser has one kind of line end.
    differing = [(ascii(text), shown) for text, shown in counted if shown != RULES[unit](text.strip())]
    assert differing == []
