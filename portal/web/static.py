"""Static files under addresses that change with their content, so that browsers may keep them for good.

Each is compressed once a process, as small as gzip makes it, and not anew for every reader.
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent.parent / "static"
WORTH_IT = {".css", ".js", ".svg"}
FOR_GOOD = "public, max-age=31536000, immutable"


@lru_cache
def static(name: str) -> str:
    """The address of a static file, with the start of its SHA-256."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@lru_cache
def compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)


class Static(StaticFiles):
    """`build/` holds the sources of the style sheet and is not served."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response("missing" if path.startswith("build") else path, scope)
        if isinstance(answer, FileResponse) and Path(answer.path).suffix in WORTH_IT:
            answer = self._small(answer, Headers(scope=scope))
        answer.headers["cache-control"] = FOR_GOOD if b"v=" in scope["query_string"] else "public, max-age=300"
        return answer

    def _small(self, whole: FileResponse, asked: Headers) -> Response:
        """The compressed form for who reads gzip, as `compression` found; who asks for a part gets the file as it is.

        Other bytes have another ETag (RFC 9110, 8.8.3): half of the one and half of the other are no file.
        """
        whole.headers["vary"] = "accept-encoding"
        if asked.get("accept-encoding") != "gzip" or "range" in asked:
            return whole
        kept = {name: whole.headers[name] for name in ("last-modified", "vary")}
        headers = {**kept, "etag": whole.headers["etag"][:-1] + '-gzip"', "content-encoding": "gzip"}
        if self.is_not_modified(Headers(headers), asked):
            return NotModifiedResponse(Headers(headers))
        return Response(compressed(Path(whole.path)), media_type=whole.media_type, headers=headers)
