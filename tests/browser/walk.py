"""The walk by hand: `python -m tests.browser.walk [--all] [--roles] [--only TEXT] [--stage FOLDER]`.

Without options each page once, its language rotating; --all looks at every page in all six languages, with script and
without; --roles as everybody who is shown it. Every fault is a line; the last line says how much was looked at.
"""

import argparse
import shutil
import sys
import tempfile
from itertools import cycle
from pathlib import Path

from playwright.sync_api import sync_playwright

from portal import i18n
from tests.browser.conftest import FLAGS
from tests.browser.walking import crawl, stage
from tests.browser.walking.looking import Looker

Look = tuple[crawl.Page, str, bool]


def once(pages: list[crawl.Page]) -> list[Look]:
    """The languages take turns; every third form is sent without script as well."""
    looks = [(page, language, True) for page, language in zip(pages, cycle(i18n.offered()), strict=False)]
    forms = [page for page in pages if page.form is not None]
    return looks + [(page, language, False) for page, language in zip(forms[::3], cycle(i18n.offered()), strict=False)]


def all_ways(pages: list[crawl.Page]) -> list[Look]:
    scripts = (True, False)
    return [
        (page, language, script)
        for page in pages
        for language in i18n.offered()
        for script in scripts[: 1 if page.form is None else 2]
    ]


def faults(looker: Looker, looks: list[Look]) -> list[str]:
    return [fault for page, language, script in looks for fault in looker.faults(page, language, script=script)]


def main() -> int:
    asked = _arguments()
    folder = Path(asked.stage or tempfile.mkdtemp(prefix="near-walk-"))
    staged = stage.stage(folder)
    pages = staged.found.pages if asked.roles else staged.found.kinds()
    pages = [page for page in pages if asked.only in page.kind]
    looks = (all_ways if asked.all else once)(pages)[asked.part - 1 :: asked.parts]
    found = _walk(staged, folder / f"served-{asked.part}", looks)
    print(f"{len(staged.found.reached)} of {len(staged.found.routes)} routes, {len(pages)} pages and forms, "
          f"{len(looks)} looks, {found} faults")  # fmt: skip
    return int(bool(found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--roles", action="store_true")
    parser.add_argument("--only", default="", help="routes that hold this text")
    parser.add_argument("--stage", help="a folder in which the demonstration is kept for the next time")
    parser.add_argument("--part", type=int, default=1)
    parser.add_argument("--parts", type=int, default=1, help="several processes, each with a part")
    return parser.parse_args()


def _walk(staged: stage.Stage, folder: Path, looks: list[Look]) -> int:
    found = 0
    with sync_playwright() as playwright, stage.serving(staged, folder) as served:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        looker = Looker(chromium, served, staged.data)
        for look in looks:
            for fault in faults(looker, [look]):
                found += 1
                print(fault, flush=True)
        looker.close()
        chromium.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
