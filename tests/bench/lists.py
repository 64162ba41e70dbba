"""First and last pages of the lists at 200 and at 20,000 applications, as ratios.

    python -m tests.bench.lists
    TEST_DATABASE_URL=postgresql://postgres@/postgres?host=/tmp/pg python -m tests.bench.lists

Prints the median time of each page at both sizes and their ratio. Ends with 1 if one is above the limit.
"""

import statistics
import sys
import time
from collections.abc import Iterator

from fastapi.testclient import TestClient
from sqlmodel import col, select

from portal.applications.models import Application
from portal.web import logs
from tests.bench.scenes import Scene, scene

SMALL, LARGE = 200, 20_000
LIMIT = 1.5
RUNS = 25
ON_A_PAGE = 50
AFTER_THE_MATCH = (
    "/",
    "/placements",
    "/placements?status=completed",
    "/stays",
    "/agreements",
    "/alumni",
    "/experiences",
)
FOR_STAFF = ("/final-reports", "/final-reports?state=submitted", "/certificates")
TIME, ID = col(Application.submitted_at), col(Application.id)
ORDERS = {"submitted": (TIME, ID), "name": (col(Application.roman_name), ID)}


def measured(size: int) -> dict[str, float]:
    """Seconds by page, the median of several runs after one to warm up."""
    with scene(size, is_placed=True) as made:
        return {name: _median(made.browser(person), path) for name, person, path in _pages(made)}


def _pages(made: Scene) -> Iterator[tuple[str, object, str]]:
    people = {"coordinator": made.coordinator, "secretary": made.secretary}
    for who, person in people.items():
        for sort in ORDERS:
            first = f"/nominations/list?call={made.call.slug}&sort={sort}"
            yield f"{who}, by {sort}, first page", person, first
            yield f"{who}, by {sort}, last page", person, f"{first}&after={_before_last_page(made, sort)}"
        for path in AFTER_THE_MATCH:
            yield f"{who}, {path}", person, path
    for path in FOR_STAFF:
        yield f"secretary, {path}", made.secretary, path


def _before_last_page(made: Scene, sort: str) -> object:
    """The row after which one full page is left."""
    of_call = select(Application.id).where(Application.call_id == made.call.id, TIME.is_not(None))
    keys = [key.asc() if sort == "submitted" else key.desc() for key in ORDERS[sort]]
    with made.app.state.database.session(writes=False) as session:
        return session.exec(of_call.order_by(*keys).offset(ON_A_PAGE).limit(1)).one()


def _median(client: TestClient, path: str) -> float:
    return statistics.median([_once(client, path) for _run in range(RUNS + 1)][1:])


def _once(client: TestClient, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - began
    assert answer.status_code == 200, path
    assert not path.startswith("/nominations") or answer.text.count('scope="row"') >= ON_A_PAGE, path
    return took


def main() -> int:
    logs.set_up("ERROR")
    small, large = measured(SMALL), measured(LARGE)
    ratios = {name: large[name] / small[name] for name in small}
    print(f"{'page':44} {SMALL:>8} {LARGE:>8}  ratio")
    for name, ratio in ratios.items():
        print(f"{name:44} {small[name] * 1000:6.1f}ms {large[name] * 1000:6.1f}ms  {ratio:.2f}")
    return int(max(ratios.values()) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
