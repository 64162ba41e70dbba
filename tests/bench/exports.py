"""How much memory the full export of a call takes at 2,000 and at 20,000 applications.

    python -m tests.bench.exports
    TEST_DATABASE_URL=postgresql://postgres@/postgres?host=/tmp/pg python -m tests.bench.exports

Prints the peak of what Python allocates while each file is written, and the ratio. Ends with 1 if that is above the
limit.
"""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable

from sqlmodel import Session

from portal.calls.models import Call
from portal.reports import export
from portal.web import logs
from tests.bench.scenes import scene

SMALL, LARGE = 2_000, 20_000
LIMIT = 1.5


def workbook(session: Session, call: Call) -> None:
    with tempfile.TemporaryFile() as out:
        export.write_workbook(session, call, out)


def document(session: Session, call: Call) -> None:
    for _piece in export.json_document(session, call):
        pass


KINDS: dict[str, Callable[[Session, Call], None]] = {"XLSX": workbook, "JSON": document}


def measured(size: int) -> dict[str, tuple[float, float]]:
    """The peak in megabytes and the seconds, by kind."""
    with scene(size, spread=True) as made, made.app.state.database.session(writes=False) as session:
        KINDS["JSON"](session, made.call)  # what is made once, as compiled queries are, is not counted
        return {kind: _peak(session, made.call, write) for kind, write in KINDS.items()}


def _peak(session: Session, call: Call, write: Callable[[Session, Call], None]) -> tuple[float, float]:
    tracemalloc.start()
    began = time.perf_counter()
    write(session, call)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6, time.perf_counter() - began


def main() -> int:
    logs.set_up("ERROR")
    small, large = measured(SMALL), measured(LARGE)
    ratios = {kind: large[kind][0] / small[kind][0] for kind in KINDS}
    for kind, ratio in ratios.items():
        peaks = f"{small[kind][0]:5.1f} MB at {SMALL}, {large[kind][0]:5.1f} MB at {LARGE}"
        print(f"{kind}: {peaks} ({large[kind][1]:.0f} s), ratio {ratio:.2f}")
    return int(max(ratios.values()) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
