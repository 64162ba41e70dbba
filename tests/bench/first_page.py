"""How long the first page takes on a slow line: `python -m tests.bench.first_page ADDRESS`.

Chrome's "slow 3G" as the DevTools emulate it: 400 kbit/s each way and 400 ms a round trip. Printed are the median of
five first visits: until something is seen, until the page can be used (DOMContentLoaded), until all has come.
"""

import shutil
import statistics
import sys

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
MOMENTS = """() => {
  const [page] = performance.getEntriesByType('navigation')
  const seen = performance.getEntriesByName('first-contentful-paint')[0]
  return [seen.startTime, page.domContentLoadedEventEnd, page.loadEventEnd]
}"""


def visit(chromium: Browser, address: str) -> list[float]:
    context = chromium.new_context()
    page = context.new_page()
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", LINE)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(100)
    moments: list[float] = page.evaluate(MOMENTS)
    context.close()
    return moments


def main(address: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        visits = [visit(chromium, address) for _each in range(5)]
        chromium.close()
    for name, times in zip(("seen", "usable", "complete"), zip(*visits, strict=True), strict=True):
        print(f"{name:9} {statistics.median(times) / 1000:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/")
