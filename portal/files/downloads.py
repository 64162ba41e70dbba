"""Sending a file. Whether this viewer may have it is the calling route's own query."""

import structlog
from fastapi import Request
from starlette.responses import StreamingResponse

from portal.errors import PortalError
from portal.files import rules
from portal.files.models import StoredFile
from portal.files.storage import Storage, StorageError

log = structlog.get_logger()
POLICY = "sandbox; default-src 'none'"


def download(request: Request, stored: StoredFile) -> StreamingResponse:
    """The bytes, to be saved and never to be shown within the portal's own pages."""
    storage: Storage = request.app.state.storage
    try:
        size, pieces = storage.read(stored.key)
    except StorageError:
        log.error("file is missing", file=str(stored.id))
        raise PortalError from None
    headers = {
        "content-length": str(size),
        "content-disposition": rules.disposition(stored.name),
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store, private",
    }
    return StreamingResponse(pieces, media_type=rules.FORMATS[stored.kind].content_type, headers=headers)
