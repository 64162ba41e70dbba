"""Static files under addresses that change with their content, so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent.parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"


@lru_cache
def static(name: str) -> str:
    """The address of a static file, with the start of its SHA-256."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class Static(StaticFiles):
    """`build/` holds the sources of the style sheet and is not served."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response("missing" if path.startswith("build") else path, scope)
        answer.headers["cache-control"] = FOR_GOOD if b"v=" in scope["query_string"] else "public, max-age=300"
        return answer
