"""One page in Chromium: what is wrong with it, as sentences."""

from collections.abc import Iterator
from importlib.resources import files

from playwright.sync_api import Browser, BrowserContext, Request, Response
from playwright.sync_api import Page as Tab

from tests.browser.conftest import Served
from tests.browser.walking import stage, words
from tests.browser.walking.crawl import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async rules => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] })
  return found.violations.flatMap(each => each.nodes.slice(0, 3).map(node =>
    `${each.id}: ${node.target.join(' ')} ${node.failureSummary}`))
}"""
WIDE = {"width": 1280, "height": 1024}
# As 1280 by 1024 at 400 %, and a narrow telephone.
NARROW = {"width": 320, "height": 256}
OVERFLOW = """() => {
  const width = document.scrollingElement.scrollWidth
  if (width <= innerWidth) return ''
  const wide = [...document.querySelectorAll('main *, header *, footer *')].filter(each =>
    each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('.portal-scroll, .govuk-visually-hidden'))
  return `${width} px: ` + wide.slice(-3).map(each => each.outerHTML.slice(0, 120)).join(' / ')
}"""
# Text with the language that the nearest element around it says it is in.
TEXTS = """() => {
  const found = []
  const skipped = 'script, style, code, pre, kbd, samp, template, textarea, title, [translate=no]'
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement
    const marked = around.closest('[lang]')
    const inDocument = marked !== document.documentElement
    const text = node.data.trim()
    if (text && !around.closest(skipped)) found.push([marked ? marked.lang : '', text, inDocument])
  }
  return found
}"""
SEND_NOTHING = """address => {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: address })
  document.body.append(form)
  form.submit()
}"""
EMPTY_AND_SEND = """number => {
  const form = document.querySelectorAll('main form')[number]
  for (const each of form.elements) {
    if (each.type === 'hidden' || each.tagName === 'BUTTON') continue
    if (each.type === 'checkbox' || each.type === 'radio') each.checked = false
    else if (each.tagName === 'SELECT') { each.value = ''; each.removeAttribute('name') }
    else if (each.type !== 'file') each.value = ''
  }
  HTMLFormElement.prototype.submit.call(form)
}"""


class Looker:
    """Looks at pages as several people, in one browser."""

    def __init__(self, chromium: Browser, served: Served, data: words.Data) -> None:
        self.chromium, self.served, self.data = chromium, served, data
        self.tabs: dict[tuple[str, bool], Tab] = {}
        self.heard: list[str] = []
        self.expected = ""

    def faults(self, page: Page, language: str, *, script: bool = True) -> list[str]:
        """What is wrong with this page in this language."""
        tab = self._tab(page.account, script)
        tab.context.add_cookies([{"name": "language", "value": language, "url": self.served.origin}])
        self.heard.clear()
        self.expected = f"status of {wanted(page)}"
        tab.set_viewport_size(WIDE)
        found = [*self._shown(tab, page), *self._words(tab, language)]
        # Nothing that axe waits for ever comes where no script runs.
        found += [*(self._accessible(tab) if script else ()), *self._fits(tab), *self.heard]
        without = "" if script else " (no script)"
        return [
            f"{language}{without} {page.account or 'visitor'} {page.path} {page.form or ''}: {each}" for each in found
        ]

    def close(self) -> None:
        for tab in self.tabs.values():
            tab.context.close()

    def _tab(self, account: str, script: bool) -> Tab:
        if (account, script) not in self.tabs:
            self.tabs[account, script] = self._signed_in(account, script).new_page()
            self._listen(self.tabs[account, script])
        return self.tabs[account, script]

    def _signed_in(self, account: str, script: bool) -> BrowserContext:
        context = self.chromium.new_context(
            base_url=self.served.origin, java_script_enabled=script, reduced_motion="reduce"
        )
        cookies = stage.cookies(self.served, account)
        context.add_cookies([{"name": n, "value": v, "url": self.served.origin} for n, v in cookies.items()])
        return context

    def _listen(self, tab: Tab) -> None:
        tab.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        tab.on("console", lambda line: self._hear(line.type, line.text))
        tab.on("request", self._asked)

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and self.expected not in text:
            self.heard.append(text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.served.origin, "data:")):
            self.heard.append(f"asks another origin: {request.url}")

    def _shown(self, tab: Tab, page: Page) -> Iterator[str]:
        answer = self._answer(tab, page)
        if answer is None or answer.status != wanted(page):
            yield f"answers {answer and answer.status} instead of {wanted(page)}"

    def _answer(self, tab: Tab, page: Page) -> Response | None:
        answer = tab.goto("/sign-in" if page.is_sent else page.path)
        if page.form is None and not page.is_sent:
            return answer
        with tab.expect_navigation() as sent:
            script, given = (SEND_NOTHING, page.path) if page.is_sent else (EMPTY_AND_SEND, page.form)
            tab.evaluate(script, given)
        return sent.value

    def _accessible(self, tab: Tab) -> Iterator[str]:
        tab.evaluate(AXE)
        yield from tab.evaluate(RUN_AXE, RULES)

    def _fits(self, tab: Tab) -> Iterator[str]:
        tab.set_viewport_size(NARROW)
        overflow = tab.evaluate(OVERFLOW)
        if overflow:
            yield f"does not fit: {overflow}"

    def _words(self, tab: Tab, language: str) -> Iterator[str]:
        for said, text, in_document in tab.evaluate(TEXTS):
            # A letter or an agreement is in one language, with what somebody wrote in the middle of its sentences.
            left = self.data.without(text) if in_document and said == language else text
            strange = words.foreign(left, language, self.data) if said == language else []
            if strange:
                yield f"not in this language: {strange} in {' '.join(text.split())[:160]!r}"


def wanted(page: Page) -> int:
    """The status that it answers with."""
    return page.status if page.form is None else 422
