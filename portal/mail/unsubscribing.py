"""The address in a reminder's footer that stops further ones, without signing in (RFC 8058).

It names the message and not the reader, and is signed, so that nobody can stop another's reminders by guessing.
"""

import hashlib
import hmac
import uuid

PURPOSE = b"unsubscribe"


def path(key: bytes, message_id: uuid.UUID) -> str:
    return f"/unsubscribe/{message_id}/{signature(key, message_id)}"


def signature(key: bytes, message_id: uuid.UUID) -> str:
    return hmac.new(key, PURPOSE + message_id.bytes, hashlib.sha256).hexdigest()[:32]


def is_genuine(key: bytes, message_id: uuid.UUID, given: str) -> bool:
    return hmac.compare_digest(signature(key, message_id).encode(), given.encode(errors="replace"))
