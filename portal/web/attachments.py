"""Sending a file that was made for this request."""

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

CHUNK = 64 * 1024


def attachment(file: IO[bytes], name: str, kind: str) -> Response:
    """`file` from its beginning, as a download called `name`; closed once it is sent. Never kept by a cache."""
    size = file.seek(0, 2)
    file.seek(0)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-length": str(size),
        "cache-control": "no-store",
    }
    return StreamingResponse(_chunks(file), media_type=kind, headers=headers, background=BackgroundTask(file.close))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
