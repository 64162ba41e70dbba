"""The pages of the essay contest at 500 and at 10,000 essays of one edition, as ratios.

    python -m tests.bench.essays
    TEST_DATABASE_URL=postgresql://postgres@/postgres?host=/tmp/pg python -m tests.bench.essays

Prints the best time of each page at both sizes, their ratio, and how many statements it makes; then how long the
nightly jobs take. Ends with 1 if a ratio is above the limit, or if a page makes more statements at the larger size.
"""

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from portal.accounts.models import Person
from portal.clock import now
from portal.essays import rules
from portal.essays.models import Essay, EssayStatus
from portal.manuscripts import actions as manuscripts
from portal.reminding import queries as reminding
from portal.reminding.rules import RULES
from portal.screening.words import Show
from portal.web import logs
from tests.bench.contest import Contest, contest
from tests.conftest import ORIGIN
from tests.counting import queries

SMALL, LARGE = 500, 10_000  # with fewer most lists would not fill a page
LIMIT = 1.5
RUNS = 15
ON_A_PAGE = 50


class Page(NamedTuple):
    name: str
    person: Person
    path: str


class Measured(NamedTuple):
    """Seconds, the best of several runs after one to warm up; and how many statements."""

    seconds: float
    statements: int


def measured(size: int) -> tuple[dict[str, Measured], dict[str, float]]:
    with contest(size) as made:
        found = {page.name: _page(made, page) for page in pages(made)}
        found["author, what the editor sends by itself"] = _autosave(made)
        return found, _jobs(made)


def pages(made: Contest) -> Iterator[Page]:
    yield from _lists(made)
    yield from _of_one(made)
    yield from _own(made)
    people = {"screener": made.screener, "secretary": made.secretary, "coordinator": made.coordinator}
    for who, person in {**people, "judge": made.judge, "author": made.author}.items():
        yield Page(f"{who}, /", person, "/")


def _lists(made: Contest) -> Iterator[Page]:
    here = f"/contests/{made.edition.slug}"
    yield Page("editions", made.secretary, "/contests")
    yield Page("edition", made.secretary, here)
    codes = sorted(row["code"] for row in made.essays if row["code"])
    yield Page("by code, first page", made.secretary, f"{here}/essays")
    yield Page("by code, last page", made.secretary, f"{here}/essays?after={_before_last(codes)}")
    for status in (EssayStatus.ADMITTED, EssayStatus.IN_JUDGING, EssayStatus.DISQUALIFIED):
        yield Page(f"by code, {status}", made.secretary, f"{here}/essays?status={status}")
    for show in Show:
        yield Page(f"queue, {show}", made.screener, f"{here}/screening?show={show}")
    waiting = sorted((row["submitted_at"], row["id"]) for row in made.of(EssayStatus.SUBMITTED))
    last = _before_last([essay_id for _at, essay_id in waiting])
    yield Page("queue, last page", made.screener, f"{here}/screening?after={last}")
    category = made.edition.categories[0].id
    yield Page("queue, of an age category", made.screener, f"{here}/screening?category={category}")
    yield Page("queue, of a language", made.screener, f"{here}/screening?language=mn")
    yield Page("desk of a judge", made.judge, "/judging")
    yield Page("from paper", made.coordinator, "/contests/paper")
    paper = [row for row in made.essays if row["source"] == "paper"]
    yield Page("from paper, last page", made.coordinator, f"/contests/paper?after={_before_last(paper)['id']}")


def _before_last(rows: list[Any]) -> Any:
    """The row after which one full page is left."""
    return rows[max(len(rows) - ON_A_PAGE - 1, 0)]


def _of_one(made: Contest) -> Iterator[Page]:
    shared = made.essays[0]
    here = f"/contests/{made.edition.slug}/screening/{shared['id']}"
    for path in ("", "/hiding", "/passages"):
        yield Page(f"screening of one{path}", made.screener, here + path)
    code = made.of(EssayStatus.IN_JUDGING)[0]["code"]
    yield Page("one by code", made.secretary, f"/contests/{made.edition.slug}/essays/{code}")


def _own(made: Contest) -> Iterator[Page]:
    here = f"/essays/{_draft(made)['id']}"
    for path in ("/essays", here, f"{here}/text", f"{here}/check", f"{here}/set-aside", "/account/data"):
        yield Page(f"author, {path.replace(here, '/essays/…')}", made.author, path)
    yield Page("author, /consents/contest/…", made.author, f"/consents/contest/{made.edition.id}")


def _draft(made: Contest) -> dict[str, Any]:
    return made.of(EssayStatus.DRAFT)[0]


# Measuring


def _page(made: Contest, page: Page) -> Measured:
    client = made.browser(page.person)

    def ask() -> None:
        answer = client.get(page.path)
        assert answer.status_code == 200, f"{page.path}: {answer.status_code}"

    return _best(made, ask)


def _autosave(made: Contest) -> Measured:
    client, essay_id, written = made.browser(made.author), _draft(made)["id"], iter(range(RUNS + 2))

    def ask() -> None:
        with made.database.session(writes=False) as session:
            essay = session.get_one(Essay, essay_id)
        sent = {"version": essay.version, "began": rules.mark_of(essay), "language": essay.language}
        words = {"title": f"River {next(written)}", "text": essay.text, "notes": "", "theme_id": str(essay.theme_id)}
        answer = client.post(f"/essays/{essay_id}/draft", data={**sent, **words}, headers={"origin": ORIGIN})
        assert answer.status_code == 200, answer.text

    return _best(made, ask)


def _best(made: Contest, ask: Callable[[], None]) -> Measured:
    ask()
    with queries(made.database) as seen:
        ask()
    return Measured(min(_seconds(ask) for _run in range(RUNS)), len(seen))


def _seconds(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _jobs(made: Contest) -> dict[str, float]:
    """Processor seconds of what runs by itself, the second time: with nothing due."""
    jobs = {
        "look whom to remind": lambda session: [reminding.due(session, rule, now()) for rule in RULES.values()],
        "forget unconfirmed manuscripts": manuscripts.forget_unconfirmed,
    }
    return {name: [_job(made, job) for _run in range(2)][-1] for name, job in jobs.items()}


def _job(made: Contest, job: Callable[[Any], Any]) -> float:
    with made.database.session(writes=True) as session:
        began = time.process_time()
        job(session)
        return time.process_time() - began


def main() -> int:
    logs.set_up("ERROR")
    (small, idle), (large, busy) = measured(SMALL), measured(LARGE)
    print(f"{'page':44} {SMALL:>8} {LARGE:>8}  ratio  statements")
    for name, one in small.items():
        many = large[name]
        ratio = many.seconds / one.seconds
        asked = f"{one.statements}" if one.statements == many.statements else f"{one.statements} {many.statements}"
        print(f"{name:44} {one.seconds * 1000:6.1f}ms {many.seconds * 1000:6.1f}ms  {ratio:5.2f}  {asked}")
    for name, seconds in busy.items():
        print(f"{name:44} {idle[name] * 1000:6.1f}ms {seconds * 1000:6.1f}ms")
    grown = any(large[name].statements > one.statements for name, one in small.items())
    return int(grown or any(large[name].seconds / one.seconds > LIMIT for name, one in small.items()))


if __name__ == "__main__":
    sys.exit(main())
